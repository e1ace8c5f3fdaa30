"""Hotkeys on systems that show every key to a hook before an application gets it (Windows, macOS).

X11 gives keys to the program that grabbed them; these systems ask the hook. The same keys are withheld from the
application: the main key of a bound chord and, while there is something to cancel, the cancel key, each with its
repeats and its release. Intone's own paste is marked by the system's sender field and never comes here.

Only `KeyHook` is the system's own. Neither system's has run yet; the rest is tested with a fake hook.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from math import inf
from threading import Thread
from time import monotonic
from typing import Protocol

from desktop.core.bindings import Action, Bindings, missing
from desktop.core.errors import HotkeyProblem
from desktop.core.keys import MODIFIERS, Binding
from desktop.hotkeys.gesture import Event
from desktop.hotkeys.matcher import KEPT, Armed, Chord, Heard, Hearing, Press, Release

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Key:
    """A key or mouse button as the system reports it: its code, whether it goes down, whether that repeats a held key,
    and those of `keys.MODIFIERS` that are held as well."""

    code: int
    down: bool
    repeat: bool = False
    held: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Board:
    """A system's key codes: keys and buttons by their settings names, the modifier that each modifier code is, whether
    the hook reports the mouse at all, and the codes of media keys."""

    codes: Mapping[str, int]
    modifiers: Mapping[int, str]
    clicks: bool
    media: frozenset[int] = frozenset()

    def armed(self, bindings: Bindings) -> tuple[Armed, Mapping[Binding, HotkeyProblem]]:
        """Return the table of the bindings on this system, and the problems for those that it lacks."""
        bare: dict[int, Action] = {}
        chords: dict[tuple[int, int], Action] = {}
        cancel: set[int] = set()
        there = {binding: action for binding, action in bindings.items() if binding.key in self.codes}
        for binding, action in there.items():
            code = self.codes[binding.key]
            if action is Action.CANCEL:
                cancel.add(code)
            elif binding.bare_modifier:
                bare[code] = action
            else:
                chords[code, state(binding.modifiers)] = action
        troubles = {binding: self._lacks(binding) for binding in bindings if binding not in there}
        return Armed(bare, chords, frozenset(cancel), frozenset(self.modifiers), self.media), troubles

    def _lacks(self, binding: Binding) -> HotkeyProblem:
        if binding.button is not None:
            return HotkeyProblem("Intone does not hear the mouse on this system.", "Choose a key in the settings.")
        return HotkeyProblem(
            f"Keyboards for this system have no {binding.label} key.",
            "Choose another one in the settings, for example Right Alt (alt_r) or F9 (f9).",
        )


def state(held: Iterable[str]) -> int:
    """Return the held modifiers of `keys.MODIFIERS` as one number; locks do not count."""
    return sum(1 << MODIFIERS.index(name) for name in held)


class Stream(Protocol):
    """The system's source of all keys, for the thread that opened it; `post` may be called from any thread."""

    def serve(self, until: float | None) -> None:
        """Wait for something to happen, at most until `until` (monotonic).

        Raises `HotkeyError` when no key will come any more.
        """
        ...

    def post(self, job: Callable[[], None]) -> None:
        """Run `job` in the hook's thread."""
        ...

    def is_down(self, code: int) -> bool:
        """Return whether the key is physically down."""
        ...

    def close(self) -> None:
        """Stop receiving keys."""
        ...


type Shown = Callable[[Key], bool]
"""A callback for each key event; returns whether to withhold it from the application."""


class Tapping:
    """The decisions for each key event: hotkey events, and what to withhold."""

    def __init__(self, hearing: Hearing) -> None:
        self.hearing = hearing
        self._kept: set[int] = set()

    def hear(self, key: Key, now: float) -> tuple[list[Heard], bool]:
        """Return the hotkey events that `key` means, and whether to withhold it from the application."""
        heard: list[Heard | None] = []
        if not key.down:
            heard.append(self.hearing.hear(Release(key.code), now))
        elif not key.repeat:
            takes = self._takes(key)
            heard.append(self.hearing.hear(Press(key.code), now))
            if takes:
                heard.append(self.hearing.hear(Chord(key.code, state(key.held)), now))
            if takes or (self.hearing.listening and key.code in self.hearing.armed.cancel):
                self._kept.add(key.code)
        kept = key.code in self._kept
        if not key.down:
            self._kept.discard(key.code)
        return [one for one in heard if one is not None], kept

    def _takes(self, key: Key) -> bool:
        """Return whether the key completes a bound chord."""
        return (key.code, state(key.held)) in self.hearing.armed.chords


