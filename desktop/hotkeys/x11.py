"""Global hotkeys on X11: a thread that owns one connection to the server and reports what the bound keys do.

The thread waits on the connection and on an event counter. Calls from other threads go through a queue and wake it by
the counter; nothing else is shared. Events are read before the queue and interpreted after it: a call made before it
caused the server to send an event (a paste announcing its chord) is then always processed before that event.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from math import inf
from queue import SimpleQueue
from select import select
from threading import Thread
from time import monotonic

from desktop.core.errors import HotkeyError
from desktop.core.keys import Action, Binding, Bindings, summarize_problems
from desktop.hotkeys.gesture import GestureEvent
from desktop.hotkeys.matcher import MAX_INPUT_TIMES, BindingTable, HotkeyEvent, HotkeyMatcher
from desktop.hotkeys.x11_keyboard import KeymapChanged, XInputKeyboard

logger = logging.getLogger(__name__)

REBIND_TIMEOUT_S = 5.0
"""Seconds that `rebind` waits for the server; a grab takes milliseconds."""

RETRY_INTERVAL_S = 10.0
"""Seconds between two tries of unavailable keys."""


class X11HotkeyListener:
    """The hotkeys of an X display.

    A key that is unavailable, because another program has it or the keyboard lacks it, is reported and tried again
    every `RETRY_INTERVAL_S`; the others work meanwhile.

    `on_event` and `on_problem` are called in the hotkey thread, `on_problem` also in `start`; both must return at once.
    `on_problem` is called at the start and on each change: with None, with the keys that are unavailable, or with the
    error that ended the thread, after which no key is received.
    """

    def __init__(
        self,
        bindings: Bindings,
        on_event: Callable[[GestureEvent, Action], None],
        on_problem: Callable[[HotkeyError | None], None],
        display: str,
        retry_s: float = RETRY_INTERVAL_S,
    ) -> None:
        self._bindings = bindings
        self._on_event, self._on_problem = on_event, on_problem
        self._display = display
        self._retry_s = retry_s
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._own_keys: SimpleQueue[tuple[int, ...]] = SimpleQueue()
        self._closing = False
        self._reported_problem: Mapping[str, object] = {}

    def start(self) -> None:
        """Start receiving keys. Raises `HotkeyError` without a display."""
        self._keyboard = XInputKeyboard(self._display)
        try:
            self._grabs = KeyGrabs(self._keyboard)
            self._matcher = HotkeyMatcher(BindingTable())
            self._matcher.input_times = (monotonic(),) * MAX_INPUT_TIMES  # input before this is unknown
            self._on_problem(None)
            self._update_grabs()
        except BaseException:
            self._keyboard.close()
            raise
        self._wakeup = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._thread = Thread(target=self._run, name="keys", daemon=True)
        self._thread.start()

    def request_keys(self) -> None:
        """Do nothing: no user is asked for keys on this system."""

    def close(self) -> None:
        """Release every key and end the thread. Call once, after `start`."""
        self._call(self._stop)
        self._thread.join()
        os.close(self._wakeup)

    def rebind(self, bindings: Bindings) -> None:
        """Replace the bound keys. Waits for the server; raises `HotkeyError` when it does not answer."""
        answer: Future[None] = Future()
        self._call(partial(self._rebind, bindings, answer))
        try:
            answer.result(REBIND_TIMEOUT_S)
        except TimeoutError as error:
            raise HotkeyError("hotkeys-display-unresponsive") from error

    def set_cancel_enabled(self, enabled: bool) -> None:
        """Enable the cancel key: while active it cancels and is withheld from the application; otherwise the
        application gets it."""
        self._call(partial(self._set_cancel_enabled, enabled))

    def expect_own_keys(self, keycodes: Iterable[int]) -> None:
        """Ignore the next press and release of each of these keys, which Intone itself is about to send by XTest."""
        self._own_keys.put(tuple(keycodes))

    def last_input_at(self, until: float = inf) -> float:
        """Return when the user last did what may move a cursor, not after `until` (monotonic); 0 for never."""
        return self._matcher.last_input_at(until)

    def _call(self, call: Callable[[], None]) -> None:
        self._calls.put(call)
        os.eventfd_write(self._wakeup, 1)

    # From here on, everything runs in the hotkey thread.

    def _run(self) -> None:
        try:
            while not self._closing:
                self._run_once()
        except HotkeyError as problem:
            self._fail(problem)
        except Exception:
            logger.exception("the keys thread ended")
            self._fail(HotkeyError("hotkeys-failed"))
        finally:
            self._keyboard.close()

    def _run_once(self) -> None:
        if not self._keyboard.has_pending_events():
            due = [at for at in (self._matcher.check_at, self._retry_at) if at is not None]
            timeout_s = max(0.0, min(due) - monotonic()) if due else None
            select([self._keyboard.fileno(), self._wakeup], [], [], timeout_s)
        events = self._keyboard.read_events()
        while not self._own_keys.empty():
            self._expect_own_keys(self._own_keys.get())
        for event in events:  # these precede the queued calls: an Esc cancels nothing that begins after it
            if isinstance(event, KeymapChanged):
                self._update_grabs(rebound=False)
            else:
                self._report(self._matcher.match_event(event, monotonic()))
        self._run_calls()
        self._check_talk_key()
        if self._retry_at is not None and monotonic() >= self._retry_at:
            self._update_grabs()

    def _run_calls(self) -> None:
        with suppress(BlockingIOError):
            os.eventfd_read(self._wakeup)
        while not self._calls.empty():
            self._calls.get()()

    def _check_talk_key(self) -> None:
        matcher = self._matcher
        if matcher.talk_code is not None and matcher.check_at is not None and monotonic() >= matcher.check_at:
            self._report(matcher.check_talk_key(self._keyboard.is_down(matcher.talk_code), monotonic()))

    def _report(self, event: HotkeyEvent | None) -> None:
        if event is not None:
            self._on_event(*event)

    def _fail(self, problem: HotkeyError) -> None:
        """Treat the talk key as released, so that what was said so far is not lost, and report the problem."""
        self._report(self._matcher.release_talk_key())
        self._on_problem(problem)

    def _stop(self) -> None:
        self._closing = True

    def _set_cancel_enabled(self, active: bool) -> None:
        if active != self._matcher.cancel_enabled:
            change = self._keyboard.grab_in_all_states if active else self._keyboard.ungrab
            change(self._matcher.table.cancel_codes)
            self._matcher.cancel_enabled = active

    def _expect_own_keys(self, codes: tuple[int, ...]) -> None:
        self._matcher.expect_own_keys(codes, monotonic())

    def _rebind(self, bindings: Bindings, answer: Future[None]) -> None:
        self._bindings = bindings
        self._update_grabs()
        answer.set_result(None)

    def _update_grabs(self, *, rebound: bool = True) -> None:
        """Grab the bound keys, as far as they are available, and report the others.

        A talk key that moved or is no longer bound counts as released. A cancel key that stays the same is not
        released, not even for a moment, unless keys were `rebound`.
        """
        before = self._matcher.table.cancel_codes
        if self._matcher.cancel_enabled and rebound:
            self._keyboard.ungrab(before)
        table, problems = self._grabs.update(self._bindings)
        talk_code = self._matcher.talk_code
        if talk_code is not None and not table.is_talk_key(talk_code):
            self._report(self._matcher.release_talk_key())
        self._matcher.table = table
        if self._matcher.cancel_enabled:
            if not rebound and table.cancel_codes != before:
                self._keyboard.ungrab(before)
            self._keyboard.grab_in_all_states(table.cancel_codes)
        self._retry_at = monotonic() + self._retry_s if problems else None
        problem = summarize_problems(problems, self._bindings)
        report = {} if problem is None else vars(problem)
        if report != self._reported_problem:
            self._reported_problem = report
            self._on_problem(problem)


class KeyGrabs:
    """The keys that are grabbed on `keyboard`, each by itself: an unavailable key affects no other."""

    def __init__(self, keyboard: XInputKeyboard) -> None:
        self._keyboard = keyboard
        self._locations: dict[Binding, KeyLocation] = {}

    def update(self, bindings: Bindings) -> tuple[BindingTable, Mapping[Binding, HotkeyError]]:
        """Grab the keys of `bindings` and release the rest; return the table of what is received now, and the problems.

        A key that a new keyboard map (another layout) lacks stays where it was.
        """
        problems: dict[Binding, HotkeyError] = {}
        locations = {
            binding: location
            for binding, action in bindings.items()
            if (location := self._locate(binding, action, problems)) is not None
        }
        for binding, location in list(self._locations.items()):
            if locations.get(binding) != location:
                self._ungrab(self._locations.pop(binding))
        for binding, location in locations.items():
            if binding not in self._locations and self._grab(binding, location, problems):
                self._locations[binding] = location
        return self._build_table(bindings), problems

    def _locate(self, binding: Binding, action: Action, problems: dict[Binding, HotkeyError]) -> KeyLocation | None:
        """Return the location of the key now; record a problem if the keyboard lacks it."""
        try:
            codes = self._keyboard.find_codes(binding)
        except HotkeyError as problem:
            if binding not in self._locations:
                problems[binding] = problem
            return self._locations.get(binding)
        if binding.is_bare_modifier or action is Action.CANCEL:
            return KeyLocation(codes)
        return KeyLocation(codes, self._keyboard.modifier_states(binding))

    def _grab(self, binding: Binding, location: KeyLocation, problems: dict[Binding, HotkeyError]) -> bool:
        """Grab the key and return whether that succeeded."""
        try:
            if location.states:
                self._keyboard.grab_chord(binding, location.codes, location.states)
        except HotkeyError as problem:
            problems[binding] = problem
            return False
        return True

    def _ungrab(self, location: KeyLocation) -> None:
        if location.states:
            self._keyboard.ungrab(location.codes, location.states)

    def _build_table(self, bindings: Bindings) -> BindingTable:
        bare: dict[int, Action] = {}
        chords: dict[tuple[int, int], Action] = {}
        cancel: set[int] = set()
        for binding, location in self._locations.items():
            action = bindings[binding]
            if action is Action.CANCEL:
                cancel |= location.codes
            elif location.states:
                chords |= {(code, state): action for code in location.codes for state in location.states}
            else:
                bare |= dict.fromkeys(location.codes, action)
        return BindingTable(
            bare, chords, frozenset(cancel), self._keyboard.modifier_codes(), self._keyboard.media_codes()
        )


@dataclass(frozen=True, slots=True)
class KeyLocation:
    """The codes of a binding's key or button, and the modifier states in which it counts.

    Without states it is not grabbed: a bare modifier, and the cancel key, which is grabbed only while there is
    something to cancel.
    """

    codes: frozenset[int]
    states: tuple[int, ...] = ()
