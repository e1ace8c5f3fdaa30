"""The talk and cancel keys where the system asks, key by key, whether an application may have it (Windows, macOS).

X11 gives keys to whoever grabbed them; these systems show a hook or a tap every key before it goes on. What is kept
from the application is the same: the talk chord's main key and, while there is something to cancel, the cancel key,
each with its repeats and its release. Our own paste bears the system's mark of its sender and never comes here.

Only `Stream` is the system's own. Neither system's has run yet; what is here has, against a stream that a test speaks
into.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread
from time import monotonic
from typing import Protocol

from desktop.gesture import Event
from desktop.hotkey.hearing import Chord, Click, Hearing, Press, Release
from desktop.hotkey.keys import Binding
from desktop.problems import HotkeyProblem

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the system shows it: its code, whether it goes down or up, whether that repeats a key that is held, and
    what of `keys.MODIFIERS` is held as well."""

    code: int
    down: bool
    repeat: bool = False
    held: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Board:
    """A system's keyboard: the codes of the keys by their names in the settings, which modifier each modifier's code
    is, and whether its stream tells of the mouse's buttons too."""

    codes: Mapping[str, int]
    modifiers: Mapping[int, str]
    clicks: bool

    def codes_of(self, binding: Binding) -> frozenset[int]:
        """The code of the binding's key. Raises `HotkeyProblem` where such keyboards have none."""
        if binding.key not in self.codes:
            raise HotkeyProblem(
                f"Keyboards for this system have no {binding.label} key.",
                "Choose another one in the settings, for example Right Alt (alt_r) or F9 (f9).",
            )
        return frozenset((self.codes[binding.key],))

    def hearing(self, talk: Binding, cancel: Binding, listening: bool) -> Hearing:
        """The meaning of this keyboard's strokes. Raises `HotkeyProblem` as `codes_of` does."""
        return Hearing(
            self.codes_of(talk), self.codes_of(cancel), frozenset(self.modifiers), talk.bare_modifier, listening
        )


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


type Heard = Callable[[Key | Click], bool]
"""Told of each stroke; answers whether it is kept from the application."""


class Tapping:
    """What comes of each stroke."""

    def __init__(self, hearing: Hearing, chord: frozenset[str]) -> None:
        """`chord`: the modifiers that the talk key wants, none for a key by itself."""
        self.hearing = hearing
        self._chord = chord
        self._kept: set[int] = set()

    def hear(self, stroke: Key | Click, now: float) -> tuple[list[Event], bool]:
        """What `stroke` means, and whether the application must not have it."""
        events: list[Event | None] = []
        kept = False
        match stroke:
            case Click():
                events.append(self.hearing.hear(stroke, now))
            case Key(code, down=True, repeat=True):
                kept = code in self._kept
            case Key(code, down=True):
                events.append(self.hearing.hear(Press(code), now))
                kept = self._takes(stroke) or (self.hearing.listening and code in self.hearing.cancel)
                if self._takes(stroke):
                    events.append(self.hearing.hear(Chord(code), now))
                if kept:
                    self._kept.add(code)
            case Key(code):
                events.append(self.hearing.hear(Release(code), now))
                kept = code in self._kept
                self._kept.discard(code)
        return [event for event in events if event is not None], kept

    def _takes(self, key: Key) -> bool:
        """Whether it is the talk chord as a whole."""
        return not self.hearing.bare and key.code in self.hearing.talk and key.held == self._chord


class TappedKeys:
    """The `Keys` of a system that `open` gives the stream of.

    `post` and `failed` are called in the keys thread and must return at once. `failed` is called at most once, with the
    problem that ended the hearing.
    """

    def __init__(
        self,
        talk: Binding,
        cancel: Binding,
        post: Callable[[Event], None],
        failed: Callable[[HotkeyProblem], None],
        board: Board,
        open_stream: Callable[[Heard], Stream],
    ) -> None:
        """Raises `HotkeyProblem` where the keyboard lacks one of the keys."""
        self._board = board
        self._tapping = self._tap(talk, cancel, listening=False)
        self._post, self._failed = post, failed
        self._open = open_stream
        self._closing = False

    def start(self) -> None:
        """Hear from now on. Raises `HotkeyProblem` where the system does not allow it."""
        ready: Future[Stream] = Future()
        self._thread = Thread(target=self._run, args=(ready,), name="keys", daemon=True)
        self._thread.start()
        self._stream = ready.result()

    def close(self) -> None:
        """Hear no more and end the thread; call it once, after `start`."""
        self._stream.post(self._end)
        self._thread.join()

    def listening(self, active: bool) -> None:
        """While active, the cancel key cancels and is kept from the application."""
        self._stream.post(lambda: self._listen(active))

    def expect(self, keycodes: Iterable[int]) -> None:
        """Nothing: what we press ourselves bears a mark."""

    def touched(self) -> float:
        """When the person last did what may move a cursor (monotonic). Now, as far as is known, where the mouse is not
        heard: then nothing is ever taken for untouched."""
        return self._tapping.hearing.touched_at if self._board.clicks else monotonic()

    def rebind(self, talk: Binding, cancel: Binding) -> None:
        """Use other keys. Raises `HotkeyProblem` where the keyboard lacks one; the old ones then stay."""
        tapping = self._tap(talk, cancel, self._tapping.hearing.listening)
        self._stream.post(lambda: self._use(tapping))

    def _tap(self, talk: Binding, cancel: Binding, listening: bool) -> Tapping:
        hearing = self._board.hearing(talk, cancel, listening)
        hearing.touched_at = monotonic()  # what was done before is not known any more
        return Tapping(hearing, talk.modifiers)

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

    def _hear(self, stroke: Key | Click) -> bool:
        events, kept = self._tapping.hear(stroke, monotonic())
        for event in events:
            self._post(event)
        return kept

    def _ask(self, stream: Stream) -> None:
        """Look whether the talk key is still down, when it is time to."""
        hearing = self._tapping.hearing
        if hearing.down is not None and hearing.ask_at is not None and monotonic() >= hearing.ask_at:
            self._say(hearing.answered(stream.is_down(hearing.down), monotonic()))

    def _say(self, event: Event | None) -> None:
        if event is not None:
            self._post(event)

    def _give_up(self, problem: HotkeyProblem) -> None:
        """Whoever is talking is taken to have let go: what was said so far is not lost."""
        self._say(self._tapping.hearing.let_go())
        self._failed(problem)

    def _end(self) -> None:
        self._closing = True

    def _listen(self, active: bool) -> None:
        self._tapping.hearing.listening = active

    def _use(self, tapping: Tapping) -> None:
        self._say(self._tapping.hearing.let_go())
        self._tapping = tapping
