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

from desktop.paste.connection import Connection
from desktop.paste.cursor import UNMOVED
from desktop.paste.fields import Fields
from desktop.paste.keeper import Keeper
from desktop.paste.lending import Lending
from desktop.paste.reading import ANSWER_S
from desktop.paste.request import BROKEN, CLOSED, NO_SCREEN, Hands, Look, Manner, Reading, Request, tell
from desktop.paste.takeback import Reversal
from desktop.ports import Delivery, Field, Outcome, Selection, Target

log = logging.getLogger(__name__)

UNMARKED = Selection()

OURS_S = 1.0
"""How long our own window may take: it answers at once, unless it is just being closed."""


async def no_window_of_ours(text: str, window: int) -> bool:
    """Where the app has no windows."""
    return False


class X11Paster:
    """A `Paster` with a thread, a connection and the clipboard of its own.

    What `hands` has is called in the paste thread; `manner` holds from the next paste on, whoever sets it.
    `insert(text, window)` puts a text into a field of our own windows. Without a screen it answers all the same: no
    target, and FAILED.
    """

    def __init__(
        self,
        display: str | None = None,
        hands: Hands | None = None,
        insert: Callable[[str, int], Awaitable[bool]] = no_window_of_ours,
        fields: Fields | None = None,
        keeps: bool = False,
    ) -> None:
        """`keeps`: the clipboard outlives a crash (`keeper`)."""
        self.manner = Manner()
        self._keeps = keeps
        self._keeper: Keeper | None = None
        self._display = display
        self._hands = hands or Hands()
        self._insert = insert
        self._fields = fields or Fields()
        self._connection: Connection | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Connect to the screen and start the thread; answers go to `loop`. Raises `PasteProblem` where there is
        none."""
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
        """Give back what is lent and end the thread. Waits for it: some ms, or 2 s for a slow clipboard manager."""
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
        """Start the process that gives the clipboard back and releases keys if this one dies; None if it cannot be."""
        try:
            return Keeper(connection.display.get_display_name(), connection.window.id)
        except OSError as error:
            log.info("nobody keeps the clipboard if this is killed: %s", error.strerror)
            return None

    async def target(self) -> Target:
        """The window that is meant now, as `Paster.target` says. Its field is asked for here, while there is time."""
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
        """Put `text` into `target` once and say what came of it, as `Paster.paste` promises."""
        return await self.paste_around(text, "", target, sent, enter)

    async def paste_around(
        self, before: str, after: str, target: Target, sent: Callable[[], None], enter: bool = False
    ) -> Delivery:
        """The same with the cursor within it at the end, as `PastesAround` promises."""
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
        """The clipboard's text, as `ReadsClipboard` promises: what it was before a paste that is under way."""
        connection = self._connection
        if connection is None:
            return None
        answer: asyncio.Future[str | None] = self._loop.create_future()
        connection.post(lambda: self._lending.submit(Reading(partial(tell, answer))))
        return await answer

    async def take_back(self, texts: tuple[str, ...], sent: Callable[[], None]) -> Delivery:
        """Take back what was inserted last, as `TakesBack.take_back` promises."""
        asked_at, connection = monotonic(), self._connection
        if connection is None:
            return NO_SCREEN
        answer: asyncio.Future[Delivery] = self._loop.create_future()
        reversal = Reversal(texts, asked_at, partial(self._post, sent), partial(tell, answer))
        connection.post(lambda: self._lending.submit(reversal))
        return await answer

    async def marked(self) -> Selection:
        """What the window with the focus says is selected, as `Edits.marked` promises."""
        return await self._look()

    async def selected(self, marked: Selection, target: Target) -> Selection:
        """What is selected in `target`, as `Edits.selected` promises."""
        return await self._look(target, marked)

    async def replace(self, selection: Selection, text: str, target: Target, sent: Callable[[], None]) -> Delivery:
        """Put `text` where `selection` is, as `Edits.replace` promises."""
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

    # From here on, all in the paste thread.

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
        with suppress(ConnectionClosedError):  # a program that answers a window of ours that has gone may end by that
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
        except Exception:  # whoever waits must have an answer
            log.exception("the window that is meant is not known")
            return Target()
