"""What counts as taken out of a text: words that carry something, and stand nowhere in it any more."""

from __future__ import annotations

import pytest

from desktop.core.types import DictationContext, RuleChange
from desktop.polish.polisher import takes_content
from desktop.polish.rules.pipeline import PolishRules


@pytest.mark.parametrize(
    ("text", "rule", "before", "after", "is_taken"),
    [
        ("We meet at three.", "repairs", "two, no wait, ", "", True),
        ("Call Anna.", "repairs", "Tom, I mean ", "", True),
        ("The blue one.", "repairs", "red, sorry, the ", "", True),
        ("下午四点开会。", "repairs", "三点，不对，", "", True),
        ("My lunch was good.", "repeats", "my lunch ", "", False),
        ("It costs 20 dollars.", "repeats", "twenty ", "", False),
        ("I know it.", "repairs", "no, wait, ", "", False),
        ("The the end.", "repeats", "the ", "", False),
        ("Hello there.", "fillers", "um, ", "", False),
        ("It is 25.", "numbers", "twenty five", "25", False),
        ("下午四点开会。", "repairs", "不对，", "", False),
    ],
)
def test_words_that_carry_something_are_taken(text: str, rule: str, before: str, after: str, is_taken: bool) -> None:
    assert takes_content(text, [RuleChange(rule, before, after)]) is is_taken


def test_a_correction_by_the_rules_is_one_and_a_capital_is_none() -> None:
    polished = PolishRules()("let's meet at two no wait three", DictationContext())
    assert takes_content(polished.text, polished.changes)
    assert [change.rule for change in polished.changes if change.is_removal] == ["repairs"]


def test_only_what_got_shorter_was_taken_out() -> None:
    moved = RuleChange("repairs", "1760", "1745")
    changes = (
        moved,
        RuleChange("repeats", "is ", ""),
        RuleChange("sentences", "", "."),
        RuleChange("fillers", "um ", ""),
    )
    assert [change.is_removal for change in changes] == [False, True, False, False]
