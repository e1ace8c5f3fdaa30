"""Suggest what to learn from the correction of a dictation in which the user's own words were found. Pure.

What was heard is learned about, not the own word that was written for it: a replacement of an own word would change it
wherever it is right. If the user puts back what was heard, that is to be left as it is from then on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from desktop.core.types import RuleChange
from desktop.vocabulary.learning import Suggestion, find_placed_suggestions, find_replaced_runs, spoils_texts
from desktop.vocabulary.vocabulary import fold_phrase


class FoundWord(NamedTuple):
    """`text[start:end]` is an own word that was written for `heard`."""

    start: int
    end: int
    heard: str


def find_row_suggestions(
    text: str,
    edited: str,
    changes: Iterable[RuleChange],
    raw_text: str = "",
    own_words: Collection[str] = (),
    within: tuple[int, int] | None = None,
) -> list[Suggestion]:
    """Return what to learn from `text` having become `edited`.

    `changes` are those of the dictation and `raw_text` is what was recognized. `text[start:end]` is the dictation if
    `within` is given. `own_words` are those that are never heard for something else.
    """
    start, end = within or (0, len(text))
    found_words = [
        FoundWord(word.start + start, word.end + start, word.heard)
        for word in find_written_words(raw_text, text[start:end], changes)
    ]
    own = set(map(fold_phrase, own_words))
    suggestions: list[Suggestion] = []
    for first, last, (heard, written) in find_placed_suggestions(text, edited, within):
        inside = [word for word in found_words if word.start < last and first < word.end]
        heard = _put_back(text, first, last, inside) if inside else heard
        if heard == written or not (fold_phrase(heard) in own or spoils_texts(heard, written)):
            suggestions.append(Suggestion(heard, written))
    runs = find_replaced_runs(text, edited)
    suggestions += [
        Suggestion(word.heard, word.heard)
        for word in found_words
        if any(
            run.start < word.end and word.start < run.end and _find_words(re.escape(word.heard), run.written)
            for run in runs
        )
    ]
    return list(dict.fromkeys(suggestions))


def find_written_words(raw_text: str, text: str, changes: Iterable[RuleChange]) -> list[FoundWord]:
    """Return where in `text` own words were written for what was heard, in order.

    A change has no place: what was heard and what was right already are counted off in `raw_text` (without it only what
    was heard). Where `text` does not have as many, as after a rewriting, nothing is found.
    """
    heard_by_written: dict[str, list[str]] = {}
    for change in changes:
        if change.rule == "own_words":
            heard_by_written.setdefault(change.after.casefold(), []).append(change.before)
    found: list[FoundWord] = []
    for written, heard in heard_by_written.items():
        own = f"(?i:{re.escape(written)})"
        sources = [match.group() for match in _find_words(_any_of(heard, own), raw_text)] if raw_text else heard
        places = _find_words(own, text)
        if len(places) == len(sources):
            pairs = zip(places, sources, strict=True)
            found += [FoundWord(*place.span(), source) for place, source in pairs if source in heard]
    return sorted(found)


def _put_back(text: str, start: int, end: int, words: Sequence[FoundWord]) -> str:
    """Return `text[start:end]` as it was heard; `words` are in it or overlap it."""
    parts, at = list[str](), min(start, words[0].start)
    for word in words:
        parts += (text[at : word.start], word.heard)
        at = word.end
    return "".join((*parts, text[at:end]))


def _any_of(phrases: Iterable[str], own: str) -> str:
    """Return a pattern of the phrases, longest first, and of the own word."""
    return "|".join((*map(re.escape, sorted(set(phrases), key=len, reverse=True)), own))


def _find_words(pattern: str, text: str) -> list[re.Match[str]]:
    return list(re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text))
