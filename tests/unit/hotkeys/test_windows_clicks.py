"""Clicks among many movements of the mouse: each is heard, Python runs seldom, and a posted job waits for one message.

Windows' functions are fakes: `desktop.platforms.windows.api` is imported on Windows alone.
"""

from __future__ import annotations

import importlib
import sys
from collections import deque
from collections.abc import Callable, Iterator
from ctypes import CFUNCTYPE, c_size_t, c_ssize_t, c_uint32
from threading import Event
from typing import Any

import pytest

API, LOOP, CLICKS = "desktop.platforms.windows.api", "desktop.platforms.windows.loop", "desktop.hotkeys.windows_clicks"
MOVED, PRESSED, RELEASED = 0, 0x0001, 0x0002


class FakeWindows:
    """The functions of Windows for one thread with one window, whose input `inputs` is."""

    WM_NULL, WM_INPUT, RID_INPUT, RIDEV_INPUTSINK, RAW_HEADER_BYTES = 0, 0xFF, 0, 0, 24
    PM_NOREMOVE, PM_REMOVE, INFINITE, QS_ALLINPUT, MWMO_INPUTAVAILABLE, HWND_MESSAGE = 0, 1, 0, 0, 0, -3
    RAW_INPUT_FAILED = 0xFFFFFFFF
    WINDOW_PROCEDURE = CFUNCTYPE(c_ssize_t, c_size_t, c_uint32, c_size_t, c_ssize_t)

    def __init__(self) -> None:
        self.inputs: deque[int] = deque()
        self.dispatched = 0
        self.on_dispatch: Callable[[], object] = lambda: None
        self._is_awake = Event()
        self._procedure: Any = None

    def move(self, *flags: int) -> None:
        self.inputs.extend(flags)
        self._is_awake.set()

    def this_thread(self) -> int:
        return 1

    def this_program(self, _: None) -> int:
        return 1

    def register_class(self, window_class: Any) -> int:
        self._procedure = self.WINDOW_PROCEDURE(window_class._obj.procedure)
        return 1

    def create_window(self, *_: object) -> int:
        return 1

    def destroy_window(self, *_: object) -> None: ...

    def unregister_class(self, *_: object) -> None: ...

    def register_raw_input(self, *_: object) -> int:
        return 1

    def default_procedure(self, *_: object) -> int:
        return 0

    def post_thread_message(self, *_: object) -> None:
        self._is_awake.set()

    def wait_for_message(self, *_: object) -> None:
        self._is_awake.wait()
        self._is_awake.clear()

    def peek_message(self, message: Any, *arguments: int) -> bool:
        return arguments[-1] == self.PM_REMOVE and bool(self.inputs)

    def dispatch_message(self, _: Any) -> None:
        self.dispatched += 1
        self.on_dispatch()
        if self._procedure is None:
            self.inputs.popleft()
        else:
            self._procedure(1, self.WM_INPUT, 0, 0)

    def raw_input(self, handle: int, command: int, change: Any, *_: object) -> None:
        change._obj.buttons = self.inputs.popleft()

    def raw_inputs(self, changes: Any, *_: object) -> int:
        count = min(len(self.inputs), len(changes._obj))
        for place in range(count):
            changes._obj[place].buttons = self.inputs.popleft()
        return count


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWindows]:
    windows = FakeWindows()
    monkeypatch.setitem(sys.modules, API, windows)  # type: ignore[arg-type]
    yield windows
    for module in (CLICKS, LOOP):
        sys.modules.pop(module, None)


def test_clicks_among_movements_are_heard_and_movements_cost_little(windows: FakeWindows) -> None:
    heard: list[int] = []
    is_done = Event()

    def hear(flags: int) -> None:
        heard.append(flags)
        if flags == RELEASED:
            is_done.set()

    clicks = importlib.import_module(CLICKS).ClickListener(hear)
    windows.move(*[MOVED] * 500, PRESSED, *[MOVED] * 500, RELEASED)
    assert is_done.wait(30)
    clicks.close()
    assert heard == [PRESSED, RELEASED]
    assert windows.dispatched == 1


def test_job_waits_for_one_message(windows: FakeWindows) -> None:
    loop = importlib.import_module(LOOP).WindowsLoop()
    ran_after: list[int] = []

    def post_once() -> None:
        if windows.dispatched == 1:
            loop.post(lambda: ran_after.append(windows.dispatched))

    windows.on_dispatch = post_once
    windows.move(*[MOVED] * 50)
    loop.serve(None)
    assert (ran_after, windows.dispatched) == ([1], 50)
