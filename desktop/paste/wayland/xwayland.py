"""The clipboard through XWayland, for a desktop without data-control (GNOME).

Its compositor passes the X clipboard on to its own windows, including the hint; `wl-copy` would have to open a window
there and take the focus from the target. Every read that reaches us is the compositor's own, so its reader is unknown.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from threading import Thread

from Xlib.error import ConnectionClosedError

from desktop.paste.request import unkept
from desktop.paste.wayland.lender import Lost, Read
from desktop.paste.x11.clipboard import Clipboard, text_contents, text_in
from desktop.paste.x11.clipboard_copy import Contents
from desktop.paste.x11.connection import Connection

log = logging.getLogger(__name__)


class XWayland:
    """A `WaylandClipboard` on an X display, with its own thread, which must be free to answer requests."""

    def __init__(self, display: str | None, loop: asyncio.AbstractEventLoop, read: Read, lost: Lost) -> None:
        """Connect and start the thread. Raises `PasteError` if the display cannot be reached."""
        self.unkept = ""
        self._loop = loop
        self._x = Connection(display)
        self._clipboard = Clipboard(
            self._x, lambda window: self._tell(lambda: read(0)), lambda selection: self._tell(lost)
        )
        self._x.handle = self._clipboard.handle
        self._jobs: deque[Callable[[], None]] = deque()
        self._kept: dict[str, Contents] = {}
        self._closed = False
        self._thread = Thread(target=self._run, name="clipboard", daemon=True)
        self._thread.start()

    async def lend(self, text: str, selections: Sequence[str]) -> bool:
        """Keep what is there and put `text` in its place; see `WaylandClipboard`."""

        def work() -> bool:
            found = {selection: self._clipboard.copy(selection) for selection in selections}
            self._kept = {selection: copy.contents for selection, copy in found.items()}
            board = found.get("CLIPBOARD")
            self.unkept = unkept(board.contents, board.whole) if board is not None else ""
            contents = text_contents(self._x, text)
            return all(self._clipboard.own(selection, contents, ours=True) for selection in selections)

        self.unkept = ""
        return await self._do(work, False)

    async def give_back(self) -> None:
        """Restore what was kept."""

        def work() -> None:
            for selection, contents in self._kept.items():
                self._clipboard.give_back(selection, contents)
            self._kept = {}

        await self._do(work, None)

    async def text(self) -> str | None:
        """Return the clipboard's text; see `WaylandClipboard`."""

        def work() -> str | None:
            kept = self._kept.get("CLIPBOARD")
            if kept is None:
                return self._clipboard.text("CLIPBOARD")
            return text_in(self._x, kept)

        return await self._do(work, None)

    def leave(self) -> None:
        """Do nothing: nothing is restored without a call."""

    def close(self) -> None:
        """Let a clipboard manager keep what we serve, and end the thread."""
        self._x.post(self._end)
        self._thread.join()
        self._x.close()

    async def _do[T](self, work: Callable[[], T], otherwise: T) -> T:
        """Return the result of `work`, which may wait, from the thread; `default` if the display is gone."""
        answer: asyncio.Future[T] = self._loop.create_future()

        def job() -> None:
            result = otherwise
            try:
                result = work()
            finally:
                self._tell(lambda: None if answer.done() else answer.set_result(result))

        if self._thread.is_alive():
            self._x.post(lambda: self._jobs.append(job))
            return await answer
        return otherwise

    def _tell(self, call: Callable[[], None]) -> None:
        self._loop.call_soon_threadsafe(call)

    # From here on, everything runs in the thread.

    def _run(self) -> None:
        try:
            while self._x.wait(lambda: self._closed or bool(self._jobs)) and not self._closed:
                self._jobs.popleft()()
            self._clipboard.hand_over()
        except ConnectionClosedError:
            log.warning("the connection to XWayland was lost")

    def _end(self) -> None:
        self._closed = True
