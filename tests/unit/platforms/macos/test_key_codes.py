"""What is decided for macOS without asking it: codes, flags, the key for v. The rest has not run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.keys import parse_binding
from desktop.platforms.macos.key_codes import (
    CODES,
    COMMANDS,
    KEY_CODES,
    MODIFIERS,
    button_code,
    can_copy_type,
    find_v_code,
    held_modifiers,
    is_pressed,
    mac_button_number,
)

CONTROL, COMMAND, LEFT_CONTROL, RIGHT_CONTROL = 0x40000, 0x100000, 0x0001, 0x2000


@pytest.mark.parametrize(
    ("name", "code"),
    [("ctrl_r", 62), ("alt_r", 61), ("f1", 122), ("f9", 101), ("f20", 90), ("ctrl+alt+space", 49), ("alt+v", 9)],
)
def test_keys_have_their_codes(name: str, code: int) -> None:
    assert CODES[parse_binding(name).key] == code


def test_key_codes_are_unique_and_commands_match() -> None:
    assert len(set(CODES.values())) == len(CODES)
    assert {CODES["super_l"], CODES["super_r"]} == COMMANDS
    assert set(MODIFIERS) < set(CODES.values())


@pytest.mark.parametrize(
    ("key", "flags", "pressed"),
    [
        ("ctrl_r", CONTROL | RIGHT_CONTROL, True),
        ("ctrl_r", CONTROL | LEFT_CONTROL, False),
        ("ctrl_l", CONTROL | LEFT_CONTROL | RIGHT_CONTROL, True),
        ("ctrl_r", 0, False),
        ("ctrl_r", CONTROL, True),
        ("alt_r", CONTROL | RIGHT_CONTROL, False),
    ],
)
def test_a_modifier_is_told_from_its_sibling(key: str, flags: int, pressed: bool) -> None:
    assert is_pressed(CODES[key], flags) is pressed


def test_what_is_held_is_known_by_its_shared_flag() -> None:
    assert held_modifiers(CONTROL | COMMAND | RIGHT_CONTROL) == {"ctrl", "super"}
    assert held_modifiers(0x10000) == frozenset()  # Caps Lock


@pytest.mark.parametrize(
    ("layout", "code"), [({9: "v"}, 9), ({9: "k", 47: "v"}, 47), ({9: "м"}, 9)], ids=["US", "Dvorak", "Russian"]
)
def test_v_is_where_the_layout_has_it(layout: dict[int, str], code: int) -> None:
    assert find_v_code(lambda place: layout.get(place, "")) == code


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("public.utf8-plain-text", True),
        ("public.png", True),
        ("com.apple.pasteboard.promised-file-url", False),
        ("com.apple.NSFilePromiseItemMetaData", False),
    ],
)
def test_promises_of_files_are_not_copied(kind: str, kept: bool) -> None:
    assert can_copy_type(kind) is kept


@pytest.mark.parametrize(
    ("number", "name"), [(2, "button2"), (3, "button8"), (4, "button9"), (10, "button15")], ids=str
)
def test_the_mouses_buttons_have_the_settings_names(number: int, name: str) -> None:
    assert button_code(number) == KEY_CODES.codes[parse_binding(name).key]


@given(st.integers(0, 31))
def test_a_button_is_found_again(number: int) -> None:
    assert mac_button_number(button_code(number)) == number
