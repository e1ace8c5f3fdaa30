"""Keys of which Windows does not ask the hook: what raw input tells of them is heard once, and none stays down."""

from __future__ import annotations

import pytest

from desktop.core.keys import BUTTON_OFFSET, Action, build_bindings
from desktop.hotkeys.gesture import GestureEvent
from desktop.hotkeys.keyboard_hook import HookMatcher, build_table
from desktop.hotkeys.matcher import HotkeyEvent, HotkeyMatcher
from desktop.hotkeys.windows_events import (
    HOOK_SILENCE_S,
    PHANTOM_S,
    RAW_GRACE_S,
    REPEAT_SILENCE_S,
    HookRenewal,
    WindowsEventReader,
    raw_key,
    time_of_stamp,
)
from desktop.platforms.windows.key_codes import CODES, KEY_CODES

BACK = BUTTON_OFFSET + 8
CTRL_R, F9, A = CODES["ctrl_r"], CODES["f9"], CODES["a"]
CTRL_L, ALT_L, ALT_R, Q = (CODES[name] for name in ("ctrl_l", "alt_l", "alt_r", "q"))
DOWN, UP, OTHER = ((event, Action.TALK) for event in (GestureEvent.DOWN, GestureEvent.UP, GestureEvent.OTHER))
UNDO = (GestureEvent.DOWN, Action.UNDO)
START_S = 100.0
REPEAT_S = 0.03


class Keyboard:
    """A keyboard whose keys Windows shows to the hook, while it has one, and tells of by raw input."""

    def __init__(self, talk: str, *, raw_first: bool = False) -> None:
        keys = {"talk": (talk,), "undo": ("ctrl+alt+q",), "cancel": ("esc",)}
        table, problems = build_table(KEY_CODES, build_bindings(keys))
        assert not problems
        self._matcher = HookMatcher(HotkeyMatcher(table))
        self._raw_first = raw_first
        self.pressed: set[int] = set()
        self.now = START_S
        self.reader = WindowsEventReader(self.pressed.__contains__, self.now)
        self.hooked = True
        self.has_raw_input = True
        self.events: list[HotkeyEvent] = []
        self.shown: list[tuple[int, bool]] = []

    def strike(self, code: int, down: bool, hook_late_s: float = 0.0) -> None:
        """A key as Windows shows it; the hook may be asked so late that raw input has been looked at."""
        self.now += REPEAT_S
        at = self.now
        if self._raw_first or hook_late_s:
            self._tell(code, down)
        if hook_late_s:
            self.wait(hook_late_s)
        if not (self.hooked and self._ask(code, down, at)):
            (self.pressed.add if down else self.pressed.discard)(code)
            self.shown.append((code, down))
        if not (self._raw_first or hook_late_s):
            self._tell(code, down)

    def strike_altgr(self, down: bool, apart_s: float = 0.0) -> None:
        """AltGr while the hook is dead: Left Ctrl and Right Alt, in one moment unless the user presses both."""
        self.strike(CTRL_L, down)
        self.now -= REPEAT_S - apart_s
        self.strike(ALT_R, down)

    def hold(self, code: int, seconds: float) -> None:
        """A key that goes down and repeats."""
        until = self.now + seconds
        while self.now < until:
            self.strike(code, True)
            self.wait(0.0)

    def wait(self, seconds: float) -> None:
        """Let time pass, and look at what the hook was not asked of."""
        self.now += seconds
        for event, at in self.reader.take_unheard_keys(self.now):
            events, is_withheld = self._matcher.match_key(event, at)
            if event.down:
                self.reader.forget_withheld_keys()
            self.reader.note_raw_answer(event, at, is_withheld)
            self.events += events

    def check(self) -> None:
        """Look twice whether the talk key is down, as is done while one is."""
        for _ in range(2):
            code = self._matcher.matcher.talk_code
            event = None if code is None else self._matcher.matcher.check_talk_key(self.is_down(code), self.now)
            self.events += [event] if event is not None else []

    def is_down(self, code: int) -> bool:
        return self.reader.is_down(code, self.now)

    def _tell(self, code: int, down: bool) -> None:
        if self.has_raw_input:
            self.reader.note_raw_key(code, down, self.now)

    def _ask(self, code: int, down: bool, at: float) -> bool:
        self.reader.note_hooked(code, down, self.now)
        answer = self.reader.known_answer(code, down, at)
        event = self.reader.read_key(code, 0x1D, down, self.now)
        assert event is not None
        if answer is None:
            events, answer = self._matcher.match_key(event, self.now)
            self.events += events
        is_withheld = answer and self.reader.can_withhold(event)
        self.reader.note_answer(event, self.now, is_withheld)
        return is_withheld


