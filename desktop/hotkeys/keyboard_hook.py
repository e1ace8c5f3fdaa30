"""Hotkeys on systems that show every key to a hook before an application gets it (Windows, macOS).

X11 gives keys to the program that grabbed them; these systems ask the hook. The same keys are withheld from the
application: the main key of a bound chord and, while there is something to cancel, the cancel key, each with its
repeats and its release. Intone's own paste is marked by the system's sender field and never comes here.

Only `KeyHook` is the system's own. That of Windows has run under Wine, that of macOS never; the rest is tested with a
fake hook.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from math import inf
from threading import RLock, Thread
from time import monotonic
from typing import Protocol

from desktop.core.errors import HotkeyError
from desktop.core.keys import MODIFIERS, Action, Binding, Bindings, PlatformKeyCodes, summarize_problems
from desktop.hotkeys.gesture import GestureEvent
from desktop.hotkeys.matcher import (
    MAX_INPUT_TIMES,
    BindingTable,
    ChordPress,
    HotkeyEvent,
    HotkeyMatcher,
    KeyPress,
    KeyRelease,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HookKeyEvent:
    """A key or mouse button as the system reports it: its code, whether it goes down, whether that repeats a held key,
    and those of `keys.MODIFIERS` that are held as well."""

    code: int
    down: bool
    repeat: bool = False
    modifiers: frozenset[str] = frozenset()


def build_table(key_codes: PlatformKeyCodes, bindings: Bindings) -> tuple[BindingTable, Mapping[Binding, HotkeyError]]:
    """Return the table of the bindings on this system, and the problems for those that it lacks."""
    bare: dict[int, Action] = {}
    chords: dict[tuple[int, int], Action] = {}
    cancel: set[int] = set()
    available = {binding: action for binding, action in bindings.items() if binding.key in key_codes.codes}
    for binding, action in available.items():
        code = key_codes.codes[binding.key]
        if action is Action.CANCEL:
            cancel.add(code)
        elif binding.is_bare_modifier:
            bare[code] = action
        else:
            chords[code, modifier_state(binding.modifiers)] = action
    problems = {binding: _missing_key_problem(binding) for binding in bindings if binding not in available}
    return BindingTable(bare, chords, frozenset(cancel), frozenset(key_codes.modifiers), key_codes.media), problems


def _missing_key_problem(binding: Binding) -> HotkeyError:
    if binding.button is not None:
        return HotkeyError("mouse-unheard")
    return HotkeyError("key-missing-on-system", key=binding.name)


def modifier_state(names: Iterable[str]) -> int:
    """Return the held modifiers of `keys.MODIFIERS` as one number; locks do not count."""
    return sum(1 << MODIFIERS.index(name) for name in names)


class KeyHook(Protocol):
    """The system's source of all keys, for the thread that opened it; `post` may be called from any thread."""

    def serve(self, until: float | None) -> None:
        """Wait for something to happen, at most until `until` (monotonic).

        Raises `HotkeyError` when no key will come any more.
        """
        ...

    def post(self, job: Callable[[], None]) -> None:
        """Run `job` in the hook's thread."""
        ...

    def set_bound_codes(self, codes: frozenset[int]) -> None:
        """Set the codes of all bound keys and buttons, other ones need not be withheld; called in the hook's thread."""
        ...

    def is_down(self, code: int) -> bool:
        """Return whether the key is physically down."""
        ...

    def close(self) -> None:
        """Stop receiving keys."""
        ...


type KeyFilter = Callable[[HookKeyEvent], bool]
"""A callback for each key event, one at a time, in the hook's thread or in one that asks it for the system; returns
whether to withhold the key from the application."""


class HookMatcher:
    """The decisions for each key event: hotkey events, and what to withhold."""

    def __init__(self, matcher: HotkeyMatcher) -> None:
        self.matcher = matcher
        self._withheld_codes: set[int] = set()

    def match_key(self, key: HookKeyEvent, now: float) -> tuple[list[HotkeyEvent], bool]:
        """Return the hotkey events that `key` means, and whether to withhold it from the application."""
        events: list[HotkeyEvent | None] = []
        if not key.down:
            events.append(self.matcher.match_event(KeyRelease(key.code), now))
        elif not key.repeat:
            is_chord = self._is_bound_chord(key)
            events.append(self.matcher.match_event(KeyPress(key.code), now))
            if is_chord:
                events.append(self.matcher.match_event(ChordPress(key.code, modifier_state(key.modifiers)), now))
            if is_chord or (self.matcher.cancel_enabled and key.code in self.matcher.table.cancel_codes):
                self._withheld_codes.add(key.code)
        is_withheld = key.code in self._withheld_codes
        if not key.down:
            self._withheld_codes.discard(key.code)
        return [event for event in events if event is not None], is_withheld

    def _is_bound_chord(self, key: HookKeyEvent) -> bool:
        """Return whether the key completes a bound chord."""
        return (key.code, modifier_state(key.modifiers)) in self.matcher.table.chords


