"""Keys on a real X server: pressed by XTest, heard by us, and seen or not seen by the window that has the focus."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xinput

from desktop.core.errors import UnavailableKeysError
from desktop.core.keys import BUTTON_OFFSET, Action
from desktop.hotkeys.gesture import GestureEvent
from desktop.hotkeys.x11 import X11HotkeyListener
from tests.conftest import bare_display
from tests.support.hotkey_desk import (
    ALT_L,
    CAPS_LOCK,
    CTRL_L,
    CTRL_R,
    ESC_KEY,
    F9,
    F10,
    PAUSE,
    SPACE,
    Desk,
    Ear,
    V,
    bound,
    hearing,
    settled,
)

DOWN, UP, ESC, OTHER = GestureEvent.DOWN, GestureEvent.UP, GestureEvent.ESC, GestureEvent.OTHER
VOLUME_UP = 123


@pytest.fixture(scope="module")
def own_display() -> Iterator[str]:
    with bare_display() as name:
        yield name


@pytest.fixture
def desk(own_display: str) -> Iterator[Desk]:
    desk = Desk(own_display)
    yield desk
    held = desk.held(), desk.buttons_held()
    desk.close()
    assert held == ([], 0)


def test_a_held_modifier_is_one_press_and_one_release(desk: Desk) -> None:
    with hearing(desk.display) as (_, ear):
        desk.press(CTRL_R)
        assert ear.hears() is DOWN
        desk.release(CTRL_R)
        assert ear.hears() is UP


def test_keys_are_heard_without_focused_window(display: str) -> None:
    with hearing(display) as (_, ear):
        for action, event in (("keydown", DOWN), ("keyup", UP)):
            subprocess.run(["xdotool", action, str(CTRL_R)], env={**os.environ, "DISPLAY": display}, check=True)
            assert ear.hears() is event


def test_the_other_ctrl_is_not_the_talk_key(desk: Desk) -> None:
    with hearing(desk.display) as (_, ear):
        desk.tap(CTRL_L)
        desk.tap(CTRL_R)
        assert [ear.hears(), ear.hears()] == [DOWN, UP]


def test_a_bare_modifier_still_reaches_the_application(desk: Desk) -> None:
    with hearing(desk.display) as (_, ear):
        desk.tap(CTRL_R)
        assert [ear.hears(), ear.hears()] == [DOWN, UP]
        assert desk.reached_the_window() == [CTRL_R]


def test_auto_repeat_is_neither_heard_nor_leaked(desk: Desk) -> None:
    with hearing(desk.display, talk="f9") as (_, ear):
        desk.press(F9)
        assert ear.hears() is DOWN
        assert ear.hears_nothing_for(1.0)  # a held key repeats after 0.66 s, as the next test sees
        desk.release(F9)
        assert ear.hears() is UP
        assert desk.reached_the_window() == []


def test_repeating_other_key_counts_as_one_press(desk: Desk) -> None:
    with hearing(desk.display) as (_, ear):
        desk.press(CTRL_R)
        assert ear.hears() is DOWN
        desk.press(V)
        assert ear.hears() is OTHER
        desk.repeats(V, 4)
        desk.release(V, CTRL_R)
        assert ear.hears() is UP


def test_media_key_beside_the_talk_key_is_not_heard(desk: Desk) -> None:
    with hearing(desk.display) as (_, ear):
        desk.press(CTRL_R)
        assert ear.hears() is DOWN
        desk.tap(VOLUME_UP)
        desk.tap(V)
        assert ear.hears() is OTHER, "of the letter alone"
        desk.release(CTRL_R)
        assert ear.hears() is UP


@pytest.mark.parametrize("first_up", [CTRL_L, ALT_L, SPACE])
def test_chord_is_swallowed_and_ends_with_its_main_key(desk: Desk, first_up: int) -> None:
    with hearing(desk.display, talk="ctrl+alt+space") as (_, ear):
        desk.press(CTRL_L, ALT_L, SPACE)
        assert ear.hears() is DOWN
        desk.release(first_up)
        desk.release(*{CTRL_L, ALT_L, SPACE} - {first_up})
        assert ear.hears() is UP
        assert SPACE not in desk.reached_the_window()


def test_a_chord_works_with_caps_lock_on(desk: Desk) -> None:
    with hearing(desk.display, talk="ctrl+alt+space") as (_, ear):
        desk.tap(CAPS_LOCK)
        try:
            desk.tap(CTRL_L, ALT_L, SPACE)
            assert [ear.hears(), ear.hears()] == [DOWN, UP]
        finally:
            desk.tap(CAPS_LOCK)
        assert SPACE not in desk.reached_the_window()


def test_main_key_without_modifiers_reaches_the_app(desk: Desk) -> None:
    with hearing(desk.display, talk="ctrl+alt+space"):
        desk.tap(SPACE)
        desk.tap(CTRL_L, SPACE)
        assert desk.reached_the_window() == [SPACE, CTRL_L, SPACE]


def test_other_key_with_bare_modifier_is_app_shortcut(desk: Desk) -> None:
    with hearing(desk.display) as (_, ear):
        desk.tap(CTRL_R, V)
        assert [ear.hears(), ear.hears(), ear.hears()] == [DOWN, OTHER, UP]
        assert desk.reached_the_window() == [CTRL_R, V]


def test_esc_is_swallowed_only_while_listening(desk: Desk) -> None:
    with hearing(desk.display) as (keys, ear):
        desk.tap(ESC_KEY)
        assert desk.reached_the_window() == [ESC_KEY]
        keys.set_cancel_enabled(True)
        settled(keys)
        desk.tap(ESC_KEY)
        assert ear.hears() is ESC
        assert desk.reached_the_window() == []
        keys.set_cancel_enabled(False)
        settled(keys)
        desk.tap(ESC_KEY)
        assert desk.reached_the_window() == [ESC_KEY]


@pytest.mark.parametrize("by", ["core", "xinput"])
def test_esc_is_swallowed_despite_a_desktop_alt_grab(desk: Desk, by: str) -> None:
    desktop = Display(desk.display)
    root = desktop.screen().root
    if by == "core":
        root.grab_key(ESC_KEY, X.Mod1Mask, False, X.GrabModeAsync, X.GrabModeAsync)
    else:
        how = (xinput.GrabModeAsync, xinput.GrabModeAsync, False, xinput.KeyPressMask, [X.Mod1Mask])
        root.xinput_grab_keycode(xinput.AllMasterDevices, X.CurrentTime, ESC_KEY, *how)
    desktop.sync()
    with hearing(desk.display) as (keys, ear):
        keys.set_cancel_enabled(True)
        settled(keys)
        desk.tap(ESC_KEY)
        assert ear.hears() is ESC
        assert desk.reached_the_window() == []
    desktop.close()


@pytest.mark.parametrize("talk", ["ctrl_r", "pause"])
def test_esc_cancels_while_the_talk_key_is_held(desk: Desk, talk: str) -> None:
    code = {"ctrl_r": CTRL_R, "pause": PAUSE}[talk]
    with hearing(desk.display, talk) as (keys, ear):
        keys.set_cancel_enabled(True)
        settled(keys, talk)
        desk.press(code)
        assert ear.hears() is DOWN
        desk.tap(ESC_KEY)
        assert ear.hears() is ESC
        desk.release(code)
        assert ear.hears() is UP
        assert ESC_KEY not in desk.reached_the_window()


def test_the_talk_key_is_heard_while_esc_is_still_held(desk: Desk) -> None:
    with hearing(desk.display) as (keys, ear):
        keys.set_cancel_enabled(True)
        settled(keys)
        desk.press(ESC_KEY, CTRL_R)
        assert [ear.hears(), ear.hears()] == [ESC, DOWN]
        desk.release(CTRL_R, ESC_KEY)
        assert ear.hears() is UP


def test_own_paste_chord_is_not_a_user_press(desk: Desk) -> None:
    with hearing(desk.display) as (keys, ear):
        keys.expect_own_keys([CTRL_R, V])
        desk.tap(CTRL_R, V)
        assert desk.reached_the_window() == [CTRL_R, V]
        desk.tap(CTRL_R)
        assert [ear.hears(), ear.hears()] == [DOWN, UP]


def test_lost_key_release_is_found_on_the_keyboard(desk: Desk) -> None:
    with hearing(desk.display) as (keys, ear):
        desk.press(CTRL_R)
        assert ear.hears() is DOWN
        keys.expect_own_keys([CTRL_R])  # so that the release is passed over, as if it had never come
        desk.release(CTRL_R)
        assert ear.hears() is UP


def test_lost_button_release_is_found_on_the_mouse(desk: Desk) -> None:
    with hearing(desk.display, talk="button9") as (keys, ear):
        desk.button(9, down=True)
        assert ear.hears() is DOWN
        keys.expect_own_keys([BUTTON_OFFSET + 9])
        desk.button(9, down=False)
        assert ear.hears() is UP


def test_release_under_foreign_grab_is_heard(desk: Desk) -> None:
    greedy = Display(desk.display)
    with hearing(desk.display) as (_, ear):
        desk.press(CTRL_R)
        assert ear.hears() is DOWN
        assert greedy.screen().root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) == 0
        greedy.sync()
        desk.release(CTRL_R)
        assert ear.hears() is UP
    greedy.close()


def test_keys_are_heard_under_foreign_keyboard_grab(desk: Desk) -> None:
    greedy = Display(desk.display)
    with hearing(desk.display) as (_, ear):
        assert greedy.screen().root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) == 0
        greedy.sync()
        desk.tap(CTRL_R)
        assert [ear.hears(), ear.hears()] == [DOWN, UP]
    greedy.close()


@pytest.fixture
def f10_taken(desk: Desk) -> Iterator[Callable[[], None]]:
    """Another program that has F10, until it is told to let go."""
    other = Display(desk.display)
    other.screen().root.grab_key(F10, 0, False, X.GrabModeAsync, X.GrabModeAsync)
    other.sync()

    def let_go() -> None:
        other.screen().root.ungrab_key(F10, 0)
        other.sync()

    yield let_go
    other.close()


def test_taken_key_is_named_and_other_keys_work(desk: Desk, f10_taken: object) -> None:
    with hearing(desk.display, talk="f9", send="f10") as (_, ear):
        problem = ear.is_told()
        assert isinstance(problem, UnavailableKeysError)
        assert problem.title == "F10 is taken by another program."
        assert (list(problem.keys), problem.no_talk_key) == (["send"], False)
        desk.tap(F9)
        assert [ear.hears(), ear.hears()] == [DOWN, UP]


def test_a_key_of_the_desktop_itself_is_named(display: str) -> None:
    with hearing(display, talk="ctrl_r", undo="super+d", swap="ctrl+alt+left", paste_last="ctrl+alt+v") as (_, ear):
        problem = ear.is_told()
        assert isinstance(problem, UnavailableKeysError)
        assert problem.title == "Super+D is taken by another program. Ctrl+Alt+Left is taken by another program."
        assert list(problem.keys) == ["undo", "swap"]


def test_without_any_key_left_to_talk_with_we_are_deaf(desk: Desk, f10_taken: object) -> None:
    with hearing(desk.display, talk="f10", send="ctrl+f10") as (keys, ear):
        problem = ear.is_told()
        assert isinstance(problem, UnavailableKeysError)
        assert not problem.no_talk_key, "Ctrl+F10 is free"
        desk.tap(CTRL_L, F10)
        assert [ear.hears_of(), ear.hears_of()] == [(DOWN, Action.SEND), (UP, Action.SEND)]
        keys.rebind(bound("f10"))
        problem = ear.is_told()
        assert isinstance(problem, UnavailableKeysError)
        assert problem.no_talk_key


def test_a_key_that_was_taken_is_ours_once_it_is_free(desk: Desk, f10_taken: Callable[[], None]) -> None:
    ear = Ear()
    keys = X11HotkeyListener(bound("f10"), ear.post, ear.problems.put, desk.display, retry_s=0.05)
    keys.start()
    assert [type(ear.is_told()), type(ear.is_told())] == [type(None), UnavailableKeysError]
    f10_taken()
    assert ear.is_told() is None
    desk.tap(F10)
    assert [ear.hears(), ear.hears()] == [DOWN, UP]
    keys.close()
    assert ear.nothing_more()
    assert ear.problems.empty()


def test_a_second_instance_cannot_take_the_same_key(desk: Desk) -> None:
    with hearing(desk.display, talk="f10"), hearing(desk.display, talk="f10") as (_, ear):
        assert isinstance(ear.is_told(), UnavailableKeysError)


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


def test_talk_and_action_keys_are_distinguished(desk: Desk) -> None:
    others = {"send": "f10", "paste_last": "ctrl+alt+v", "undo": "ctrl+f9"}
    with hearing(desk.display, talk="ctrl_r", **others) as (_, ear):
        desk.tap(F10)
        assert [ear.hears_of(), ear.hears_of()] == [(DOWN, Action.SEND), (UP, Action.SEND)]
        desk.tap(CTRL_L, ALT_L, V)
        assert ear.hears_of() == (DOWN, Action.PASTE_LAST)
        desk.tap(CTRL_L, F9)
        assert ear.hears_of() == (DOWN, Action.UNDO)
        desk.tap(F9)
        assert desk.reached_the_window() == [CTRL_L, ALT_L, CTRL_L, F9]


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


@pytest.mark.parametrize("button", [2, 9])
def test_mouse_button_of_another_program_is_named(desk: Desk, button: int) -> None:
    other = Display(desk.display)
    how = (X.GrabModeAsync, X.GrabModeAsync, X.NONE, X.NONE)
    other.screen().root.grab_button(button, 0, False, X.ButtonPressMask, *how)
    other.sync()
    with hearing(desk.display, talk="ctrl_r", send=f"button{button}") as (_, ear):
        problem = ear.is_told()
        assert isinstance(problem, UnavailableKeysError)
        assert problem.title.endswith("Button is taken by another program.")
    other.close()


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
