"""Match the equal stretches of two lists of words, in a time that grows with their length. Pure.

The longest equal stretches are matched first (Ratcliff and Obershelp's algorithm, `difflib`), which keeps the last of
two repeated phrases. Its time grows with the square of the length and more, so long texts are first cut where both say
the same words, and only once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

MAX_PAIRS = 40_000
"""Most pairs of words of two texts that are matched whole: 200 words each."""

MAX_PIECE_PAIRS = 200_000
"""Most pairs of words of two pieces that cannot be cut; larger ones count as replaced from the first difference on."""

ANCHOR_WORDS = 3
"""Words that must be equal, and said only once, where two texts are cut."""

MIN_PIECE_WORDS = 60
"""Fewest words between two cuts."""


def match_stretches(
    one: Sequence[str], other: Sequence[str], is_idle: Callable[[int], bool] = lambda at: False
) -> Iterator[tuple[bool, int, int, int, int]]:
    """Yield whether the stretches `one[a:b]` and `other[c:d]` are equal, and a, b, c, d; in order, without gaps.

    Where the texts are cut, the words of `one` at the indices for which `is_idle` holds are ignored: sounds.
    """
    last_a = last_c = 0
    cuts = _find_cuts(one, other, is_idle) if len(one) * len(other) > MAX_PAIRS else []
    for a, c in (*cuts, (len(one), len(other))):
        for is_equal, i, j, k, m in _match_piece(one[last_a:a], other[last_c:c]):
            yield is_equal, last_a + i, last_a + j, last_c + k, last_c + m
        last_a, last_c = a, c


def _match_piece(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    if len(one) * len(other) <= MAX_PIECE_PAIRS:
        for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
            yield kind == "equal", a, b, c, d
        return
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if start:
        yield True, 0, start, 0, start
    if start < max(len(one), len(other)):
        yield False, start, len(one), start, len(other)


def _find_cuts(one: Sequence[str], other: Sequence[str], is_idle: Callable[[int], bool]) -> list[tuple[int, int]]:
    """Return pairs of indices where both lists can be cut, ascending in both."""
    kept = [at for at in range(len(one)) if not is_idle(at)]
    anchors = _once([one[at] for at in kept])
    others = _once(other)
    pairs = [(kept[at], others[words]) for words, at in anchors.items() if words in others]
    cuts: list[tuple[int, int]] = []
    for a, c in _longest_ascending(pairs):
        last_a, last_c = cuts[-1] if cuts else (0, 0)
        if min(a - last_a, c - last_c) >= MIN_PIECE_WORDS:
            cuts.append((a, c))
    return cuts


def _once(keys: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Return the index of each run of `ANCHOR_WORDS` words that occurs once."""
    runs = [tuple(keys[at : at + ANCHOR_WORDS]) for at in range(len(keys) - ANCHOR_WORDS + 1)]
    counts = Counter(runs)
    return {run: at for at, run in enumerate(runs) if counts[run] == 1}


def _longest_ascending(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the most of `pairs`, ascending by their first index, that ascend by their second as well."""
    ends: list[int] = []
    end_pairs: list[int] = []
    before: list[int] = []
    for at, (_, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        before.append(end_pairs[length - 1] if length else -1)
        ends[length : length + 1] = [second]
        end_pairs[length : length + 1] = [at]
    found: list[tuple[int, int]] = []
    at = end_pairs[-1] if end_pairs else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]
