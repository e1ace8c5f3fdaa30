"""Connect to an X server that may be silent, gone, or closed to this user."""

from __future__ import annotations

from concurrent.futures import Future
from threading import Thread

from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError, XauthError, XNoAuthError

ANSWER_TIMEOUT_S = 10.0
"""Seconds that an X server may take to answer; compositors start XWayland for the first program."""


def open_display(name: str | None = None, timeout_s: float = ANSWER_TIMEOUT_S) -> Display:
    """Connect to the X server `name` (None: the environment's). Raises `OSError` where it does not let us in in time.

    python-xlib waits without end for a server that accepts and says nothing, as a stopped one does, so it waits in a
    thread of its own. A server that closes the connection at once is that of labwc where XWayland is not installed.
    """
    opened: Future[Display] = Future()

    def connect() -> None:
        try:
            display = Display(name)
        except BaseException as error:  # raised below
            if opened.set_running_or_notify_cancel():
                opened.set_exception(error)
            return
        if opened.set_running_or_notify_cancel():
            opened.set_result(display)
        else:
            display.close()

    Thread(target=connect, name="X connection", daemon=True).start()
    try:
        opened.exception(timeout_s)
    except TimeoutError:
        if opened.cancel():
            raise
    try:
        return opened.result()
    except (ConnectionClosedError, DisplayError, XauthError, XNoAuthError) as error:
        raise ConnectionError(str(error)) from error
