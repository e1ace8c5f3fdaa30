"""What becomes of a dictation and of the clipboard when the connection to the compositor is lost, and what KWin says of
sources that sway does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from anyio import to_thread

from desktop.core.errors import PasteError
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.apps import PasteRules
from desktop.paste.request import PasteOptions
from desktop.paste.wayland.paster import DESKTOP_LOST, DESKTOP_UNREACHABLE, WaylandPaster
from tests.support.desk import read_until, until
from tests.support.wayland_desk import WaylandDesk
from tests.support.wayland_proxy import WaylandProxy, proxied

INSERTED = PasteResult(Outcome.INSERTED)
DEAF = PasteOptions(PasteRules({"foot": {"chord": "ctrl+v"}}))
"""Ctrl+V pastes nothing in a terminal."""

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WaylandDesk]:
    with WaylandDesk(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


@pytest.fixture
def foot(desk: WaylandDesk, tmp_path: Path) -> Iterator[Path]:
    """A terminal with the focus; the file that holds what it was given."""
    path = tmp_path / "foot.txt"
    window = desk.open_foot(path)
    try:
        yield path
    finally:
        desk.close(window)


@asynccontextmanager
async def paster_behind_proxy(
    desk: WaylandDesk, folder: Path, options: PasteOptions | None = None
) -> AsyncIterator[tuple[WaylandPaster, WaylandProxy]]:
    with proxied(folder / "wayland", desk.environ) as (proxy, environ):
        paster = WaylandPaster(environ, folder / "token")
        paster.options = options or PasteOptions()
        paster.start(asyncio.get_running_loop())
        try:
            yield paster, proxy
        finally:
            paster.close()


async def paste(paster: WaylandPaster, text: str, on_sent: Callable[[], None] = lambda: None) -> PasteResult:
    """Paste into the window that has the focus now."""
    return await paster.paste(text, await paster.find_target(), on_sent)


async def clipboard_becomes(desk: WaylandDesk, contents: bytes) -> None:
    await to_thread.run_sync(until, lambda: desk.clipboard() == contents, lambda: f"it is {desk.clipboard()!r}")


async def test_source_cancelled_twice_is_destroyed_once(desk: WaylandDesk, foot: Path, tmp_path: Path) -> None:
    desk.copy(b"mine")
    desk.copy(b"chosen", primary=True)
    async with paster_behind_proxy(desk, tmp_path) as (paster, proxy):
        for text in ("One.", "Two.", "Three."):
            assert await paste(paster, text) == INSERTED
        await clipboard_becomes(desk, b"mine")
        assert await to_thread.run_sync(lambda: desk.clipboard(primary=True)) == b"chosen"
        assert proxy.cancelled
        assert proxy.connections == 1
    assert read_until(foot, lambda text: text.endswith("Three.")) == "One.Two.Three."


async def test_lost_connection_returns_clipboard_and_next_paste_lands(
    desk: WaylandDesk, foot: Path, tmp_path: Path
) -> None:
    desk.copy(b"mine")
    async with paster_behind_proxy(desk, tmp_path) as (paster, proxy):
        assert await paste(paster, "One.") == INSERTED
        proxy.cut()
        await clipboard_becomes(desk, b"mine")
        assert await paste(paster, "Two.") == INSERTED
        await clipboard_becomes(desk, b"mine")
        assert proxy.connections == 2
    assert read_until(foot, lambda text: text.endswith("Two.")) == "One.Two."


async def test_connection_lost_twice_is_opened_by_next_paste(desk: WaylandDesk, foot: Path, tmp_path: Path) -> None:
    desk.copy(b"mine")
    async with paster_behind_proxy(desk, tmp_path) as (paster, proxy):
        assert await paste(paster, "One.") == INSERTED
        proxy.cut()
        await clipboard_becomes(desk, b"mine")
        proxy.cut()
        await clipboard_becomes(desk, b"")
        assert proxy.connections == 2
        assert await paste(paster, "Two.") == INSERTED
        await clipboard_becomes(desk, b"mine")
    assert read_until(foot, lambda text: text.endswith("Two.")) == "One.Two."


async def test_clipboard_taken_while_disconnected_is_left(desk: WaylandDesk, foot: Path, tmp_path: Path) -> None:
    desk.copy(b"mine")
    async with paster_behind_proxy(desk, tmp_path) as (paster, proxy):
        assert await paste(paster, "One.") == INSERTED
        proxy.cut()
        await clipboard_becomes(desk, b"mine")
        proxy.cut()
        await clipboard_becomes(desk, b"")
        desk.copy(b"theirs")
        assert await paste(paster, "Two.") == INSERTED
        await clipboard_becomes(desk, b"theirs")


async def test_connection_lost_during_paste_keeps_clipboard(desk: WaylandDesk, foot: Path, tmp_path: Path) -> None:
    desk.copy(b"mine")
    async with paster_behind_proxy(desk, tmp_path, DEAF) as (paster, proxy):
        assert await paste(paster, "Unread.", proxy.cut) == PasteResult(Outcome.UNCONFIRMED, (DESKTOP_LOST,))
        await clipboard_becomes(desk, b"mine")
        paster.options = PasteOptions()
        assert await paste(paster, "Two.") == INSERTED
    assert read_until(foot, lambda text: text.endswith("Two.")) == "\x16Two."


async def test_text_left_on_clipboard_survives_lost_connection(desk: WaylandDesk, tmp_path: Path) -> None:
    async with paster_behind_proxy(desk, tmp_path) as (paster, proxy):
        assert (await paster.paste("One.", Target(), lambda: None)).outcome is Outcome.COPIED
        await clipboard_becomes(desk, b"One.")
        proxy.cut()
        await to_thread.run_sync(until, lambda: proxy.connections == 2, "it is opened again")
        await clipboard_becomes(desk, b"One.")


@pytest.mark.parametrize("missing", ["data_control_manager", "wl_seat"])
async def test_compositor_that_comes_back_without_clipboard_is_asked_again(
    desk: WaylandDesk, foot: Path, tmp_path: Path, missing: str
) -> None:
    desk.copy(b"mine")
    async with paster_behind_proxy(desk, tmp_path) as (paster, proxy):
        target = await paster.find_target()
        assert await paste(paster, "One.") == INSERTED
        proxy.hides = missing
        proxy.cut()
        await to_thread.run_sync(until, lambda: proxy.connections == 2, "it is opened again")
        assert await paster.paste("Lost.", target, lambda: None) == DESKTOP_UNREACHABLE
        proxy.hides = ""
        assert await paste(paster, "Two.") == INSERTED
        await clipboard_becomes(desk, b"mine")
    assert read_until(foot, lambda text: text.endswith("Two.")) == "One.Two."


async def test_session_without_seat_cannot_be_reached(desk: WaylandDesk, tmp_path: Path) -> None:
    with proxied(tmp_path / "wayland", desk.environ, hides="wl_seat") as (_, environ):
        paster = WaylandPaster(environ, tmp_path / "token")
        with pytest.raises(PasteError):
            paster.start(asyncio.get_running_loop())
