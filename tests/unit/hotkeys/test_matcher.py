"""What strokes mean, as a table; codes as on a usual keyboard: Right Ctrl 105, Esc 9, F9 75, Left Ctrl 37, V 55.

Back is the mouse's button that goes back; Ctrl+V pastes again and F9 sends in some of them.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.keys import BUTTON_OFFSET, Action
from desktop.hotkeys.gesture import GestureEvent
from desktop.hotkeys.matcher import (
    CHECK_INTERVAL_S,
    MAX_INPUT_TIMES,
    OWN_KEYS_TIMEOUT_S,
    BindingTable,
    ChordPress,
    HotkeyEvent,
    HotkeyMatcher,
    KeyEvent,
    KeyPress,
    KeyRelease,
)

CTRL_R, ESC, F9, CTRL_L, V, BACK, CTRL = 105, 9, 75, 37, 55, BUTTON_OFFSET + 8, 4
TALK, SEND, PASTE_LAST = Action.TALK, Action.SEND, Action.PASTE_LAST
REST = {"cancel_codes": frozenset({ESC}), "modifiers": frozenset({CTRL_R, CTRL_L})}


def bare(**more: bool) -> HotkeyMatcher:
    return HotkeyMatcher(BindingTable({CTRL_R: TALK}, {(V, CTRL): PASTE_LAST}, **REST), **more)


def keyed() -> HotkeyMatcher:
    return HotkeyMatcher(BindingTable(chords={(F9, 0): TALK}, **REST))


def several() -> HotkeyMatcher:
    return HotkeyMatcher(BindingTable({CTRL_R: TALK}, {(F9, 0): SEND, (V, CTRL): PASTE_LAST, (BACK, 0): TALK}, **REST))


def heard_of(hearing: HotkeyMatcher, *strokes: KeyEvent, at: float = 0.0) -> list[HotkeyEvent]:
    return [event for stroke in strokes if (event := hearing.match_event(stroke, at)) is not None]


def heard(hearing: HotkeyMatcher, *strokes: KeyEvent, at: float = 0.0) -> list[GestureEvent]:
    return [event for event, _ in heard_of(hearing, *strokes, at=at)]


def test_each_key_does_what_it_is_bound_to() -> None:
    assert heard_of(several(), KeyPress(F9), ChordPress(F9), KeyRelease(F9)) == [
        (GestureEvent.DOWN, SEND),
        (GestureEvent.UP, SEND),
    ]
    assert heard_of(several(), KeyPress(BACK), ChordPress(BACK), KeyRelease(BACK)) == [
        (GestureEvent.DOWN, TALK),
        (GestureEvent.UP, TALK),
    ]
    assert heard_of(several(), KeyPress(CTRL_L), KeyPress(V), ChordPress(V, CTRL), KeyRelease(V)) == [
        (GestureEvent.DOWN, PASTE_LAST)
    ]
    assert heard_of(several(), KeyPress(F9), ChordPress(F9, CTRL)) == [], "a state that is not bound"


def test_one_key_talks_at_a_time() -> None:
    strokes = KeyPress(BACK), ChordPress(BACK), KeyPress(F9), ChordPress(F9), KeyRelease(F9), KeyRelease(BACK)
    assert heard_of(several(), *strokes) == [(GestureEvent.DOWN, TALK), (GestureEvent.UP, TALK)]


def test_action_chord_may_include_the_held_talk_key() -> None:
    strokes = KeyPress(CTRL_R), KeyPress(V), ChordPress(V, CTRL), KeyRelease(V), KeyRelease(CTRL_R)
    downs = [
        (GestureEvent.DOWN, TALK),
        (GestureEvent.OTHER, TALK),
        (GestureEvent.DOWN, PASTE_LAST),
        (GestureEvent.UP, TALK),
    ]
    assert heard_of(several(), *strokes) == downs


def test_a_click_beside_a_bare_modifier_spoils_nothing() -> None:
    assert heard(bare(), KeyPress(CTRL_R), KeyPress(BUTTON_OFFSET + 1), KeyRelease(CTRL_R)) == [
        GestureEvent.DOWN,
        GestureEvent.UP,
    ]


def test_own_chord_moves_no_cursor_but_main_key_does() -> None:
    hearing = several()
    heard(hearing, KeyPress(V), at=6.0)
    heard(hearing, KeyPress(CTRL_L), KeyPress(V), ChordPress(V, CTRL), at=7.0)
    heard(hearing, KeyPress(BACK), ChordPress(BACK), at=8.0)
    assert hearing.last_input_at() == 6.0


def test_a_bare_modifier_goes_down_and_up() -> None:
    assert heard(bare(), KeyPress(CTRL_R), KeyRelease(CTRL_R)) == [GestureEvent.DOWN, GestureEvent.UP]


def test_chord_goes_down_whole_and_up_with_main_key() -> None:
    assert heard(keyed(), KeyPress(CTRL_L), KeyPress(F9), ChordPress(F9), KeyRelease(F9), KeyRelease(CTRL_L)) == [
        GestureEvent.DOWN,
        GestureEvent.UP,
    ]


def test_the_main_key_of_a_chord_alone_means_nothing() -> None:
    assert heard(keyed(), KeyPress(F9), KeyRelease(F9)) == []


def test_only_non_modifier_beside_talk_makes_shortcut() -> None:
    assert heard(bare(), KeyPress(CTRL_R), KeyPress(CTRL_L), KeyPress(V)) == [GestureEvent.DOWN, GestureEvent.OTHER]


def test_typing_beside_chord_or_alone_means_nothing() -> None:
    assert heard(keyed(), KeyPress(F9), ChordPress(F9), KeyPress(V), KeyRelease(V)) == [GestureEvent.DOWN]
    assert heard(bare(), KeyPress(V), KeyRelease(V)) == []


@pytest.mark.parametrize(
    ("stroke", "touches"),
    [
        (KeyPress(V), True),
        (KeyPress(BUTTON_OFFSET + 1), True),
        (KeyPress(ESC), True),
        (KeyRelease(V), False),
        (KeyPress(CTRL_L), False),  # alone it moves no cursor
        (KeyPress(CTRL_R), False),
        (KeyPress(BUTTON_OFFSET + 5), False),  # nor does a wheel
    ],
)
def test_what_may_move_a_cursor_is_remembered(stroke: KeyEvent, touches: bool) -> None:
    hearing = bare()
    heard(hearing, stroke, at=7.0)
    assert (hearing.last_input_at() == 7.0) is touches


def test_own_paste_and_cancel_key_move_no_cursor() -> None:
    hearing = bare(cancel_enabled=True)
    hearing.expect_own_keys((V,), 7.0)
    heard(hearing, KeyPress(V), KeyRelease(V), KeyPress(ESC), at=7.0)
    assert hearing.last_input_at() == 0.0


def test_touched_until_excludes_the_requesting_touch() -> None:
    hearing = bare()
    heard(hearing, KeyPress(V), at=3.0)
    heard(hearing, KeyPress(BUTTON_OFFSET + 1), at=7.0)
    assert hearing.last_input_at(until=6.0) == 3.0
    assert hearing.last_input_at(until=2.0) == 0.0
    for at in range(8, 8 + MAX_INPUT_TIMES):
        heard(hearing, KeyPress(V), at=float(at))
    assert hearing.last_input_at(until=6.0) == 8.0, "one that is forgotten counts as after, never as none"


def test_esc_cancels_only_while_we_listen() -> None:
    assert heard(bare(cancel_enabled=True), KeyPress(ESC), KeyRelease(ESC)) == [GestureEvent.ESC]
    assert heard(bare(), KeyPress(ESC), KeyRelease(ESC)) == []


def test_announced_strokes_are_passed_over_once() -> None:
    hearing = bare()
    hearing.expect_own_keys([CTRL_R, V], now=0.0)
    paste = (KeyPress(CTRL_R), KeyPress(V), KeyRelease(V), KeyRelease(CTRL_R))
    assert heard(hearing, *paste) == []
    assert heard(hearing, *paste) == [GestureEvent.DOWN, GestureEvent.OTHER, GestureEvent.UP]


def test_two_announcements_are_both_skipped() -> None:
    hearing = bare()
    hearing.expect_own_keys([CTRL_R], now=0.0)
    hearing.expect_own_keys([CTRL_R], now=0.0)
    assert heard(hearing, *[KeyPress(CTRL_R), KeyRelease(CTRL_R)] * 3) == [GestureEvent.DOWN, GestureEvent.UP]


def test_paste_during_hold_neither_ends_nor_spoils_it() -> None:
    hearing = bare()
    hearing.match_event(KeyPress(CTRL_R), 0.0)
    hearing.expect_own_keys([CTRL_L, V], now=0.0)
    assert heard(hearing, KeyPress(CTRL_L), KeyPress(V), KeyRelease(V), KeyRelease(CTRL_L)) == []
    assert heard(hearing, KeyRelease(CTRL_R)) == [GestureEvent.UP]


def test_unused_announcement_expires() -> None:
    hearing = bare()
    hearing.expect_own_keys([CTRL_R], now=0.0)
    assert heard(hearing, KeyPress(CTRL_R), at=OWN_KEYS_TIMEOUT_S + 0.01) == [GestureEvent.DOWN]


def test_old_announcement_is_not_revived_by_new_one() -> None:
    hearing = bare()
    hearing.expect_own_keys([CTRL_R], now=0.0)
    hearing.expect_own_keys([V], now=OWN_KEYS_TIMEOUT_S + 0.01)
    assert heard(hearing, KeyPress(CTRL_R), at=OWN_KEYS_TIMEOUT_S + 0.02) == [GestureEvent.DOWN]


def test_two_key_up_answers_in_a_row_are_a_release() -> None:
    hearing = bare()
    assert hearing.check_at is None
    hearing.match_event(KeyPress(CTRL_R), 0.0)
    assert hearing.check_at == CHECK_INTERVAL_S
    answers = [hearing.check_talk_key(is_down, 0.0) for is_down in (True, False, True, False, False)]
    assert answers == [None, None, None, None, (GestureEvent.UP, TALK)]
    assert hearing.check_at is None


def test_late_release_is_not_a_second_one() -> None:
    hearing = bare()
    heard(hearing, KeyPress(CTRL_R))
    hearing.check_talk_key(False, 0.2)
    assert hearing.check_talk_key(False, 0.4) == (GestureEvent.UP, TALK)
    assert heard(hearing, KeyRelease(CTRL_R)) == []


STROKES = st.lists(
    st.tuples(st.sampled_from([KeyPress, KeyRelease, ChordPress]), st.sampled_from([CTRL_R, ESC, F9, CTRL_L, V])),
    max_size=60,
)


@given(st.sampled_from([bare, keyed, several]), STROKES)
def test_downs_and_ups_always_alternate(
    made: Callable[[], HotkeyMatcher], strokes: list[tuple[type[KeyPress], int]]
) -> None:
    events = heard_of(made(), *(kind(code) for kind, code in strokes))
    edges = [event for event, action in events if event in (GestureEvent.DOWN, GestureEvent.UP) and action.is_talk]
    assert edges == [GestureEvent.DOWN, GestureEvent.UP] * (len(edges) // 2) + [GestureEvent.DOWN] * (len(edges) % 2)
