"""Global hotkeys on X11: a thread that owns one connection to the server and reports what the bound keys do.

The thread waits on the connection and on an event counter. Calls from other threads go through a queue and wake it by
the counter; nothing else is shared. Events are read before the queue and interpreted after it: a call made before it
caused the server to send an event (a paste announcing its chord) is then always processed before that event.

A key that is unavailable, because another program has it or the keyboard lacks it, is reported and tried again every
`RETRY_INTERVAL_S`; the others work meanwhile.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from math import inf
from queue import SimpleQueue
from select import select
from threading import Thread
from time import monotonic

from desktop.core.bindings import Action, Bindings, missing
from desktop.core.errors import HotkeyProblem
from desktop.hotkeys.gesture import Event
from desktop.hotkeys.matcher import KEPT, Armed, Heard, Hearing
from desktop.hotkeys.taking import Taken
from desktop.hotkeys.x11_keyboard import Keyboard, Remapped

_log = logging.getLogger(__name__)

ANSWER_S = 5.0
"""Seconds that `rebind` waits for the server; a grab takes milliseconds."""

RETRY_S = 10.0
"""Seconds between two tries of unavailable keys."""


class X11Keys:
    """The hotkeys of an X display.

    `on_event` and `on_problem` are called in the hotkey thread, `on_problem` also in `start`; both must return at once.
    `on_problem` is called at the start and on each change: with None, with the keys that are unavailable, or with the
    error that ended the thread, after which no key is received.
    """

    def __init__(
        self,
        bindings: Bindings,
        post: Callable[[Event, Action], None],
        ails: Callable[[HotkeyProblem | None], None],
        display: str,
        retry_s: float = RETRY_S,
    ) -> None:
        self._bindings = bindings
        self._post, self._ails = post, ails
        self._display = display
        self._retry_s = retry_s
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._expected: SimpleQueue[tuple[int, ...]] = SimpleQueue()
        self._closing = False
        self._told: Mapping[str, object] = {}

    def start(self) -> None:
        """Start receiving keys. Raises `HotkeyError` without a display."""
        self._keyboard = Keyboard(self._display)
        try:
            self._taken = Taken(self._keyboard)
            self._hearing = Hearing(Armed())
            self._hearing.touches = (monotonic(),) * KEPT  # input before this is unknown
            self._ails(None)
            self._take()
        except BaseException:
            self._keyboard.close()
            raise
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._thread = Thread(target=self._run, name="keys", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Release every key and end the thread. Call once, after `start`."""
        self._call(self._end)
        self._thread.join()
        os.close(self._bell)

    def rebind(self, bindings: Bindings) -> None:
        """Replace the bound keys. Waits for the server; raises `HotkeyError` when it does not answer."""
        answer: Future[None] = Future()
        self._call(partial(self._rebind, bindings, answer))
        try:
            answer.result(ANSWER_S)
        except TimeoutError as silence:
            raise HotkeyProblem(
                "The display does not answer, so the keys were not changed.", "Start Intone again."
            ) from silence

    def listening(self, active: bool) -> None:
        """Enable the cancel key: while active it cancels and is withheld from the application; otherwise the
        application gets it."""
        self._call(partial(self._listen, active))

    def expect(self, keycodes: Iterable[int]) -> None:
        """Ignore the next press and release of each of these keys, which Intone itself is about to send by XTest."""
        self._expected.put(tuple(keycodes))

    def touched(self, until: float = inf) -> float:
        """Return when the user last did what may move a cursor, not after `until` (monotonic); 0 for never."""
        return self._hearing.touched(until)

    def _call(self, call: Callable[[], None]) -> None:
        self._calls.put(call)
        os.eventfd_write(self._bell, 1)

    # From here on, everything runs in the hotkey thread.

    def _run(self) -> None:
        try:
            while not self._closing:
                self._turn()
        except HotkeyProblem as problem:
            self._give_up(problem)
        except Exception:
            _log.exception("the keys thread ended")
            self._give_up(HotkeyProblem("Something went wrong, and no key is heard any more.", "Start Intone again."))
        finally:
            self._keyboard.close()

    def _turn(self) -> None:
        if not self._keyboard.waiting():
            due = [at for at in (self._hearing.ask_at, self._retry_at) if at is not None]
            timeout_s = max(0.0, min(due) - monotonic()) if due else None
            select([self._keyboard.fileno(), self._bell], [], [], timeout_s)
        strokes = self._keyboard.read()
        while not self._expected.empty():
            self._expect(self._expected.get())
        for stroke in strokes:  # these precede the queued calls: an Esc cancels nothing that begins after it
            if isinstance(stroke, Remapped):
                self._take(rebound=False)
            else:
                self._say(self._hearing.hear(stroke, monotonic()))
        self._answer_calls()
        self._ask()
        if self._retry_at is not None and monotonic() >= self._retry_at:
            self._take()

    def _answer_calls(self) -> None:
        with suppress(BlockingIOError):
            os.eventfd_read(self._bell)
        while not self._calls.empty():
            self._calls.get()()

    def _ask(self) -> None:
        hearing = self._hearing
        if hearing.down is not None and hearing.ask_at is not None and monotonic() >= hearing.ask_at:
            self._say(hearing.answered(self._keyboard.is_down(hearing.down), monotonic()))

    def _say(self, heard: Heard | None) -> None:
        if heard is not None:
            self._post(*heard)

    def _give_up(self, problem: HotkeyProblem) -> None:
        """Treat the talk key as released, so that what was said so far is not lost, and report the problem."""
        self._say(self._hearing.let_go())
        self._ails(problem)

    def _end(self) -> None:
        self._closing = True

    def _listen(self, active: bool) -> None:
        if active != self._hearing.listening:
            change = self._keyboard.swallow if active else self._keyboard.give_back
            change(self._hearing.armed.cancel)
            self._hearing.listening = active

    def _expect(self, codes: tuple[int, ...]) -> None:
        self._hearing.expect(codes, monotonic())

    def _rebind(self, bindings: Bindings, answer: Future[None]) -> None:
        self._bindings = bindings
        self._take()
        answer.set_result(None)

    def _take(self, *, rebound: bool = True) -> None:
        """Grab the bound keys, as far as they are available, and report the others.

        A talk key that moved or is no longer bound counts as released. A cancel key that stays the same is not
        released, not even for a moment, unless keys were `rebound`.
        """
        before = self._hearing.armed.cancel
        if self._hearing.listening and rebound:
            self._keyboard.give_back(before)
        armed, troubles = self._taken.have(self._bindings)
        held = self._hearing.down
        if held is not None and not armed.talks(held):
            self._say(self._hearing.let_go())
        self._hearing.armed = armed
        if self._hearing.listening:
            if not rebound and armed.cancel != before:
                self._keyboard.give_back(before)
            self._keyboard.swallow(armed.cancel)
        self._retry_at = monotonic() + self._retry_s if troubles else None
        problem = missing(troubles, self._bindings)
        news = {} if problem is None else vars(problem)
        if news != self._told:
            self._told = news
            self._ails(problem)
