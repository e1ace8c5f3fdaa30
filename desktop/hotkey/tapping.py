"""The keys that are bound, where the system asks, key by key, whether an application may have it (Windows, macOS).

X11 gives keys to whoever grabbed them; these systems show a hook or a tap every key before it goes on. What is kept
from the application is the same: the main key of a chord that is bound and, while there is something to cancel, the
cancel key, each with its repeats and its release. Our own paste bears the system's mark of its sender and never comes
here.

Only `Stream` is the system's own. Neither system's has run yet; what is here has, against a stream that a test speaks
into.
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

from desktop.gesture import Event
from desktop.hotkey.bindings import Action, Bindings, missing
from desktop.hotkey.hearing import KEPT, Armed, Chord, Heard, Hearing, Press, Release
from desktop.hotkey.keys import MODIFIERS, Binding
from desktop.problems import HotkeyProblem

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Key:
    """A key or a button of the mouse as the system shows it: its code, whether it goes down or up, whether that repeats
    a key that is held, and what of `keys.MODIFIERS` is held as well."""

    code: int
    down: bool
    repeat: bool = False
    held: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Board:
    """A system's keyboard and mouse: the codes of keys and buttons by their names in the settings, which modifier each
    modifier's code is, whether the stream tells of the mouse at all, and the codes of media keys."""

    codes: Mapping[str, int]
    modifiers: Mapping[int, str]
    clicks: bool
    media: frozenset[int] = frozenset()

    def armed(self, bindings: Bindings) -> tuple[Armed, Mapping[Binding, HotkeyProblem]]:
        """Where the bindings are here, and what is to be said of those that are nowhere."""
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
    """What of `keys.MODIFIERS` is held, as one number; locks do not count."""
    return sum(1 << MODIFIERS.index(name) for name in held)


class Stream(Protocol):
    """Every key of the system, for the thread that opened it; `post` is for any thread."""

    def serve(self, until: float | None) -> None:
        """Wait for something to happen, at most until the time `until` (monotonic). Raises `HotkeyProblem` when no key
        will come any more."""
        ...

    def post(self, job: Callable[[], None]) -> None:
        """Have `job` run in the stream's thread."""
        ...

    def is_down(self, code: int) -> bool:
        """Whether the key is physically down."""
        ...

    def close(self) -> None:
        """Hear no more."""
        ...


type Shown = Callable[[Key], bool]
"""Is shown each stroke; answers whether it is kept from the application."""


class Tapping:
    """What comes of each stroke."""

    def __init__(self, hearing: Hearing) -> None:
        self.hearing = hearing
        self._kept: set[int] = set()

    def hear(self, key: Key, now: float) -> tuple[list[Heard], bool]:
        """What `key` means, and whether the application must not have it."""
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
        """Whether it is a chord of ours as a whole."""
        return (key.code, state(key.held)) in self.hearing.armed.chords


class TappedKeys:
    """The `Keys` of a system that `open_stream` gives the stream of.

    `post` and `ails` are called in the keys thread, `ails` also in `start` and `rebind`, and must return at once.
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
        self._tapping.hearing.touches = (monotonic(),) * KEPT  # what was done before is not known any more
        self._closing = False

    def start(self) -> None:
        """Hear from now on. Raises `HotkeyProblem` where the system does not allow it."""
        ready: Future[Stream] = Future()
        self._thread = Thread(target=self._run, args=(ready,), name="keys", daemon=True)
        self._thread.start()
        self._stream = ready.result()
        self.rebind(self._bindings)

    def close(self) -> None:
        """Hear no more and end the thread; call it once, after `start`."""
        self._stream.post(self._end)
        self._thread.join()

    def listening(self, active: bool) -> None:
        """While active, the cancel key cancels and is kept from the application."""
        self._stream.post(lambda: self._listen(active))

    def expect(self, keycodes: Iterable[int]) -> None:
        """Nothing: what we press ourselves bears a mark."""

    def touched(self, until: float = inf) -> float:
        """When the person last did what may move a cursor, of what is not after `until` (monotonic). The very last
        moment where the mouse is not heard: then nothing is ever taken for untouched."""
        return self._tapping.hearing.touched(until) if self._board.clicks else min(monotonic(), until)

    def rebind(self, bindings: Bindings) -> None:
        """Use these keys instead; which of them there are none of, `ails` is told."""
        armed, troubles = self._board.armed(bindings)
        self._stream.post(lambda: self._arm(armed))
        self._ails(missing(troubles, bindings))

    # From here on, all in the keys thread.

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
        """Look whether the talk key is still down, when it is time to."""
        hearing = self._tapping.hearing
        if hearing.down is not None and hearing.ask_at is not None and monotonic() >= hearing.ask_at:
            self._say(hearing.answered(stream.is_down(hearing.down), monotonic()))

    def _say(self, heard: Heard | None) -> None:
        if heard is not None:
            self._post(*heard)

    def _give_up(self, problem: HotkeyProblem) -> None:
        """Whoever is talking is taken to have let go: what was said so far is not lost."""
        self._say(self._tapping.hearing.let_go())
        self._ails(problem)

    def _end(self) -> None:
        self._closing = True

    def _listen(self, active: bool) -> None:
        self._tapping.hearing.listening = active

    def _arm(self, armed: Armed) -> None:
        """A key that talked and is not bound any more counts as let go."""
        hearing = self._tapping.hearing
        if hearing.down is not None and not armed.talks(hearing.down):
            self._say(hearing.let_go())
        hearing.armed = armed
