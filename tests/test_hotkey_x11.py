"""Keys on a real X server: pressed by XTest, heard by us, and seen or not seen by the window that has the focus."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xinput

from desktop.gesture import Event
from desktop.hotkey import parse
from desktop.problems import HotkeyProblem
from tests.conftest import start_display
from tests.hotkey_desk import (
    ALT_L,
    CAPS_LOCK,
    CTRL_L,
    CTRL_R,
    ESC_KEY,
    F9,
    F10,
    PATIENCE_S,
    PAUSE,
    SPACE,
    Desk,
    V,
    hearing,
    settled,
)

DOWN, UP, ESC, OTHER = Event.DOWN, Event.UP, Event.ESC, Event.OTHER


@pytest.fixture(scope="module")
def bare_display() -> Iterator[str]:
    """An X server of these tests' own, without a window manager, which would take keys and move the focus."""
    server, name = start_display()
    resident = Display(name)  # an X server that its last client leaves starts anew
    yield name
    resident.close()
    server.terminate()
    server.wait(timeout=PATIENCE_S)


@pytest.fixture
def desk(bare_display: str) -> Iterator[Desk]:
    desk = Desk(bare_display)
    yield desk
    held = desk.held()
    desk.close()
    assert held == []


def test_a_held_modifier_is_one_press_and_one_release(desk: Desk) -> None:
    with hearing(desk.display) as (_, ear):
        desk.press(CTRL_R)
        assert ear.hears() is DOWN
        desk.release(CTRL_R)
        assert ear.hears() is UP


def test_keys_are_heard_beside_a_window_manager_with_no_window_focused(display: str) -> None:
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


def test_auto_repeat_of_a_held_key_is_neither_heard_nor_leaked(desk: Desk) -> None:
    with hearing(desk.display, talk="f9") as (_, ear):
        desk.press(F9)
        assert ear.hears() is DOWN
        assert ear.hears_nothing_for(1.0)  # a held key repeats after 0.66 s, as the next test sees
        desk.release(F9)
        assert ear.hears() is UP
        assert desk.reached_the_window() == []


def test_a_key_that_repeats_for_others_is_one_press_for_us(desk: Desk) -> None:
    with hearing(desk.display) as (_, ear):
        desk.press(CTRL_R)
        assert ear.hears() is DOWN
        desk.press(V)
        assert ear.hears() is OTHER
        desk.repeats(V, 4)
        desk.release(V, CTRL_R)
        assert ear.hears() is UP


@pytest.mark.parametrize("first_up", [CTRL_L, ALT_L, SPACE])
def test_a_chord_is_kept_from_the_application_and_ends_with_its_main_key(desk: Desk, first_up: int) -> None:
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


def test_the_main_key_without_its_modifiers_is_the_applications(desk: Desk) -> None:
    with hearing(desk.display, talk="ctrl+alt+space"):
        desk.tap(SPACE)
        desk.tap(CTRL_L, SPACE)
        assert desk.reached_the_window() == [SPACE, CTRL_L, SPACE]


def test_another_key_beside_the_bare_modifier_is_a_shortcut_of_the_application(desk: Desk) -> None:
    with hearing(desk.display) as (_, ear):
        desk.tap(CTRL_R, V)
        assert [ear.hears(), ear.hears(), ear.hears()] == [DOWN, OTHER, UP]
        assert desk.reached_the_window() == [CTRL_R, V]


def test_esc_is_swallowed_while_we_listen_and_the_applications_otherwise(desk: Desk) -> None:
    with hearing(desk.display) as (keys, ear):
        desk.tap(ESC_KEY)
        assert desk.reached_the_window() == [ESC_KEY]
        keys.listening(True)
        settled(keys)
        desk.tap(ESC_KEY)
        assert ear.hears() is ESC
        assert desk.reached_the_window() == []
        keys.listening(False)
        settled(keys)
        desk.tap(ESC_KEY)
        assert desk.reached_the_window() == [ESC_KEY]


@pytest.mark.parametrize("by", ["core", "xinput"])
def test_esc_is_swallowed_even_where_the_desktop_uses_it_with_alt(desk: Desk, by: str) -> None:
    desktop = Display(desk.display)
    root = desktop.screen().root
    if by == "core":
        root.grab_key(ESC_KEY, X.Mod1Mask, False, X.GrabModeAsync, X.GrabModeAsync)
    else:
        how = (xinput.GrabModeAsync, xinput.GrabModeAsync, False, xinput.KeyPressMask, [X.Mod1Mask])
        root.xinput_grab_keycode(xinput.AllMasterDevices, X.CurrentTime, ESC_KEY, *how)
    desktop.sync()
    with hearing(desk.display) as (keys, ear):
        keys.listening(True)
        settled(keys)
        desk.tap(ESC_KEY)
        assert ear.hears() is ESC
        assert desk.reached_the_window() == []
    desktop.close()


