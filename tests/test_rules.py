"""The rules that every text passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.polish.rules import polish
from desktop.speech.text import join


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
def test_a_text_is_spaced_begins_with_a_capital_and_ends_with_a_mark(said: str, typed: str) -> None:
    assert polish(said) == typed


@given(st.text())
def test_no_letter_or_digit_is_added_or_lost(text: str) -> None:
    def content(s: str) -> str:
        return "".join(c for c in s if c.isalnum()).casefold()

    assert content(polish(text)) == content(text)


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
    assert join(parts) == whole
