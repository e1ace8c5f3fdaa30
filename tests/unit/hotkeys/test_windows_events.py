"""What Windows tells of keys and buttons: AltGr's phantom, repeats, withheld keys, clicks, and a hook that is dead."""

from __future__ import annotations

import pytest

from desktop.core.keys import BUTTON_OFFSET, Action, build_bindings
from desktop.hotkeys.gesture import GestureEvent
from desktop.hotkeys.keyboard_hook import HookKeyEvent, HookMatcher, build_table
from desktop.hotkeys.matcher import HotkeyEvent, HotkeyMatcher
from desktop.hotkeys.windows_events import (
    HOOK_SILENCE_S,
    RENEWAL_PAUSE_S,
    WindowsEventReader,
    hooked_button,
    is_hook_dead,
    opens_menu,
    raw_buttons,
)
from desktop.platforms.windows.key_codes import ALT_R, CODES, CTRL_L, KEY_CODES

CTRL_R, Q, F9, ESC = CODES["ctrl_r"], CODES["q"], CODES["f9"], CODES["esc"]
LEFT, RIGHT, MIDDLE, BACK, FORWARD = (BUTTON_OFFSET + number for number in (1, 3, 2, 8, 9))
SCAN, PHANTOM = 0x1D, 0x21D
DOWN, UP, OTHER = (GestureEvent.DOWN, Action.TALK), (GestureEvent.UP, Action.TALK), (GestureEvent.OTHER, Action.TALK)


class Keyboard:
    """A keyboard whose keys Windows shows to the hook before it notes them."""

    def __init__(self, talk: str, undo: str = "ctrl+alt+q", *, cancellable: bool = False) -> None:
        table, problems = build_table(KEY_CODES, build_bindings({"talk": (talk,), "undo": (undo,), "cancel": ("esc",)}))
        assert not problems
        self._matcher = HookMatcher(HotkeyMatcher(table, cancellable))
        self._pressed: set[int] = set()
        self._reader = WindowsEventReader(self._pressed.__contains__)
        self.events: list[HotkeyEvent] = []
        self.shown: list[int] = []

    def strike(self, code: int, down: bool, scan: int = SCAN) -> None:
        event, is_withheld = self._reader.read_key(code, scan, down), False
        if event is not None:
            events, is_withheld = self._matcher.match_key(event, 0.0)
            self._reader.note_answer(event, 0.0, is_withheld)
            self.events += events
        if not is_withheld:
            (self._pressed.add if down else self._pressed.discard)(code)
            self.shown.append(code)


@pytest.mark.parametrize("code", [CTRL_R, CTRL_L, ALT_R])
def test_held_modifier_that_repeats_starts_once(code: int) -> None:
    keyboard = Keyboard({CTRL_R: "ctrl_r", CTRL_L: "ctrl_l", ALT_R: "alt_r"}[code])
    for down in (True, True, True, False):
        keyboard.strike(code, down)
    assert keyboard.events == [DOWN, UP]
    assert keyboard.shown == [code] * 4


def test_suppressed_key_with_repeats_is_shown_to_none() -> None:
    keyboard = Keyboard("f9")
    for _ in range(200):
        for down in (True, True, True, False):
            keyboard.strike(F9, down)
    assert keyboard.events == [DOWN, UP] * 200
    assert keyboard.shown == []


def test_cancel_key_is_withheld_while_cancellable() -> None:
    keyboard = Keyboard("f9", cancellable=True)
    for down in (True, True, False):
        keyboard.strike(ESC, down)
    assert keyboard.events == [(GestureEvent.ESC, Action.CANCEL)]
    assert keyboard.shown == []


def press_altgr(keyboard: Keyboard) -> None:
    keyboard.strike(CTRL_L, True, PHANTOM)
    keyboard.strike(ALT_R, True)


def release_altgr(keyboard: Keyboard) -> None:
    keyboard.strike(CTRL_L, False, PHANTOM)
    keyboard.strike(ALT_R, False)


@pytest.mark.parametrize(
    ("talk", "events"),
    [
        pytest.param("ctrl_l", [], id="the phantom is not the talk key"),
        pytest.param("alt_r", [DOWN, OTHER, UP], id="AltGr talks, and types a character"),
        pytest.param("ctrl_r", [], id="AltGr+Q is not Ctrl+Alt+Q"),
    ],
)
def test_altgr_phantom_control_is_dropped(talk: str, events: list[HotkeyEvent]) -> None:
    keyboard = Keyboard(talk)
    press_altgr(keyboard)
    keyboard.strike(Q, True)
    keyboard.strike(Q, False)
    release_altgr(keyboard)
    assert keyboard.events == events
    assert keyboard.shown == [CTRL_L, ALT_R, Q, Q, CTRL_L, ALT_R]


