"""Keys where the system shows each of them first: what they mean and which are kept from the application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from queue import Empty, SimpleQueue
from time import monotonic

import pytest

from desktop.core.errors import HotkeyError
from desktop.core.keys import BUTTON_OFFSET, Action, Bindings, PlatformKeyCodes, build_bindings
from desktop.hotkeys.gesture import GestureEvent
from desktop.hotkeys.keyboard_hook import HookHotkeyListener, HookKeyEvent, HookMatcher, KeyFilter, build_table
from desktop.hotkeys.matcher import HotkeyEvent, HotkeyMatcher

CTRL_R, CTRL_L, ESC, SPACE, V, LEFT, BACK = 63, 59, 53, 49, 9, BUTTON_OFFSET + 1, BUTTON_OFFSET + 8
CODES = {"ctrl_r": CTRL_R, "ctrl_l": CTRL_L, "esc": ESC, "space": SPACE, "v": V, "button8": BACK}
BOARD = PlatformKeyCodes(CODES, {CTRL_R: "ctrl", CTRL_L: "ctrl"}, reports_mouse=True)
CTRL_ALT = frozenset(("ctrl", "alt"))

DOWN, UP, OTHER = (GestureEvent.DOWN, Action.TALK), (GestureEvent.UP, Action.TALK), (GestureEvent.OTHER, Action.TALK)
CANCELS = (GestureEvent.ESC, Action.CANCEL)


def bound(talk: str, **more: str) -> Bindings:
    return build_bindings({"talk": (talk,), "cancel": ("esc",)} | {name: (key,) for name, key in more.items()})


def tapping(talk: str, *, listening: bool = False) -> HookMatcher:
    armed, _ = build_table(BOARD, bound(talk, undo="ctrl+alt+v"))
    return HookMatcher(HotkeyMatcher(armed, listening))


@pytest.mark.parametrize(
    ("talk", "listening", "strokes", "events", "kept"),
    [
        pytest.param(
            "ctrl_r",
            False,
            [HookKeyEvent(CTRL_R, True), HookKeyEvent(CTRL_R, True, repeat=True), HookKeyEvent(CTRL_R, False)],
            [DOWN, UP],
            [False, False, False],
            id="a bare modifier goes on to the application, and its repeats say nothing",
        ),
        pytest.param(
            "ctrl_r",
            False,
            [HookKeyEvent(CTRL_R, True), HookKeyEvent(V, True, modifiers=frozenset(("ctrl",)))],
            [DOWN, OTHER],
            [False, False],
            id="a shortcut is the application's",
        ),
        pytest.param(
            "ctrl+alt+space",
            False,
            [
                HookKeyEvent(SPACE, True, modifiers=CTRL_ALT),
                HookKeyEvent(SPACE, True, repeat=True, modifiers=CTRL_ALT),
                HookKeyEvent(SPACE, False),
            ],
            [DOWN, UP],
            [True, True, True],
            id="a chord's main key is kept from press to release",
        ),
        pytest.param(
            "ctrl+alt+space",
            False,
            [HookKeyEvent(SPACE, True, modifiers=frozenset(("ctrl",))), HookKeyEvent(SPACE, False)],
            [],
            [False, False],
            id="half a chord is the application's",
        ),
        pytest.param(
            "ctrl+alt+space",
            False,
            [HookKeyEvent(SPACE, True, modifiers=CTRL_ALT | {"shift"})],
            [],
            [False],
            id="and so is one with more",
        ),
        pytest.param(
            "button8",
            False,
            [HookKeyEvent(BACK, True), HookKeyEvent(BACK, False)],
            [DOWN, UP],
            [True, True],
            id="a button of the mouse",
        ),
        pytest.param(
            "ctrl_r",
            False,
            [HookKeyEvent(V, True, modifiers=CTRL_ALT), HookKeyEvent(V, False)],
            [(GestureEvent.DOWN, Action.UNDO)],
            [True, True],
            id="a chord that does something else",
        ),
        pytest.param(
            "ctrl_r",
            True,
            [HookKeyEvent(ESC, True), HookKeyEvent(ESC, False)],
            [CANCELS],
            [True, True],
            id="Esc cancels and is kept",
        ),
        pytest.param(
            "ctrl_r",
            False,
            [HookKeyEvent(ESC, True), HookKeyEvent(ESC, False)],
            [],
            [False, False],
            id="Esc without us",
        ),
    ],
)
def test_keys_are_heard_and_kept(
    talk: str, listening: bool, strokes: list[HookKeyEvent], events: list[HotkeyEvent], kept: list[bool]
) -> None:
    tap = tapping(talk, listening=listening)
    heard = [tap.match_key(stroke, 0.0) for stroke in strokes]
    assert [event for some, _ in heard for event in some] == events
    assert [is_kept for _, is_kept in heard] == kept


def test_release_is_swallowed_after_listening_ends() -> None:
    tap = tapping("ctrl_r", listening=True)
    tap.match_key(HookKeyEvent(ESC, True), 0.0)
    tap.matcher.cancel_enabled = False
    assert tap.match_key(HookKeyEvent(ESC, False), 0.1) == ([], True)


def test_a_click_goes_on_and_is_remembered() -> None:
    tap = tapping("ctrl_r")
    assert tap.match_key(HookKeyEvent(LEFT, True), 7.0) == ([], False)
    assert tap.matcher.last_input_at() == 7.0


class FakeStream:
    """A keyboard that a test plays on."""

    def __init__(self, shown: KeyFilter) -> None:
        self.shown = shown
        self.down: set[int] = set()
        self.closed = False
        self.bound_codes: SimpleQueue[frozenset[int]] = SimpleQueue()
        self._jobs: SimpleQueue[Callable[[], object]] = SimpleQueue()

    def play(self, *keys: HookKeyEvent) -> None:
        for key in keys:
            self.post(partial(self.shown, key))

    def end(self) -> None:
        def gone() -> None:
            raise HotkeyError("macos-keys-lost")

        self.post(gone)

    def serve(self, until: float | None) -> None:
        try:
            self._jobs.get(timeout=None if until is None else max(0.0, until - monotonic()))()
        except Empty:
            return

    def post(self, job: Callable[[], object]) -> None:
        self._jobs.put(job)

    def set_bound_codes(self, codes: frozenset[int]) -> None:
        self.bound_codes.put(codes)

    def is_down(self, code: int) -> bool:
        return code in self.down

    def close(self) -> None:
        self.closed = True


class Stage:
    """Keys that are heard, and what came of them."""

    def __init__(self, bindings: Bindings, board: PlatformKeyCodes = BOARD) -> None:
        self.events: SimpleQueue[HotkeyEvent] = SimpleQueue()
        self.problems: SimpleQueue[HotkeyError | None] = SimpleQueue()
        self.keys = HookHotkeyListener(
            bindings, lambda *heard: self.events.put(heard), self.problems.put, board, self._open
        )

    def _open(self, shown: KeyFilter) -> FakeStream:
        self.stream = FakeStream(shown)
        return self.stream

    def next(self) -> HotkeyEvent:
        return self.events.get(timeout=5)

    def trouble(self) -> HotkeyError | None:
        return self.problems.get(timeout=5)


@contextmanager
def stage(board: PlatformKeyCodes = BOARD) -> Iterator[Stage]:
    made = Stage(bound("ctrl_r"), board)
    made.keys.start()
    assert made.trouble() is None
    yield made
    made.keys.close()
    assert made.stream.closed


def test_talk_key_is_reported_and_lost_release_found() -> None:
    with stage() as played:
        played.stream.down = {CTRL_R}
        played.stream.play(HookKeyEvent(CTRL_R, True))
        assert played.next() == DOWN
        played.stream.down = set()
        assert played.next() == UP


def test_cancel_key_is_heard_only_while_cancellable() -> None:
    with stage() as played:
        played.stream.play(HookKeyEvent(ESC, True), HookKeyEvent(ESC, False))
        played.keys.set_cancel_enabled(True)
        played.stream.play(HookKeyEvent(ESC, True), HookKeyEvent(ESC, False))
        assert played.next() == CANCELS
        assert played.events.empty()


def test_another_talk_key_ends_what_the_old_one_began() -> None:
    with stage() as played:
        played.stream.down = {CTRL_R}
        played.stream.play(HookKeyEvent(CTRL_R, True))
        assert played.next() == DOWN
        played.keys.rebind(bound("ctrl_l"))
        assert played.next() == UP
        played.stream.play(HookKeyEvent(CTRL_R, True), HookKeyEvent(CTRL_L, True))
        assert played.next() == DOWN


def test_hook_is_given_the_bound_codes() -> None:
    with stage() as played:
        assert played.stream.bound_codes.get(timeout=5) == {CTRL_R, ESC}
        played.keys.rebind(bound("button8", undo="ctrl+alt+v"))
        assert played.stream.bound_codes.get(timeout=5) == {BACK, ESC, V}


def test_unavailable_keys_are_named_and_others_work() -> None:
    with stage() as played:
        played.keys.rebind(bound("ctrl_r", send="scroll_lock", undo="button9"))
        trouble = played.trouble()
        assert trouble is not None
        assert "no Scroll Lock key" in trouble.title
        assert "does not hear the mouse" in trouble.title
        played.stream.play(HookKeyEvent(CTRL_R, True))
        assert played.next() == DOWN


def test_stream_end_releases_talk_key_and_is_reported() -> None:
    with stage() as played:
        played.stream.down = {CTRL_R}
        played.stream.play(HookKeyEvent(CTRL_R, True))
        assert played.next() == DOWN
        played.stream.end()
        assert played.next() == UP
        trouble = played.trouble()
        assert trouble is not None
        assert trouble.code == "macos-keys-lost"


def test_denied_key_access_raises_at_start() -> None:
    def refused(shown: KeyFilter) -> FakeStream:
        raise HotkeyError("windows-keys-denied")

    keys = HookHotkeyListener(bound("ctrl_r"), lambda event, action: None, lambda problem: None, BOARD, refused)
    with pytest.raises(HotkeyError, match="does not let Intone hear keys"):
        keys.start()


def test_click_or_missing_click_events_count_as_touch() -> None:
    with stage() as played:
        before = played.keys.last_input_at()
        played.stream.play(HookKeyEvent(CTRL_R, True), HookKeyEvent(CTRL_R, False))
        assert [played.next(), played.next()] == [DOWN, UP]
        assert played.keys.last_input_at() == before
        played.stream.play(HookKeyEvent(LEFT, True), HookKeyEvent(CTRL_R, True))
        assert played.next() == DOWN
        assert played.keys.last_input_at() > before
    with stage(PlatformKeyCodes(BOARD.codes, BOARD.modifiers, reports_mouse=False)) as deaf:
        now = monotonic()
        assert deaf.keys.last_input_at() >= now
        assert deaf.keys.last_input_at(now) == now
