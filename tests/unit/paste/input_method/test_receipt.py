"""What proves that a text was inserted or deleted, and what does not: as values."""

from __future__ import annotations

import pytest

from desktop.paste.input_method.interface import SurroundingText
from desktop.paste.input_method.receipt import MAX_COMMIT_BYTES, is_deleted, is_inserted, split_text

LONG = " ".join(f"word{number}" for number in range(900))
"""More than a message of Wayland has room for."""


def report(marked: str) -> SurroundingText:
    """The report that `marked` draws: `|` is the cursor, and with a second one all between is selected."""
    parts = marked.split("|")
    anchor, cursor = len(parts[0]), len("".join(parts[:-1]))
    return SurroundingText("".join(parts), cursor, anchor)


def window(text: str, cursor: int, characters: int) -> SurroundingText:
    """What a program reports of a long `text` that reports only so many characters, around the cursor."""
    start = max(0, min(cursor - characters // 2, len(text) - characters))
    return SurroundingText(text[start : start + characters], cursor - start, cursor - start)


INSERTED = [
    ("|", "Hello|", "Hello"),
    ("|", "a|", "a"),
    ("Dear Bob, |", "Dear Bob, hello|", "hello"),
    ("Dear | Bob", "Dear good| Bob", "good"),
    ("ha ha |", "ha ha ha |", "ha "),
    ("ha |ha", "ha ha |ha", "ha "),
    ("Say |this|.", "Say that|.", "that"),
    ("|um so hello there|", "hello there|", "hello there"),
    ("|yes|", "yes|", "yes"),
    ("x |a b| y", "x a| y", "a"),
    ("|", "one\ntwo|", "one\ntwo"),
    ("|", "Hello.|", "Hello.\n"),
    ("Bob: |", "Bob: one two|", "one\ntwo"),
    ("|", "Hello there|", "hello there"),
    ("Well.|", "Well. Hello there|", " hello there"),
    ("one|", "one\xa0two|", " two"),
    ("|", "Hello|\n", "Hello"),
    ("title|", "two|", "\ntwo"),
    ("title|", "a last line|", ", in\na last line"),
    ("a |", "a 👩‍👩‍👧 né|", "👩‍👩‍👧 né"),
]


@pytest.mark.parametrize(("before", "after", "text"), INSERTED)
def test_a_text_that_stands_there_is_inserted(before: str, after: str, text: str) -> None:
    assert is_inserted(report(before), report(after), text)


NOT_INSERTED = [
    ("Hello|", "Hello|", "Hello"),  # nothing has changed
    ("|", "Hell|", "Hello"),  # not all of it
    ("|", "HELLO|", "Hello"),
    ("|", "Hello |Hello|", "Hello"),  # something is selected
    ("|", "oh, Hello|", "Hello"),  # another text: the report may be of another field
    ("ha ha ha |", "ha ha |ha ", "ha "),  # the cursor was moved back
    ("ha |ha ha", "ha ha |ha", "ha "),  # and forth
    ("|yes|", "|yes", "yes"),  # only deselected
    ("|so yes|", "so yes|", "yes"),
    ("Say |this|.", "Say |.", "that"),  # the selection is gone, the text not there
    ("ha ha ha ha |so| it", "ha ha ha ha | it", "ha "),
    ("Dear |Bob", "Dear good|", "good"),  # what stood after it is gone
    ("the end|", "x|", "x"),  # too little to tell
    ("the end the end|", "the end|", "the end"),  # less is reported of what was there
    ("ha ha ha |", "oh ha ha ha ha |", "ha "),  # more is reported of what may have been there
    ("wonderful |wonderful wonderful", "wonderful wonderful |wonderfu", "wonderful "),  # moved, and less is reported
    ("|", "one\n|", "one\ntwo"),
    ("title|", "two|", "one"),
    ("|", "onetwo|", "one two"),
]


@pytest.mark.parametrize(("before", "after", "text"), NOT_INSERTED)
def test_what_may_be_something_else_is_no_proof(before: str, after: str, text: str) -> None:
    assert not is_inserted(report(before), report(after), text)


def test_an_unknown_report_or_no_text_is_no_proof() -> None:
    assert not is_inserted(None, report("Hello|"), "Hello")
    assert not is_inserted(report("|"), None, "Hello")
    assert not is_inserted(report("|"), report("Hello|"), "")


@pytest.mark.parametrize("characters", [200, 1000, 4000])
@pytest.mark.parametrize("text", ["A sentence that is new.", LONG[:1500], LONG[:5000]])
@pytest.mark.parametrize("cursor", [0, 100, 3000, len(LONG)])
def test_a_report_cut_around_the_cursor_is_proof(characters: int, text: str, cursor: int) -> None:
    before = window(LONG, cursor, characters)
    after = window(LONG[:cursor] + text + LONG[cursor:], cursor + len(text), characters)
    assert is_inserted(before, after, text)
    assert not is_inserted(before, before, text)
    moved = window(LONG, max(0, cursor - 7), characters)
    assert not is_inserted(before, moved, text)


DELETED = [
    ("Hello|", "|", "Hello"),
    ("Dear Bob, hello| there", "Dear Bob, | there", "hello"),
    ("ha ha ha |", "ha ha |", "ha "),
    ("of this line too|", "the beginning of this line|", " too"),
]

NOT_DELETED = [
    ("Hello|", "Hello|", "Hello"),
    ("Hello|", "Hel|", "Hello"),
    ("Hello|", "|Hello", "Hello"),
    ("Hello|", "|\n|", "Hello"),
    ("Hello there|", "Hello|", "Hello"),  # it did not stand there
    ("ha ha ha ha ha |", "so ha ha ha ha ha |", "ha "),  # more is reported
]


@pytest.mark.parametrize(("before", "after", "text"), DELETED)
def test_a_text_that_is_gone_is_deleted(before: str, after: str, text: str) -> None:
    assert is_deleted(report(before), report(after), text)


@pytest.mark.parametrize(("before", "after", "text"), NOT_DELETED)
def test_what_may_still_be_there_is_not_deleted(before: str, after: str, text: str) -> None:
    assert not is_deleted(report(before), report(after), text)
    assert not is_deleted(report(before), None, text)


@pytest.mark.parametrize(
    "text", [LONG, "日本語" * 2000, "👩‍👩‍👧" * 400, "🇩🇪" * 1000, "é" * 3001, "a" * 7000, "Hi.", ""]
)
def test_parts_are_the_text_and_short_enough(text: str) -> None:
    parts = list(split_text(text))
    assert "".join(parts) == text
    assert all(0 < len(part.encode()) <= MAX_COMMIT_BYTES for part in parts)
    assert not any(part.startswith(("\u200d", "\u0301")) for part in parts)
