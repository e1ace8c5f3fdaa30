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

from desktop.core.errors import UserError
from desktop.core.state import AppState, AvailableRelease
from desktop.history.statistics import HistoryStatistics
from desktop.settings.schema import Settings
from desktop.ui.controllers.audio import AudioController
from desktop.ui.controllers.history import HistoryController
from desktop.ui.controllers.models import ModelsController
from desktop.ui.controllers.services import ServicesController
from desktop.ui.controllers.text import TextController

if TYPE_CHECKING:  # the tray, which starts the application, needs neither numpy nor the doctor
    from desktop.doctor.checks import Finding
    from desktop.emotion.baseline import BaselineStatus


@dataclass(frozen=True, slots=True)
class ListOption:
    """One entry of a list of options: the setting's `value`, its label, and a quiet note beside it."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class WindowActions:
    """Everything that a window may request. Call on the main thread; every call returns at once.

    A field that is None is unavailable and its control is not shown. `set_setting` and `reset_setting` raise
    `SettingsError` for an invalid value. The application's hotkeys are inactive while `suspend_hotkeys(True)` holds,
    because a hotkey is being recorded; `pause_keys(True)` gives them back to other programs. `invalid_lines` explains
    each line of the settings file that is not in force; `invalid_urls` maps each unusable address to the line to
    correct. `forget_emotions` returns the number of rows that had an emotion, `load_known_voice` what is known of the
    voice heard last. `load_statistics(since, on_result)` covers the dictations since then, or all when None.
    `find_missing` returns the requirements that this machine lacks. `apply_autostart` makes the session start match the
    setting and returns the obstacle, if any; `check_encryption` returns what prevents encrypting the history when that
    was chosen. `find_key_grabber` returns the program that grabs one of the hotkeys. `show_onboarding` opens the first
    run again. `check_for_update` looks now for a newer version and returns None when this is the newest.
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
    history_actions: HistoryController
    list_speech_models: Callable[[Callable[[Sequence[ListOption]], None]], None]
    list_microphones: Callable[[Callable[[Sequence[ListOption]], None]], None]
    list_language_models: Callable[[Callable[[Sequence[ListOption]], None]], None] = lambda on_result: on_result(())
    invalid_lines: Callable[[], Sequence[str]] = lambda: ()
    invalid_urls: Callable[[], Mapping[str, str]] = lambda: {}
    retry: Callable[[], None] | None = None
    undo_cancel: Callable[[], None] | None = None
    accept_suggestion: Callable[[], None] | None = None
    decline_suggestion: Callable[[], None] | None = None
    suspend_hotkeys: Callable[[bool], None] = lambda active: None
    undo: Callable[[], None] | None = None
    swap: Callable[[], None] | None = None
    paste_raw: Callable[[], None] | None = None
    show_statistics: Callable[[], None] | None = None
    service_actions: ServicesController | None = None
    doctor_actions: ServicesController | None = None
    check_for_update: Callable[[Callable[[AvailableRelease | UserError | None], None]], None] | None = None
    show_doctor: Callable[[], None] | None = None
    show_onboarding: Callable[[], None] | None = None
    switch_emotion: Callable[[], None] | None = None
    forget_emotions: Callable[[Callable[[int | UserError], None]], None] | None = None
    load_known_voice: Callable[[Callable[[BaselineStatus | None], None]], None] | None = None
    load_statistics: Callable[[datetime | None, Callable[[HistoryStatistics | UserError], None]], None] | None = None
    find_missing: Callable[[Callable[[Sequence[Finding]], None]], None] | None = None
    model_actions: ModelsController | None = None
    audio_actions: AudioController | None = None
    apply_autostart: Callable[[Callable[[UserError | None], None]], None] | None = None
    text_actions: TextController | None = None
    check_encryption: Callable[[Callable[[UserError | None], None]], None] | None = None
    pause_keys: Callable[[bool], None] | None = None
    find_key_grabber: Callable[[Callable[[UserError | None], None]], None] = lambda on_result: on_result(None)


class Bridge(QObject):
    """Carry states from the engine to Qt and calls to the main thread.

    Create on the main thread. `state_changed` is emitted there; `last_state` is the value of the last emission, for
    windows created later.
    """

    state_changed = Signal(object)
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
