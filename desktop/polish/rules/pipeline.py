"""Polish spoken words by rules: instant, deterministic, and each rule reports what it did.

A text passes the rules in a fixed order, since later rules build on earlier ones: the user's own words first, so that
no rule meets what was misheard for them; then spelled words, so that no rule takes their letters for repeats, words or
numbers and none changes them by their sound; then corrections, while the
hesitation sounds that tell a correction from a plain sentence are still there; everything not meant goes before numbers
are written in digits; a capital comes when the first word of the text is known.

What a rule would do to a number or a "not" is checked by the guard that checks a language model's answers (`guard`): an
edit that loses one without a visible reason is not made, and a note names its rule.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from desktop.core.messages import AND, Message, Notes, PartList
from desktop.core.types import DictationContext, ProjectNames, RuleChange, Style, Target
from desktop.polish.guard.guard import keep_safe_edits
from desktop.polish.rules.edit import NO_PROJECT, PolishRule, RuleContext, RuleEdit, apply_edits
from desktop.polish.rules.emoji import edit_emoji
from desktop.polish.rules.fillers import edit_fillers
from desktop.polish.rules.languages.language import LANGUAGES, base_code, choose_language
from desktop.polish.rules.lists import edit_lists
from desktop.polish.rules.numbers.numbers import edit_numbers, load_numbers
from desktop.polish.rules.own_words import edit_own_words
from desktop.polish.rules.repairs import edit_repairs
from desktop.polish.rules.repeats import edit_repeats
from desktop.polish.rules.replacements import edit_replacements
from desktop.polish.rules.sentences import edit_sentences
from desktop.polish.rules.spacing import edit_spacing
from desktop.polish.rules.spelling import edit_spelling
from desktop.polish.rules.spoken import edit_spoken
from desktop.vocabulary.vocabulary import Vocabulary
from models.polish.removals import RemovalModel, load_model

logger = logging.getLogger(__name__)


RULES: Mapping[str, PolishRule] = {
    "own_words": edit_own_words,
    "spelling": edit_spelling,
    "repairs": edit_repairs,
    "emoji": edit_emoji,
    "repeats": edit_repeats,
    "fillers": edit_fillers,
    "spoken": edit_spoken,
    "replacements": edit_replacements,
    "numbers": edit_numbers,
    "lists": edit_lists,
    "spacing": edit_spacing,
    "sentences": edit_sentences,
}
"""Every rule by its name, in the order in which they run. Its module and function have the same name."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """A text that passed the rules, and what each changed; `refused` names the rules of which an edit was not made."""

    text: str
    changes: tuple[RuleChange, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def notes(self) -> Notes:
        """The note on the refused edits; empty if there are none."""
        return (Message("rule-edits-refused", rules=PartList(self.refused, AND)),) if self.refused else ()


CODE_RULE = "code"
"""The rule of styles for code. It is none of `RULES`: a style asks for it, and no setting does."""


def rules_at(style: Style) -> Mapping[str, PolishRule]:
    """Return the rules for a text in `style`, in their order.

    Code is read before spoken marks, which are the same words, and after what was not meant.
    """
    if not style.code:
        return RULES
    from desktop.polish.rules.code import edit_code

    at = list(RULES).index("spoken")
    return dict([*list(RULES.items())[:at], (CODE_RULE, edit_code), *list(RULES.items())[at:]])


UNGUARDED_RULES = frozenset({"spelling", "emoji", "replacements", CODE_RULE})
"""Rules that write what the user wants written, numbers included, so that the guard does not check them: digits among
letters are spelled too, and a name of an emoji may have a number or a "no".

