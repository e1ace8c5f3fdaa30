"""What counts as taken out of a text: words that carry something, and stand nowhere in it any more."""

from __future__ import annotations

import pytest

from desktop.core.types import DictationContext, RuleChange
from desktop.polish.polisher import takes_content
from desktop.polish.rules.pipeline import PolishRules


@pytest.mark.parametrize(
    ("raw", "is_taken"),
    [
        ("We meet at two, no wait, three.", True),
        ("let's meet at two no wait three", True),
        ("Send the red file, no wait, blue.", True),
        ("We have no, um, we have time.", True),
        ("we have no um we have time", True),
        ("It costs five, sorry, six euros and the the end.", True),
        ("三点，不对，四点开会", True),
        ("I know it, no, I know it.", False),
        ("The the end.", False),
        ("We we need it.", False),
        ("My my boss said so.", False),
        ("my my boss said so", False),
        ("I I paid twenty five dollars and fifty cents.", False),
        ("the the train leaves at half past three comma right", False),
        ("the the list is short period new line", False),
        ("I I am at acme dot com", False),
        ("Um, hello there.", False),
        ("It is twenty five.", False),
    ],
)
def test_words_that_carry_something_are_taken(raw: str, is_taken: bool) -> None:
    polished = PolishRules()(raw, DictationContext())
    assert polished.text != raw
    assert takes_content(raw, polished.text, polished.changes) is is_taken


def test_what_a_rule_of_one_s_own_replaces_is_not_taken() -> None:
    changes = [RuleChange("repeats", "the ", ""), RuleChange("replacements", "jay", "Jason")]
    assert not takes_content("the the jay said so", "the Jason said so", changes)
    assert takes_content("the the jay said so", "the Jason said so", changes[:1])


def test_a_correction_by_the_rules_is_one_and_a_capital_is_none() -> None:
    polished = PolishRules()("let's meet at two no wait three", DictationContext())
    assert [change.rule for change in polished.changes if change.is_removal] == ["repairs"]


def test_only_what_took_words_away_is_a_removal() -> None:
    changes = (
        RuleChange("repairs", "1760", "1745"),
        RuleChange("repairs", "red", "green"),
        RuleChange("repeats", "is ", ""),
        RuleChange("repeats", " , ", " "),
        RuleChange("sentences", "", "."),
        RuleChange("fillers", "um ", ""),
    )
    assert [change.is_removal for change in changes] == [True, True, True, False, False, False]
