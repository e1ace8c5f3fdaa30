"""Words in the field while they are spoken: the newest stand there, a commit replaces them, and nothing is left."""

from __future__ import annotations

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.paste.input_method.composition import MAX_COLUMNS, FieldCompositions, compute_delay_s, fit_composition
from tests.support.composed_field import (
    EDITOR,
    ComposedField,
    FieldInputMethod,
    composing,
    open_field_by,
    settle,
    until,
)

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("spoken", "shown"),
    [
        ("", ""),
        ("hello", "hello"),
        (" hello  there ", "hello there"),
        ("first\nsecond\r\n\nthird\u2028fourth", "first second third fourth"),
        ("\n", ""),
        ("a\x1b[201~\x9bb", "a[201~b"),
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
                        newest = fit_composition(text) or ""
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
