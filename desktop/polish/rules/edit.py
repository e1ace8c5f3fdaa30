"""Define a rule of polish: a pure function of a text and its context that returns the edits it would make.

Edits and not a new text: so it is known exactly what a rule did, which the history records; a single harmful edit can
be refused; and no rule depends on how another splits a text into words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from desktop.core.types import ProjectNames, RuleChange, Style
from desktop.vocabulary.vocabulary import Vocabulary
from models.polish.removals import RemovalModel, load_model

NO_PROJECT = ProjectNames()


class RuleEdit(NamedTuple):
    """`text[start:end]` becomes `new`; if `start == end`, `new` is inserted there.

    `confidence` is how sure the rule is that this was meant, in [0, 1]; 1 where that is not in doubt.
    """

    start: int
    end: int
    new: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class RuleContext:
    """What a rule may depend on: the language code (empty if unknown), the style, the user's vocabulary, and the names
    of the project that is open.

    `is_language_guessed`: the language was guessed from the letters. `is_as_spoken`: the text is not polished.
    `removals` is how sure a rule must be before it takes words out. `removal_model` says how sure it is, None for the
    one that ships; `removal_limits`, if given, are put in the place of `desktop.polish.rules.evidence.THRESHOLDS`.
    """

    language: str = ""
    style: Style = Style()
    vocabulary: Vocabulary = Vocabulary()
    is_language_guessed: bool = False
    is_as_spoken: bool = False
    removals: Literal["careful", "thorough"] = "careful"
    removal_model: RemovalModel | None = None
    removal_limits: tuple[float, float] | None = None
    project: ProjectNames = NO_PROJECT

    def load_removal_model(self) -> RemovalModel:
        """Return what judges removals; the one that ships is loaded when the first text needs it or by `load_rules`."""
        return self.removal_model or load_model()


type PolishRule = Callable[[str, RuleContext], Iterable[RuleEdit]]


def apply_edits(text: str, edits: Iterable[RuleEdit], rule: str = "") -> tuple[str, tuple[RuleChange, ...]]:
    """Return `text` with all `edits` made, and what they changed.

    Of two overlapping edits the one that begins later is dropped, and so is an edit that changes nothing.
    """
    parts: list[str] = []
    changes: list[RuleChange] = []
    at = 0
    for start, end, new, confidence in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if start < at or text[start:end] == new:
            continue
        parts += (text[at:start], new)
        changes.append(RuleChange(rule, text[start:end], new, confidence if confidence < 1 else None))
        at = end
    return "".join((*parts, text[at:])), tuple(changes)
