"""What an input method of a compositor puts into a field and deletes there: once, in order, and proven."""

from __future__ import annotations

import asyncio
from pathlib import Path

import anyio
import pytest

from desktop.paste.input_method import wayland_binding
from desktop.paste.input_method.committer import commit_text
from desktop.paste.input_method.interface import FieldLostError, InputContext, SurroundingText
from desktop.paste.input_method.receipt import is_inserted
from tests.support.fake_compositor import (
    GLOBALS,
    LONG_S,
    PROGRAM_S,
    TERMINAL,
    FakeField,
    connected,
    fake_compositor,
    input_method,
)

pytestmark = pytest.mark.anyio


async def wait_for_proof(context: InputContext, before: SurroundingText | None, text: str) -> None:
    with anyio.fail_after(5):
        while not is_inserted(before, context.surrounding, text):
            await context.wait_for_change()


@pytest.mark.parametrize("tells", ["always", "late"])
async def test_commit_is_proven_by_text_around_cursor(tmp_path: Path, tells: str) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField(text="Hi. ", tells=tells)
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            before = context.surrounding
            await context.commit("Süße 👍")
            await wait_for_proof(context, before, "Süße 👍")
    assert (field.text, compositor.dropped) == ("Hi. Süße 👍", 0)


async def test_empty_field_is_known_of_program_that_told_of_text(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        compositor.field = FakeField(tells="some")
        async with method.acquire("qt", LONG_S) as context:
            assert context is not None
            assert context.surrounding is None
            assert await context.commit("One.") == SurroundingText("", 0, 0)
            assert context.surrounding == SurroundingText("One.", 4, 4)
        field = compositor.field = FakeField(tells="some")
        async with method.acquire("qt", LONG_S) as context:
            assert context is not None
            assert context.surrounding == SurroundingText("", 0, 0)
            before = context.surrounding
            await context.commit("Two.")
            await wait_for_proof(context, before, "Two.")
    assert field.text == "Two."


async def test_commit_that_was_dropped_goes_out_again(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField(text="Hi. ")
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            before = context.surrounding
            news = [compositor.tell]
            compositor.on_commit = lambda: news.pop()() if news else None
            await context.commit("One.")
            await wait_for_proof(context, before, "One.")
    assert (field.text, compositor.dropped) == ("Hi. One.", 1)


@pytest.mark.parametrize("globals", [GLOBALS, GLOBALS[:2]], ids=["wlroots", "other"])
async def test_silent_field_gets_its_text_once_whatever_is_told_meanwhile(
    tmp_path: Path, globals: tuple[str, ...]
) -> None:
    async with fake_compositor(tmp_path) as (compositor, environ):
        compositor.globals = globals
        async with connected(environ) as method:
            field = compositor.field = FakeField(TERMINAL, tells="nothing")
            async with method.acquire("foot", LONG_S) as context:
                assert context is not None
                news = [compositor.say_done]
                compositor.on_commit = lambda: news.pop()() if news else None
                await context.commit("One.")
    assert (field.text, compositor.dropped) == ("One.", 1)


async def test_text_that_is_always_dropped_may_go_in_another_way(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField(TERMINAL, tells="nothing")
        async with method.acquire("foot", LONG_S) as context:
            assert context is not None
            compositor.on_commit = compositor.say_done
            with pytest.raises(FieldLostError):
                await commit_text(context, "One.", expect_no_call, None, may_go_below=True)
    assert field.text == ""


def expect_no_call() -> None:
    raise AssertionError("nothing was sent")


@pytest.mark.parametrize("tells", ["always", "late", "some", "nothing"])
async def test_long_text_is_committed_once_and_in_order(tmp_path: Path, tells: str) -> None:
    text = " ".join(f"wörd{number}👩‍👩‍👧" for number in range(700))
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField(tells=tells)
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            await context.commit(text)
    assert field.text == text
    assert len(compositor.commits) > 3


async def test_field_that_was_there_too_early_is_settled_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wayland_binding, "SETTLE_S", 0.2)  # a busy machine needs more than 10 ms for the program's word
    monkeypatch.setattr(wayland_binding, "MAX_SETTLE_S", 2.0)
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField(text="Hi. ")
        compositor.is_early = True
        asyncio.get_running_loop().call_later(PROGRAM_S, compositor.focus, field)
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            before = context.surrounding
            await context.commit("One.")
            await wait_for_proof(context, before, "One.")
    assert (field.text, compositor.dropped) == ("Hi. One.", 0)


async def test_deletion_is_in_bytes_of_text_that_is_there(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField(text="Hi. Süße 👍")
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            await context.delete_before(6)
            with anyio.fail_after(5):
                while context.surrounding != SurroundingText("Hi. ", 4, 4):
                    await context.wait_for_change()
            with pytest.raises(OSError):
                await context.delete_before(5)
    assert (field.text, compositor.deletes) == ("Hi. ", [11])


@pytest.mark.parametrize("selects", [True, False])
async def test_deletion_needs_text_without_selection(tmp_path: Path, selects: bool) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField(text="Hello", tells="always" if selects else "nothing")
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            if selects:
                compositor.say(2, "Hello", 5, 1)
                compositor.say_done()
                await context.wait_for_change()
            with pytest.raises(OSError):
                await context.delete_before(1)
    assert field.text == "Hello"


async def test_composition_is_shown_replaced_and_removed(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField()
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            for text in ("one", "one two", ""):
                await context.show_composition(text)
                assert (field.composition, field.text) == (text, "")
            await context.show_composition("one")
            await context.commit("One.")
            assert (field.composition, field.text) == ("", "One.")
