"""Keyboards and displays that are not as usual: other maps, missing keys, a server that goes away."""

from __future__ import annotations

import gc
import os
import subprocess
import warnings
from collections.abc import Iterator

import pytest

from desktop.core.errors import HotkeyError, UnavailableKeysError
from desktop.hotkeys.gesture import GestureEvent
from desktop.hotkeys.listener import open_hotkeys
from tests.conftest import start_display
from tests.support.hotkey_desk import ALT_R, CTRL_R, F9, PATIENCE_S, PAUSE, TAB, Desk, Ear, V, bound, hearing

DOWN, UP, OTHER = GestureEvent.DOWN, GestureEvent.UP, GestureEvent.OTHER


@pytest.fixture
def own_display() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """An X server that a test may spoil."""
    server, name = start_display()
    yield server, name
    server.terminate()
    server.wait(timeout=PATIENCE_S)


def test_right_alt_is_heard_where_it_is_altgr(own_display: tuple[object, str]) -> None:
    desk = Desk(own_display[1])
    subprocess.run(["setxkbmap", "-display", desk.display, "de"], check=True, timeout=PATIENCE_S)
    with hearing(desk.display, talk="alt_r") as (_, ear):
        desk.tap(ALT_R, V)
        assert [ear.hears(), ear.hears(), ear.hears()] == [DOWN, OTHER, UP]
    desk.close()


def test_missing_key_named_and_another_offered(own_display: tuple[object, str]) -> None:
    desk = Desk(own_display[1])
    desk.remap(CTRL_R, TAB)
    with hearing(desk.display) as (_, ear):
        problem = ear.is_told()
        assert isinstance(problem, UnavailableKeysError)
        assert problem.no_talk_key
        assert problem.title == "This keyboard has no Right Ctrl key."
        assert problem.remedy.endswith("for example Right Alt (alt_r).")
    desk.close()


def test_bare_modifier_followed_in_new_map(own_display: tuple[object, str]) -> None:
    desk = Desk(own_display[1])
    with hearing(desk.display) as (_, ear):
        desk.remap(PAUSE, CTRL_R)
        desk.remap(CTRL_R, TAB)
        desk.tap(PAUSE)
        assert [ear.hears(), ear.hears()] == [DOWN, UP]
    desk.close()


def test_taken_key_followed_in_new_map(own_display: tuple[object, str]) -> None:
    desk = Desk(own_display[1])
    with hearing(desk.display, talk="f9") as (_, ear):
        desk.remap(PAUSE, F9)
        desk.remap(F9, TAB)
        desk.wait_until_taken(PAUSE)
        desk.tap(PAUSE)
        assert [ear.hears(), ear.hears()] == [DOWN, UP]
        desk.tap(F9)
        assert desk.reached_the_window() == [F9]
    desk.close()


def test_map_without_talk_key_keeps_its_place(own_display: tuple[object, str]) -> None:
    desk = Desk(own_display[1])
    with hearing(desk.display) as (_, ear):
        desk.remap(CTRL_R, TAB)
        desk.tap(CTRL_R)
        assert [ear.hears(), ear.hears()] == [DOWN, UP]
    desk.close()


def test_lost_display_releases_key_and_reports(own_display: tuple[subprocess.Popen[bytes], str]) -> None:
    server, name = own_display
    ear = Ear()
    keys = open_hotkeys(bound(), ear.post, ear.problems.put, {"DISPLAY": name}, "linux")
    assert ear.is_told() is None
    subprocess.run(["xdotool", "keydown", str(CTRL_R)], env={**os.environ, "DISPLAY": name}, check=True)
    assert ear.hears() is DOWN
    server.terminate()
    assert ear.hears() is UP
    problem = ear.is_told()
    assert problem is not None
    assert problem.title == "The connection to the display is gone."
    keys.set_cancel_enabled(True)
    keys.close()


def test_missing_display_raises_problem_with_remedy() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", ResourceWarning
        )  # python-xlib leaves the sockets that it tried to the collector
        with pytest.raises(HotkeyError) as refused:
            open_hotkeys(bound(), print, print, {"DISPLAY": ":987"}, "linux")
        assert refused.value.title == "The display “:987” cannot be opened, so no key is heard."
        assert refused.value.remedy
        del refused
        gc.collect()
