"""The place of the words in a field: what stands before them, whatever a program reports of the words."""

from __future__ import annotations

import pytest

from desktop.paste.input_method.composition import (
    FieldCompositions,
    find_first_report,
    is_untouched,
    remove_composition,
)
from desktop.paste.input_method.interface import SurroundingText
from tests.support.composed_field import EDITOR, ComposedField, FieldInputMethod, open_field_by, report, until

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("reported", "first", "words", "found"),
    [
        ("Dear |Bob", "Dear |Bob", "hello", "Dear |Bob"),
        ("Dear hello|Bob", "Dear |Bob", "hello", "Dear |Bob"),
        ("Dear hello|", "Dear hello|", "hello", "Dear hello|"),
        ("hello|", "|", "hello", "|"),
        ("Dear |Bob", "Dear |Bob", "", "Dear |Bob"),
        ("Dear hel|Bob", "Dear |Bob", "hello", "Dear hel|Bob"),
        ("Eve, hello|", "Dear |Bob", "hello", "Eve, hello|"),
        ("long line that moved hello|", "a long line that moved |", "hello", "long line that moved |"),
        ("a long line that moved hello|", "line that moved |", "hello", "a long line that moved |"),
        ("hello|", None, "hello", None),
        ("Dear |", None, "hello", "Dear |"),
    ],
)
def test_surrounding_text_is_what_it_is_without_the_words(
    reported: str, first: str | None, words: str, found: str | None
) -> None:
    without = remove_composition(report(reported), report(first) if first else None, words)
    assert without == (report(found) if found else None)


@pytest.mark.parametrize(
    ("reported", "is_same"),
    [
        ("Dear |Bob", True),
        ("Dear hel|Bob", True),
        ("Dear hello|Bob", True),
        ("Dear| Bob", False),
        ("|Dear helloBob", False),
        ("Dear helloBob|", False),
        ("Dear hello|", False),
    ],
)
def test_place_of_the_words_is_the_same_with_any_of_them_in_it(reported: str, is_same: bool) -> None:
    assert is_untouched(report(reported), report("Dear |Bob"), ["hel", "hello"]) is is_same
    assert is_untouched(None, report("Dear |Bob"), [])
    assert is_untouched(report(reported), None, [])


def test_long_text_is_reported_from_elsewhere_at_the_same_place() -> None:
    first = report("a line that is long |and goes on and on")
    assert is_untouched(report("line that is long hello|and goes on"), first, ["hello"])
    assert not is_untouched(report("line that is |long and goes on"), first, ["hello"])


@pytest.mark.parametrize(
    ("reported", "first", "found"),
    [
        ("Dear Bob.|", "|", "Dear Bob.|"),  # a browser reports late
        ("hello|", "|", "|"),  # the words themselves
        ("Dear Bob. hello|", "|", "|"),  # both: not known which
        ("Dear| Bob.", "|", "|"),
        ("Dear Bob.|", "So|", "So|"),
        ("|", "Dear Bob.|", "Dear Bob.|"),
        ("Dear |Bob|", "|", "|"),
    ],
)
def test_first_report_is_the_one_with_more_of_the_same_place(reported: str, first: str, found: str) -> None:
    assert find_first_report(report(reported), report(first), ["", "hello"]) == report(found)


def test_first_report_that_is_missing_stays_so() -> None:
    assert find_first_report(report("Dear Bob.|"), None, []) is None
    assert find_first_report(None, report("Dear|"), []) == report("Dear|")


async def test_words_are_joined_to_what_a_program_reports_late() -> None:
    field = ComposedField()
    field.surrounding = report("|")
    method = FieldInputMethod(field)

    def fit(words: str, surrounding: SurroundingText | None) -> str:
        return f"{surrounding.before if surrounding else ''}>{words}"

    compositions = FieldCompositions(open_field_by(method, fit), interval_s=0.0)
    async with compositions.open(EDITOR) as composition:
        composition.show("hello")
        await until(lambda: field.composition == ">hello")
        field.surrounding = report("Dear Bob.|")
        composition.show("hello there")
        await until(lambda: field.composition == "Dear Bob.>hello there")


async def test_words_are_fitted_to_what_stood_before_them() -> None:
    field = ComposedField()
    field.surrounding = SurroundingText("So", 2, 2)

    def fit(words: str, surrounding: SurroundingText | None) -> str:
        assert surrounding == SurroundingText("So", 2, 2)
        return f" {words}"

    compositions = FieldCompositions(open_field_by(FieldInputMethod(field), fit), 0.0, 30.0)
    async with compositions.open(EDITOR) as composition:
        composition.show("it is")
        await until(lambda: field.composition == " it is")
        field.surrounding = SurroundingText("So it is", 8, 8)  # programs may report the composition as text
        composition.show("it is late")
        await until(lambda: field.composition == " it is late")