def test_chord_with_both_keys_works_after_altgr() -> None:
    keyboard = Keyboard("ctrl_r")
    press_altgr(keyboard)
    keyboard.strike(ALT_R, False)  # the phantom's release was lost
    for code in (CTRL_L, CODES["alt_l"], Q):
        keyboard.strike(code, True)
    assert keyboard.events == [(GestureEvent.DOWN, Action.UNDO)]


@pytest.mark.parametrize(
    ("message", "data", "button"),
    [
        (0x0201, 0, (LEFT, True)),
        (0x0202, 0, (LEFT, False)),
        (0x0204, 0, (RIGHT, True)),
        (0x0208, 0, (MIDDLE, False)),
        (0x020B, 0x10000, (BACK, True)),
        (0x020C, 0x20000, (FORWARD, False)),
        (0x020A, 120 << 16, None),
        (0x0200, 0, None),
        (0x0203, 0, None),
    ],
)
def test_hooked_button_by_its_message(message: int, data: int, button: tuple[int, bool] | None) -> None:
    assert hooked_button(message, data) == button


@pytest.mark.parametrize(
    ("flags", "buttons"),
    [
        (0, []),
        (0x0001, [(LEFT, True)]),
        (0x0002, [(LEFT, False)]),
        (0x0003, [(LEFT, True), (LEFT, False)]),
        (0x0004, [(RIGHT, True)]),
        (0x0010, [(MIDDLE, True)]),
        (0x0240, [(BACK, True), (FORWARD, False)]),
        (0x0400, []),
    ],
)
def test_raw_buttons_by_their_flags(flags: int, buttons: list[tuple[int, bool]]) -> None:
    assert raw_buttons(flags) == buttons


@pytest.mark.parametrize(
    ("later_s", "is_dead"), [(0.0, False), (HOOK_SILENCE_S, False), (HOOK_SILENCE_S + 0.01, True), (-0.1, False)]
)
def test_hook_is_dead_when_a_key_passes_it(later_s: float, is_dead: bool) -> None:
    assert is_hook_dead(50.0, 10.0, 50.0 + later_s) is is_dead


def test_hook_is_not_renewed_at_each_key_that_another_program_withholds() -> None:
    assert not is_hook_dead(50.0, 60.0, 60.0 + RENEWAL_PAUSE_S)
    assert is_hook_dead(50.0, 60.0, 60.1 + RENEWAL_PAUSE_S)


ALT_L, SUPER_L = CODES["alt_l"], CODES["super_l"]


@pytest.mark.parametrize(
    ("code", "modifiers", "is_withheld", "expected"),
    [
        pytest.param(Q, {"alt"}, True, True, id="Alt+Q is ours"),
        pytest.param(Q, {"super"}, True, True, id="Win+Q is ours"),
        pytest.param(Q, {"alt", "shift"}, True, True, id="Shift may have been first"),
        pytest.param(Q, {"alt"}, False, False, id="Alt+Q is the program's"),
        pytest.param(Q, {"ctrl", "alt"}, True, False, id="Ctrl+Alt opens no menu"),
        pytest.param(F9, set(), True, False, id="no modifier"),
        pytest.param(BACK, {"alt"}, True, True, id="a button with Alt"),
        pytest.param(ALT_L, set(), False, True, id="Alt is the talk key"),
        pytest.param(ALT_R, {"ctrl"}, False, False, id="AltGr opens no menu"),
        pytest.param(SUPER_L, set(), False, False, id="Win is not bound"),
    ],
)
def test_menu_that_a_lone_modifier_would_open(
    code: int, modifiers: set[str], is_withheld: bool, expected: bool
) -> None:
    bound = frozenset({Q, F9, BACK, ALT_L, ALT_R})
    assert opens_menu(HookKeyEvent(code, True, False, frozenset(modifiers)), is_withheld, bound) is expected
    assert not opens_menu(HookKeyEvent(code, True, True, frozenset(modifiers)), is_withheld, bound)
    assert not opens_menu(HookKeyEvent(code, False, False, frozenset(modifiers)), is_withheld, bound)