@pytest.mark.parametrize(("talk", "code"), [("ctrl_r", CTRL_R), ("f9", F9)])
@pytest.mark.parametrize("held_s", [0.0, 1.0, 4.0], ids=["tapped", "held", "held long"])
def test_press_that_finds_the_hook_dead_is_heard(talk: str, code: int, held_s: float) -> None:
    keyboard = Keyboard(talk)
    keyboard.hooked = False
    keyboard.wait(HOOK_SILENCE_S)
    keyboard.strike(code, True)
    keyboard.wait(RAW_GRACE_S)
    assert keyboard.events == [DOWN]
    keyboard.hold(code, held_s)
    keyboard.strike(code, False)
    keyboard.wait(RAW_GRACE_S)
    assert keyboard.events == [DOWN, UP]


@pytest.mark.parametrize(("talk", "code"), [("ctrl_r", CTRL_R), ("f9", F9)])
def test_press_soon_after_the_hook_has_gone_is_heard_by_its_repeats(talk: str, code: int) -> None:
    keyboard = Keyboard(talk)
    keyboard.hooked = False
    keyboard.hold(code, HOOK_SILENCE_S + 0.5)
    assert keyboard.events == [DOWN]


@pytest.mark.parametrize(("talk", "code"), [("ctrl_r", CTRL_R), ("f9", F9)])
def test_press_of_which_the_hook_is_not_asked_beside_another_key_is_heard(talk: str, code: int) -> None:
    """As Wine does it now and then: of two keys at once it asks the hook of the first alone."""
    keyboard = Keyboard(talk)
    keyboard.strike(A, True)
    keyboard.hooked = False
    keyboard.strike(code, True)
    keyboard.hooked = True
    keyboard.wait(RAW_GRACE_S)
    keyboard.strike(code, False)
    assert [event for event in keyboard.events if event != (GestureEvent.OTHER, Action.TALK)] == [DOWN, UP]


@pytest.mark.parametrize("repeats", [False, True])
def test_withheld_key_is_let_go_while_the_hook_is_dead(repeats: bool) -> None:
    keyboard = Keyboard("f9")
    keyboard.strike(F9, True)
    keyboard.hooked = False
    if repeats:
        keyboard.hold(F9, 3.0)
        keyboard.check()
    keyboard.strike(F9, False)
    keyboard.wait(RAW_GRACE_S)
    assert keyboard.events == [DOWN, UP]
    assert not keyboard.is_down(F9)


def test_talk_key_is_let_go_after_another_key_found_the_hook_dead() -> None:
    keyboard = Keyboard("ctrl_r")
    keyboard.strike(CTRL_R, True)
    keyboard.hooked = False
    keyboard.wait(HOOK_SILENCE_S)
    for code, down in ((A, True), (A, False), (CTRL_R, False)):
        keyboard.strike(code, down)
        keyboard.wait(RAW_GRACE_S)
    assert keyboard.events == [DOWN, (GestureEvent.OTHER, Action.TALK), UP]


@pytest.mark.parametrize("hook_late_s", [0.0, RAW_GRACE_S * 3], ids=["in time", "late"])
@pytest.mark.parametrize("raw_first", [False, True], ids=["hook first", "raw first"])
@pytest.mark.parametrize(("talk", "code", "is_shown"), [("ctrl_r", CTRL_R, True), ("f9", F9, False)])
def test_key_that_both_tell_of_is_heard_once(
    talk: str, code: int, is_shown: bool, raw_first: bool, hook_late_s: float
) -> None:
    keyboard = Keyboard(talk, raw_first=raw_first)
    for _ in range(100):
        keyboard.wait(HOOK_SILENCE_S * 2)
        for down in (True, True, False):
            keyboard.strike(code, down, hook_late_s)
    keyboard.wait(RAW_GRACE_S)
    assert keyboard.events == [DOWN, UP] * 100
    assert bool(keyboard.shown) is is_shown
    assert not keyboard.is_down(code)


def test_program_that_saw_the_press_sees_the_release() -> None:
    """The hook is dead at the press and installed anew before the release."""
    keyboard = Keyboard("f9")
    keyboard.hooked = False
    keyboard.wait(HOOK_SILENCE_S)
    keyboard.strike(F9, True)
    keyboard.wait(RAW_GRACE_S)
    keyboard.hooked = True
    keyboard.hold(F9, 0.5)
    keyboard.strike(F9, False)
    assert keyboard.events == [DOWN, UP]
    assert keyboard.shown == [(F9, True), (F9, False)]


