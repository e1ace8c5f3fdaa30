"""What keys are bound to, which of them cannot be together, and programs that have the same key."""

from __future__ import annotations

import pytest

from desktop.core.errors import SettingsError
from desktop.core.keys import Action, build_bindings, parse_binding
from desktop.hotkeys.conflicts import find_host_key_conflict


def test_bindings_named_keys_bound_empty_list_unbound() -> None:
    bound = build_bindings(
        {"talk": ("ctrl_r", "button8"), "send": ("f9",), "edit": ("alt_r",), "undo": (), "cancel": ("esc",)}
    )
    assert bound == {
        parse_binding("ctrl_r"): Action.TALK,
        parse_binding("button8"): Action.TALK,
        parse_binding("f9"): Action.SEND,
        parse_binding("alt_r"): Action.EDIT,
        parse_binding("esc"): Action.CANCEL,
    }


@pytest.mark.parametrize(
    ("names", "says"),
    [
        ({"talk": "pause", "cancel": "pause"}, "Pause cannot both talk and cancel."),
        ({"talk": "ctrl+esc", "cancel": "esc"}, "Ctrl+Esc cannot both talk and cancel."),
        ({"talk": "ctrl_r", "cancel": "ctrl+esc"}, "Ctrl+Esc cannot cancel."),
        ({"cancel": "button8"}, "Back Button cannot cancel."),
        ({"talk": "f9", "send": "f9"}, "F9 cannot both talk and send."),
        ({"undo": "ctrl+alt+z", "swap": "alt+ctrl+z"}, "Ctrl+Alt+Z cannot both undo and swap."),
        ({"swap": "f9", "emotion": "f9"}, "F9 cannot both swap and turn expression off and on."),
        ({"paste_last": "ctrl+v"}, "Ctrl+V is pressed to put text into windows, so it cannot paste again."),
        ({"talk": "shift+insert"}, "Shift+Insert is pressed to put text into windows, so it cannot talk."),
        ({"cancel": "insert"}, "Insert is pressed to put text into windows, so it cannot cancel."),
        ({"undo": "alt_r"}, "Right Alt by itself is part of every shortcut, so it cannot undo."),
        ({"talk": "ctrl_r", "send": "ctrl+f9"}, "Right Ctrl talks as soon as it is pressed, so Ctrl+F9 never would."),
        ({"talk": "alt+f9", "send": "alt_l"}, "Left Alt talks as soon as it is pressed, so Alt+F9 never would."),
    ],
)
def test_bindings_conflicting_keys_refused_with_remedy(names: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError) as refused:
        build_bindings({action: (key,) for action, key in names.items()})
    assert refused.value.title == says
    assert refused.value.remedy


@pytest.mark.parametrize(
    "names",
    [
        {"talk": ("ctrl_r",), "paste_last": ("ctrl+alt+v",)},
        {"talk": ("f9",), "send": ("ctrl+f9",)},
        {"talk": ("ctrl_r", "ctrl_r")},
        {"talk": ("ctrl_r",), "send": ("alt+f9",)},
        {"talk": ("ctrl_l",), "send": ("ctrl_r",)},
    ],
)
def test_keys_that_can_be_told_apart_go_together(names: dict[str, tuple[str, ...]]) -> None:
    assert set(build_bindings(names)) == {parse_binding(key) for keys in names.values() for key in keys}


@pytest.mark.parametrize(
    ("keys", "programs", "names"),
    [
        (["ctrl_r"], ["VirtualBoxVM"], "Right Ctrl lets go of the keyboard in VirtualBox"),
        (["f9", "ctrl_r"], ["bash", "VirtualBox Machine"], "Right Ctrl lets go of the keyboard in VirtualBox"),
        (["ctrl_r"], ["org.remmina.Remmina"], "Right Ctrl lets go of the keyboard in Remmina"),
        (["ctrl+alt+space"], ["vmware-vmx"], "Ctrl+Alt+Space lets go of the keyboard in VMware"),
    ],
)
def test_key_of_other_program_named_and_other_offered(keys: list[str], programs: list[str], names: str) -> None:
    problem = find_host_key_conflict(map(parse_binding, keys), programs)
    assert problem is not None
    assert problem.title.startswith(names)
    assert "for example Pause (pause)" in problem.remedy


@pytest.mark.parametrize(
    ("keys", "programs"),
    [
        (["ctrl_r"], ["bash", "mousepad", "VirtualBoxing"]),
        (["ctrl_r"], ["vmware-vmx"]),
        (["f9", "ctrl+space"], ["VirtualBoxVM", "vmware-vmx"]),
        (["ctrl_l"], ["remmina"]),
    ],
)
def test_other_keys_and_other_programs_are_fine(keys: list[str], programs: list[str]) -> None:
    assert find_host_key_conflict(map(parse_binding, keys), programs) is None


def test_the_key_that_is_offered_is_none_that_is_bound() -> None:
    problem = find_host_key_conflict(map(parse_binding, ["ctrl_r", "pause"]), ["remmina"])
    assert problem is not None
    assert "Scroll Lock (scroll_lock)" in problem.remedy


@pytest.mark.parametrize(
    ("bound", "offered"),
    [
        (["pause", "scroll_lock", "f9", "menu"], "F8 (f8)"),
        (["pause", "scroll_lock", "f9", "menu", "f8", "f7", "f4"], "Pause (pause)"),
    ],
)
def test_host_key_conflict_when_suggestions_bound(bound: list[str], offered: str) -> None:
    problem = find_host_key_conflict(map(parse_binding, ["ctrl_r", *bound]), ["remmina"])
    assert problem is not None
    assert f"for example {offered}" in problem.remedy
