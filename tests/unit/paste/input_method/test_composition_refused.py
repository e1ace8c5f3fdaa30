"""Fields that show no words, or no longer: secret ones, selected text, a click, a lost, silent or broken field."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest

from desktop.core.types import Target
from desktop.paste.input_method.composition import FieldCompositions, may_compose
from desktop.paste.input_method.interface import FieldTraits, SurroundingText
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

REFUSED = (FieldTraits(is_password=True), FieldTraits(is_terminal=True), FieldTraits(is_private=True))


def test_no_words_in_terminals_password_and_private_fields() -> None:
    assert may_compose(FieldTraits())
    assert not any(map(may_compose, REFUSED))


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
