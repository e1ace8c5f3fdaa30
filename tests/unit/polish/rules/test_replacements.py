"""The user's own replacements, as a rule of polish."""

from __future__ import annotations

from desktop.core.types import DictationContext, RuleChange, Style
from desktop.polish.rules.pipeline import PolishRules
from desktop.vocabulary.vocabulary import Vocabulary

OWN = Vocabulary(replacements={"get hub": "GitHub"})


def test_replacements_rule_reports_and_can_be_disabled() -> None:
    ruled = PolishRules(OWN)("push it to get hub", DictationContext())
    assert ruled.text == "Push it to GitHub."
    assert RuleChange("replacements", "get hub", "GitHub") in ruled.changes
    context = DictationContext(style=Style(without=frozenset({"replacements"})))
    assert PolishRules(OWN)("push it to get hub", context).text == "Push it to get hub."
    assert PolishRules(OWN).apply_replacements("get hub", context) == "get hub"
    assert PolishRules(OWN).apply_replacements("get hub", DictationContext()) == "GitHub"
