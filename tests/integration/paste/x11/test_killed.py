"""A chord whose keys are held for some ms, and whose app is killed between them, leaves no key down."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest

from desktop.paste.x11.clipboard_restorer import release_keys
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.keyboard import XTestKeyboard
from tests.support.desk import until
from tests.support.killed_chords import CONTROL_L, RealKeyboard, kill_in_a_chord
from tests.support.x_clients import Hand, SlowReader, focused, keys_down

V = 55


@pytest.fixture
def window(display: str) -> Iterator[SlowReader]:
    """A window with the focus, which takes what is pasted."""
    with SlowReader(display, 0.0) as reader:
        focused(display, "slow-reader")
        yield reader


@pytest.mark.parametrize("hold_ms", [10, 100])
def test_a_killed_chord_leaves_no_key_down(display: str, window: SlowReader, hold_ms: int) -> None:
    assert kill_in_a_chord(display, hold_ms), "a key was down when the app had gone"
    until(lambda: not keys_down(display), "all keys are up")


def test_a_key_the_user_holds_too_is_let_go_after_them(display: str, hand: Hand) -> None:
    keyboard = RealKeyboard(display)
    try:
        keyboard.press(CONTROL_L)
        hand.press(CONTROL_L)
        hand.press(V)
        releasing = Thread(target=release_keys, args=((CONTROL_L, V), display))
        releasing.start()
        until(lambda: keys_down(display) == [CONTROL_L], "the key of the app alone is up")
        keyboard.release(CONTROL_L)
        releasing.join()
        assert keys_down(display) == []
        hand.press(CONTROL_L)
        assert keys_down(display) == [CONTROL_L], "XTEST's keyboard has let go of it"
    finally:
        hand.release(CONTROL_L)
        hand.release(V)
        keyboard.close()


def test_keys_that_are_up_stay_up(display: str) -> None:
    release_keys((CONTROL_L, V), display)
    assert keys_down(display) == []


@pytest.mark.parametrize(("hold_s", "told"), [(0.0, []), (0.001, [(CONTROL_L, V), ()])])
def test_only_keys_that_are_held_are_told(
    display: str, window: SlowReader, hold_s: float, told: list[tuple[int, ...]]
) -> None:
    connection, heard = X11Connection(display), list[tuple[int, ...]]()
    XTestKeyboard(connection, lambda keycodes: heard.append(tuple(keycodes))).press_keys((CONTROL_L, V), hold_s)
    connection.close()
    assert heard == told
