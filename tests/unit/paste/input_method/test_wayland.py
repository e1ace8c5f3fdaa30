"""The input method of a compositor: which field it gets, what it knows of it, and when it is there at all."""

from __future__ import annotations

import asyncio
from pathlib import Path

import anyio
import pytest

from desktop.core.types import Target
from desktop.paste.field import FocusedFieldReader
from desktop.paste.input_method import wayland
from desktop.paste.input_method.interface import FieldTraits, SurroundingText
from desktop.paste.input_method.wayland import WaylandInputMethod, find_input_method
from desktop.paste.input_method.wayland_messages import read_traits
from desktop.paste.wayland.focus import FocusedWindow
from desktop.paste.wayland.focus_reader import FocusReader
from tests.support.fake_compositor import (
    LONG_S,
    PASSWORD,
    TERMINAL,
    FakeField,
    expect_loss,
    fake_compositor,
    input_method,
)

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("halves", [0, 1, 2])
@pytest.mark.parametrize("kind", [PASSWORD, (0x40, 0), (0, 9), (0x80, 0), TERMINAL])
async def test_field_is_known_when_it_is_had(tmp_path: Path, halves: int, kind: tuple[int, int]) -> None:
    async with input_method(tmp_path) as (method, compositor):
        compositor.halves, compositor.field = halves, FakeField(kind, "Hello")
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            assert context.traits == read_traits(*kind)
            assert context.surrounding == SurroundingText("Hello", 5, 5)
            assert compositor.destroyed == 0
        async with method.acquire("editor", LONG_S):
            assert compositor.destroyed == 1, "the user's input method could be there between"
    assert compositor.bound == 2


async def test_second_caller_shares_the_field(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor), method.acquire("editor", LONG_S) as first:
        async with method.acquire("editor", LONG_S) as second:
            assert second is first
        assert compositor.destroyed == 0
        assert first is not None
        await first.commit("One.")
    assert (compositor.commits, compositor.bound) == (["One."], 1)


async def test_program_without_an_answer_is_waited_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wayland, "SILENT_TIMEOUT_S", 0.001)
    async with input_method(tmp_path) as (method, compositor):
        compositor.field = None
        async with method.acquire("game", 0.001) as context:
            assert context is None
        with anyio.fail_after(5):
            async with method.acquire("game", 0.001) as context:
                assert context is None, "it was silent for as long"
        asyncio.get_running_loop().call_later(0.05, compositor.focus, FakeField())
        async with method.acquire("game", LONG_S) as context:
            assert context is not None, "it was never waited for so long"
        compositor.field = None
        asyncio.get_running_loop().call_later(0.05, compositor.focus, FakeField())
        async with method.acquire("game", LONG_S) as context:
            assert context is not None, "another window had the focus meanwhile"


async def test_users_input_method_is_left_alone(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        compositor.is_taken = True
        async with method.acquire("editor", LONG_S) as context:
            assert context is None
        assert not method.is_available
        compositor.is_taken = False
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
        assert method.is_available


async def test_no_connection_while_the_user_wants_none(tmp_path: Path) -> None:
    async with fake_compositor(tmp_path) as (compositor, environ):
        method = WaylandInputMethod(environ)
        method.apply_choice("off")
        method.start(asyncio.get_running_loop())
        for choice, is_had in (("off", False), ("auto", True), ("off", False), ("always", True)):
            method.apply_choice(choice)  # type: ignore[arg-type]
            async with method.acquire("editor", LONG_S) as context:
                assert (context is not None, method.is_available) == (is_had, is_had)
        assert compositor.bound == 2
        method.close()


async def test_window_that_has_lost_its_field_is_not_waited_for_as_long_as_at_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wayland, "FIELD_TIMEOUT_S", 0.001)
    async with input_method(tmp_path) as (method, compositor):
        async with method.acquire("browser", LONG_S) as context:
            assert context is not None
        compositor.field = None
        with anyio.fail_after(5):
            async with method.acquire("browser", LONG_S) as context:
                assert context is None


async def test_lost_connection_is_opened_again(tmp_path: Path) -> None:
    async with input_method(tmp_path) as (method, compositor):
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None
            compositor.cut()
            await expect_loss(context)
        assert not method.is_available
        async with method.acquire("editor", LONG_S) as context:
            assert context is not None, "it is opened at once when it is needed"
        compositor.cut()
        with anyio.fail_after(5):
            while method.is_available:
                await asyncio.to_thread(lambda: None)
            while not method.is_available:
                await asyncio.to_thread(lambda: None)
    assert not method.is_available


async def test_compositor_without_the_interface_has_none(tmp_path: Path) -> None:
    async with fake_compositor(tmp_path) as (compositor, environ):
        assert await asyncio.to_thread(find_input_method, environ) is not None
        compositor.globals = ("wl_seat",)
        assert await asyncio.to_thread(find_input_method, environ) is None
        method = WaylandInputMethod(environ)
        method.start(asyncio.get_running_loop())
        async with method.acquire("editor", LONG_S) as context:
            assert context is None
        assert not method.is_available
        method.close()
    assert find_input_method({"XDG_RUNTIME_DIR": str(tmp_path / "none")}) is None


class Windows(FocusReader):
    """Finds these windows, one after another."""

    def __init__(self, method: WaylandInputMethod, *windows: FocusedWindow) -> None:
        super().__init__({}, FocusedFieldReader(""), method)
        self._windows = [*windows]

    async def _find_window(self) -> FocusedWindow:
        return self._windows.pop(0)


async def test_x_window_is_not_asked_about_whatever_was_found_since(tmp_path: Path) -> None:
    xterm, editor = Target(7, "xterm"), Target(8, "editor")
    async with input_method(tmp_path) as (method, compositor):
        compositor.field = FakeField(PASSWORD)
        reader = Windows(method, FocusedWindow(xterm, x11=True), FocusedWindow(editor))
        for target in (xterm, editor):
            assert (await reader.find_focused_window()).target == target
        assert await reader.find_traits(xterm) is None
        assert await reader.find_traits(editor) == read_traits(*PASSWORD)
        compositor.field = FakeField()
        assert await reader.find_traits(editor) == FieldTraits()
        compositor.is_taken = True
        assert await reader.find_traits(editor) is None
