"""What a rule of polish is: a pure function of a text and the manner, which gives the places that it would change.

Edits, and not a new text: what a rule did is then known exactly and goes into the row, one that would lose something
can be refused by itself, and no rule needs to know how another one cuts a text into words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from desktop.ports import Change, Style
from desktop.vocabulary import Vocabulary


class Edit(NamedTuple):
    """`text[start:end]` becomes `new`; with `start == end` it comes between."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Manner:
    """What a rule may go by: the language's code (empty where it is not known), the style of the place, the user's
    words."""

    language: str = ""
    style: Style = Style()
    vocabulary: Vocabulary = Vocabulary()


type Rule = Callable[[str, Manner], Iterable[Edit]]


def applied(text: str, edits: Iterable[Edit], rule: str = "") -> tuple[str, tuple[Change, ...]]:
    """`text` with all `edits` made, and what they changed. Of two that overlap the one that begins later is left out,
    and so is one that changes nothing."""
    parts: list[str] = []
    changes: list[Change] = []
    at = 0
    for start, end, new in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if start < at or text[start:end] == new:
            continue
        parts += (text[at:start], new)
        changes.append(Change(rule, text[start:end], new))
        at = end
    return "".join((*parts, text[at:])), tuple(changes)
