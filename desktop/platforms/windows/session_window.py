"""Watch for sleep, the locked screen and the session's end on Windows, by a window that is never shown.

It lives in a thread of its own, since Windows waits for its answers. It is no message-only window: those are not told
of the session's end. It registers for sleep, since Modern Standby, which most laptops have, is announced to no other
window; where a machine sleeps otherwise, the same message may come twice. When the session ends, Windows ends the
process as soon as every window has answered, so this one answers only when the app has ended by itself, or after some
seconds: until then the recording is kept and the clipboard given back. The same holds for the console from which the
app was started, when that is closed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from ctypes import addressof, byref, c_void_p, cast, create_unicode_buffer
from threading import Event, Thread

from desktop.platforms.windows import api
from desktop.platforms.windows.loop import WindowsLoop
from desktop.platforms.windows.session_messages import SessionChange, parse_message
from desktop.platforms.windows.structures import WindowClass

logger = logging.getLogger(__name__)

CLASS_NAME = "IntoneSession"

END_TIMEOUT_S = 4.0
"""Seconds that the session's end is held: Windows calls a program hung after 5."""


async def watch_session(on_away: Callable[[], None], on_awake: Callable[[], None], on_end: Callable[[], None]) -> None:
    """As `desktop.platforms.session.watch_session`.

    The callbacks are called in the caller's task: in a mere callback of the loop anyio starts no task where sniffio is
    installed.
    """
    loop = asyncio.get_running_loop()
    changes = asyncio.Queue[SessionChange]()
    callbacks = {SessionChange.AWAY: on_away, SessionChange.AWAKE: on_awake, SessionChange.END: on_end}

    def on_change(change: SessionChange) -> None:
        with suppress(RuntimeError):  # the loop has been closed: the app has ended
            loop.call_soon_threadsafe(changes.put_nowait, change)

    window = SessionWindow(on_change)
    try:
        while True:
            callbacks[await changes.get()]()
    finally:
        window.close()


class SessionWindow:
    """The window and its thread; `on_change` is called in that thread."""

    def __init__(self, on_change: Callable[[SessionChange], object]) -> None:
        self._on_change = on_change
        self._is_closed = False
        self._loop: WindowsLoop | None = None
        self._is_open = Event()
        self._thread = Thread(target=self._serve, name="session", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close the window soon. Waits for nothing: it may be holding the session's end."""
        self._is_closed = True
        if self._is_open.wait(END_TIMEOUT_S) and self._loop is not None:
            self._loop.post(lambda: None)

    def _serve(self) -> None:
        self._loop = WindowsLoop()
        procedure = api.WINDOW_PROCEDURE(self._on_message)  # referenced, or it is freed while Windows calls it
        console = api.CONSOLE_PROCEDURE(self._on_console_event)  # and this one
        name = create_unicode_buffer(CLASS_NAME)
        kind = WindowClass(
            procedure=cast(procedure, c_void_p), instance=api.this_program(None), class_name=addressof(name)
        )
        api.register_class(byref(kind))
        window = api.create_window(0, CLASS_NAME, None, 0, 0, 0, 0, 0, 0, 0, api.this_program(None), None)
        self._is_open.set()
        if not window:
            logger.info("sleep and a locked screen cannot be detected")
            return
        if not api.watch_session_lock(window, api.NOTIFY_FOR_THIS_SESSION):
            logger.info("a locked screen cannot be detected")
        if not (sleep := api.watch_sleep(window, api.DEVICE_NOTIFY_WINDOW_HANDLE)):
            logger.info("modern standby cannot be detected")
        api.set_console_handler(console, True)
        self._loop.wait(lambda: self._is_closed)
        api.set_console_handler(console, False)
        if sleep:
            api.unwatch_sleep(sleep)
        api.destroy_window(window)
        api.unregister_class(CLASS_NAME, api.this_program(None))  # it has the address of `procedure`

    def _on_console_event(self, event: int) -> int:
        """End the app when its console is closed; Windows ends the process as soon as this returns. Called in a thread
        of Windows' own."""
        if event != api.CTRL_CLOSE_EVENT:
            return 0
        self._on_change(SessionChange.END)
        time.sleep(END_TIMEOUT_S)
        return 1

    def _on_message(self, window: int, message: int, wparam: int, lparam: int) -> int:
        """Answer Windows."""
        if (change := parse_message(message, wparam)) is not None:
            self._on_change(change)
            if change is SessionChange.END:
                time.sleep(END_TIMEOUT_S)  # the end of the process ends this
                return 0
        return int(api.default_procedure(window, message, wparam, lparam))
