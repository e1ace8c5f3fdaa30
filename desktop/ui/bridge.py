"""The one place where Qt and the engine meet.

Inwards, `show` hands over the newest `Shown` from any thread. Only the newest is worth drawing, and a deque of one
keeps just that: if the main thread was busy for a second, the thirty events that waited for it find one value between
them. `on_main` lets the engine's loop await something that only the main thread may do.

Outwards, `Actions` is all that a window may ask for. It is made of callables given at construction, so the windows know
no engine and a test gives them functions. What needs a disk or a device answers through `then`, on the main thread: a
window never waits.
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

from desktop.asked.sounding import Sounding
from desktop.insights import Insights
from desktop.problems import Problem
from desktop.settings.tree import Settings
from desktop.state import Release, Shown
from desktop.ui.checks import Checks
from desktop.ui.fetching import Fetching
from desktop.ui.rows import Rows
from desktop.ui.services import Services
from desktop.ui.wording import Wording

if TYPE_CHECKING:  # the tray, which begins the app, needs no numpy, and no doctor
    from desktop.doctor import Finding
    from desktop.history.voices import Known


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a list to choose from: the setting's `value`, what the person reads, and a quiet note beside it."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Actions:
    """What a window may ask for. All are called on the main thread and return at once.

    `set_setting` and `reset_setting` raise `SettingsProblem` for a value that cannot be. `rows` is the history.
    While `record_key(True)` holds the app's keys do nothing: the person shows us one.
    `dropped` says of each line of the settings' file that is not in force why, `lost` has for each address that cannot
    be used the line that is to be mended.
    `forget_emotions` answers with how many rows had one, `voice` with what is known of the voice heard last.
    What is None cannot be done, and is offered nowhere. `insights(since, then)` adds up the dictations since then, or
    all where that is None. `first_look(then)` gives what is missing on this machine. `autostart` makes the start with
    the session as the setting says, and answers what is in the way. While `pause_keys(True)` holds the keys are given
    back to other programs; `sealed` answers what is in the way of encrypting the history, where that was chosen;
    `key_host` tells of one that keeps a key of ours for itself. `show_around` opens the first run once more.
    `newer(then)` asks now whether there is a newer version, and answers None where this is the newest.
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
    """Carries states in and calls across. Made on the main thread; `shown` is emitted there, and `last` is what it was
    the last time, for a window that comes later."""

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
        """Have `shown` drawn, unless a newer one comes before its turn. From any thread."""
        self._newest.append(shown)
        self._arrived.emit()

    def call(self, fn: Callable[[], object]) -> None:
        """Have `fn` run on the main thread, after what was asked before. From any thread."""
        self._called.emit(fn)

    async def on_main[T](self, fn: Callable[[], T]) -> T:
        """What `fn` returns or raises when run on the main thread. From the engine's loop."""
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
