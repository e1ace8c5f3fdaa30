"""The clipboard of programs that are busy: copied while the person speaks, and where it cannot be, that is said."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from threading import Event, Thread
from time import monotonic
from typing import Any

import anyio
import pytest
from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.error import BadWindow

from desktop.core.types import Outcome, PasteResult
from desktop.paste.request import CONTENTS_LOST, CONTENTS_PARTLY_LOST, USER_AWAY
from desktop.paste.selection import SELECTION_UNREADABLE
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.prefetch import ClipboardPrefetch
from tests.support.desk import until
from tests.support.paste_desk import Desk, desk_on
from tests.support.x_clients import PATIENCE_S, Owner, SlowReader, focused, targets

MINE = {"UTF8_STRING": b"a page of mine", "text/html": b"<b>mine</b>"}
BUSY_S = 0.3
"""Longer than a paste waits for an answer."""

pytestmark = pytest.mark.anyio


class Busy(Owner):
    """It has something else to do before it answers, and copies `later` when it is told to."""

    def __init__(self, display: str, later: bytes = b"") -> None:
        super().__init__(display, MINE)
        self._later = later
        self._never = Event()
        self.answered = 0

    def on_event(self, event: Any) -> None:
        if event.type == X.PropertyNotify and event.atom == self.atom("COPY"):
            self._contents = {self.atom("UTF8_STRING"): self._later}
            self.window.set_selection_owner(self.atom("CLIPBOARD"), X.CurrentTime)
            self.display.sync()
            self._later = b""
        if event.type == X.SelectionRequest:
            self._never.wait(BUSY_S)
        super().on_event(event)
        self.answered += event.type == X.SelectionRequest


class Late(Owner):
    """It answers a little after the paster begins to close; `found` says whether who had asked was still there."""

    def __init__(self, display: str) -> None:
        super().__init__(display, MINE)
        self.is_asked, self.closing, self.closed = Event(), Event(), Event()
        self.found: list[bool] = []

    def _answer(self, event: Any) -> None:
        self.is_asked.set()
        self.closing.wait(PATIENCE_S)
        self.closed.wait(0.05)
        try:
            event.requestor.get_attributes()
        except BadWindow:
            self.found.append(False)
        else:
            self.found.append(True)
            super()._answer(event)


@pytest.fixture
async def desk(display: str) -> AsyncIterator[Desk]:
    async with desk_on(display) as desk:
        yield desk


@pytest.fixture(autouse=True)
def window(display: str) -> Iterator[SlowReader]:
    with SlowReader(display, 0.0) as window:
        focused(display, "slow-reader")
        yield window


async def begun(desk: Desk, owner: Busy) -> None:
    """A dictation is begun, and has been spoken for as long as the owner needs to give all that it has."""
    desk.speaking.set()
    await desk.target()
    await anyio.to_thread.run_sync(lambda: until(lambda: owner.answered == 1 + len(MINE), "it has given all"))
    await desk.target()  # by now its last answer is heard
    desk.speaking.clear()


async def look(display: str) -> dict[str, bytes]:
    return await anyio.to_thread.run_sync(targets, display, list(MINE))


async def test_busy_program_copied_while_user_speaks(display: str, desk: Desk) -> None:
    with Busy(display) as owner:
        await begun(desk, owner)
        assert await desk.paste("Hello.") == PasteResult(Outcome.INSERTED)
        assert owner.answered == 1 + len(MINE), "the paste has not asked again"
    assert await look(display) == MINE


async def test_later_copy_of_program_is_restored(display: str, desk: Desk) -> None:
    with Busy(display, later=b"copied later") as owner:
        await begun(desk, owner)
        other = Display(display)
        told = other.create_resource_object("window", owner.window.id)
        told.change_property(other.get_atom("COPY"), Xatom.STRING, 8, b"now")
        other.sync()
        other.close()
        await anyio.to_thread.run_sync(lambda: until(lambda: not owner._later, "it has copied"))
        owner._never.set()  # it is busy no more
        assert await desk.paste("Hello.") == PasteResult(Outcome.INSERTED)
    assert await look(display) == {"UTF8_STRING": b"copied later", "text/html": b""}


async def test_silent_program_delays_no_paste_loss_noted(display: str, desk: Desk) -> None:
    with Owner(display, MINE, answers=0) as owner:
        desk.speaking.set()
        target = await desk.target()
        await anyio.to_thread.run_sync(lambda: until(lambda: owner.asked, "it is asked"))
        desk.speaking.clear()
        assert await desk.paster.paste("Hello.", target, lambda: None) == PasteResult(
            Outcome.INSERTED, (CONTENTS_LOST,)
        )
        assert len(owner.asked) == 2, "the paste does not wait for the first answer"
        assert await desk.paste("Again.") == PasteResult(Outcome.INSERTED)


async def test_a_part_that_could_not_be_kept_is_said_too(display: str, desk: Desk) -> None:
    with Owner(display, MINE, answers=2):
        assert await desk.paste("Hello.") == PasteResult(Outcome.INSERTED, (CONTENTS_PARTLY_LOST,))
    assert await look(display) == MINE | {"text/html": b""}


async def test_early_copy_abandoned_when_paste_is_due(display: str) -> None:
    connection, hurried = X11Connection(display), Event()
    ahead = ClipboardPrefetch(connection, time_factor=1000.0)
    with Owner(display, MINE, answers=0) as owner:
        copying = Thread(target=ahead.copy_early, args=(hurried.is_set,), daemon=True)
        copying.start()
        until(lambda: owner.asked, "it is asked")
        connection.post(hurried.set)
        copying.join(PATIENCE_S)
        assert not copying.is_alive()
        assert ahead.is_requested
    connection.close()


async def test_selection_look_keeps_unrestorable_clipboard(display: str, desk: Desk) -> None:
    with Owner(display, MINE, answers=0) as owner:
        selection = await desk.paster.copy_selection(await desk.paster.read_selection(), await desk.target())
        assert selection.refusal == (SELECTION_UNREADABLE,)
        other = Display(display)
        assert other.get_selection_owner(other.get_atom("CLIPBOARD")).id == owner.window.id
        other.close()


async def test_selection_look_loss_noted_once_at_next_paste(display: str, desk: Desk) -> None:
    with Owner(display, MINE, answers=2):
        assert (await desk.paster.copy_selection(await desk.paster.read_selection(), await desk.target())).text is None
        assert await desk.paste("Hello.") == PasteResult(Outcome.INSERTED, (CONTENTS_PARTLY_LOST,))
        assert await desk.paste("Again.") == PasteResult(Outcome.INSERTED)


async def test_refused_paste_notes_what_was_not_kept(display: str, desk: Desk) -> None:
    class Locking(Owner):
        """The screen is locked when it is asked for what it does not give."""

        def on_event(self, event: Any) -> None:
            if event.type == X.SelectionRequest and event.target == self.atom("text/html"):
                desk.left_at = monotonic()
            super().on_event(event)

    with Locking(display, MINE, answers=2):
        assert await desk.paste("Hello.") == PasteResult(Outcome.REFUSED, (*USER_AWAY.notes, CONTENTS_PARTLY_LOST))
    assert await look(display) == MINE | {"text/html": b""}


async def test_at_the_end_who_is_still_asked_can_answer(display: str, desk: Desk) -> None:
    with Late(display) as owner:
        desk.speaking.set()
        await desk.target()
        assert await anyio.to_thread.run_sync(owner.is_asked.wait, PATIENCE_S)
        owner.closing.set()
        desk.paster.close()
        owner.closed.set()
        until(lambda: bool(owner.found), "it has answered")
    assert owner.found == [True]