class HookHotkeyListener:
    """A `HotkeyListener` on a system whose `KeyHook` is made by `open_hook`.

    `on_event` is called in the hotkey thread or in the one in which the system asks for an answer, one event at a time;
    `on_problem` in the hotkey thread, and in `start` and `rebind`. Both must return at once.
    """

    def __init__(
        self,
        bindings: Bindings,
        on_event: Callable[[GestureEvent, Action], None],
        on_problem: Callable[[HotkeyError | None], None],
        key_codes: PlatformKeyCodes,
        open_hook: Callable[[KeyFilter], KeyHook],
    ) -> None:
        self._bindings = bindings
        self._on_event, self._on_problem = on_event, on_problem
        self._key_codes = key_codes
        self._open_hook = open_hook
        self._hook_matcher = HookMatcher(HotkeyMatcher(BindingTable()))
        self._hook_matcher.matcher.input_times = (monotonic(),) * MAX_INPUT_TIMES  # input before this is unknown
        self._matching = RLock()  # a system may ask the filter in a thread of its own
        self._closing = False

    def start(self) -> None:
        """Start receiving keys. Raises `HotkeyError` if the system does not allow it."""
        ready: Future[KeyHook] = Future()
        self._thread = Thread(target=self._run, args=(ready,), name="keys", daemon=True)
        self._thread.start()
        self._hook = ready.result()
        self.rebind(self._bindings)

    def request_keys(self) -> None:
        """Do nothing: no user is asked for keys on this system."""

    def close(self) -> None:
        """Stop receiving keys and end the thread. Call once, after `start`."""
        self._hook.post(self._stop)
        self._thread.join()

    def set_cancel_enabled(self, enabled: bool) -> None:
        """Enable the cancel key: while active it cancels and is withheld from the application."""
        self._hook.post(lambda: self._set_cancel_enabled(enabled))

    def expect_own_keys(self, keycodes: Iterable[int]) -> None:
        """Do nothing: Intone's own keys carry a mark."""

    def last_input_at(self, until: float = inf) -> float:
        """Return when the user last did what may move a cursor, not after `until` (monotonic).

        Without mouse events, returns the present time at most `until`, so that nothing ever counts as untouched.
        """
        return (
            self._hook_matcher.matcher.last_input_at(until)
            if self._key_codes.reports_mouse
            else min(monotonic(), until)
        )

    def rebind(self, bindings: Bindings) -> None:
        """Replace the bound keys; `on_problem` is called with those that this system lacks."""
        table, problems = build_table(self._key_codes, bindings)
        self._hook.post(lambda: self._apply_table(table))
        self._hook.post(lambda: self._hook.set_bound_codes(table.codes))
        self._on_problem(summarize_problems(problems, bindings))

    # From here on, everything runs in the hotkey thread, `_filter_key` in others as well.

    def _run(self, ready: Future[KeyHook]) -> None:
        try:
            hook = self._open_hook(self._filter_key)
        except Exception as problem:
            ready.set_exception(problem)
            return
        ready.set_result(hook)
        try:
            while not self._closing:
                hook.serve(self._hook_matcher.matcher.check_at)
                self._check_talk_key(hook)
        except HotkeyError as problem:
            self._fail(problem)
        except Exception:
            logger.exception("the keys thread ended")
            self._fail(HotkeyError("hotkeys-failed"))
        finally:
            hook.close()

    def _filter_key(self, key: HookKeyEvent) -> bool:
        with self._matching:
            events, is_withheld = self._hook_matcher.match_key(key, monotonic())
            for event in events:
                self._on_event(*event)
        return is_withheld

    def _check_talk_key(self, hook: KeyHook) -> None:
        """Query whether the talk key is still down, when that is due."""
        matcher = self._hook_matcher.matcher
        with self._matching:
            if matcher.talk_code is not None and matcher.check_at is not None and monotonic() >= matcher.check_at:
                self._report(matcher.check_talk_key(hook.is_down(matcher.talk_code), monotonic()))

    def _report(self, event: HotkeyEvent | None) -> None:
        if event is not None:
            self._on_event(*event)

    def _fail(self, problem: HotkeyError) -> None:
        """Treat the talk key as released, so that what was said so far is not lost, and report the problem."""
        with self._matching:
            self._report(self._hook_matcher.matcher.release_talk_key())
        self._on_problem(problem)

    def _stop(self) -> None:
        self._closing = True

    def _set_cancel_enabled(self, active: bool) -> None:
        with self._matching:
            self._hook_matcher.matcher.cancel_enabled = active

    def _apply_table(self, table: BindingTable) -> None:
        """Apply a new table. A talk key that is no longer bound counts as released."""
        matcher = self._hook_matcher.matcher
        with self._matching:
            if matcher.talk_code is not None and not table.is_talk_key(matcher.talk_code):
                self._report(matcher.release_talk_key())
            matcher.table = table
