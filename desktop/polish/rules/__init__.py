"""From words as spoken to text as one would have typed it, by rules: instant, always the same, and each says what it
did.

A text passes the rules in one order, since later ones build on earlier: what is corrected goes first, while the sounds
of hesitation are still there that tell a correction from a plain sentence; all that was not meant goes before numbers
are written in digits, and a capital comes when it is known with which word the text begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop.polish.rules.edit import Manner, Rule, applied
from desktop.polish.rules.fillers import fillers
from desktop.polish.rules.lists import lists
from desktop.polish.rules.numbers import numbers
from desktop.polish.rules.repairs import repairs
from desktop.polish.rules.repeats import repeats
from desktop.polish.rules.replacements import replacements
from desktop.polish.rules.sentences import sentences
from desktop.polish.rules.spacing import spacing
from desktop.polish.rules.spoken import spoken
from desktop.ports import Change, Context
from desktop.speech.text import language_of
from desktop.vocabulary import Vocabulary

RULES: Mapping[str, Rule] = {
    "repairs": repairs,
    "repeats": repeats,
    "fillers": fillers,
    "spoken": spoken,
    "replacements": replacements,
    "numbers": numbers,
    "lists": lists,
    "spacing": spacing,
    "sentences": sentences,
}
"""Every rule by its name, in their order; `settings_tree.RULE_NAMES` has the same names."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A text that has passed the rules, and what each changed."""

    text: str
    changed: tuple[Change, ...] = ()


def ruled(text: str, manner: Manner, without: frozenset[str] = frozenset()) -> Ruled:
    """`text` through all rules but those named in `without` or in the manner's style."""
    changed: tuple[Change, ...] = ()
    for name, rule in RULES.items():
        if name not in without and name not in manner.style.without:
            text, changes = applied(text, rule(text, manner), name)
            changed += changes
    return Ruled(text, changed)


class Rules:
    """The rules as a person has them."""

    def __init__(self, vocabulary: Vocabulary | None = None, without: frozenset[str] = frozenset()) -> None:
        self.vocabulary = vocabulary or Vocabulary()
        self._without = without

    def __call__(self, text: str, context: Context) -> Ruled:
        """`text` as it is to be at the place that `context` tells of."""
        language = context.language or language_of(text)
        return ruled(text, Manner(language, context.style, self.vocabulary), self._without)

    def replaced(self, text: str, context: Context) -> str:
        """`text` with the user's replacements alone, where they are made at the place of `context`."""
        off = "replacements" in self._without | context.style.without
        return text if off else self.vocabulary.replaced(text)
