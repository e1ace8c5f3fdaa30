"""A password on the clipboard: who copied it asked that nobody records it, and after a dictation that still holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.wayland.data_control import DataControlClipboard
from desktop.paste.wayland.protocol import Compositor
from desktop.paste.x11.clipboard_copy import PASSWORD_HINT
from tests.support.paste_desk import Desk, desk_on
from tests.support.wayland_desk import WaylandDesk
from tests.support.x_clients import Owner, SlowReader, focused, targets

SECRET = {"UTF8_STRING": b"hunter2", PASSWORD_HINT: b"secret"}

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    async with desk_on(display) as desk:
        yield desk


async def test_a_secret_comes_back_as_one_and_is_not_told(display: str, desk: Desk) -> None:
    with SlowReader(display, 0.0):
        focused(display, "slow-reader")
        with Owner(display, SECRET):
            assert await desk.paste("Hello.") == PasteResult(Outcome.INSERTED)
        assert await to_thread.run_sync(targets, display, list(SECRET)) == SECRET
        assert await desk.paster.read_clipboard() is None


async def test_clipboard_returns_copied_dictation(desk: Desk) -> None:
    assert (await desk.paster.paste("Hello.", Target(), lambda: None)).outcome is Outcome.COPIED
    assert await desk.paster.read_clipboard() == "Hello."


async def test_wayland_secret_hidden_and_restored_with_hint(
    tmp_path: Path,
) -> None:
    with WaylandDesk(tmp_path) as wayland:
        owning, lending = Compositor(wayland.environ), Compositor(wayland.environ)
        owner = DataControlClipboard(owning, lambda pipe: None, lambda: None)
        lender = DataControlClipboard(lending, lambda pipe: None, lambda: None)
        for compositor in (owning, lending):
            compositor.listen(asyncio.get_running_loop())
        try:
            owner.take("CLIPBOARD", {"text/plain": b"hunter2", PASSWORD_HINT: b"secret"})
            await owning.roundtrip()
            assert await lender.put_text("One.", ("CLIPBOARD",))
            assert await lender.read_text() is None
            await lender.restore()
            assert await to_thread.run_sync(wayland.clipboard, PASSWORD_HINT) == b"secret"
            assert await to_thread.run_sync(wayland.clipboard) == b"hunter2"
            assert await lender.read_text() is None
        finally:
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(lender.close)
            for compositor in (lending, owning):
                compositor.close()
        assert await to_thread.run_sync(wayland.types) == set()
