"""Connect Qt and the engine: state goes in, calls go out.

`Bridge.show` takes the newest `AppState` from any thread. A deque of one keeps only that: if the main thread was busy
for a second, the thirty events that waited draw one value. `on_main` lets the engine's loop await work that only the
main thread may do.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal

from desktop.core.state import AppState


@dataclass(frozen=True, slots=True)
class ListOption:
    """One entry of a list of options: the setting's `value`, its label, and a quiet note beside it."""

    value: str
    label: str
    note: str = ""


class Bridge(QObject):
    """Carry states from the engine to Qt and calls to the main thread.

    Create on the main thread. `state_changed` is emitted there; `last_state` is the value of the last emission, for
    windows created later. `settings_changed` is emitted when a window has changed a setting.
    """

    state_changed = Signal(object)
    settings_changed = Signal()
    _state_posted = Signal()
    _call_posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.last_state = AppState()
        self._newest_state: deque[AppState] = deque(maxlen=1)
        self._state_posted.connect(self._emit_state, Qt.ConnectionType.QueuedConnection)
        self._call_posted.connect(self._run_call, Qt.ConnectionType.QueuedConnection)

    def show(self, state: AppState) -> None:
        """Emit `state` on the main thread unless a newer one arrives first. Call from any thread."""
        self._newest_state.append(state)
        self._state_posted.emit()

    def call(self, fn: Callable[[], object]) -> None:
        """Run `fn` on the main thread, in order of the calls. Call from any thread."""
        self._call_posted.emit(fn)

    async def on_main[T](self, fn: Callable[[], T]) -> T:
        """Run `fn` on the main thread; return or raise what it does. Await in the engine's loop."""
        result: Future[T] = Future()

        def run() -> None:
            if not result.set_running_or_notify_cancel():
                return
            try:
                result.set_result(fn())
            except Exception as error:
                result.set_exception(error)

        self._call_posted.emit(run)
        return await asyncio.wrap_future(result)

    def _emit_state(self) -> None:
        if self._newest_state:
            self.last_state = self._newest_state.pop()
            self.state_changed.emit(self.last_state)

    def _run_call(self, fn: Callable[[], object]) -> None:
        fn()
