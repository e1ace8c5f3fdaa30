"""Global keys on X11: a thread that owns one connection to the server and posts what the talk key does.

The thread waits on the connection and on an event counter. Calls from other threads are put in a queue and rung for
with the counter; nothing else is shared. Strokes are read before the queue and interpreted after it: what another
thread asked for before it made the server send a stroke (a paste announcing its chord) is then always known when the
stroke is judged.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from math import inf
from queue import SimpleQueue
from select import select
from threading import Thread
from time import monotonic

from desktop.gesture import Event
from desktop.hotkey.hearing import KEPT, Hearing
from desktop.hotkey.keyboard import Keyboard, Remapped
from desktop.hotkey.keys import Binding
from desktop.problems import HotkeyProblem

_log = logging.getLogger(__name__)

ANSWER_S = 5.0
"""How long `rebind` waits for a server that is alive; a grab takes milliseconds."""


@dataclass(frozen=True, slots=True)
class Armed:
    """What the two bindings are on this keyboard: keycodes, and the modifier states in which the talk chord counts."""

    talk: frozenset[int]
    cancel: frozenset[int]
    modifiers: frozenset[int]
    states: tuple[int, ...]


class X11Keys:
    """The talk and cancel keys of an X display.

    `post` and `failed` are called in the keys thread and must return at once. `failed` is called at most once, with the
    problem that ended the thread: from then on no key is heard.
    """

    def __init__(
        self,
        talk: Binding,
        cancel: Binding,
        post: Callable[[Event], None],
        failed: Callable[[HotkeyProblem], None],
        display: str,
    ) -> None:
        self._talk, self._cancel = talk, cancel
        self._post, self._failed = post, failed
        self._display = display
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._closing = False

    def start(self) -> None:
        """Hear from now on. Raises `HotkeyProblem` without a display, where a key is missing, and where it is taken."""
        self._keyboard = Keyboard(self._display)
        try:
            self._armed = self._look_up()
            self._hearing = self._hear(listening=False)
            self._grab()
        except BaseException:
            self._keyboard.close()
            raise
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._thread = Thread(target=self._run, name="keys", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Give every key back and end the thread; call it once, after `start`."""
        self._call(self._end)
        self._thread.join()
        os.close(self._bell)

    def rebind(self, talk: Binding, cancel: Binding) -> None:
        """Use other keys. Waits for the server; raises `HotkeyProblem` as `start` does, and the old keys then stay."""
        answer: Future[None] = Future()
        self._call(partial(self._rebind, talk, cancel, answer))
        try:
            answer.result(ANSWER_S)
        except TimeoutError as silence:
            raise HotkeyProblem(
                "The display does not answer, so the key was not changed.", "Start Intone again."
            ) from silence

    def listening(self, active: bool) -> None:
        """While active, the cancel key cancels and is kept from the application; otherwise it is the application's."""
        self._call(partial(self._listen, active))

    def expect(self, keycodes: Iterable[int]) -> None:
        """We are about to press and release each of these once by XTest ourselves: take them for nobody's."""
        self._call(partial(self._expect, tuple(keycodes)))

    def touched(self, until: float = inf) -> float:
        """When the person last did what may move a cursor, of what is not after `until` (monotonic); 0 for never."""
        return self._hearing.touched(until)

    def _call(self, call: Callable[[], None]) -> None:
        self._calls.put(call)
        os.eventfd_write(self._bell, 1)

    # From here on, all in the keys thread.

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
            ask_at = self._hearing.ask_at
            timeout_s = None if ask_at is None else max(0.0, ask_at - monotonic())
            select([self._keyboard.fileno(), self._bell], [], [], timeout_s)
        strokes = self._keyboard.read()
        self._answer_calls()
        for stroke in strokes:
            if isinstance(stroke, Remapped):
                self._remap()
            else:
                self._say(self._hearing.hear(stroke, monotonic()))
        self._ask()

    def _answer_calls(self) -> None:
        with suppress(BlockingIOError):
            os.eventfd_read(self._bell)
        while not self._calls.empty():
            self._calls.get()()

    def _ask(self) -> None:
        hearing = self._hearing
        if hearing.down is not None and hearing.ask_at is not None and monotonic() >= hearing.ask_at:
            self._say(hearing.answered(self._keyboard.is_down(hearing.down), monotonic()))

    def _say(self, event: Event | None) -> None:
        if event is not None:
            self._post(event)

    def _give_up(self, problem: HotkeyProblem) -> None:
        """Whoever is talking is taken to have let go: what was said so far is not lost."""
        self._say(self._hearing.let_go())
        self._failed(problem)

    def _end(self) -> None:
        self._closing = True

    def _listen(self, active: bool) -> None:
        if active and not self._hearing.listening:
            self._keyboard.swallow(self._armed.cancel)
        elif not active and self._hearing.listening:
            self._keyboard.give_back(self._armed.cancel)
        self._hearing.listening = active

    def _expect(self, codes: tuple[int, ...]) -> None:
        self._hearing.expect(codes, monotonic())

    def _rebind(self, talk: Binding, cancel: Binding, answer: Future[None]) -> None:
        before = self._talk, self._cancel
        self._talk, self._cancel = talk, cancel
        try:
            if before != (talk, cancel):
                self._arm(self._look_up())
        except HotkeyProblem as problem:
            self._talk, self._cancel = before
            self._arm(self._look_up())
            answer.set_exception(problem)
        else:
            answer.set_result(None)

    def _remap(self) -> None:
        """Follow the new map. One that lacks a key of ours (another layout) leaves it where it was."""
        try:
            armed = self._look_up()
        except HotkeyProblem:
            _log.info("the new keyboard map lacks a key of ours; the old place is kept")
        else:
            if armed != self._armed:
                self._arm(armed)

    def _look_up(self) -> Armed:
        keyboard = self._keyboard
        return Armed(
            talk=keyboard.codes(self._talk),
            cancel=keyboard.codes(self._cancel),
            modifiers=keyboard.modifiers(),
            states=() if self._talk.bare_modifier else keyboard.states(self._talk),
        )

    def _arm(self, armed: Armed) -> None:
        """Let go of the old keys, a held one included, and take the new."""
        self._keyboard.give_back(self._armed.talk | self._armed.cancel)
        self._say(self._hearing.let_go())
        self._armed = armed
        self._hearing = self._hear(self._hearing.listening)
        self._grab()

    def _hear(self, listening: bool) -> Hearing:
        armed = self._armed
        hearing = Hearing(armed.talk, armed.cancel, armed.modifiers, self._talk.bare_modifier, listening)
        hearing.touches = (monotonic(),) * KEPT  # what was done before is not known any more
        return hearing

    def _grab(self) -> None:
        if not self._talk.bare_modifier:
            self._keyboard.take(self._talk, self._armed.talk, self._armed.states)
        if self._hearing.listening:
            self._keyboard.swallow(self._armed.cancel)
