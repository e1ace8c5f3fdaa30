"""The gesture as a table, and what holds for every sequence of events."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.state import SHORTCUT_WINDOW_S
from desktop.hotkeys.gesture import (
    DOUBLE_TAP_S,
    MAX_TAP_S,
    RELEASE_GRACE_S,
    DictationIntent,
    Gesture,
    GestureEvent,
    HeldGesture,
    IdleGesture,
    IgnoredKeyGesture,
    LockedGesture,
    ReleasingGesture,
    TappedGesture,
    advance_gesture,
    next_tick_at,
)

DOWN, UP, ESC, OTHER, TICK = GestureEvent.DOWN, GestureEvent.UP, GestureEvent.ESC, GestureEvent.OTHER, GestureEvent.TICK
BEGIN, LOCK, END, CANCEL, DISCARD = (
    DictationIntent.BEGIN,
    DictationIntent.LOCK,
    DictationIntent.END,
    DictationIntent.CANCEL,
    DictationIntent.DISCARD,
)
SHORTCUT = DictationIntent.SHORTCUT


def play(
    *script: tuple[float, GestureEvent], gesture: Gesture | None = None
) -> tuple[Gesture, list[tuple[float, DictationIntent]]]:
    """Play events at their times, with a TICK whenever one is due: where that ends, and every intent with its time."""
    now: Gesture = gesture or IdleGesture()
    meant: list[tuple[float, DictationIntent]] = []
    for at, event in [*script, (float("inf"), TICK)]:
        while (due := next_tick_at(now)) is not None and due <= at:
            now, intents = advance_gesture(now, TICK, due)
            meant += [(due, intent) for intent in intents]
        if at < float("inf"):
            now, intents = advance_gesture(now, event, at)
            meant += [(at, intent) for intent in intents]
    return now, meant


def test_held_key_begins_at_once_ends_after_grace() -> None:
    assert play((0.0, DOWN), (2.0, UP)) == (IdleGesture(), [(0.0, BEGIN), (2.0 + RELEASE_GRACE_S, END)])


def test_a_tap_locks_and_the_next_press_ends_at_once() -> None:
    gesture, meant = play((0.0, DOWN), (0.1, UP), (5.0, DOWN), (5.1, UP))
    assert meant == [(0.0, BEGIN), (0.1 + RELEASE_GRACE_S, LOCK), (5.0, END)]
    assert gesture == IdleGesture()


def test_press_ending_lock_begins_no_other() -> None:
    assert [intent for _, intent in play((0.0, DOWN), (0.1, UP), (5.0, DOWN), (8.0, UP))[1]] == [BEGIN, LOCK, END]


def test_auto_repeat_pairs_never_end_a_hold() -> None:
    pairs = [event for n in range(50) for event in ((0.66 + n * 0.04, UP), (0.66 + n * 0.04, DOWN))]
    assert play((0.0, DOWN), *pairs, (3.0, UP))[1] == [(0.0, BEGIN), (3.0 + RELEASE_GRACE_S, END)]


def test_a_bouncing_switch_counts_as_one_press() -> None:
    script = ((0.0, DOWN), (0.005, UP), (0.012, DOWN), (1.0, UP), (1.006, DOWN), (1.010, UP))
    assert play(*script)[1] == [(0.0, BEGIN), (1.010 + RELEASE_GRACE_S, END)]


def test_esc_cancels_and_rest_of_hold_is_ignored() -> None:
    assert play((0.0, DOWN), (1.0, ESC), (1.5, ESC), (2.0, UP)) == (IdleGesture(), [(0.0, BEGIN), (1.0, CANCEL)])


def test_esc_cancels_a_locked_take() -> None:
    assert play((0.0, DOWN), (0.1, UP), (3.0, ESC)) == (
        IdleGesture(),
        [(0.0, BEGIN), (0.1 + RELEASE_GRACE_S, LOCK), (3.0, CANCEL)],
    )


def test_esc_within_the_grace_still_cancels() -> None:
    assert play((0.0, DOWN), (1.0, UP), (1.02, ESC)) == (IdleGesture(), [(0.0, BEGIN), (1.02, CANCEL)])


def test_esc_means_nothing_when_nobody_talks() -> None:
    assert play((0.0, ESC)) == (IdleGesture(), [])


def test_other_key_in_first_moment_is_shortcut_once() -> None:
    gesture, meant = play((0.0, DOWN), (0.15, OTHER), (0.16, OTHER), (0.4, UP))
    assert (gesture, meant) == (IdleGesture(), [(0.0, BEGIN), (0.15, SHORTCUT), (0.4 + RELEASE_GRACE_S, END)])


@pytest.mark.parametrize("at", [SHORTCUT_WINDOW_S, 1.0, 300.0])
def test_other_key_after_first_moment_is_ignored(at: float) -> None:
    gesture, meant = play((0.0, DOWN), (at, OTHER), (at + 0.5, OTHER), (at + 1.0, UP))
    assert (gesture, meant) == (IdleGesture(), [(0.0, BEGIN), (at + 1.0 + RELEASE_GRACE_S, END)])


@pytest.mark.parametrize("at", [0.1, 0.25])
@pytest.mark.parametrize("double", [False, True])
def test_short_hold_with_another_key_never_locks(at: float, double: bool) -> None:
    gesture: Gesture = IdleGesture()
    meant: list[DictationIntent] = []
    for now, event in [(0.0, DOWN), (at, OTHER), (at + 0.05, UP), (at + 0.05 + RELEASE_GRACE_S, TICK)]:
        gesture, intents = advance_gesture(gesture, event, now, double_tap=double)
        meant += intents
    assert gesture == IdleGesture()
    assert meant[-1] is END


def test_typing_in_a_locked_take_changes_nothing() -> None:
    assert [intent for _, intent in play((0.0, DOWN), (0.1, UP), (1.0, OTHER), (4.0, DOWN))[1]] == [BEGIN, LOCK, END]


def test_a_press_soon_after_a_used_up_one_begins_anew() -> None:
    assert [intent for _, intent in play((0.0, DOWN), (1.0, ESC), (1.1, UP), (1.2, DOWN), (3.0, UP))[1]] == [
        BEGIN,
        CANCEL,
        BEGIN,
        END,
    ]


@pytest.mark.parametrize(
    ("held_s", "intents", "gesture"),
    [(0.1, (LOCK, END), IgnoredKeyGesture()), (1.0, (END, BEGIN), HeldGesture(1.2))],
    ids=["after a tap it ends the take", "after a hold it begins the next"],
)
def test_a_press_that_overtakes_its_tick(held_s: float, intents: tuple[DictationIntent, ...], gesture: Gesture) -> None:
    released = ReleasingGesture(pressed_at=1.1 - held_s, released_at=1.1)
    assert advance_gesture(released, DOWN, 1.2) == (gesture, intents)


@pytest.mark.parametrize(("held_s", "locks"), [(MAX_TAP_S - 0.01, True), (MAX_TAP_S, False)])
def test_press_length_decides_lock_or_end(held_s: float, locks: bool) -> None:
    assert play((0.0, DOWN), (held_s, UP))[0] == (LockedGesture() if locks else IdleGesture())


def test_where_taps_do_not_lock_every_release_ends() -> None:
    gesture, _ = advance_gesture(IdleGesture(), DOWN, 0.0)
    gesture, _ = advance_gesture(gesture, UP, 0.01)
    assert advance_gesture(gesture, TICK, 0.01 + RELEASE_GRACE_S, max_tap_s=0.0) == (IdleGesture(), (END,))


def test_two_taps_lock_where_one_is_not_enough() -> None:
    gesture: Gesture = IdleGesture()
    meant: list[DictationIntent] = []
    for at, event in [(0.0, DOWN), (0.1, UP), (0.1 + RELEASE_GRACE_S, TICK), (0.3, DOWN), (0.4, UP), (5.0, DOWN)]:
        gesture, intents = advance_gesture(gesture, event, at, double_tap=True)
        meant += intents
    assert (gesture, meant) == (IgnoredKeyGesture(), [BEGIN, LOCK, END])


def test_one_tap_leaves_no_trace_where_two_are_needed() -> None:
    gesture, _ = advance_gesture(ReleasingGesture(0.0, 0.1), TICK, 0.1 + RELEASE_GRACE_S, double_tap=True)
    assert gesture == TappedGesture(0.1)
    assert next_tick_at(gesture) == 0.1 + DOUBLE_TAP_S
    assert advance_gesture(gesture, TICK, 0.1 + DOUBLE_TAP_S, double_tap=True) == (IdleGesture(), (DISCARD,))
    assert advance_gesture(gesture, ESC, 0.2, double_tap=True) == (IdleGesture(), (CANCEL,))


def test_a_second_tap_that_overtakes_its_tick_locks() -> None:
    assert advance_gesture(ReleasingGesture(0.0, 0.1), DOWN, 0.2, double_tap=True) == (LockedGesture(), (LOCK,))


def test_a_hold_ends_as_ever_where_two_taps_are_needed() -> None:
    assert advance_gesture(ReleasingGesture(0.0, 1.0), TICK, 1.0 + RELEASE_GRACE_S, double_tap=True) == (
        IdleGesture(),
        (END,),
    )


EVENTS = st.lists(st.tuples(st.floats(0.0, 1.0), st.sampled_from([DOWN, UP, ESC, OTHER, TICK])), max_size=40)


def at_times(steps: list[tuple[float, GestureEvent]]) -> list[tuple[float, GestureEvent]]:
    now, script = 1000.0, []
    for wait_s, event in steps:
        now += wait_s
        script.append((now, event))
    return script


@given(EVENTS)
def test_each_begin_has_one_end_with_locks_between(
    steps: list[tuple[float, GestureEvent]],
) -> None:
    talking = locked = False
    for _, intent in play(*at_times(steps))[1]:
        match intent:
            case DictationIntent.BEGIN:
                assert not talking
                talking, locked = True, False
            case DictationIntent.LOCK:
                assert talking
                assert not locked
                locked = True
            case DictationIntent.SHORTCUT:
                assert talking
                assert not locked
            case DictationIntent.END | DictationIntent.CANCEL | DictationIntent.DISCARD:
                assert talking
                talking = False


@given(EVENTS)
def test_after_a_release_nobody_talks_unless_it_locked(steps: list[tuple[float, GestureEvent]]) -> None:
    script = at_times(steps)
    gesture, meant = play(*script, ((script[-1][0] if script else 0.0) + 2.0, UP))
    talking = [intent for _, intent in meant if intent not in (LOCK, SHORTCUT)][-1:] == [BEGIN]
    assert gesture == (LockedGesture() if talking else IdleGesture())


@given(EVENTS)
def test_a_tick_that_is_due_always_settles(steps: list[tuple[float, GestureEvent]]) -> None:
    gesture: Gesture = IdleGesture()
    for at, event in at_times(steps):
        gesture, _ = advance_gesture(gesture, event, at)
        if (due := next_tick_at(gesture)) is not None:
            settled, _ = advance_gesture(gesture, TICK, due)
            assert next_tick_at(settled) is None


@given(st.lists(st.floats(0.0, RELEASE_GRACE_S / 2), max_size=30), st.floats(MAX_TAP_S, 5.0))
def test_no_repeat_faster_than_the_grace_ends_a_hold(gaps: list[float], held_s: float) -> None:
    now, script = held_s, [(0.0, DOWN)]
    for gap in gaps:
        script += [(now, UP), (now + gap, DOWN)]
        now += gap + 0.03
    assert [intent for _, intent in play(*script)[1]] == [BEGIN]
