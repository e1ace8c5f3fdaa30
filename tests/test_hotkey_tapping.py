"""Keys where the system shows each of them first: what they mean and which are kept from the application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from time import monotonic

import pytest

from desktop.gesture import Event
from desktop.hotkey.hearing import Click
from desktop.hotkey.keys import parse
from desktop.hotkey.tapping import Board, Heard, Key, TappedKeys, Tapping
from desktop.problems import HotkeyProblem

CTRL_R, CTRL_L, ESC, SPACE, V = 63, 59, 53, 49, 9
CODES = {"ctrl_r": CTRL_R, "ctrl_l": CTRL_L, "esc": ESC, "space": SPACE, "v": V}
BOARD = Board(CODES, {CTRL_R: "ctrl", CTRL_L: "ctrl"}, clicks=True)
CTRL_ALT = frozenset(("ctrl", "alt"))


def tapping(talk: str, *, listening: bool = False) -> Tapping:
    return Tapping(BOARD.hearing(parse(talk), parse("esc"), listening), parse(talk).modifiers)


@pytest.mark.parametrize(
    ("talk", "listening", "strokes", "events", "kept"),
    [
        pytest.param(
            "ctrl_r",
            False,
            [Key(CTRL_R, True), Key(CTRL_R, True, repeat=True), Key(CTRL_R, False)],
            [Event.DOWN, Event.UP],
            [False, False, False],
            id="a bare modifier goes on to the application, and its repeats say nothing",
        ),
        pytest.param(
            "ctrl_r",
            False,
            [Key(CTRL_R, True), Key(V, True, held=frozenset(("ctrl",)))],
            [Event.DOWN, Event.OTHER],
            [False, False],
            id="a shortcut is the application's",
        ),
        pytest.param(
            "ctrl+alt+space",
            False,
            [Key(SPACE, True, held=CTRL_ALT), Key(SPACE, True, repeat=True, held=CTRL_ALT), Key(SPACE, False)],
            [Event.DOWN, Event.UP],
            [True, True, True],
            id="a chord's main key is kept from press to release",
        ),
        pytest.param(
            "ctrl+alt+space",
            False,
            [Key(SPACE, True, held=frozenset(("ctrl",))), Key(SPACE, False)],
            [],
            [False, False],
            id="half a chord is the application's",
        ),
        pytest.param(
            "ctrl+alt+space",
            False,
            [Key(SPACE, True, held=CTRL_ALT | {"shift"})],
            [],
            [False],
            id="and so is one with more",
        ),
        pytest.param(
            "ctrl_r", True, [Key(ESC, True), Key(ESC, False)], [Event.ESC], [True, True], id="Esc cancels and is kept"
        ),
        pytest.param("ctrl_r", False, [Key(ESC, True), Key(ESC, False)], [], [False, False], id="Esc without us"),
    ],
)
def test_keys_are_heard_and_kept(
    talk: str, listening: bool, strokes: list[Key], events: list[Event], kept: list[bool]
) -> None:
    tap = tapping(talk, listening=listening)
    heard = [tap.hear(stroke, 0.0) for stroke in strokes]
    assert [event for some, _ in heard for event in some] == events
    assert [is_kept for _, is_kept in heard] == kept


def test_the_release_of_a_kept_key_is_kept_even_when_we_no_longer_listen() -> None:
    tap = tapping("ctrl_r", listening=True)
    tap.hear(Key(ESC, True), 0.0)
    tap.hearing.listening = False
    assert tap.hear(Key(ESC, False), 0.1) == ([], True)


def test_a_click_goes_on_and_is_remembered() -> None:
    tap = tapping("ctrl_r")
    assert tap.hear(Click(1), 7.0) == ([], False)
    assert tap.hearing.touched_at == 7.0


class FakeStream:
    """A keyboard that a test plays on."""

    def __init__(self, heard: Heard) -> None:
        self.heard = heard
        self.down: set[int] = set()
        self.closed = False
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def play(self, *strokes: Key | Click) -> None:
        for stroke in strokes:
            self.post(lambda stroke=stroke: self.heard(stroke) and None)  # type: ignore[misc]

    def end(self) -> None:
        def gone() -> None:
            raise HotkeyProblem("The keyboard is gone.")

        self.post(gone)

    def serve(self, until: float | None) -> None:
        try:
            self._jobs.get(timeout=None if until is None else max(0.0, until - monotonic()))()
        except Empty:
            return

    def post(self, job: Callable[[], None]) -> None:
        self._jobs.put(job)

    def is_down(self, code: int) -> bool:
        return code in self.down

    def close(self) -> None:
        self.closed = True


class Stage:
    """Keys that are heard, and what came of them."""

    def __init__(self, talk: str) -> None:
        self.events: SimpleQueue[Event] = SimpleQueue()
        self.problems: SimpleQueue[HotkeyProblem] = SimpleQueue()
        self.keys = TappedKeys(parse(talk), parse("esc"), self.events.put, self.problems.put, BOARD, self._open)

    def _open(self, heard: Heard) -> FakeStream:
        self.stream = FakeStream(heard)
        return self.stream

    def next(self) -> Event:
        return self.events.get(timeout=5)


@contextmanager
def stage(talk: str = "ctrl_r") -> Iterator[Stage]:
    made = Stage(talk)
    made.keys.start()
    yield made
    made.keys.close()
    assert made.stream.closed


def test_the_talk_key_is_told_and_a_lost_release_is_found_by_asking() -> None:
    with stage() as played:
        played.stream.down = {CTRL_R}
        played.stream.play(Key(CTRL_R, True))
        assert played.next() is Event.DOWN
        played.stream.down = set()
        assert played.next() is Event.UP


def test_the_cancel_key_is_heard_while_there_is_something_to_cancel() -> None:
    with stage() as played:
        played.stream.play(Key(ESC, True), Key(ESC, False))
        played.keys.listening(True)
        played.stream.play(Key(ESC, True), Key(ESC, False))
        assert played.next() is Event.ESC
        assert played.events.empty()


def test_another_talk_key_ends_what_the_old_one_began() -> None:
    with stage() as played:
        played.stream.down = {CTRL_R}
        played.stream.play(Key(CTRL_R, True))
        assert played.next() is Event.DOWN
        played.keys.rebind(parse("ctrl_l"), parse("esc"))
        assert played.next() is Event.UP
        played.stream.play(Key(CTRL_R, True), Key(CTRL_L, True))
        assert played.next() is Event.DOWN


def test_a_key_that_the_keyboard_lacks_is_named_and_the_old_one_stays() -> None:
    with stage() as played:
        with pytest.raises(HotkeyProblem, match="no Scroll Lock key"):
            played.keys.rebind(parse("scroll_lock"), parse("esc"))
        played.stream.play(Key(CTRL_R, True))
        assert played.next() is Event.DOWN


def test_when_the_hearing_ends_whoever_talks_has_let_go_and_it_is_said() -> None:
    with stage() as played:
        played.stream.down = {CTRL_R}
        played.stream.play(Key(CTRL_R, True))
        assert played.next() is Event.DOWN
        played.stream.end()
        assert played.next() is Event.UP
        assert played.problems.get(timeout=5).title == "The keyboard is gone."


def test_what_the_system_does_not_allow_is_raised_at_the_start() -> None:
    def refused(heard: Heard) -> FakeStream:
        raise HotkeyProblem("It is not allowed.", "Allow it.")

    keys = TappedKeys(parse("ctrl_r"), parse("esc"), lambda event: None, lambda problem: None, BOARD, refused)
    with pytest.raises(HotkeyProblem, match="It is not allowed"):
        keys.start()


def test_where_clicks_are_not_heard_nothing_is_ever_taken_for_untouched() -> None:
    deaf = Board(BOARD.codes, BOARD.modifiers, clicks=False)
    keys = TappedKeys(parse("ctrl_r"), parse("esc"), lambda event: None, lambda problem: None, deaf, FakeStream)
    before = monotonic()
    assert keys.touched() >= before
