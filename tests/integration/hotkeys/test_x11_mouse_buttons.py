"""Mouse buttons on a real X server that talk, and what the window that has the focus sees of them."""

from __future__ import annotations

import pytest

from desktop.core.keys import BUTTON_OFFSET
from tests.support.hotkey_desk import CTRL_L, DOWN, ESC, ESC_KEY, UP, Desk, V, bound, hearing


def test_lost_button_release_is_found_on_the_mouse(desk: Desk) -> None:
    with hearing(desk.display, talk="button9") as (keys, ear):
        desk.button(9, down=True)
        assert ear.hears() is DOWN
        keys.expect_own_keys([BUTTON_OFFSET + 9])
        desk.button(9, down=False)
        assert ear.hears() is UP


@pytest.mark.parametrize("button", [2, 8, 9])
def test_held_mouse_button_is_kept_from_the_window(desk: Desk, button: int) -> None:
    with hearing(desk.display, talk=f"button{button}") as (_, ear):
        desk.button(button, down=True)
        assert ear.hears() is DOWN
        assert ear.hears_nothing_for(0.5)  # it is asked three times whether it is down
        desk.button(button, down=False)
        assert ear.hears() is UP
        assert desk.clicks_that_reached_the_window() == []
    desk.click(button)
    assert desk.clicks_that_reached_the_window() == [button]


def test_chord_button_without_modifier_reaches_window(desk: Desk) -> None:
    with hearing(desk.display, talk="ctrl+button8") as (_, ear):
        desk.click(8)
        assert desk.clicks_that_reached_the_window() == [8]
        desk.press(CTRL_L)
        desk.click(8)
        desk.release(CTRL_L)
        assert [ear.hears(), ear.hears()] == [DOWN, UP]
        assert desk.clicks_that_reached_the_window() == []


def test_other_keys_work_while_mouse_button_is_held(desk: Desk) -> None:
    with hearing(desk.display, talk="button8", send="f9") as (keys, ear):
        keys.set_cancel_enabled(True)
        keys.rebind(bound("button8", send="f9"))
        desk.button(8, down=True)
        desk.tap(V)
        desk.tap(ESC_KEY)
        desk.button(8, down=False)
        assert [ear.hears(), ear.hears(), ear.hears()] == [DOWN, ESC, UP]
        assert desk.reached_the_window() == [V]