@pytest.mark.parametrize("talk", ["ctrl_r", "pause"])
def test_esc_cancels_while_the_talk_key_is_held(desk: Desk, talk: str) -> None:
    code = {"ctrl_r": CTRL_R, "pause": PAUSE}[talk]
    with hearing(desk.display, talk) as (keys, ear):
        keys.listening(True)
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
        keys.listening(True)
        settled(keys)
        desk.press(ESC_KEY, CTRL_R)
        assert [ear.hears(), ear.hears()] == [ESC, DOWN]
        desk.release(CTRL_R, ESC_KEY)
        assert ear.hears() is UP


def test_the_chord_of_our_own_paste_is_not_taken_for_a_persons(desk: Desk) -> None:
    with hearing(desk.display) as (keys, ear):
        keys.expect([CTRL_R, V])
        desk.tap(CTRL_R, V)
        assert desk.reached_the_window() == [CTRL_R, V]
        desk.tap(CTRL_R)
        assert [ear.hears(), ear.hears()] == [DOWN, UP]


def test_a_key_up_that_got_lost_is_found_at_the_keyboard_itself(desk: Desk) -> None:
    with hearing(desk.display) as (keys, ear):
        desk.press(CTRL_R)
        assert ear.hears() is DOWN
        keys.expect([CTRL_R])  # so that the release is passed over, as if it had never come
        desk.release(CTRL_R)
        assert ear.hears() is UP


def test_keys_are_heard_while_another_program_has_the_whole_keyboard(desk: Desk) -> None:
    greedy = Display(desk.display)
    with hearing(desk.display) as (_, ear):
        assert greedy.screen().root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) == 0
        greedy.sync()
        desk.tap(CTRL_R)
        assert [ear.hears(), ear.hears()] == [DOWN, UP]
    greedy.close()


def test_a_key_that_another_program_took_is_named(desk: Desk) -> None:
    other = Display(desk.display)
    other.screen().root.grab_key(F10, 0, False, X.GrabModeAsync, X.GrabModeAsync)
    other.sync()
    with pytest.raises(HotkeyProblem, match=r"Another program already uses F10\."), hearing(desk.display, talk="f10"):
        pass
    other.close()


def test_a_second_instance_cannot_take_the_same_key(desk: Desk) -> None:
    with (
        hearing(desk.display, talk="f10"),
        pytest.raises(HotkeyProblem, match="F10"),
        hearing(desk.display, talk="f10"),
    ):
        pass


def test_other_keys_can_be_chosen_while_running(desk: Desk) -> None:
    with hearing(desk.display, talk="f9") as (keys, ear):
        keys.rebind(parse("ctrl_r"), parse("pause"))
        desk.tap(F9)
        assert desk.reached_the_window() == [F9]
        desk.tap(CTRL_R)
        assert [ear.hears(), ear.hears()] == [DOWN, UP]
        keys.listening(True)
        settled(keys, "ctrl_r", "pause")
        desk.tap(PAUSE)
        assert ear.hears() is ESC


def test_a_key_that_cannot_be_had_leaves_the_old_one_and_esc_in_force(desk: Desk) -> None:
    other = Display(desk.display)
    other.screen().root.grab_key(F10, 0, False, X.GrabModeAsync, X.GrabModeAsync)
    other.sync()
    with hearing(desk.display) as (keys, ear):
        keys.listening(True)
        with pytest.raises(HotkeyProblem, match="F10"):
            keys.rebind(parse("f10"), parse("esc"))
        desk.tap(CTRL_R)
        desk.tap(ESC_KEY)
        assert [ear.hears(), ear.hears(), ear.hears()] == [DOWN, UP, ESC]
        assert ESC_KEY not in desk.reached_the_window()
    other.close()


def test_changing_the_key_while_it_is_held_lets_go_of_it(desk: Desk) -> None:
    with hearing(desk.display) as (keys, ear):
        desk.press(CTRL_R)
        assert ear.hears() is DOWN
        keys.rebind(parse("f9"), parse("esc"))
        assert ear.hears() is UP
        desk.release(CTRL_R)


def test_closing_gives_every_key_back(desk: Desk) -> None:
    with hearing(desk.display, talk="f9") as (keys, _):
        keys.listening(True)
    desk.tap(F9)
    desk.tap(ESC_KEY)
    assert desk.reached_the_window() == [F9, ESC_KEY]