Nor does it check the numbers of languages whose number words it does not know (`desktop.polish.rules.languages`).
"""

ALWAYS_GUARDED_RULES = frozenset({"own_words"})
"""Rules that are checked also where they replace the whole text: what sounds like a word may be a number."""


MENDING_RULES = ("own_words", "spelling", "emoji")
"""Rules whose work is done before a language model gets a text: it may neither spell a name anew nor add an emoji."""


def apply_rules(
    text: str, context: RuleContext, without: frozenset[str] = frozenset(), rules: Mapping[str, PolishRule] = RULES
) -> RuleResult:
    """Apply all `rules` to `text` except those named in `without` or in the style of `context`.

    A text that is nothing but a spelled word gets neither capital nor full stop: it goes into a field.
    """
    changes: tuple[RuleChange, ...] = ()
    refused: tuple[str, ...] = ()
    for name, rule in rules.items():
        if name not in without and name not in context.style.without:
            try:
                edits = sorted(rule(text, context))
            except Exception:  # a bug in one rule loses its edits, but no word
                logger.exception("the rule %s failed", name)
                continue
            is_free = name in UNGUARDED_RULES or (name not in ALWAYS_GUARDED_RULES and _replaces_all(text, edits))
            is_free = is_free or (name == "numbers" and base_code(context.language) in LANGUAGES)
            safe = edits if is_free else keep_safe_edits(text, edits)
            if len(safe) < len(edits):
                refused += (name,)
                logger.warning("%d edits of the rule %s were refused", len(edits) - len(safe), name)
            if name == "spelling" and _replaces_all(text, safe):
                without |= {"sentences"}
            text, edit_changes = apply_edits(text, safe, name)
            changes += edit_changes
    return RuleResult(text, changes, refused)


def _replaces_all(text: str, edits: list[RuleEdit]) -> bool:
    """Return whether there is one edit of the whole text: a text that is nothing but a number, as the library writes
    it.
    """
    return len(edits) == 1 and not (text[: edits[0].start] + text[edits[0].end :]).strip(" .。\n")


def load_rules(languages: Collection[str]) -> None:
    """Load what the rules need for these languages, `auto` for all, so that no dictation waits for it."""
    load_numbers(languages)
    if not {"auto", "en"}.isdisjoint(languages):
        load_model()


class PolishRules:
    """The rules with the vocabulary and the settings of the user.

    Training gives the model and the limits that judge removals (`RuleContext`). `find_names` returns the names of the
    project in a window, and is asked for styles with spoken code alone.
    """

    def __init__(
        self,
        vocabulary: Vocabulary | None = None,
        without: frozenset[str] = frozenset(),
        removals: Literal["careful", "thorough"] = "careful",
        removal_model: RemovalModel | None = None,
        removal_limits: tuple[float, float] | None = None,
        find_names: Callable[[Target], ProjectNames] | None = None,
    ) -> None:
        self.vocabulary = vocabulary or Vocabulary()
        self._find_names = find_names
        self._without = without
        self._removals = removals, removal_model, removal_limits

    def __call__(self, text: str, context: DictationContext) -> RuleResult:
        """Return `text` as it must be written at the place of `context`."""
        return apply_rules(text, self._rule_context(text, context), self._without, rules_at(context.style))

    def mend_own_words(self, text: str, context: DictationContext, *, is_as_spoken: bool = False) -> RuleResult:
        """Return `text` with only the user's own words found in it, and for a language model also what was spelled and
        emoji, unless that is off at the place of `context`.

        `is_as_spoken`: it is not polished further, and only own words are found.
        """
        rule_context = self._rule_context(text, context, is_as_spoken)
        names = MENDING_RULES[:1] if is_as_spoken else MENDING_RULES
        return apply_rules(text, rule_context, self._without, {name: RULES[name] for name in names})

    def close_text(self, text: str, context: DictationContext) -> str:
        """Return `text`, polished by a language model, with the spaces and the ending that the style of the place
        wants.
        """
        closing_rules = {name: rule for name, rule in RULES.items() if name in ("spacing", "sentences")}
        return apply_rules(text, self._rule_context(text, context), self._without, closing_rules).text

    def apply_replacements(self, text: str, context: DictationContext) -> str:
        """Return `text` with only the user's replacements, unless they are off at the place of `context`."""
        off = "replacements" in self._without | context.style.without
        return text if off else self.vocabulary.apply_replacements(text)

    def _rule_context(self, text: str, context: DictationContext, is_as_spoken: bool = False) -> RuleContext:
        language = base_code(choose_language(context.language, text))
        is_guessed = not context.language
        project = self._find_names(context.target) if self._find_names and context.style.code else NO_PROJECT
        return RuleContext(
            language, context.style, self.vocabulary, is_guessed, is_as_spoken, *self._removals, project=project
        )