def test_withheld_key_whose_repeats_are_missing_is_up() -> None:
    keyboard = Keyboard("f9")
    keyboard.hold(F9, 1.0)
    keyboard.wait(REPEAT_SILENCE_S - 0.1)
    assert keyboard.is_down(F9)
    keyboard.wait(0.2)
    assert not keyboard.is_down(F9)


@pytest.mark.parametrize("other", [None, A], ids=["does not repeat", "another key repeats"])
def test_withheld_key_that_need_not_repeat_stays_down(other: int | None) -> None:
    keyboard = Keyboard("f9")
    keyboard.strike(F9, True)
    if other is not None:
        keyboard.hold(F9, 1.0)
        keyboard.hold(other, 1.0)
    keyboard.wait(REPEAT_SILENCE_S * 10)
    assert keyboard.is_down(F9)


@pytest.mark.parametrize(("talk", "code"), [("ctrl_r", CTRL_R), ("f9", F9)])
def test_keys_are_up_after_another_desktop_and_heard_again(talk: str, code: int) -> None:
    keyboard = Keyboard(talk)
    keyboard.strike(code, True)
    keyboard.reader.forget_keys()
    keyboard.pressed.clear()
    keyboard.check()
    keyboard.strike(code, True)
    keyboard.strike(code, False)
    assert keyboard.events == [DOWN, UP] * 2


@pytest.mark.parametrize(("talk", "code"), [("ctrl_r", CTRL_R), ("f9", F9)])
def test_press_long_after_a_lost_release_is_no_repeat(talk: str, code: int) -> None:
    keyboard = Keyboard(talk)
    keyboard.has_raw_input = False
    keyboard.hold(code, 0.5)
    keyboard.wait(REPEAT_SILENCE_S + 0.1)
    keyboard.pressed.clear()
    keyboard.check()
    keyboard.strike(code, True)
    assert keyboard.events == [DOWN, UP, DOWN]


@pytest.mark.parametrize(
    ("code", "scan", "flags", "key"),
    [
        (0x78, 0x43, 0, (F9, True)),
        (0x78, 0x43, 1, (F9, False)),
        (0x11, 0x1D, 0, (CODES["ctrl_l"], True)),
        (0x11, 0x1D, 3, (CTRL_R, False)),
        (0x12, 0x38, 0, (CODES["alt_l"], True)),
        (0x12, 0x38, 2, (CODES["alt_r"], True)),
        (0x10, 0x2A, 0, (CODES["shift_l"], True)),
        (0x10, 0x36, 1, (CODES["shift_r"], False)),
        (0x26, 0x48, 2, (CODES["up"], True)),
        (0xFF, 0x2A, 2, None),
        (0, 0, 0, None),
    ],
)
def test_raw_key_has_the_code_of_the_hook(code: int, scan: int, flags: int, key: tuple[int, bool] | None) -> None:
    assert raw_key(code, scan, flags) == key


@pytest.mark.parametrize("apart_s", [0.0, PHANTOM_S - 0.004], ids=["same stamp", "next tick"])
@pytest.mark.parametrize(
    ("talk", "events"),
    [
        pytest.param("ctrl_l", [], id="the phantom is not the talk key"),
        pytest.param("alt_r", [DOWN, OTHER, UP], id="AltGr talks, and types a character"),
        pytest.param("ctrl_r", [], id="AltGr+Q is not Ctrl+Alt+Q"),
    ],
)
def test_altgr_phantom_control_of_raw_input_is_dropped(talk: str, events: list[HotkeyEvent], apart_s: float) -> None:
    keyboard = Keyboard(talk)
    keyboard.hooked = False
    keyboard.strike_altgr(True, apart_s)
    keyboard.wait(RAW_GRACE_S)
    keyboard.strike_altgr(True, apart_s)  # it repeats
    keyboard.wait(RAW_GRACE_S)
    keyboard.strike(Q, True)
    keyboard.strike(Q, False)
    keyboard.wait(RAW_GRACE_S)
    keyboard.strike_altgr(False, apart_s)
    keyboard.wait(RAW_GRACE_S)
    assert keyboard.events == events


def test_held_left_control_goes_on_beside_altgr_in_raw_input() -> None:
    """Windows lets the phantom go when AltGr is let go, and not the user's own Left Ctrl."""
    keyboard = Keyboard("ctrl_l")
    keyboard.hooked = False
    keyboard.strike(CTRL_L, True)
    keyboard.wait(RAW_GRACE_S)
    for down in (True, False):
        keyboard.strike_altgr(down)
        keyboard.wait(RAW_GRACE_S)
    assert keyboard.events == [DOWN]
    keyboard.strike(CTRL_L, False)
    keyboard.wait(RAW_GRACE_S)
    assert keyboard.events == [DOWN, UP]


