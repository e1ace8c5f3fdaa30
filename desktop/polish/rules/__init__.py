"""From words as spoken to text as one would have typed it, by rules: instant, always the same, and each says what it
did.

A text passes the rules in one order, since later ones build on earlier: what is corrected goes first, while the sounds
of hesitation are still there that tell a correction from a plain sentence; all that was not meant goes before numbers
are written in digits, and a capital comes when it is known with which word the text begins.

What a rule would do to a number or a "not" is looked at by the guard that looks at a language model's answers
(`meaning`): an edit that loses one for no reason that can be seen is not made, and the note names its rule.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from desktop.polish.meaning import kept
from desktop.polish.rules.edit import Edit, Manner, Rule, applied
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

logger = logging.getLogger(__name__)

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
"""Every rule by its name, in their order; `settings.tree.RULE_NAMES` has the same names."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A text that has passed the rules, and what each changed; `refused` names those of which an edit was not made."""

    text: str
    changed: tuple[Change, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """A sentence about what was refused; empty where nothing was."""
        names = " and ".join(self.refused)
        return f"What {names} would have made of a number or a negation was not used." if names else ""


OWN = frozenset({"replacements"})
"""Rules that write what the person wants written, numbers and all."""


def ruled(text: str, manner: Manner, without: frozenset[str] = frozenset(), rules: Mapping[str, Rule] = RULES) -> Ruled:
    """`text` through all `rules` but those named in `without` or in the manner's style."""
    changed: tuple[Change, ...] = ()
    refused: tuple[str, ...] = ()
    for name, rule in rules.items():
        if name not in without and name not in manner.style.without:
            try:
                edits = sorted(rule(text, manner))
            except Exception:  # a bug in one rule costs its edits, and no word
                logger.exception("the rule %s failed", name)
                continue
            good = edits if name in OWN or _all(text, edits) else kept(text, edits)
            if len(good) < len(edits):
                refused += (name,)
                logger.warning("%d edits of the rule %s were refused", len(edits) - len(good), name)
            text, changes = applied(text, good, name)
            changed += changes
    return Ruled(text, changed, refused)


def _all(text: str, edits: list[Edit]) -> bool:
    """Whether it is one edit of all the text: something that is nothing but a number, as the library writes it."""
    return len(edits) == 1 and not (text[: edits[0].start] + text[edits[0].end :]).strip(" .。\n")


class Rules:
    """The rules as a person has them."""

    def __init__(self, vocabulary: Vocabulary | None = None, without: frozenset[str] = frozenset()) -> None:
        self.vocabulary = vocabulary or Vocabulary()
        self._without = without

    def __call__(self, text: str, context: Context) -> Ruled:
        """`text` as it is to be at the place that `context` tells of."""
        language = context.language or language_of(text)
        return ruled(text, Manner(language, context.style, self.vocabulary), self._without)

    def closed(self, text: str, context: Context) -> str:
        """`text`, which somebody else has put right, with the spaces and the end that the style of the place wants."""
        manner = Manner(context.language or language_of(text), context.style, self.vocabulary)
        last = {name: rule for name, rule in RULES.items() if name in ("spacing", "sentences")}
        return ruled(text, manner, self._without, last).text

    def replaced(self, text: str, context: Context) -> str:
        """`text` with the user's replacements alone, where they are made at the place of `context`."""
        off = "replacements" in self._without | context.style.without
        return text if off else self.vocabulary.replaced(text)
