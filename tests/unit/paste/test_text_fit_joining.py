"""The pure parts of a paste: which chord, what may go into a shell, what stands between two dictations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.chords import PasteShortcut, can_press, clean_for_terminal, find_latin_v, flatten_for_shell
from desktop.paste.text_fit import JOIN_TIMEOUT_S, Insertion, find_character_before, join_text

CONTROL_L, CONTROL_R, SHIFT_L = 37, 105, 50
CONTROLS = {CONTROL_L, CONTROL_R}


@pytest.mark.parametrize(
    ("text", "flat"),
    [
        ("one line", "one line"),
        ("two\nlines", "two lines"),
        ("a  b", "a  b"),
        ("rows \r\n\t and\tcolumns", "rows and columns"),
        ("ends here\n", "ends here"),
        ("\n\nbegins", "begins"),
        ("escape\x1b[201~d", "escape[201~d"),
    ],
)
def test_a_shell_gets_one_line(text: str, flat: str) -> None:
    assert flatten_for_shell(text) == flat


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [("two\nlines\n", "two\nlines"), ("a\tb", "a\tb"), ("escape\x1b[201~d\r\n", "escape[201~d")],
)
def test_bracketed_paste_keeps_lines_but_the_end(text: str, cleaned: str) -> None:
    assert clean_for_terminal(text) == cleaned


@given(st.text())
def test_nothing_in_a_flat_text_can_run_a_shell_line(text: str) -> None:
    assert len(flatten_for_shell(text).splitlines()) <= 1
    assert not set(flatten_for_shell(text)) & set("\n\r\t\x1b")


V, CYRILLIC = 0x76, 0x6CD


@pytest.mark.parametrize(
    ("row", "group", "found"),
    [
        ((V, 0x56, V, 0x56), 0, 55),
        ((V, 0x56, CYRILLIC, 0x6ED), 0, 55),
        ((V, 0x56, CYRILLIC, 0x6ED), 1, None),
        ((V, 0x56), 1, None),
        ((V, 0x56, V, 0x56, V, 0x56), 2, None),
    ],
)
def test_v_is_looked_for_in_the_active_layout(row: tuple[int, ...], group: int, found: int | None) -> None:
    assert find_latin_v([(0x63, 0x43), row], 54, group) == found


@pytest.mark.parametrize(
    ("paste", "down", "held", "allowed"),
    [
        (PasteShortcut.CTRL_V, set(), False, True),
        (PasteShortcut.CTRL_V, {CONTROL_R}, True, True),
        (PasteShortcut.CTRL_V, {CONTROL_R}, False, False),
        (PasteShortcut.CTRL_V, {CONTROL_R, SHIFT_L}, True, False),
        (PasteShortcut.SHIFT_INSERT, {CONTROL_R}, True, False),
        (PasteShortcut.SHIFT_INSERT, set(), True, True),
    ],
)
def test_only_the_control_that_talks_may_be_held(
    paste: PasteShortcut, down: set[int], held: bool, allowed: bool
) -> None:
    assert can_press(paste, down, CONTROLS, talk_held=held) is allowed


@pytest.mark.parametrize(
    ("previous", "text", "joined"),
    [
        ("", "Hello", "Hello"),
        ("One.", "Two.", " Two."),
        ("One ", "Two.", "Two."),
        ("One\n", "Two.", "Two."),
        ("One", " two", " two"),
        ("One", ", two", ", two"),
        ("One", "? Two", "? Two"),
        ("One", "“two”", " “two”"),
        ("One", "(two)", " (two)"),
        ("(", "two)", "two)"),
        ("今日は。", "元気です", "元気です"),
        ("今日は。", "Hello", "Hello"),
        ("안녕하세요.", "네", " 네"),
        ("Nice 😀", "thanks", " thanks"),
    ],
)
def test_two_dictations_are_joined_by_one_space(previous: str, text: str, joined: str) -> None:
    assert join_text(previous, text) == joined


def test_join_only_same_window_for_a_while() -> None:
    insertion = Insertion(handle=7, text="One.", inserted_at=100.0)
    assert find_character_before(insertion, 7, 100.0 + JOIN_TIMEOUT_S, 0.0) == "."
    assert find_character_before(insertion, 8, 101.0, 0.0) == ""
    assert find_character_before(insertion, 7, 101.0 + JOIN_TIMEOUT_S, 0.0) == ""
    assert find_character_before(None, 7, 101.0, 0.0) == ""


def test_key_or_click_since_makes_cursor_unknown() -> None:
    insertion = Insertion(handle=7, text="One.", inserted_at=100.0)
    assert find_character_before(insertion, 7, 103.0, last_input_at=99.0) == "."
    assert find_character_before(insertion, 7, 103.0, last_input_at=101.0) == ""


@pytest.mark.parametrize(
    ("previous", "text", "joined"),
    [
        ("we went", "And then home.", " and then home."),
        ("we went,", "But late.", " but late."),
        ("we went", "Anna came.", " Anna came."),
        ("we went", "I stayed.", " I stayed."),
        ("we went", "NASA called.", " NASA called."),
        ("we went.", "And then home.", " And then home."),
        ("we went\n", "And then home.", "And then home."),
    ],
)
def test_within_a_sentence_no_capital_is_added(previous: str, text: str, joined: str) -> None:
    assert join_text(previous, text) == joined
