"""What is on the clipboard after a paste under a real Wayland compositor."""

from __future__ import annotations

import asyncio
import random
import signal
from math import inf
from pathlib import Path

import anyio
import pytest

from desktop.core.interfaces import UserActivity
from desktop.core.messages import render
from desktop.core.types import Outcome, PasteResult
from desktop.paste.request import (
    CONTENTS_LOST,
    USER_AWAY,
    add_notes,
)
from desktop.paste.wayland.paster import WaylandPaster
from tests.support.desk import until
from tests.support.wayland_desk import WaylandDesk
from tests.support.wayland_paster import DEAF, INSERTED, WORDS, another_owner, look, paste, paster_on

pytestmark = pytest.mark.anyio


async def test_image_html_and_file_come_back_byte_by_byte(
    desk: WaylandDesk, paster: WaylandPaster, editor: Path
) -> None:
    mine = {
        "image/png": random.Random(1).randbytes(3_000_000),
        "text/html": b"<b>mine</b>",
        "text/uri-list": b"file:///tmp/a%20b\r\n",
    }
    with another_owner(desk, mine):
        assert await paste(paster, "One.") == INSERTED
        assert {kind: await look(lambda kind=kind: desk.clipboard(kind)) for kind in mine} == mine
        assert await look(desk.types) == set(mine)


async def test_clipboard_text_is_the_one_before_the_paste(
    desk: WaylandDesk, paster: WaylandPaster, editor: Path
) -> None:
    desk.copy("kopiert 日本".encode())
    assert await paster.read_clipboard() == "kopiert 日本"
    told: list[str | None] = []
    async with anyio.create_task_group() as tasks:

        async def tell() -> None:
            told.append(await paster.read_clipboard())

        assert await paste(paster, WORDS, lambda: tasks.start_soon(tell)) == INSERTED
    assert told == ["kopiert 日本"]
    assert await paster.read_clipboard() == "kopiert 日本"


async def test_password_manager_clipboard_is_not_returned(desk: WaylandDesk, paster: WaylandPaster) -> None:
    with another_owner(desk, {"text/plain": b"hunter2", "x-kde-passwordManagerHint": b"secret"}):
        assert await paster.read_clipboard() is None


@pytest.mark.parametrize(("left", "ending"), [((0.0, 0.0), INSERTED), ((0.0, inf), USER_AWAY)])
async def test_unreadable_clipboard_is_reported_as_lost(
    desk: WaylandDesk, editor: Path, tmp_path: Path, left: tuple[float, ...], ending: PasteResult
) -> None:
    frozen = desk.spawn("wl-copy", "--foreground", "--type", "image/png", "mine")
    await look(lambda: until(lambda: desk.types() == {"image/png"}, "it is copied"))
    frozen.send_signal(signal.SIGSTOP)
    try:
        async with paster_on(desk.environ, tmp_path, hands=UserActivity(last_left_at=iter(left).__next__)) as paster:
            assert await paste(paster, "One.") == add_notes(ending, (CONTENTS_LOST,))
    finally:
        frozen.kill()
        frozen.wait()


async def test_an_empty_clipboard_is_empty_again(desk: WaylandDesk, paster: WaylandPaster, editor: Path) -> None:
    desk.clear()
    assert await paste(paster, "One.") == INSERTED
    assert await look(desk.types) == set()


async def test_text_read_only_by_manager_stays_on_clipboard(desk: WaylandDesk, tmp_path: Path, foot: Path) -> None:
    log = tmp_path / "manager.txt"
    manager = desk.spawn("wl-paste", "--watch", "sh", "-c", 'cat >> "$0"', str(log))
    async with paster_on(desk.environ, tmp_path, DEAF) as paster:
        result = await paste(paster, "Unread.")
        assert result.outcome is Outcome.COPIED
        assert render(result.notes) == "foot did not take the text. The text is on the clipboard: press Ctrl+V."
        assert "Unread." in log.read_text()
        assert await look(desk.clipboard) == b"Unread."
        assert await look(lambda: desk.clipboard("x-kde-passwordManagerHint")) == b"secret"
    manager.terminate()


async def test_clipboard_claimed_by_another_program_is_left(desk: WaylandDesk, tmp_path: Path, foot: Path) -> None:
    async with paster_on(desk.environ, tmp_path, DEAF) as paster:
        chord = asyncio.Event()
        pasting = asyncio.create_task(paste(paster, "Unread.", chord.set))
        await chord.wait()
        await look(lambda: desk.copy(b"theirs"))
        assert (await pasting).outcome is Outcome.UNCONFIRMED
        assert await look(desk.clipboard) == b"theirs"


async def test_the_clipboard_outlives_the_app(desk: WaylandDesk, tmp_path: Path, editor: Path) -> None:
    with another_owner(desk, {"text/plain": b"mine"}):
        async with paster_on(desk.environ, tmp_path) as paster:
            assert await paste(paster, "One.") == INSERTED
    assert await look(desk.clipboard) == b"mine"
