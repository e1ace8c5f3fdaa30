"""The paster for X11: the engine's side of the paste thread.

The engine posts a request and awaits its future; the thread answers by `call_soon_threadsafe`. Nothing else is shared.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from functools import partial
from threading import Thread
from time import monotonic

import anyio
from Xlib.error import ConnectionClosedError

from desktop.core.types import Delivery, Field, Outcome, Selection, Target
from desktop.paste.field import Fields
from desktop.paste.request import BROKEN, CLOSED, NO_SCREEN, Hands, Look, Manner, Reading, Request, tell
from desktop.paste.x11.clipboard_copy import ANSWER_S
from desktop.paste.x11.clipboard_restorer import Keeper
from desktop.paste.x11.connection import Connection
from desktop.paste.x11.cursor import UNMOVED
from desktop.paste.x11.transaction import Lending
from desktop.paste.x11.undo import Reversal

log = logging.getLogger(__name__)

UNMARKED = Selection()

OURS_S = 1.0
"""Seconds that our own window may take: it answers at once, unless it is just being closed."""


async def no_window_of_ours(text: str, window: int) -> bool:
    """Insert nothing: for an app without windows."""
    return False


class X11Paster:
    """A `Paster` with its own thread, connection and clipboard.

    The functions of `activity` are called in the paste thread; `options` apply from the next paste on and may be set by
    any thread. `insert(text, window)` puts a text into a field of our own windows. Without a display it still answers:
    no target, and FAILED.
    """

    def __init__(
        self,
        display: str | None = None,
        hands: Hands | None = None,
        insert: Callable[[str, int], Awaitable[bool]] = no_window_of_ours,
        fields: Fields | None = None,
        keeps: bool = False,
    ) -> None:
        """With `restores_after_crash`, the clipboard outlives a crash (`ClipboardRestorer`)."""
        self.manner = Manner()
        self._keeps = keeps
        self._keeper: Keeper | None = None
        self._display = display
        self._hands = hands or Hands()
        self._insert = insert
        self._fields = fields or Fields()
        self._connection: Connection | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Connect to the display and start the thread; answers go to `loop`. Raises `PasteError` if there is none."""
        self._loop = loop
        self._connection = Connection(self._display)
        if self._keeps:
            self._keeper = self._kept(self._connection)
        kept = (self._keeper.hold, self._keeper.press) if self._keeper is not None else ()
        self._lending = Lending(self._connection, self._hands, lambda: self.manner, self._secret, self._again, *kept)
        self._closed = False
        self._thread = Thread(target=self._run, args=(self._connection,), name="paste")
        self._thread.start()

    def close(self) -> None:
        """Restore the clipboard and end the thread. Waits for it: some ms, or 2 s for a slow clipboard manager."""
        connection = self._connection
        if connection is None:
            return
        self._connection = None
        connection.post(self._stop)
        self._thread.join()
        connection.close()
        if self._keeper is not None:
            self._keeper.close(unread=self._lending.unread)
        self._fields.close()

    def _kept(self, connection: Connection) -> Keeper | None:
        """Start the process that restores the clipboard and releases keys if this one dies; None if it cannot be
        started."""
        try:
            return Keeper(connection.display.get_display_name(), connection.window.id)
        except OSError as error:
            log.info("nobody keeps the clipboard if this is killed: %s", error.strerror)
            return None

    async def target(self) -> Target:
        """Return the target window, as `Paster.find_target` says. Its field is read here, while there is time."""
        connection = self._connection
        if connection is None:
            return Target()
        answer: asyncio.Future[Target] = self._loop.create_future()
        connection.post(lambda: tell(answer, self._meant()))
        target = await answer
        if target.pid in (0, os.getpid()):
            return target
        field, site = await self._fields.seen(target.pid, cursor=self.manner.cursor, site=self.manner.site)
        return replace(target, field=field, site=site)

    async def paste(self, text: str, target: Target, sent: Callable[[], None], enter: bool = False) -> Delivery:
        """Put `text` into `target` once and return the outcome, as `Paster.paste` promises."""
        return await self.paste_around(text, "", target, sent, enter)

    async def paste_around(
        self, before: str, after: str, target: Target, sent: Callable[[], None], enter: bool = False
    ) -> Delivery:
        """The same with the cursor within the text at the end, as `PastesAroundCursor` promises."""
        text = before + after
        connection = self._connection
        if connection is None:
            return NO_SCREEN
        if target.pid == os.getpid():
            with anyio.move_on_after(OURS_S):
                if await self._insert(text, target.handle):
                    sent()
                    return Delivery(Outcome.INSERTED, UNMOVED if after else "")
        answer: asyncio.Future[Delivery] = self._loop.create_future()
        request = Request(text, target, partial(self._post, sent), partial(tell, answer), enter, after)
        connection.post(lambda: self._lending.submit(request))
        return await answer

    async def clipboard(self) -> str | None:
        """Return the clipboard's text, as `ReadsClipboard` promises: what it was before a running paste."""
        connection = self._connection
        if connection is None:
            return None
        answer: asyncio.Future[str | None] = self._loop.create_future()
        connection.post(lambda: self._lending.submit(Reading(partial(tell, answer))))
        return await answer

    async def take_back(self, texts: tuple[str, ...], sent: Callable[[], None]) -> Delivery:
        """Undo the last insertion, as `UndoesPaste.undo_paste` promises."""
        asked_at, connection = monotonic(), self._connection
        if connection is None:
            return NO_SCREEN
        answer: asyncio.Future[Delivery] = self._loop.create_future()
        reversal = Reversal(texts, asked_at, partial(self._post, sent), partial(tell, answer))
        connection.post(lambda: self._lending.submit(reversal))
        return await answer

    async def marked(self) -> Selection:
        """Return what the focused window reports as selected, as `EditsSelection.read_selection` promises."""
        return await self._look()

    async def selected(self, marked: Selection, target: Target) -> Selection:
        """Return what is selected in `target`, as `EditsSelection.copy_selection` promises."""
        return await self._look(target, marked)

    async def replace(self, selection: Selection, text: str, target: Target, sent: Callable[[], None]) -> Delivery:
        """Replace `selection` by `text`, as `EditsSelection.replace_selection` promises."""
        connection = self._connection
        if connection is None:
            return NO_SCREEN
        answer: asyncio.Future[Delivery] = self._loop.create_future()
        request = Request(
            text,
            target,
            partial(self._post, sent),
            partial(tell, answer),
            over=selection,
            original=selection.text or "",
        )
        connection.post(lambda: self._lending.submit(request))
        return await answer

    async def _look(self, target: Target | None = None, marked: Selection = UNMARKED) -> Selection:
        connection = self._connection
        if connection is None:
            return Selection(why=NO_SCREEN.note)
        answer: asyncio.Future[Selection] = self._loop.create_future()
        look = Look(partial(tell, answer), target, marked)
        connection.post(lambda: self._lending.submit(look))
        return await answer

    # From here on, everything runs in the paste thread.

    def _run(self, connection: Connection) -> None:
        while not self._closed:
            try:
                self._lending.run()
            except ConnectionClosedError:
                log.warning("the connection to the screen was lost")
                while not self._closed:
                    self._lending.refuse(NO_SCREEN)
                    connection.run_posted()
            except Exception:
                log.exception("a paste failed")
                self._lending.refuse(BROKEN)
        self._lending.refuse(CLOSED)
        with suppress(ConnectionClosedError):  # answering a window of ours that is gone may end a program
            connection.wait(lambda: not connection.owed.awaited, monotonic() + ANSWER_S)

    def _stop(self) -> None:
        self._closed = True
        self._lending.close()

    def _secret(self, target: Target) -> Future[bool]:
        return asyncio.run_coroutine_threadsafe(self._fields.secret(target), self._loop)

    def _again(self, target: Target) -> Future[Field | None]:
        return asyncio.run_coroutine_threadsafe(self._fields.again(target), self._loop)

    def _post(self, call: Callable[[], None]) -> None:
        self._loop.call_soon_threadsafe(call)

    def _meant(self) -> Target:
        try:
            return self._lending.target()
        except ConnectionClosedError:
            return Target()
        except Exception:  # the waiting coroutine must get an answer
            log.exception("the window that is meant is not known")
            return Target()
