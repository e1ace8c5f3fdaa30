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

from desktop.core.messages import Notes
from desktop.paste.request import call_threadsafe, lost_contents_notes, set_result_threadsafe
from desktop.paste.wayland.clipboard import ClipboardLostCallback, PipeReadCallback
from desktop.paste.wayland.protocol import Compositor
from desktop.paste.x11.clipboard import X11Clipboard, find_text, text_contents
from desktop.paste.x11.clipboard_copy import SelectionContents
from desktop.paste.x11.connection import X11Connection

logger = logging.getLogger(__name__)


class XWaylandClipboard:
    """A `WaylandClipboard` on an X display, with its own thread, which must be free to answer requests."""

    def __init__(
        self,
        display: str | None,
        loop: asyncio.AbstractEventLoop,
        on_read: PipeReadCallback,
        on_lost: ClipboardLostCallback,
    ) -> None:
        """Connect and start the thread. Raises `PasteError` if the display cannot be reached."""
        self.lost_notes: Notes = ()
        self._loop = loop
        self._x = X11Connection(display, lambda event: self._clipboard.handle_event(event))
        self._clipboard = X11Clipboard(
            self._x,
            lambda window: call_threadsafe(loop, lambda: on_read(0)),
            lambda selection: call_threadsafe(loop, on_lost),
        )
        self._jobs: deque[Callable[[], None]] = deque()
        self._kept_contents: dict[str, SelectionContents] = {}
        self._closed = False
        self._thread = Thread(target=self._run, name="clipboard", daemon=True)
        self._thread.start()

    async def put_text(self, text: str, selections: Sequence[str]) -> bool:
        """Keep what is there and put `text` in its place; see `WaylandClipboard`."""

        def work() -> bool:
            copies = {selection: self._clipboard.copy(selection) for selection in selections}
            self._kept_contents = {selection: copy.contents for selection, copy in copies.items()}
            clipboard_copy = copies.get("CLIPBOARD")
            self.lost_notes = (
                lost_contents_notes(clipboard_copy.contents, clipboard_copy.is_whole)
                if clipboard_copy is not None
                else ()
            )
            contents = text_contents(self._x, text)
            return all(self._clipboard.take(selection, contents, is_own_text=True) for selection in selections)

        self.lost_notes = ()
        return await self._run_in_thread(work, False)

    async def restore(self) -> None:
        """Restore what was kept."""

        def work() -> None:
            for selection, contents in self._kept_contents.items():
                self._clipboard.restore(selection, contents)
            self._kept_contents = {}

        await self._run_in_thread(work, None)

    async def read_text(self) -> str | None:
        """Return the clipboard's text; see `WaylandClipboard`."""

        def work() -> str | None:
            contents = self._kept_contents.get("CLIPBOARD")
            if contents is None:
                return self._clipboard.read_text("CLIPBOARD")
            return find_text(self._x, contents)

        return await self._run_in_thread(work, None)

    async def read_primary(self) -> str | None:
        """Return None: XWayland has what is selected in a Wayland window only while an X window has the focus."""
        return None

    def keep_text(self) -> None:
        """Do nothing: nothing is restored without a call."""

    async def reopen(self, compositor: Compositor) -> None:
        """Do nothing: the connection to XWayland is another one."""

    def close(self) -> None:
        """Let a clipboard manager keep what we serve, and end the thread."""
        self._x.post(self._stop)
        self._thread.join()
        self._x.close()

    async def _run_in_thread[T](self, work: Callable[[], T], default: T) -> T:
        """Return the result of `work`, which may wait, from the thread; `default` if the display is gone."""
        answer: asyncio.Future[T] = self._loop.create_future()

        def job() -> None:
            result = default
            try:
                result = work()
            finally:
                set_result_threadsafe(answer, result)

        if self._thread.is_alive():
            self._x.post(lambda: self._jobs.append(job))
            return await answer
        return default

    # From here on, everything runs in the thread.

    def _run(self) -> None:
        try:
            while self._x.wait(lambda: self._closed or bool(self._jobs)) and not self._closed:
                self._jobs.popleft()()
            self._clipboard.hand_over_to_manager()
        except ConnectionClosedError:
            logger.warning("the connection to XWayland was lost")

    def _stop(self) -> None:
        self._closed = True
