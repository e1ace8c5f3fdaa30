"""What a portal says of its shortcuts, and how keys are named."""

from __future__ import annotations

import pytest
from dbus_fast import Variant

from desktop.core.keys import Action, parse_binding
from desktop.hotkeys.kde_keys import qt_key_trigger
from desktop.hotkeys.shortcuts import preferred_trigger, proposed_label, read_shortcuts, trigger_label


@pytest.mark.parametrize(
    ("description", "label"),
    [
        ("Press F9", "F9"),
        ("F9 drücken", "F9"),
        ("按F9", "F9"),
        ("Press F9 or Pause", "F9 or Pause"),
        ("Press <Control><Alt>space", "Ctrl+Alt+Space"),
        ("Press <Super>k", "Super+K"),
        ("Press <Shift>XF86AudioMicMute", "Shift+XF86AudioMicMute"),
        ("Meta+F9", "Meta+F9"),
        ("Ctrl+Alt+Up", "Ctrl+Alt+Up"),
        ("Press k", "K"),
        ("k drücken", "K"),
        ("按k", "K"),
        ("Press 1", "1"),
        ("Press a pen", "Press a pen"),
        ("a tap on the pen", "a tap on the pen"),
    ],
)
def test_trigger_is_named_without_its_sentence(description: str, label: str) -> None:
    assert trigger_label(description) == label


@pytest.mark.parametrize(
    ("trigger", "label"), [("F9", "F9"), ("CTRL+ALT+space", "Ctrl+Alt+Space"), ("SHIFT+LOGO+a", "Shift+Super+A")]
)
def test_proposal_is_named_as_on_keyboards(trigger: str, label: str) -> None:
    assert proposed_label(trigger) == label


def test_the_key_is_proposed_as_the_portal_writes_it() -> None:
    names = ("ctrl_r", "button8", "f8", "super+shift+a")
    assert [preferred_trigger(parse_binding(name), Action.TALK) for name in names] == ["F9", "F9", "F8", "SHIFT+LOGO+a"]


def test_shortcuts_are_read_with_their_descriptions() -> None:
    listed = [
        ["talk", {"trigger_description": Variant("s", " F9 ")}],
        ["undo", {"trigger_description": Variant("s", "")}],
    ]
    answer = {"shortcuts": Variant("a(sa{sv})", [*listed, ["swap", {}]])}
    assert read_shortcuts(answer) == {"talk": "F9", "undo": "", "swap": None}
    assert read_shortcuts({}) == read_shortcuts({"shortcuts": Variant("s", "talk")}) == {}


@pytest.mark.parametrize(
    ("code", "trigger"),
    [
        (0x01000038, "F9"),
        (0x01000008, "Pause"),
        (0x04000000 | 0x08000000 | 0x20, "CTRL+ALT+space"),
        (0x41, "a"),
        (0x3F, ""),
    ],
)
def test_key_of_qt_is_written_as_a_trigger(code: int, trigger: str) -> None:
    assert qt_key_trigger(code) == trigger
