"""The paste thread's own connection to the X server, which serves during every wait.

A program that owns a selection must answer requests at any moment, or it freezes the requester. So the paste thread
waits only in `X11Connection.wait`, a `select` on the server's socket and on what other threads post, and handles
whatever comes meanwhile. Why it is not Qt's connection: `docs/adr/0001`.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from select import select
from time import monotonic
from typing import Any

from Xlib import X, Xatom
from Xlib.error import BadValue, ConnectionClosedError, xerror_class
from Xlib.ext.res import LocalClientPIDMask
from Xlib.protocol.request import DestroyWindow

from desktop.core.errors import PasteError
from desktop.paste.x11.pending_answers import PendingAnswers
from desktop.platforms.linux.x11_display import open_display

logger = logging.getLogger(__name__)


class X11Connection:
    """A display, a hidden window on it, and the waits. `post` and `close` are for every thread, the rest for one.

    `on_event` is called with each event that is not waited for. Every method but `close` raises
    `Xlib.error.ConnectionClosedError` when the server is gone.
    """

    def __init__(self, name: str | None = None, on_event: Callable[[Any], None] = lambda event: None) -> None:
        """Connect to the display `name` (None: the environment's). Raises `PasteError`."""
        try:
            self.display: Any = open_display(name)
        except OSError as error:
            raise PasteError("paste-screen-unreachable") from error
        if not self.display.has_extension("XTEST"):
            self.display.close()
            raise PasteError("paste-xtest-missing")
        # python-xlib's RandR module registers its errors from 0 on, over BadRequest and BadValue, for all connections.
        self.display.display.error_classes = {**self.display.display.error_classes, **xerror_class}
        self.display.set_error_handler(lambda error, request: logger.debug("X error %s", type(error).__name__))
        self._free_ids: list[int] = []
        self.window: Any = self.create_hidden_window()
        self.pending_answers = PendingAnswers(self.atom("INCR"), self.destroy_window)
        self._on_event = on_event
        self._posted: deque[Callable[[], None]] = deque()
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._waker, False)

    def create_hidden_window(self) -> Any:
        """Create a hidden window that reports its properties."""
        window = self.display.screen().root.create_window(
            -1, -1, 1, 1, 0, 0, X.InputOnly, override_redirect=True, event_mask=X.PropertyChangeMask
        )
        while self._free_ids:
            self.display.display.free_resource_id(self._free_ids.pop())
        return window

    def destroy_window(self, window: Any) -> None:
        """Destroy such a window.

        Its number is kept until a newer window exists: python-xlib begins its search for a free one at the last, which
        other programs must not take for the window that they knew by it.
        """
        DestroyWindow(display=self.display.display, window=window.id)
        self._free_ids.append(window.id)

    def close(self) -> None:
        """Disconnect, which ends our ownership of every selection."""
        with suppress(ConnectionClosedError):
            self.display.close()
        os.close(self._woken)
        os.close(self._waker)

    def post(self, job: Callable[[], None]) -> None:
        """Run `job` in the paste thread, at its present wait or its next.

        The job must not wait itself. Callable from any thread.
        """
        self._posted.append(job)
        self._wake()

    def run_posted(self, timeout_s: float | None = None) -> None:
        """Wait for jobs without the server, at most `timeout_s`, and run them."""
        if select([self._woken], [], [], timeout_s)[0]:
            os.read(self._woken, 4096)
            try:
                while self._posted:
                    self._posted.popleft()()
            finally:
                if self._posted:  # a job has raised; those after it run at the next wait
                    self._wake()

    def _wake(self) -> None:
        try:
            os.write(self._waker, b"\0")
        except BlockingIOError:
            logger.debug("The paste thread has been woken already")

    def wait(self, done: Callable[[], bool], until: float | None = None) -> bool:
        """Serve until `done()`, checked after each event and job, or until the time `until` (monotonic).

        Returns whether it was done.
        """
        while not done():
            if until is not None and monotonic() >= until:
                return False
            event = self._next_event(until)
            if event is not None:
                self._dispatch(event)
        return True

    def pause(self, seconds: float) -> None:
        """Serve for this many seconds."""
        self.wait(lambda: False, monotonic() + seconds)

    def wait_for_future[T](
        self, future: Future[T], timeout_s: float, is_cancelled: Callable[[], bool] = lambda: False
    ) -> T | None:
        """Serve until the `future` of another thread is done, at most `timeout_s`; return its result, None after the
        timeout, or once `is_cancelled()`."""
        future.add_done_callback(lambda done: self.post(lambda: None))
        self.wait(lambda: future.done() or is_cancelled(), monotonic() + timeout_s)
        is_done = future.done()
        future.cancel()
        return future.result() if is_done else None

    def wait_for_event(
        self,
        matches: Callable[[Any], bool],
        until: float | None = None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Any | None:
        """Serve until an event comes that `matches`, and return it unhandled; None after the time `until`, or once
        `is_cancelled()`."""
        while (until is None or monotonic() < until) and not is_cancelled():
            event = self._next_event(until)
            if event is not None:
                if matches(event):
                    return event
                self._dispatch(event)
        return None

    def _dispatch(self, event: Any) -> None:
        self.pending_answers.handle_event(event)
        self._on_event(event)

    def _next_event(self, until: float | None) -> Any | None:
        """Return the next event, or None when a job ran or `until` came.

        Events that arrived with the reply to a request are in python-xlib's queue and no longer in the socket, so that
        queue comes before `select`. python-xlib sends no more at once than the socket takes: `sync` sends the rest.
        """
        if not self.display.pending_events():
            self.display.sync()
            if not self.display.pending_events():
                timeout_s = None if until is None else max(0.0, until - monotonic())
                ready, _, _ = select([self.display.fileno(), self._woken], [], [], timeout_s)
                if self._woken in ready:
                    self.run_posted()
                    return None
                if not self.display.pending_events():
                    return None
        return self.display.next_event()

    def atom(self, name: str) -> int:
        """Return the number that stands for `name` on this server."""
        return int(self.display.get_atom(name))

    def server_time(self) -> int:
        """Return the server's present time (ms), with which ownership must be taken, obtained as the ICCCM says, by a
        property that grows by nothing."""
        time_atom = self.atom("INTONE_TIME")
        self.window.change_property(time_atom, Xatom.STRING, 8, b"", X.PropModeAppend)
        event = self.wait_for_event(lambda event: event.type == X.PropertyNotify and event.atom == time_atom)
        return int(event.time) if event is not None else X.CurrentTime

    @property
    def serial(self) -> int:
        """The number of our next request (16 bits); an event carries that of the last one before it."""
        return int(self.display.display.request_serial)

    def program_of(self, window: int) -> int:
        """Return the process that made `window`, as the server knows it, else its connection as a negative number."""
        pid = self._pid_of(window)
        return pid if pid else -(window & ~self.display.display.info.resource_id_mask)

    def is_same_program(self, window: int, other_window: int) -> bool:
        """Return whether two windows belong to one program: to one connection, or else to connections of one process.

        LibreOffice's own toolkit and Wine read the clipboard over a second connection.
        """
        mask = ~self.display.display.info.resource_id_mask
        if window & mask == other_window & mask:
            return True
        pid = self._pid_of(window)
        return pid is not None and pid == self._pid_of(other_window)

    def _pid_of(self, window: int) -> int | None:
        """Return the process that made `window`, as the server knows it (not the window's own claim); None if
        unknown."""
        if not self.display.has_extension("X-Resource"):
            return None
        try:
            reply = self.display.res_query_client_ids([{"client": window, "mask": LocalClientPIDMask}])
        except BadValue:
            return None
        return int(reply.ids[0].value[0]) if reply.ids else None
