"""A field that is left or becomes one for passwords right then gets nothing, nor does the next one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from desktop.paste.input_method import wayland_restorer
from desktop.paste.input_method.composition_guard import HIDDEN, SHOWN
from desktop.paste.input_method.interface import FieldLostError, InputContext
from tests.support.fake_compositor import (
    LONG_S,
    PASSWORD,
    PLAIN,
    TERMINAL,
    FakeField,
    expect_loss,
    fake_compositor,
    input_method,
)

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("write", [lambda context: context.commit("secret"), lambda context: show_more(context)])
async def test_field_that_becomes_a_password_field_right_then_gets_nothing(
    tmp_path: Path, write: Callable[[InputContext], Awaitable[object]]
) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField()
        async with method.acquire("browser", LONG_S) as context:
            assert context is not None

            def hide() -> None:
                compositor.on_sync = lambda: None
                field.kind = PASSWORD
                compositor.tell()

            compositor.on_sync = hide
            with pytest.raises(FieldLostError):
                await write(context)
            assert (field.text, field.composition) == ("", "")
            await context.show_composition("")


async def show_more(context: InputContext) -> None:
    await context.show_composition("secret")


async def test_long_text_stops_where_the_field_becomes_a_password_field(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        field = compositor.field = FakeField()
        async with method.acquire("browser", LONG_S) as context:
            assert context is not None

            def hide() -> None:
                field.kind = PASSWORD

            compositor.on_commit = hide
            with pytest.raises(ConnectionAbortedError):
                await context.commit("word " * 1500)
    assert len(compositor.commits) == 1


async def test_focus_that_moves_right_after_the_field_was_had_loses_it(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        compositor.is_early = True
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            other = FakeField(text="Other. ")
            compositor.focus(other)
            with pytest.raises(FieldLostError):
                await context.commit("One.")
    assert (other.text, compositor.commits) == ("Other. ", [])


async def test_lost_connection_leaves_nothing_to_be_removed_elsewhere(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor), method.acquire("editor", LONG_S) as context:
        assert context is not None
        await context.show_composition("half")
        assert os.pread(method._guard._file, 1, 0) == SHOWN
        compositor.cut()
        await expect_loss(context)
        assert os.pread(method._guard._file, 1, 0) == HIDDEN


@pytest.mark.parametrize("kind", [PLAIN, PASSWORD, TERMINAL, (0x80, 0)])
@pytest.mark.parametrize("selected", ["", "Other. "])
async def test_process_after_a_crash_spares_fields_that_show_no_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: tuple[int, int], selected: str
) -> None:
    monkeypatch.setattr(wayland_restorer, "ANSWER_S", 0.001)
    async with fake_compositor(tmp_path) as (compositor, environ):
        field = compositor.field = FakeField(kind, "Other. ")
        field.composition, field.selected = "half", selected
        await wayland_restorer.remove_composition(environ)
    may_be_ours = kind == PLAIN and not selected
    assert (field.text, field.composition) == ("Other. ", "" if may_be_ours else "half")


async def test_lost_focus_ends_the_context(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor), method.acquire("editor", LONG_S) as context:
        assert context is not None
        other = FakeField()
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(expect_loss(context))
            await asyncio.to_thread(lambda: None)
            compositor.focus(other)
            await waiting
        for write in (context.commit("One."), context.show_composition("One."), context.press_return()):
            with pytest.raises(OSError):
                await write
        async with method.acquire("editor", LONG_S) as second:
            assert second not in (None, context)
    assert (compositor.commits, other.composition) == ([], "")


async def test_field_that_is_left_at_the_commit_keeps_the_text_from_the_next(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        other = FakeField()
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            compositor.is_early = True
            moves = [lambda: compositor.focus(other)]
            compositor.on_sync = lambda: moves.pop()() if moves else None
            with pytest.raises(OSError):
                await context.commit("One.")
    assert (compositor.commits, other.text) == ([], "")
