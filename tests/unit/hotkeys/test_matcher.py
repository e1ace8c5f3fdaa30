"""What strokes mean, as a table; codes as on a usual keyboard: Right Ctrl 105, Esc 9, F9 75, Left Ctrl 37, V 55.

Back is the mouse's button that goes back; Ctrl+V pastes again and F9 sends in some of them.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.bindings import Action
from desktop.hotkeys.gesture import Event
from desktop.hotkeys.matcher import ASK_S, BUTTON, EXPECT_S, KEPT, Armed, Chord, Heard, Hearing, Press, Release, Stroke

CTRL_R, ESC, F9, CTRL_L, V, BACK, CTRL = 105, 9, 75, 37, 55, BUTTON + 8, 4
TALK, SEND, PASTE_LAST = Action.TALK, Action.SEND, Action.PASTE_LAST
REST = {"cancel": frozenset({ESC}), "modifiers": frozenset({CTRL_R, CTRL_L})}


def bare(**more: bool) -> Hearing:
    return Hearing(Armed({CTRL_R: TALK}, {(V, CTRL): PASTE_LAST}, **REST), **more)


def keyed() -> Hearing:
    return Hearing(Armed(chords={(F9, 0): TALK}, **REST))


def several() -> Hearing:
    return Hearing(Armed({CTRL_R: TALK}, {(F9, 0): SEND, (V, CTRL): PASTE_LAST, (BACK, 0): TALK}, **REST))


def heard_of(hearing: Hearing, *strokes: Stroke, at: float = 0.0) -> list[Heard]:
    return [event for stroke in strokes if (event := hearing.hear(stroke, at)) is not None]


def heard(hearing: Hearing, *strokes: Stroke, at: float = 0.0) -> list[Event]:
    return [event for event, _ in heard_of(hearing, *strokes, at=at)]


def test_each_key_does_what_it_is_bound_to() -> None:
    assert heard_of(several(), Press(F9), Chord(F9), Release(F9)) == [(Event.DOWN, SEND), (Event.UP, SEND)]
    assert heard_of(several(), Press(BACK), Chord(BACK), Release(BACK)) == [(Event.DOWN, TALK), (Event.UP, TALK)]
    assert heard_of(several(), Press(CTRL_L), Press(V), Chord(V, CTRL), Release(V)) == [(Event.DOWN, PASTE_LAST)]
    assert heard_of(several(), Press(F9), Chord(F9, CTRL)) == [], "a state that is not bound"


def test_one_key_talks_at_a_time() -> None:
    strokes = Press(BACK), Chord(BACK), Press(F9), Chord(F9), Release(F9), Release(BACK)
    assert heard_of(several(), *strokes) == [(Event.DOWN, TALK), (Event.UP, TALK)]


def test_action_chord_may_include_the_held_talk_key() -> None:
    strokes = Press(CTRL_R), Press(V), Chord(V, CTRL), Release(V), Release(CTRL_R)
    downs = [(Event.DOWN, TALK), (Event.OTHER, TALK), (Event.DOWN, PASTE_LAST), (Event.UP, TALK)]
    assert heard_of(several(), *strokes) == downs


def test_a_click_beside_a_bare_modifier_spoils_nothing() -> None:
    assert heard(bare(), Press(CTRL_R), Press(BUTTON + 1), Release(CTRL_R)) == [Event.DOWN, Event.UP]


def test_own_chord_moves_no_cursor_but_main_key_does() -> None:
    hearing = several()
    heard(hearing, Press(V), at=6.0)
    heard(hearing, Press(CTRL_L), Press(V), Chord(V, CTRL), at=7.0)
    heard(hearing, Press(BACK), Chord(BACK), at=8.0)
    assert hearing.touched() == 6.0


def test_a_bare_modifier_goes_down_and_up() -> None:
    assert heard(bare(), Press(CTRL_R), Release(CTRL_R)) == [Event.DOWN, Event.UP]


def test_chord_goes_down_whole_and_up_with_main_key() -> None:
    assert heard(keyed(), Press(CTRL_L), Press(F9), Chord(F9), Release(F9), Release(CTRL_L)) == [Event.DOWN, Event.UP]


def test_the_main_key_of_a_chord_alone_means_nothing() -> None:
    assert heard(keyed(), Press(F9), Release(F9)) == []


def test_only_non_modifier_beside_talk_makes_shortcut() -> None:
    assert heard(bare(), Press(CTRL_R), Press(CTRL_L), Press(V)) == [Event.DOWN, Event.OTHER]


def test_typing_beside_chord_or_alone_means_nothing() -> None:
    assert heard(keyed(), Press(F9), Chord(F9), Press(V), Release(V)) == [Event.DOWN]
    assert heard(bare(), Press(V), Release(V)) == []


@pytest.mark.parametrize(
    ("stroke", "touches"),
    [
        (Press(V), True),
        (Press(BUTTON + 1), True),
        (Press(ESC), True),
        (Release(V), False),
        (Press(CTRL_L), False),  # alone it moves no cursor
        (Press(CTRL_R), False),
        (Press(BUTTON + 5), False),  # nor does a wheel
    ],
)
def test_what_may_move_a_cursor_is_remembered(stroke: Stroke, touches: bool) -> None:
    hearing = bare()
    heard(hearing, stroke, at=7.0)
    assert (hearing.touched() == 7.0) is touches


def test_own_paste_and_cancel_key_move_no_cursor() -> None:
    hearing = bare(listening=True)
    hearing.expect((V,), 7.0)
    heard(hearing, Press(V), Release(V), Press(ESC), at=7.0)
    assert hearing.touched() == 0.0


def test_touched_until_excludes_the_requesting_touch() -> None:
    hearing = bare()
    heard(hearing, Press(V), at=3.0)
    heard(hearing, Press(BUTTON + 1), at=7.0)
    assert hearing.touched(until=6.0) == 3.0
    assert hearing.touched(until=2.0) == 0.0
    for at in range(8, 8 + KEPT):
        heard(hearing, Press(V), at=float(at))
    assert hearing.touched(until=6.0) == 8.0, "one that is forgotten counts as after, never as none"


def test_esc_cancels_only_while_we_listen() -> None:
    assert heard(bare(listening=True), Press(ESC), Release(ESC)) == [Event.ESC]
    assert heard(bare(), Press(ESC), Release(ESC)) == []


def test_announced_strokes_are_passed_over_once() -> None:
    hearing = bare()
    hearing.expect([CTRL_R, V], now=0.0)
    paste = (Press(CTRL_R), Press(V), Release(V), Release(CTRL_R))
    assert heard(hearing, *paste) == []
    assert heard(hearing, *paste) == [Event.DOWN, Event.OTHER, Event.UP]


def test_two_announcements_are_both_skipped() -> None:
    hearing = bare()
    hearing.expect([CTRL_R], now=0.0)
    hearing.expect([CTRL_R], now=0.0)
    assert heard(hearing, *[Press(CTRL_R), Release(CTRL_R)] * 3) == [Event.DOWN, Event.UP]


def test_paste_during_hold_neither_ends_nor_spoils_it() -> None:
    hearing = bare()
    hearing.hear(Press(CTRL_R), 0.0)
    hearing.expect([CTRL_L, V], now=0.0)
    assert heard(hearing, Press(CTRL_L), Press(V), Release(V), Release(CTRL_L)) == []
    assert heard(hearing, Release(CTRL_R)) == [Event.UP]


def test_unused_announcement_expires() -> None:
    hearing = bare()
    hearing.expect([CTRL_R], now=0.0)
    assert heard(hearing, Press(CTRL_R), at=EXPECT_S + 0.01) == [Event.DOWN]


def test_old_announcement_is_not_revived_by_new_one() -> None:
    hearing = bare()
    hearing.expect([CTRL_R], now=0.0)
    hearing.expect([V], now=EXPECT_S + 0.01)
    assert heard(hearing, Press(CTRL_R), at=EXPECT_S + 0.02) == [Event.DOWN]


def test_two_key_up_answers_in_a_row_are_a_release() -> None:
    hearing = bare()
    assert hearing.ask_at is None
    hearing.hear(Press(CTRL_R), 0.0)
    assert hearing.ask_at == ASK_S
    answers = [hearing.answered(is_down, 0.0) for is_down in (True, False, True, False, False)]
    assert answers == [None, None, None, None, (Event.UP, TALK)]
    assert hearing.ask_at is None


def test_late_release_is_not_a_second_one() -> None:
    hearing = bare()
    heard(hearing, Press(CTRL_R))
    hearing.answered(False, 0.2)
    assert hearing.answered(False, 0.4) == (Event.UP, TALK)
    assert heard(hearing, Release(CTRL_R)) == []


STROKES = st.lists(
    st.tuples(st.sampled_from([Press, Release, Chord]), st.sampled_from([CTRL_R, ESC, F9, CTRL_L, V])), max_size=60
)


@given(st.sampled_from([bare, keyed, several]), STROKES)
def test_downs_and_ups_always_alternate(made: Callable[[], Hearing], strokes: list[tuple[type[Press], int]]) -> None:
    events = heard_of(made(), *(kind(code) for kind, code in strokes))
    edges = [event for event, action in events if event in (Event.DOWN, Event.UP) and action.talks]
    assert edges == [Event.DOWN, Event.UP] * (len(edges) // 2) + [Event.DOWN] * (len(edges) % 2)