@pytest.mark.parametrize("alt", [ALT_L, ALT_R], ids=["Left Alt", "Right Alt"])
def test_left_control_and_alt_of_raw_input_are_keys_of_a_chord(alt: int) -> None:
    keyboard = Keyboard("ctrl_l")
    keyboard.hooked = False
    for code, down in ((CTRL_L, True), (alt, True), (Q, True), (Q, False), (alt, False), (CTRL_L, False)):
        keyboard.strike(code, down)
    keyboard.wait(RAW_GRACE_S)
    assert keyboard.events[0] == DOWN
    assert keyboard.events[-1] == UP


def test_chord_of_raw_input_works_after_altgr() -> None:
    keyboard = Keyboard("ctrl_r")
    keyboard.hooked = False
    for down in (True, False):
        keyboard.strike_altgr(down)
        keyboard.wait(RAW_GRACE_S)
    for code in (CTRL_L, ALT_L, Q):
        keyboard.strike(code, True)
        keyboard.wait(RAW_GRACE_S)
    assert keyboard.events == [UNDO]


@pytest.mark.parametrize("now_ms", [5_000, (1 << 32) + 5_000, (1 << 32) + 20, 3 << 32])
@pytest.mark.parametrize("age_ms", [0, 30, 4_000, -10])
def test_stamp_of_32_bits_is_a_time(now_ms: int, age_ms: int) -> None:
    stamp_ms = (now_ms - age_ms) % (1 << 32)
    assert time_of_stamp(stamp_ms, now_ms / 1000) == pytest.approx((now_ms - age_ms) / 1000)


def test_key_during_a_renewal_is_answered_once() -> None:
    """The second hook is there before the first goes: asked of a key, both, one or the other may be."""
    renewal = HookRenewal()
    press, release = (0x100, F9, 0x43, 7), (0x101, F9, 0x43, 8)
    asked = [(1, press), (2, release), (1, release), (1, press), (2, press), (2, press)]
    assert [renewal.is_answered(number, key) for number, key in asked] == [False, False, True, False, False, False]


@pytest.mark.parametrize(
    ("asked_after_s", "heard"),
    [
        pytest.param(None, [(BACK, False)], id="the hook is not asked"),
        pytest.param(-0.02, [], id="raw input comes after the hook"),
        pytest.param(0.02, [], id="raw input comes before the hook"),
    ],
)
def test_release_of_a_bound_button_is_heard_where_the_hook_misses_it(
    asked_after_s: float | None, heard: list[tuple[int, bool]]
) -> None:
    reader = WindowsEventReader(lambda code: False, START_S)
    reader.note_asked(BACK, True, START_S)
    reader.note_answer(reader.make_event(BACK, True, START_S), START_S, True)
    reader.note_raw_key(BACK, True, START_S + 0.01)
    at = START_S + 5.0
    if asked_after_s is not None and asked_after_s < 0:
        release(reader, at + asked_after_s)
    reader.note_raw_key(BACK, False, at)
    if asked_after_s is not None and asked_after_s > 0:
        release(reader, at + asked_after_s)
    unheard = [(event.code, event.down) for event, _ in reader.take_unheard_keys(at + RAW_GRACE_S)]
    assert unheard == heard


def test_late_question_about_a_button_let_go_already_has_the_same_answer() -> None:
    reader = WindowsEventReader(lambda code: False, START_S)
    reader.note_answer(reader.make_event(BACK, True, START_S), START_S, True)
    reader.note_raw_key(BACK, False, START_S + 1.0)
    ((event, at),) = reader.take_unheard_keys(START_S + 1.0 + RAW_GRACE_S)
    reader.note_raw_answer(event, at, True)
    assert reader.known_answer(BACK, False, START_S + 0.99) is True
    assert reader.known_answer(BACK, False, START_S + 2.0) is None


def test_late_raw_release_does_not_end_the_next_press() -> None:
    reader = WindowsEventReader(lambda code: False, START_S)
    for at in (START_S, START_S + 0.5):
        reader.note_asked(BACK, True, at)
        reader.note_answer(reader.make_event(BACK, True, at), at, True)
        if at == START_S:
            release(reader, START_S + 0.3)
    reader.note_raw_key(BACK, False, START_S + 0.6)  # of the first press
    assert list(reader.take_unheard_keys(START_S + 1.0)) == []


def release(reader: WindowsEventReader, at: float) -> None:
    reader.note_asked(BACK, False, at)
    reader.note_answer(reader.make_event(BACK, False, at), at, True)
