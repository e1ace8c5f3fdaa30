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

from desktop.core.types import Delivery, Target
from desktop.paste.delayed.desktop import Desk
from desktop.paste.delayed.transaction import Promising
from desktop.paste.request import BROKEN, CLOSED, NO_SCREEN, Hands, Manner, Request, tell

log = logging.getLogger(__name__)


class PromisedPaster[C]:
    """A `Paster` with its own thread and desktop, which `open_desktop` creates in that thread.

    The functions of `activity` are called in the paste thread. `options` is set before the first paste, by any thread,
    and applies from the next paste on. A paster that was not started still answers: no target, and FAILED.
    """

    manner: Manner

    def __init__(self, desk: Callable[[], Desk[C]], hands: Hands, system: str) -> None:
        self._open = desk
        self._hands = hands
        self._system = system
        self._desk: Desk[C] | None = None
        self._closed = False

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the thread; answers go to `loop`. Raises `PasteError` if the system does not allow pasting."""
        self._loop = loop
        ready: Future[Desk[C]] = Future()
        self._thread = Thread(target=self._run, args=(ready,), name="paste", daemon=True)
        self._thread.start()
        self._desk = ready.result()

    def close(self) -> None:
        """Restore the clipboard and end the thread; waits for it."""
        desk, self._desk = self._desk, None
        if desk is not None:
            desk.post(self._stop)
            self._thread.join()

    async def target(self) -> Target:
        """Return the target window, as `Paster.find_target` says."""
        desk = self._desk
        if desk is None:
            return Target()
        answer: asyncio.Future[Target] = self._loop.create_future()
        desk.post(lambda: tell(answer, desk.meant()))
        return await answer

    async def paste(self, text: str, target: Target, sent: Callable[[], None], enter: bool = False) -> Delivery:
        """Put `text` into `target` once and return the outcome, as `Paster.paste` promises."""
        desk = self._desk
        if desk is None:
            return NO_SCREEN
        answer: asyncio.Future[Delivery] = self._loop.create_future()
        job = Request(text, target, partial(self._post, sent), partial(tell, answer), enter)
        desk.post(lambda: self._promising.submit(job))
        return await answer

    # From here on, everything runs in the paste thread.

    def _run(self, ready: Future[Desk[C]]) -> None:
        try:
            desk = self._open()
        except Exception as problem:
            ready.set_exception(problem)
            return
        self._promising = Promising(desk, self._hands, lambda: self.manner, self._system)
        ready.set_result(desk)
        while not self._closed:
            try:
                self._promising.run()
            except Exception:
                log.exception("a paste failed")
                self._promising.refuse(BROKEN)
        self._promising.refuse(CLOSED)
        desk.close()

    def _stop(self) -> None:
        self._closed = True
        self._promising.close()

    def _post(self, call: Callable[[], None]) -> None:
        self._loop.call_soon_threadsafe(call)
