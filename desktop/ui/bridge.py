"""Connect Qt and the engine: state goes in, calls go out.

`Bridge.show` takes the newest `AppState` from any thread. A deque of one keeps only that: if the main thread was busy
for a second, the thirty events that waited draw one value. `on_main` lets the engine's loop await work that only the
main thread may do. `WindowActions` is everything that a window may request: callables given at construction, so the
windows know no engine and tests pass functions. Requests that need a disk or a device answer through a callback on the
main thread; a window never blocks.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from desktop.core.errors import Problem
from desktop.core.state import Release, Shown
from desktop.history.statistics import Insights
from desktop.settings.schema import Settings
from desktop.ui.controllers.audio import Sounding
from desktop.ui.controllers.checks import Checks
from desktop.ui.controllers.fetching import Fetching
from desktop.ui.controllers.rows import Rows
from desktop.ui.controllers.services import Services
from desktop.ui.controllers.wording import Wording

if TYPE_CHECKING:  # the tray, which starts the application, needs neither numpy nor the doctor
    from desktop.doctor.checks import Finding
    from desktop.emotion.baseline import Known


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list of options: the setting's `value`, its label, and a quiet note beside it."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Actions:
    """Everything that a window may request. Call on the main thread; every call returns at once.

    A field that is None is unavailable and its control is not shown. `set_setting` and `reset_setting` raise
    `SettingsError` for an invalid value. The application's hotkeys are inactive while `record_key(True)` holds, because
    a hotkey is being recorded; `pause_keys(True)` gives them back to other programs. `invalid_lines` explains each line
    of the settings file that is not in force; `invalid_urls` maps each unusable address to the line to correct.
    `forget_emotions` returns the number of rows that had an emotion, `load_known_voice` what is known of the voice
    heard last. `load_statistics(since, callback)` covers the dictations since then, or all when None. `find_missing`
    returns the requirements that this machine lacks. `apply_autostart` makes the session start match the setting and
    returns the obstacle, if any; `check_encryption` returns what prevents encrypting the history when that was chosen.
    `find_key_grabber` returns the program that grabs one of the hotkeys. `show_onboarding` opens the first run again.
    `check_for_update` looks now for a newer version and returns None when this is the newest.
    """

    toggle: Callable[[], None]
    cancel: Callable[[], None]
    paste_last: Callable[[], None]
    copy_last: Callable[[], None]
    quit: Callable[[], None]
    show_history: Callable[[], None]
    show_settings: Callable[[], None]
    set_setting: Callable[[str, str], None]
    reset_setting: Callable[[str], None]
    settings: Callable[[], Settings]
    rows: Rows
    models: Callable[[Callable[[Sequence[Choice]], None]], None]
    devices: Callable[[Callable[[Sequence[Choice]], None]], None]
    language_models: Callable[[Callable[[Sequence[Choice]], None]], None] = lambda then: then(())
    dropped: Callable[[], Sequence[str]] = lambda: ()
    lost: Callable[[], Mapping[str, str]] = lambda: {}
    retry: Callable[[], None] | None = None
    undo_cancel: Callable[[], None] | None = None
    learn: Callable[[], None] | None = None
    decline: Callable[[], None] | None = None
    record_key: Callable[[bool], None] = lambda active: None
    undo: Callable[[], None] | None = None
    swap: Callable[[], None] | None = None
    paste_raw: Callable[[], None] | None = None
    show_mood: Callable[[], None] | None = None
    services: Services | None = None
    checks: Checks | None = None
    newer: Callable[[Callable[[Release | Problem | None], None]], None] | None = None
    show_doctor: Callable[[], None] | None = None
    show_around: Callable[[], None] | None = None
    switch_emotion: Callable[[], None] | None = None
    forget_emotions: Callable[[Callable[[int | Problem], None]], None] | None = None
    voice: Callable[[Callable[[Known | None], None]], None] | None = None
    insights: Callable[[datetime | None, Callable[[Insights | Problem], None]], None] | None = None
    first_look: Callable[[Callable[[Sequence[Finding]], None]], None] | None = None
    fetching: Fetching | None = None
    sounding: Sounding | None = None
    autostart: Callable[[Callable[[Problem | None], None]], None] | None = None
    wording: Wording | None = None
    sealed: Callable[[Callable[[Problem | None], None]], None] | None = None
    pause_keys: Callable[[bool], None] | None = None
    key_host: Callable[[Callable[[Problem | None], None]], None] = lambda then: then(None)


class Bridge(QObject):
    """Carry states from the engine to Qt and calls to the main thread.

    Create on the main thread. `state_changed` is emitted there; `last_state` is the value of the last emission, for
    windows created later.
    """

    shown = Signal(object)
    _arrived = Signal()
    _called = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.last = Shown()
        self._newest: deque[Shown] = deque(maxlen=1)
        self._arrived.connect(self._draw, Qt.ConnectionType.QueuedConnection)
        self._called.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def show(self, shown: Shown) -> None:
        """Emit `state` on the main thread unless a newer one arrives first. Call from any thread."""
        self._newest.append(shown)
        self._arrived.emit()

    def call(self, fn: Callable[[], object]) -> None:
        """Run `fn` on the main thread, in order of the calls. Call from any thread."""
        self._called.emit(fn)

    async def on_main[T](self, fn: Callable[[], T]) -> T:
        """Run `fn` on the main thread; return or raise what it does. Await in the engine's loop."""
        answer: Future[T] = Future()

        def run() -> None:
            if not answer.set_running_or_notify_cancel():
                return
            try:
                answer.set_result(fn())
            except Exception as error:
                answer.set_exception(error)

        self._called.emit(run)
        return await asyncio.wrap_future(answer)

    def _draw(self) -> None:
        if self._newest:
            self.last = self._newest.pop()
            self.shown.emit(self.last)

    def _run(self, fn: Callable[[], object]) -> None:
        fn()
