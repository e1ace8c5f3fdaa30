"""The paster for systems with delayed rendering: the engine's side of its paste thread.

The engine posts a request and awaits its future; the thread answers by `call_soon_threadsafe`. Nothing else is shared.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from threading import Thread

from desktop.core.interfaces import Paster, UserActivity
from desktop.core.types import PasteResult, Target
from desktop.paste.delayed.desktop import PasteDesktop
from desktop.paste.delayed.transaction import DelayedPasteTransaction
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
from desktop.paste.undo import UndoRequest

logger = logging.getLogger(__name__)


class DelayedPaster[C](Paster):
    """A `Paster` with its own thread and desktop, which `open_desktop` creates in that thread.

    The functions of `activity` are called in the paste thread. `options` is set before the first paste, by any thread,
    and applies from the next paste on. A paster that was not started still answers: no target, and FAILED.
    """

    options: PasteOptions

    def __init__(self, open_desktop: Callable[[], PasteDesktop[C]], activity: UserActivity, system: str) -> None:
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
        """End what pastes wait for before their keys, as `Paster.end_checks` says: held keys, since no program is
        asked."""
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
        desktop = self._desktop
        if desktop is None:
            return NO_SCREEN
        answer: asyncio.Future[PasteResult] = self._loop.create_future()
        request = PasteRequest(
            text, target, partial(call_threadsafe, self._loop, on_sent), partial(set_result_threadsafe, answer), enter
        )
        desktop.post(lambda: self._transaction.submit(request))
        return await answer

    async def _undo_paste(self, texts: tuple[str, ...], on_sent: Callable[[], None]) -> PasteResult:
        """Undo the last insertion, where the system's own controls tell exactly what they hold."""
        desktop = self._desktop
        if desktop is None:
            return NO_SCREEN
        answer: asyncio.Future[PasteResult] = self._loop.create_future()
        sent, answered = partial(call_threadsafe, self._loop, on_sent), partial(set_result_threadsafe, answer)
        request = UndoRequest(texts, desktop.now(), sent, answered)
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
