"""A text in a table of ours is calculated by no spreadsheet, and is read back as it was."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.core.spreadsheet import escape_formula, unescape_formula


@given(st.text(st.sampled_from("'=+-@\t\r\n＝ ax")))
@example("''=1")
def test_text_round_trips_and_never_is_a_formula(text: str) -> None:
    assert escape_formula(text)[:1] not in tuple("=+-@\t\r\n＝＋－＠")
    assert unescape_formula(escape_formula(text)) == text


@pytest.mark.parametrize("text", ["", "'tis", "a=b", "7", "'", "[1]"])
def test_a_text_that_is_no_formula_is_not_touched(text: str) -> None:
    assert escape_formula(text) == text
    assert unescape_formula(text) == text


@pytest.mark.parametrize("text", ["=1+1", "- milk", "+49 30", "@home"])
def test_foreign_text_without_apostrophe_is_read(text: str) -> None:
    assert unescape_formula(text) == text
