"""The clipboard lent through an X display, as on a desktop whose compositor passes it on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from anyio import to_thread

from desktop.core.errors import PasteError
from desktop.core.messages import Notes
from desktop.paste.request import CONTENTS_LOST, CONTENTS_PARTLY_LOST
from desktop.paste.wayland.xwayland import XWaylandClipboard
from tests.support.x_clients import Owner, targets, xclip

pytestmark = pytest.mark.anyio


MINE = {"UTF8_STRING": b"mine", "text/html": b"<b>mine</b>"}


@pytest.fixture
def owner(display: str) -> Iterator[Owner]:
    with Owner(display, MINE) as owner:
        yield owner


async def test_it_is_lent_with_the_hint_and_given_back_whole(display: str, owner: Owner) -> None:
    reads: list[int] = []
    lender = XWaylandClipboard(display, asyncio.get_running_loop(), reads.append, lambda: None)
    try:
        assert await lender.put_text("One.", ("CLIPBOARD", "PRIMARY"))
        assert not reads
        assert await to_thread.run_sync(xclip, display, "-t", "UTF8_STRING") == b"One."
        assert await to_thread.run_sync(xclip, display, "-t", "x-kde-passwordManagerHint") == b"secret"
        assert reads == [0]
        assert await lender.read_text() == "mine", "as it was before"
        await lender.restore()
        assert await lender.read_text() == "mine"
        assert await to_thread.run_sync(targets, display, list(MINE)) == MINE
    finally:
        lender.close()


async def test_what_another_program_took_is_not_given_back(display: str) -> None:
    lost = asyncio.Event()
    lender = XWaylandClipboard(display, asyncio.get_running_loop(), lambda pipe: None, lost.set)
    try:
        assert await lender.put_text("One.", ("CLIPBOARD",))
        with Owner(display, {"UTF8_STRING": b"theirs"}):
            await lost.wait()
            await lender.restore()
            assert await to_thread.run_sync(xclip, display, "-t", "UTF8_STRING") == b"theirs"
    finally:
        lender.close()


@pytest.mark.parametrize(("answers", "unkept"), [(0, (CONTENTS_LOST,)), (2, (CONTENTS_PARTLY_LOST,)), (9, ())])
async def test_what_cannot_be_kept_is_said(display: str, answers: int, unkept: Notes) -> None:
    lender = XWaylandClipboard(display, asyncio.get_running_loop(), lambda pipe: None, lambda: None)
    try:
        with Owner(display, MINE, answers=answers):
            assert await lender.put_text("One.", ("CLIPBOARD",))
            assert lender.lost_notes == unkept
    finally:
        lender.close()


async def test_a_display_that_is_not_there_is_a_problem() -> None:
    with pytest.raises(PasteError):
        XWaylandClipboard("nowhere", asyncio.get_running_loop(), lambda pipe: None, lambda: None)
