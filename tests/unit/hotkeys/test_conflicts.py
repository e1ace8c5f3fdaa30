"""What one gives up for a key, in words, and only where there is something."""

from __future__ import annotations

import pytest

from desktop.core.keys import SUPER, Action, parse_binding
from desktop.hotkeys.conflicts import describe_lost_function


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("f5", "F5 reloads in many programs. They no longer get it."),
        ("ctrl+s", "Ctrl+S saves in many programs. They no longer get it."),
        ("alt+f", "Alt+F opens a menu in many programs. They no longer get it."),
        ("alt+f4", "Alt+F4 closes windows in many programs. They no longer get it."),
        ("super+d", f"{SUPER}+D belongs to the desktop, which may not give it, or no longer does what it did."),
        ("button8", "Back Button goes back in many programs. They no longer get it."),
        ("shift_l", "Left Shift types capitals: that goes on, and what it began is dropped."),
        ("alt_r", "Right Alt types signs on some keyboards: that goes on, and what it began is dropped."),
        ("ctrl_r", ""),
        ("pause", ""),
        ("f9", ""),
        ("ctrl+alt+s", ""),
    ],
)
def test_what_a_key_did_elsewhere_is_said(key: str, sentence: str) -> None:
    assert str(describe_lost_function(parse_binding(key), Action.TALK) or "") == sentence


def test_cancel_key_has_no_cost() -> None:
    assert describe_lost_function(parse_binding("f5"), Action.CANCEL) is None
