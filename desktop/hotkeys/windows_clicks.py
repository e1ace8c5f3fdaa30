"""Mouse clicks in all windows by raw input, for which nothing waits, in a thread of its own.

Raw input tells of each movement as well, up to 1,000 times a second. So the thread takes all that has come at once, and
then rests: however fast the mouse is, Python runs some times a second, and no key and no job waits for that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from ctypes import byref, c_uint32, sizeof
from threading import Event, Thread
from time import sleep

from desktop.platforms.windows import api
from desktop.platforms.windows.loop import MessageWindow, WindowsLoop
from desktop.platforms.windows.structures import RawInputDevice, RawMouseInput

logger = logging.getLogger(__name__)

REST_S = 0.02
"""Seconds between two looks at what the mouse did: how late a click may be heard."""

BATCH_COUNT = 64
"""Number of movements and clicks taken by one call."""

WINDOW_CLASS = "Intone clicks"

_GENERIC_DESKTOP, _MOUSE = 1, 2
"""The page of the HID usage tables, and the usage on it."""


class ClickListener:
    """Calls `on_buttons(flags)` in its thread for each click and release, until `close`."""

    def __init__(self, on_buttons: Callable[[int], None]) -> None:
        self._on_buttons = on_buttons
        self._is_closed = False
        self._is_open = Event()
        self._thread = Thread(target=self._serve, name="clicks", daemon=True)
        self._thread.start()
        self._is_open.wait()

    def close(self) -> None:
        """End the thread."""
        self._is_closed = True
        self._loop.post(lambda: None)
        self._thread.join()

    def _serve(self) -> None:
        self._loop = WindowsLoop()
        self._input, self._batch = RawMouseInput(), (RawMouseInput * BATCH_COUNT)()
        window = MessageWindow(WINDOW_CLASS, self._on_message)
        self._is_open.set()
        device = RawInputDevice(_GENERIC_DESKTOP, _MOUSE, api.RIDEV_INPUTSINK, window.handle)
        if not (window.handle and api.register_raw_input(byref(device), 1, sizeof(RawInputDevice))):
            logger.warning("Windows tells of no clicks")
        self._loop.wait(lambda: self._is_closed)
        window.close()

    def _on_message(self, message: int, wparam: int, lparam: int) -> bool:
        if message == api.WM_INPUT:
            size = c_uint32(sizeof(self._input))
            api.raw_input(lparam, api.RID_INPUT, byref(self._input), byref(size), api.RAW_HEADER_BYTES)
            self._report(self._input.buttons)
            self._take_rest()
            sleep(REST_S)
        return False

    def _take_rest(self) -> None:
        """Take what has come since, of which there are no messages then."""
        while True:
            size = c_uint32(sizeof(self._batch))
            count = api.raw_inputs(byref(self._batch), byref(size), api.RAW_HEADER_BYTES)
            if count in (0, api.RAW_INPUT_FAILED):
                return
            for change in self._batch[:count]:
                self._report(change.buttons)

    def _report(self, flags: int) -> None:
        if flags:
            self._on_buttons(flags)
