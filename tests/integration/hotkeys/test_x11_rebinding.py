"""Other keys are chosen on a real X server while the app runs, and given back at its end."""

from __future__ import annotations

from tests.support.hotkey_desk import CTRL_R, DOWN, ESC, ESC_KEY, F9, PAUSE, UP, Desk, bound, hearing, settled


def test_other_keys_can_be_chosen_while_running(desk: Desk) -> None:
    with hearing(desk.display, talk="f9") as (keys, ear):
        keys.rebind(bound("ctrl_r", "pause"))
        desk.tap(F9)
        assert desk.reached_the_window() == [F9]
        desk.tap(CTRL_R)
        assert [ear.hears(), ear.hears()] == [DOWN, UP]
        keys.set_cancel_enabled(True)
        settled(keys, "ctrl_r", "pause")
        desk.tap(PAUSE)
        assert ear.hears() is ESC


def test_former_cancel_key_can_talk_and_stays_grabbed(desk: Desk) -> None:
    with hearing(desk.display, talk="f9", cancel="pause") as (keys, ear):
        keys.set_cancel_enabled(True)
        keys.rebind(bound("pause", "f9"))
        desk.tap(PAUSE)
        assert [ear.hears(), ear.hears()] == [DOWN, UP]
        desk.tap(F9)
        assert ear.hears() is ESC
        keys.set_cancel_enabled(False)
        settled(keys, "pause", "f9")
        desk.tap(PAUSE)
        assert [ear.hears(), ear.hears()] == [DOWN, UP]
        desk.tap(F9)
        assert desk.reached_the_window() == [F9]


def test_with_no_bindings_every_key_reaches_the_app(desk: Desk) -> None:
    with hearing(desk.display, talk="f9") as (keys, _):
        keys.rebind({})
        desk.tap(F9)
        desk.tap(CTRL_R)
        assert desk.reached_the_window() == [F9, CTRL_R]


def test_rebinding_a_held_key_releases_it(desk: Desk) -> None:
    with hearing(desk.display) as (keys, ear):
        desk.press(CTRL_R)
        assert ear.hears() is DOWN
        keys.rebind(bound("f9"))
        assert ear.hears() is UP
        desk.release(CTRL_R)


def test_closing_gives_every_key_back(desk: Desk) -> None:
    with hearing(desk.display, talk="f9") as (keys, _):
        keys.set_cancel_enabled(True)
    desk.tap(F9)
    desk.tap(ESC_KEY)
    assert desk.reached_the_window() == [F9, ESC_KEY]
