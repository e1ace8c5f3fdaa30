"""Divide what was said and what was written where a sentence of the answer begins, to judge each by itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from desktop.polish.guard.alignment import Alignment
from desktop.polish.guard.phrases import PhraseFinder
from desktop.polish.guard.tokens import GuardToken


def pair_sentences(alignment: Alignment, written: str) -> list[tuple[list[GuardToken], list[GuardToken]]]:
    """Return the tokens of what was said and of the answer, sentence by sentence. What a correction links remains one:
    the words around a cue that is not written, up to those that are.
    """
    spoken, answer = alignment.spoken, alignment.answer
    cuts = [(0, 0), *_find_cuts(alignment, PhraseFinder(spoken, written)), (len(spoken), len(answer))]
    return [(_begin(spoken[a:b]), _begin(answer[c:d])) for (a, c), (b, d) in pairwise(cuts)]


def _find_cuts(alignment: Alignment, phrases: PhraseFinder) -> Iterator[tuple[int, int]]:
    """Yield the indices in both where a sentence begins, ascending."""
    spoken, stretches, place, last = alignment.spoken, alignment.matched, 0, 0
    for at in range(1, len(alignment.answer)):
        if not alignment.answer[at].first:
            continue
        while place < len(stretches) and stretches[place][3] <= at:
            place += 1
        a, b, c, d = stretches[place] if place < len(stretches) else (len(spoken), 0, len(alignment.answer), 0)
        if c < at:  # both go on with the same words
            cut = a + at - c if b - a == d - c else 0
        else:
            start, begin = (stretches[place - 1][1], stretches[place - 1][3]) if place else (0, 0)
            cut = _find_start(alignment, start, a, begin == at, c == at) if not phrases.has_cue(start, a) else 0
        if cut > last:
            last = cut
            yield cut, at


def _find_start(alignment: Alignment, start: int, end: int, is_known_before: bool, is_known_after: bool) -> int:
    """Return where a sentence begins among the words from `start` to `end`, which are not written as they were said; 0
    if that is not known.
    """
    marked = next((at for at in range(start, end) if alignment.spoken[at].first), 0)
    return marked or (start if is_known_before else end if is_known_after else 0)


def _begin(part: list[GuardToken]) -> list[GuardToken]:
    """Return `part` with its first word marked as the first of a sentence."""
    return [part[0]._replace(first=True, parted=True), *part[1:]] if part else part
