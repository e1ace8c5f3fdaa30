"""Polish spoken words by rules: instant, deterministic, and each rule reports what it did.

A text passes the rules in a fixed order, since later rules build on earlier ones: corrections first, while the
hesitation sounds that tell a correction from a plain sentence are still there; everything not meant goes before numbers
are written in digits; a capital comes when the first word of the text is known.

What a rule would do to a number or a "not" is checked by the guard that checks a language model's answers (`guard`): an
edit that loses one without a visible reason is not made, and the note names its rule.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from desktop.core.text import language_of
from desktop.core.types import Change, Context
from desktop.polish.guard.guard import kept
from desktop.polish.rules.edit import Edit, Manner, Rule, applied
from desktop.polish.rules.fillers import fillers
from desktop.polish.rules.lists import lists
from desktop.polish.rules.numbers.normalization import numbers
from desktop.polish.rules.repetitions import repeats
from desktop.polish.rules.replacements import replacements
from desktop.polish.rules.self_corrections import repairs
from desktop.polish.rules.sentences import sentences
from desktop.polish.rules.spacing import spacing
from desktop.polish.rules.spoken_punctuation import spoken
from desktop.vocabulary.vocabulary import Vocabulary

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
"""Every rule by its name, in the order in which they run; `RULE_NAMES` has the same names."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A text that passed the rules, and what each changed; `refused` names the rules of which an edit was not made."""

    text: str
    changed: tuple[Change, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """A sentence about the refused edits; empty if there are none."""
        names = " and ".join(self.refused)
        return f"What {names} would have made of a number or a negation was not used." if names else ""


OWN = frozenset({"replacements"})
"""Rules that write what the user wants written, numbers included, so that the guard does not check them."""


def ruled(text: str, manner: Manner, without: frozenset[str] = frozenset(), rules: Mapping[str, Rule] = RULES) -> Ruled:
    """Apply all `rules` to `text` except those named in `without` or in the style of `context`."""
    changed: tuple[Change, ...] = ()
    refused: tuple[str, ...] = ()
    for name, rule in rules.items():
        if name not in without and name not in manner.style.without:
            try:
                edits = sorted(rule(text, manner))
            except Exception:  # a bug in one rule loses its edits, but no word
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
    """Return whether there is one edit of the whole text: a text that is nothing but a number, as the library writes
    it.
    """
    return len(edits) == 1 and not (text[: edits[0].start] + text[edits[0].end :]).strip(" .。\n")


class Rules:
    """The rules with the vocabulary and the settings of the user."""

    def __init__(self, vocabulary: Vocabulary | None = None, without: frozenset[str] = frozenset()) -> None:
        self.vocabulary = vocabulary or Vocabulary()
        self._without = without

    def __call__(self, text: str, context: Context) -> Ruled:
        """Return `text` as it must be written at the place of `context`."""
        language = context.language or language_of(text)
        return ruled(text, Manner(language, context.style, self.vocabulary), self._without)

    def closed(self, text: str, context: Context) -> str:
        """Return `text`, polished by a language model, with the spaces and the ending that the style of the place
        wants.
        """
        manner = Manner(context.language or language_of(text), context.style, self.vocabulary)
        last = {name: rule for name, rule in RULES.items() if name in ("spacing", "sentences")}
        return ruled(text, manner, self._without, last).text

    def replaced(self, text: str, context: Context) -> str:
        """Return `text` with only the user's replacements, unless they are off at the place of `context`."""
        off = "replacements" in self._without | context.style.without
        return text if off else self.vocabulary.replaced(text)