class TappedKeys:
    """A `HotkeyListener` on a system whose `KeyHook` is made by `open_stream`.

    `on_event` and `on_problem` are called in the hotkey thread, `on_problem` also in `start` and `rebind`; both must
    return at once.
    """

    def __init__(
        self,
        bindings: Bindings,
        post: Callable[[Event, Action], None],
        ails: Callable[[HotkeyProblem | None], None],
        board: Board,
        open_stream: Callable[[Shown], Stream],
    ) -> None:
        self._bindings = bindings
        self._post, self._ails = post, ails
        self._board = board
        self._open = open_stream
        self._tapping = Tapping(Hearing(Armed()))
        self._tapping.hearing.touches = (monotonic(),) * KEPT  # input before this is unknown
        self._closing = False

    def start(self) -> None:
        """Start receiving keys. Raises `HotkeyError` if the system does not allow it."""
        ready: Future[Stream] = Future()
        self._thread = Thread(target=self._run, args=(ready,), name="keys", daemon=True)
        self._thread.start()
        self._stream = ready.result()
        self.rebind(self._bindings)

    def close(self) -> None:
        """Stop receiving keys and end the thread. Call once, after `start`."""
        self._stream.post(self._end)
        self._thread.join()

    def listening(self, active: bool) -> None:
        """Enable the cancel key: while active it cancels and is withheld from the application."""
        self._stream.post(lambda: self._listen(active))

    def expect(self, keycodes: Iterable[int]) -> None:
        """Do nothing: Intone's own keys carry a mark."""

    def touched(self, until: float = inf) -> float:
        """Return when the user last did what may move a cursor, not after `until` (monotonic).

        Without mouse events, returns the present time at most `until`, so that nothing ever counts as untouched.
        """
        return self._tapping.hearing.touched(until) if self._board.clicks else min(monotonic(), until)

    def rebind(self, bindings: Bindings) -> None:
        """Replace the bound keys; `on_problem` is called with those that this system lacks."""
        armed, troubles = self._board.armed(bindings)
        self._stream.post(lambda: self._arm(armed))
        self._ails(missing(troubles, bindings))

    # From here on, everything runs in the hotkey thread.

    def _run(self, ready: Future[Stream]) -> None:
        try:
            stream = self._open(self._hear)
        except Exception as problem:
            ready.set_exception(problem)
            return
        ready.set_result(stream)
        try:
            while not self._closing:
                stream.serve(self._tapping.hearing.ask_at)
                self._ask(stream)
        except HotkeyProblem as problem:
            self._give_up(problem)
        except Exception:
            _log.exception("the keys thread ended")
            self._give_up(HotkeyProblem("Something went wrong, and no key is heard any more.", "Start Intone again."))
        finally:
            stream.close()

    def _hear(self, key: Key) -> bool:
        heard, kept = self._tapping.hear(key, monotonic())
        for one in heard:
            self._post(*one)
        return kept

    def _ask(self, stream: Stream) -> None:
        """Query whether the talk key is still down, when that is due."""
        hearing = self._tapping.hearing
        if hearing.down is not None and hearing.ask_at is not None and monotonic() >= hearing.ask_at:
            self._say(hearing.answered(stream.is_down(hearing.down), monotonic()))

    def _say(self, heard: Heard | None) -> None:
        if heard is not None:
            self._post(*heard)

    def _give_up(self, problem: HotkeyProblem) -> None:
        """Treat the talk key as released, so that what was said so far is not lost, and report the problem."""
        self._say(self._tapping.hearing.let_go())
        self._ails(problem)

    def _end(self) -> None:
        self._closing = True

    def _listen(self, active: bool) -> None:
        self._tapping.hearing.listening = active

    def _arm(self, armed: Armed) -> None:
        """Apply a new table. A talk key that is no longer bound counts as released."""
        hearing = self._tapping.hearing
        if hearing.down is not None and not armed.talks(hearing.down):
            self._say(hearing.let_go())
        hearing.armed = armed
