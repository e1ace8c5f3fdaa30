"""Run a thread's message loop and its posted jobs: the only way to wait on Windows. And windows that only get messages.

Hooks and clipboard requests reach a thread while it fetches messages, and the requesting program stands still until
then. So these threads wait nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from ctypes import byref, c_void_p, cast, create_unicode_buffer
from math import ceil
from queue import SimpleQueue
from time import monotonic

from desktop.platforms.windows import api
from desktop.platforms.windows.structures import WindowClass, WindowsMessage


class WindowsLoop:
    """The message loop of the thread that creates it; `post` may be called from any thread."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._thread = api.this_thread()
        self._message = WindowsMessage()
        api.peek_message(byref(self._message), 0, 0, 0, api.PM_NOREMOVE)  # the first call creates the queue

    def post(self, job: Callable[[], None]) -> None:
        """Run `job` in the loop's thread, at its present wait or the next."""
        self._jobs.put(job)
        api.post_thread_message(self._thread, api.WM_NULL, 0, 0)

    def serve(self, until: float | None) -> None:
        """Wait for something to happen, at most until `until` (monotonic). No job waits for more than one message."""
        left_ms = api.INFINITE if until is None else max(0, ceil((until - monotonic()) * 1000))
        api.wait_for_message(0, None, left_ms, api.QS_ALLINPUT, api.MWMO_INPUTAVAILABLE)
        while api.peek_message(byref(self._message), 0, 0, 0, api.PM_REMOVE):
            api.dispatch_message(byref(self._message))
            self._run_jobs()
        self._run_jobs()

    def wait(self, is_done: Callable[[], bool], until: float | None = None) -> bool:
        """Serve until `is_done()`, or until the time `until`. Returns whether it was done."""
        while not is_done():
            if until is not None and monotonic() >= until:
                return False
            self.serve(until)
        return True

    def pause(self, seconds: float) -> None:
        """Serve for this many seconds."""
        self.wait(lambda: False, monotonic() + seconds)

    def _run_jobs(self) -> None:
        while not self._jobs.empty():
            self._jobs.get()()


class MessageWindow:
    """A hidden window of the thread that creates it, which only gets messages.

    `on_message(message, wparam, lparam)` returns whether it has processed the message; all else gets Windows' default
    answer. `handle` is 0 if Windows has refused it.
    """

    def __init__(self, name: str, on_message: Callable[[int, int, int], bool]) -> None:
        self._name = name
        self._on_message = on_message
        self._procedure = api.WINDOW_PROCEDURE(self._process)  # referenced, or it is freed while Windows calls it
        self._program = api.this_program(None)
        window_class = WindowClass(
            procedure=cast(self._procedure, c_void_p),
            instance=self._program,
            class_name=cast(create_unicode_buffer(name), c_void_p),
        )
        api.register_class(byref(window_class))
        self.handle = int(api.create_window(0, name, None, 0, 0, 0, 0, 0, api.HWND_MESSAGE, 0, self._program, None))

    def close(self) -> None:
        """Destroy the window and its class, which would keep the procedure of this object."""
        api.destroy_window(self.handle)
        api.unregister_class(self._name, self._program)

    def _process(self, window: int, message: int, wparam: int, lparam: int) -> int:
        return (
            0
            if self._on_message(message, wparam, lparam)
            else int(api.default_procedure(window, message, wparam, lparam))
        )
