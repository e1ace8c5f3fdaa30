"""A password on the clipboard: who copied it asked that nobody records it, and after a dictation that still holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from desktop.core.types import Delivery, Outcome, Target
from desktop.paste.wayland.data_control import DataControl
from desktop.paste.wayland.lender import HINT
from desktop.paste.wayland.protocol import Compositor
from tests.support.paste_desk import Desk, desk_on
from tests.support.wayland_desk import WaylandDesk
from tests.support.x_clients import Owner, SlowReader, focused, targets

SECRET = {"UTF8_STRING": b"hunter2", HINT: b"secret"}

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    async with desk_on(display) as desk:
        yield desk


async def test_a_secret_comes_back_as_one_and_is_not_told(display: str, desk: Desk) -> None:
    with SlowReader(display, 0.0):
        focused(display, "slow-reader")
        with Owner(display, SECRET):
            assert await desk.paste("Hello.") == Delivery(Outcome.INSERTED)
        assert await to_thread.run_sync(targets, display, list(SECRET)) == SECRET
        assert await desk.paster.clipboard() is None


async def test_clipboard_returns_copied_dictation(desk: Desk) -> None:
    assert (await desk.paster.paste("Hello.", Target(), lambda: None)).outcome is Outcome.COPIED
    assert await desk.paster.clipboard() == "Hello."


async def test_wayland_secret_hidden_and_restored_with_hint(
    tmp_path: Path,
) -> None:
    with WaylandDesk(tmp_path) as wayland:
        owning, lending = Compositor(wayland.environ), Compositor(wayland.environ)
        owner = DataControl(owning, lambda pipe: None, lambda: None)
        lender = DataControl(lending, lambda pipe: None, lambda: None)
        for compositor in (owning, lending):
            compositor.listen(asyncio.get_running_loop())
        try:
            owner.own("CLIPBOARD", {"text/plain": b"hunter2", HINT: b"secret"})
            await owning.roundtrip()
            assert await lender.lend("One.", ("CLIPBOARD",))
            assert await lender.text() is None
            await lender.give_back()
            assert await to_thread.run_sync(wayland.clipboard, HINT) == b"secret"
            assert await to_thread.run_sync(wayland.clipboard) == b"hunter2"
            assert await lender.text() is None
        finally:
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(lender.close)
            for compositor in (lending, owning):
                compositor.close()
        assert await to_thread.run_sync(wayland.types) == set()
