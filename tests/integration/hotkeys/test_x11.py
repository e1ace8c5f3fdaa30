"""Keys on a real X server: pressed by XTest, heard by us, and seen or not seen by the window that has the focus."""

from __future__ import annotations

import os
import subprocess

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xinput

from desktop.core.keys import Action
from tests.support.hotkey_desk import (
    ALT_L,
    CAPS_LOCK,
    CTRL_L,
    CTRL_R,
    DOWN,
    ESC,
    ESC_KEY,
    F9,
    F10,
    OTHER,
    PAUSE,
    SPACE,
    UP,
    Desk,
    V,
    hearing,
    settled,
)

VOLUME_UP = 123


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
