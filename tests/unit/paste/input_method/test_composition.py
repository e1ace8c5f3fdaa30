"""Words in the field while they are spoken: the newest stand there, a commit replaces them, and nothing is left."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.interfaces import Composition
from desktop.core.types import Target
from desktop.paste.input_method.composition import (
    MAX_COLUMNS,
    FieldCompositions,
    compute_delay_s,
    find_first_report,
    fit_composition,
    is_untouched,
    may_compose,
    remove_composition,
)
from desktop.paste.input_method.interface import FieldTraits, SurroundingText
from tests.support.composed_field import ComposedField, FieldInputMethod, open_field_by

EDITOR = Target(1, "editor")
REFUSED = (FieldTraits(is_password=True), FieldTraits(is_terminal=True), FieldTraits(is_private=True))


@pytest.mark.parametrize(
    ("spoken", "shown"),
    [
        ("", ""),
        ("hello", "hello"),
        (" hello  there ", "hello there"),
        ("first\nsecond\r\n\nthird\u2028fourth", "first second third fourth"),
        ("\n", ""),
        ("x" * MAX_COLUMNS, "x" * MAX_COLUMNS),
        ("x" * (MAX_COLUMNS + 1), None),
        ("你" * (MAX_COLUMNS // 2), "你" * (MAX_COLUMNS // 2)),
        ("你" * (MAX_COLUMNS // 2) + "a", None),
        ("word " * 2000, None),
    ],
)
def test_words_are_one_line_that_a_field_can_show(spoken: str, shown: str | None) -> None:
    assert fit_composition(spoken) == shown


@pytest.mark.parametrize(
    ("wanted", "shown", "sent_at", "now", "delay_s"),
    [
        ("", "", 10.0, 10.0, None),
        ("hello", "hello", 10.0, 99.0, None),
        ("hello", "", float("-inf"), 10.0, 0.0),
        ("hello", "hell", 10.0, 10.0, 0.1),
        ("hello", "hell", 10.0, 10.075, 0.025),
        ("hello", "hell", 10.0, 10.2, 0.0),
        ("", "hello", 10.0, 10.0, 0.0),
    ],
)
def test_newer_words_wait_for_the_interval_and_removal_does_not(
    wanted: str, shown: str, sent_at: float, now: float, delay_s: float | None
) -> None:
    found = compute_delay_s(wanted, shown, sent_at, now, 0.1)
    assert found == (None if delay_s is None else pytest.approx(delay_s))


def test_no_words_in_terminals_password_and_private_fields() -> None:
    assert may_compose(FieldTraits())
    assert not any(map(may_compose, REFUSED))


def report(text: str) -> SurroundingText:
    """`|` is the cursor."""
    at = text.index("|")
    return SurroundingText(text.replace("|", ""), at, at)


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


async def until(met: Callable[[], bool]) -> None:
    with anyio.fail_after(30):
        while not met():
            await anyio.lowlevel.checkpoint()


async def settle() -> None:
    """Let everything run that waits for nothing."""
    for _ in range(30):
        await anyio.lowlevel.checkpoint()


@asynccontextmanager
async def composing(
    field: ComposedField, interval_s: float = 0.0, timeout_s: float = 30.0
) -> AsyncIterator[tuple[Composition, FieldCompositions, FieldInputMethod]]:
    """A composition in `field`; afterwards nothing of it is there, and the input method is given back."""
    method = FieldInputMethod(field)
    compositions = FieldCompositions(open_field_by(method), interval_s, timeout_s)
    async with compositions.open(EDITOR) as composition:
        yield composition, compositions, method
    assert (field.composition, method.users) == ("", 0)


type Step = tuple[str, str]


@given(
    st.lists(
        st.tuples(st.sampled_from(("show", "commit", "hold", "release", "settle", "step")), st.text(max_size=4)),
        max_size=30,
    ),
    st.sampled_from(("close", "remove")),
)
def test_newest_words_stand_in_the_field_and_none_afterwards(steps: list[Step], ending: str) -> None:
    async def speak() -> None:
        field = ComposedField()
        committed = newest = ""
        async with composing(field) as (composition, compositions, _):
            for step, text in steps:
                match step:
                    case "show":
                        composition.show(text)
                        newest = " ".join(text.split())
                    case "commit":
                        field.gate.set()
                        async with compositions.replaced():
                            await field.commit(text)
                        committed, newest = committed + text, ""
                    case "hold":
                        field.gate = anyio.Event() if field.gate.is_set() else field.gate
                    case "release":
                        field.gate.set()
                    case "settle":
                        await settle()
                    case _:
                        await anyio.lowlevel.checkpoint()
            field.gate.set()
            await settle()
            assert (field.text, field.composition) == (committed, newest)
            if ending == "remove":
                await compositions.remove()
                assert field.composition == ""
                composition.show("more")
        assert field.most_sending <= 1
        assert field.text == committed

    anyio.run(speak)


pytestmark = pytest.mark.anyio


async def test_only_the_newest_of_waiting_words_is_sent() -> None:
    field = ComposedField()
    async with composing(field) as (composition, _, _):
        field.gate = anyio.Event()
        composition.show("one")
        await until(lambda: field.sending == 1)
        for words in ("one two", "one two three", "one two three four"):
            composition.show(words)
            await settle()
        field.gate.set()
        await until(lambda: field.composition == "one two three four")
        assert [shown for _, shown in field.frames] == ["one", "one two three four"]


async def test_words_wait_for_the_interval_and_the_end_does_not() -> None:
    field = ComposedField()
    async with composing(field, interval_s=3600.0) as (composition, _, _):
        composition.show("one")
        await until(lambda: field.composition == "one")
        composition.show("one two")
        await settle()
        assert field.composition == "one"
    assert field.frames == [("", "one"), ("", "")]


async def test_commit_replaces_the_words_in_one_step() -> None:
    field = ComposedField()
    async with composing(field) as (composition, compositions, _):
        composition.show("hello")
        await until(lambda: field.composition == "hello")
        async with compositions.replaced():
            composition.show("hello there")
            await settle()
            await field.commit("Hello.")
        await settle()
        assert field.frames == [("", "hello"), ("Hello.", "")]
        composition.show("and more")  # of the dictation that is being spoken, after a paste of another text
        await until(lambda: field.composition == "and more")


async def test_failed_commit_still_removes_the_words() -> None:
    field = ComposedField()
    async with composing(field) as (composition, compositions, _):
        composition.show("hello")
        await until(lambda: field.composition == "hello")
        with pytest.raises(OSError, match=r"^$"):
            async with compositions.replaced():
                raise OSError
    assert field.frames[-1] == ("", "")


async def test_cancelled_dictation_leaves_nothing_in_the_field() -> None:
    field = ComposedField()
    method = FieldInputMethod(field)
    with anyio.CancelScope() as scope:
        async with FieldCompositions(open_field_by(method), 0.0, 30.0).open(EDITOR) as composition:
            composition.show("hello")
            await until(lambda: field.composition == "hello")
            composition.show("hello there")
            scope.cancel()
            await anyio.sleep_forever()
    assert field.frames[0] == ("", "hello")
    assert (field.composition, method.users) == ("", 0)


async def test_words_end_with_the_focus_and_stay_away() -> None:
    field = ComposedField()
    async with composing(field) as (composition, _, method):
        composition.show("hello")
        await until(lambda: field.composition == "hello")
        field.leave()
        await until(lambda: method.users == 0)
        messages = field.messages
        composition.show("hello there")
        await settle()
        assert (field.composition, field.messages, method.acquired) == ("", messages, ["editor"])


@pytest.mark.parametrize("traits", REFUSED)
async def test_field_that_must_not_show_words_is_given_back(traits: FieldTraits) -> None:
    field = ComposedField(traits)
    async with composing(field) as (composition, _, method):
        composition.show("hello")
        await until(lambda: bool(method.acquired) and method.users == 0)
        await settle()
        assert field.frames == []


@pytest.mark.parametrize("traits", REFUSED)
@pytest.mark.parametrize("is_reported", [True, False])
async def test_words_go_where_the_field_becomes_a_secret_one(traits: FieldTraits, is_reported: bool) -> None:
    field = ComposedField()
    async with composing(field) as (composition, _, method):
        composition.show("hello")
        await until(lambda: field.composition == "hello")
        field.traits = traits
        if is_reported:
            field.change()
        else:
            composition.show("hello there")
        await until(lambda: method.users == 0)
        assert field.frames == [("", "hello"), ("", "")]


async def test_nothing_is_shown_in_place_of_what_is_selected() -> None:
    field = ComposedField()
    field.select("Dear Bob")
    async with composing(field) as (composition, _, _):
        composition.show("hello")
        await settle()
        assert field.text == "Dear Bob"
        field.surrounding = SurroundingText("Dear Bob", 8, 8)
        composition.show("hello there")
        await until(lambda: field.composition == "hello there")
        field.select("Dear Bob")
        composition.show("hello there and")
        await settle()
    assert field.text == "Dear Bob"


@pytest.mark.parametrize("has_more", [True, False])
async def test_words_that_a_click_made_text_are_not_shown_again(has_more: bool) -> None:
    field = ComposedField()
    field.surrounding = SurroundingText("", 0, 0)
    async with composing(field) as (composition, _, method):
        composition.show("hello")
        await until(lambda: field.composition == "hello")
        field.click()
        if has_more:
            composition.show("hello there")
        await until(lambda: method.users == 0)
        composition.show("hello there and")
        await settle()
    assert (field.text, field.frames) == ("hello", [("", "hello"), ("hello", "")])


async def test_words_end_where_they_are_not_fitted() -> None:
    field = ComposedField()
    fits: list[str | None] = ["hello", None]
    compositions = FieldCompositions(open_field_by(FieldInputMethod(field), lambda *_: fits.pop(0)), 0.0, 30.0)
    async with compositions.open(EDITOR) as composition:
        composition.show("hello")
        await until(lambda: field.composition == "hello")
        composition.show("hello there")
        await until(lambda: field.frames[-1] == ("", ""))
        composition.show("hello there and")
        await settle()
    assert (len(field.frames), fits) == (2, [])


async def test_field_that_is_never_had_is_not_waited_for() -> None:
    @asynccontextmanager
    async def open_never(target: Target) -> AsyncIterator[None]:
        await anyio.sleep_forever()
        yield

    compositions = FieldCompositions(open_never)
    with anyio.fail_after(30):
        async with compositions.open(EDITOR) as composition:
            composition.show("hello")
            await settle()
            began = anyio.current_time()
            await compositions.remove()
            assert anyio.current_time() - began < 0.5


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


async def test_longer_words_are_removed_and_do_not_come_back() -> None:
    field = ComposedField()
    async with composing(field) as (composition, _, method):
        composition.show("x" * MAX_COLUMNS)
        await until(lambda: len(field.composition) == MAX_COLUMNS)
        composition.show("x" * (MAX_COLUMNS + 1))
        await until(lambda: method.users == 0)
        composition.show("x")
        await settle()
        assert field.composition == ""


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


async def test_second_dictation_takes_the_place_of_the_first() -> None:
    field = ComposedField()
    compositions = FieldCompositions(open_field_by(FieldInputMethod(field)), 0.0, 30.0)
    async with compositions.open(EDITOR) as first:
        first.show("first")
        await until(lambda: field.composition == "first")
        async with compositions.open(EDITOR) as second:
            assert field.composition == ""
            second.show("second")
            first.show("first again")
            await until(lambda: field.composition == "second")
    assert [shown for _, shown in field.frames] == ["first", "", "second", ""]


async def test_no_field_shows_nothing() -> None:
    compositions = FieldCompositions(open_field_by(FieldInputMethod(None)))
    async with compositions.open(EDITOR) as composition:
        composition.show("hello")
        await settle()
        await compositions.remove()
        async with compositions.replaced():
            pass


async def test_silent_field_delays_neither_words_nor_the_end() -> None:
    field = ComposedField()
    with anyio.fail_after(30):
        async with composing(field, timeout_s=0.05) as (composition, _, _):
            field.gate = anyio.Event()
            composition.show("hello")
            await until(lambda: field.sending == 1)
            composition.show("hello there")
    assert field.most_sending == 1


async def test_broken_field_is_logged_without_the_words(caplog: pytest.LogCaptureFixture) -> None:
    class BrokenField(ComposedField):
        async def show_composition(self, text: str) -> None:
            raise ValueError(text)

    caplog.set_level(logging.DEBUG)
    field = BrokenField()
    async with composing(field) as (composition, _, method):
        composition.show("hello")
        await until(lambda: bool(method.acquired) and method.users == 0)
    assert "ValueError" in caplog.text
    assert "hello" not in caplog.text
