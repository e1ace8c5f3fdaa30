"""The paster for systems with delayed rendering: the engine's side of its paste thread.

The engine posts a request and awaits its future; the thread answers by `call_soon_threadsafe`. Nothing else is shared.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import partial
from threading import Thread

import anyio

from desktop.core.interfaces import Paster, UserActivity
from desktop.core.types import Outcome, PasteResult, Selection, Target
from desktop.paste.delayed.desktop import PasteDesktop
from desktop.paste.delayed.transaction import DelayedPasteTransaction, PasteThreadRequest
from desktop.paste.request import (
    APP_CLOSED,
    INTERNAL_ERROR,
    NO_SCREEN,
    QUIT_GRACE_S,
    PasteOptions,
    PasteRequest,
    call_threadsafe,
    set_result_threadsafe,
)
from desktop.paste.selection import CURSOR_NOT_MOVED

logger = logging.getLogger(__name__)

OWN_WINDOW_TIMEOUT_S = 1.0
"""Seconds that our own window may take: it answers at once, unless it is just being closed."""

NO_SELECTION = Selection(refusal=NO_SCREEN.notes)


async def insert_nowhere(text: str, window: int) -> bool:
    """Insert nothing: for an app without windows."""
    return False


class DelayedPaster[C](Paster):
    """A `Paster` with its own thread and desktop, which `open_desktop` creates in that thread.

    The functions of `activity` are called in the paste thread. `options` is set before the first paste, by any thread,
    and applies from the next paste on. A paster that was not started still answers: no target, and FAILED.
    """

    options: PasteOptions

    def __init__(
        self,
        open_desktop: Callable[[], PasteDesktop[C]],
        activity: UserActivity,
        system: str,
        insert: Callable[[str, int], Awaitable[bool]] = insert_nowhere,
    ) -> None:
        """`insert(text, window)` puts a text into a field of our own windows."""
        self._insert = insert
        self._open_desktop = open_desktop
        self._activity = activity
        self._system = system
        self._desktop: PasteDesktop[C] | None = None
        self._closed = False

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the thread; answers go to `loop`. Raises `PasteError` if the system does not allow pasting."""
        self._loop = loop
        ready: Future[PasteDesktop[C]] = Future()
        self._thread = Thread(target=self._run, args=(ready,), name="paste", daemon=True)
        self._thread.start()
        self._desktop = ready.result()

    def end_checks(self) -> None:
        """End what pastes wait for before their keys, as `Paster.end_checks` says: held keys and, on Windows, a
        program's answer."""
        if self._desktop is not None:
            self._loop.call_later(QUIT_GRACE_S, self._end_waits)

    def _end_waits(self) -> None:
        if self._desktop is not None:
            self._desktop.post(self._transaction.end_waits)

    def close(self) -> None:
        """Restore the clipboard and end the thread; waits for it."""
        desktop, self._desktop = self._desktop, None
        if desktop is not None:
            desktop.post(self._stop)
            self._thread.join()

    async def find_target(self) -> Target:
        """Return the target window, as `Paster.find_target` says."""
        desktop = self._desktop
        if desktop is None:
            return Target()
        answer: asyncio.Future[Target] = self._loop.create_future()
        desktop.post(lambda: set_result_threadsafe(answer, desktop.target_window()))
        return await answer

    async def paste(self, text: str, target: Target, on_sent: Callable[[], None], enter: bool = False) -> PasteResult:
        """Put `text` into `target` once and return the outcome, as `Paster.paste` promises."""
        return await self._paste_around(text, "", target, on_sent, enter)

    async def _paste_around(
        self, before: str, after: str, target: Target, on_sent: Callable[[], None], enter: bool
    ) -> PasteResult:
        text = before + after
        if target.pid == os.getpid() and self._desktop is not None:
            with anyio.move_on_after(OWN_WINDOW_TIMEOUT_S):
                if await self._insert(text, target.handle):
                    on_sent()
                    return PasteResult(Outcome.INSERTED, (CURSOR_NOT_MOVED,) if after else ())
        sent = partial(call_threadsafe, self._loop, on_sent) if self._desktop is not None else on_sent
        return await self._ask(lambda on_answer: PasteRequest(text, target, sent, on_answer, enter, after), NO_SCREEN)

    async def _ask[T](self, make_request: Callable[[Callable[[T], None]], PasteThreadRequest], without_screen: T) -> T:
        """Return the paste thread's answer to the request that `make_request(on_answer)` returns; `without_screen` if
        the thread does not run."""
        desktop = self._desktop
        if desktop is None:
            return without_screen
        answer: asyncio.Future[T] = self._loop.create_future()
        request = make_request(partial(set_result_threadsafe, answer))
        desktop.post(lambda: self._transaction.submit(request))
        return await answer

    # From here on, everything runs in the paste thread.

    def _run(self, ready: Future[PasteDesktop[C]]) -> None:
        try:
            desktop = self._open_desktop()
        except Exception as problem:
            ready.set_exception(problem)
            return
        self._transaction = DelayedPasteTransaction(desktop, self._activity, lambda: self.options, self._system)
        ready.set_result(desktop)
        while not self._closed:
            try:
                self._transaction.run()
            except Exception:
                logger.exception("a paste failed")
                self._transaction.fail_all(INTERNAL_ERROR)
        self._transaction.fail_all(APP_CLOSED)
        desktop.close()

    def _stop(self) -> None:
        self._closed = True
        self._transaction.close()
