"""The rules that every text passes."""

from __future__ import annotations

from pathlib import Path
from types import FunctionType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.text import join_texts
from desktop.core.types import DictationContext, RuleChange, Style
from desktop.polish.rules.edit import RuleEdit, apply_edits
from desktop.polish.rules.pipeline import RULES, PolishRules
from desktop.settings.schema import RULE_NAMES


def polish(text: str) -> str:
    return PolishRules()(text, DictationContext()).text


def test_the_settings_know_every_rule() -> None:
    assert tuple(RULES) == RULE_NAMES


def test_module_function_and_tests_have_the_name_of_the_rule() -> None:
    tests = {path.stem for path in Path(__file__).parent.rglob("test_*.py")}
    for name, rule in RULES.items():
        assert isinstance(rule, FunctionType)
        assert (rule.__name__, rule.__module__.rpartition(".")[2]) == (f"edit_{name}", name)
        assert f"test_{name}" in tests


def test_edits_apply_in_order_and_first_overlap_wins() -> None:
    edits = [RuleEdit(4, 6, "B"), RuleEdit(0, 1, "A"), RuleEdit(5, 8, "never"), RuleEdit(8, 8, "!")]
    text, changed = apply_edits("a b cd e", edits, "some")
    assert text == "A b B e!"
    assert changed == (RuleChange("some", "a", "A"), RuleChange("some", "cd", "B"), RuleChange("some", "", "!"))


def test_a_rule_that_is_switched_off_changes_nothing() -> None:
    assert PolishRules(without=frozenset({"sentences"}))("hello  there", DictationContext()).text == "hello there"
    style = Style(without=frozenset({"spacing"}))
    assert PolishRules()("hello  there", DictationContext(style=style)).text == "Hello  there."


def test_style_can_omit_capital_and_closing_mark() -> None:
    assert (
        PolishRules()("hello there", DictationContext(style=Style(capital=False, closing=False))).text == "hello there"
    )


def test_what_was_changed_is_told() -> None:
    assert PolishRules()("hello  there", DictationContext()).changes == (
        RuleChange("spacing", "  ", " "),
        RuleChange("sentences", "h", "H"),
        RuleChange("sentences", "", "."),
    )


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("", ""),
        ("   ", ""),
        ("hello there", "Hello there."),
        ("  hello   there  ", "Hello there."),
        ("Is it you?", "Is it you?"),
        ("hello , world", "Hello, world."),
        ("it costs 3 .5", "It costs 3 .5."),
        ("iPhone is here", "iPhone is here."),
        ("someone@example.org wrote", "someone@example.org wrote."),
        ("éa va", "Éa va."),
        ("你好", "你好。"),
        ("你好。", "你好。"),
        ("he said “go”", "He said “go”"),
    ],
)
def test_text_is_spaced_capitalized_and_closed(said: str, typed: str) -> None:
    assert polish(said) == typed


@given(st.text())
def test_spacing_and_sentences_keep_letters_and_digits(text: str) -> None:
    def content(s: str) -> str:
        return "".join(c for c in s if c.isalnum()).casefold()

    without = frozenset(RULES) - {"spacing", "sentences"}  # the others are there to take words away
    assert content(PolishRules(without=without)(text, DictationContext()).text) == content(text)


@given(st.text())
def test_polishing_twice_is_polishing_once(text: str) -> None:
    assert polish(polish(text)) == polish(text)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([], ""),
        (["", "a", " "], "a"),
        (["Hello.", "World."], "Hello. World."),
        (["你好，", "世界"], "你好，世界"),
        (["wait", ", please"], "wait, please"),
    ],
)
def test_windows_are_joined_as_their_script_wants_it(parts: list[str], whole: str) -> None:
    assert join_texts(parts) == whole
