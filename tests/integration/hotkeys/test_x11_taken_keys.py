"""Keys and buttons on a real X server that another program has, or takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from Xlib import X
from Xlib.display import Display

from desktop.core.errors import UnavailableKeysError
from desktop.core.keys import Action
from desktop.hotkeys.x11 import X11HotkeyListener
from tests.support.hotkey_desk import CTRL_L, CTRL_R, DOWN, F9, F10, UP, Desk, Ear, bound, hearing


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
    """Another program that has F10, until it lets go."""
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
