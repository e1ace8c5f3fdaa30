"""The names of keys in the settings."""

from __future__ import annotations

import pytest

from desktop.core.errors import SettingsError
from desktop.core.keys import _KEYS, SUPER, Binding, parse_binding
from tests.support.other_systems import X11, only_on_linux


@pytest.mark.parametrize(
    ("name", "binding", "label"),
    [
        ("ctrl_r", Binding(frozenset(), "ctrl_r"), "Right Ctrl"),
        ("f9", Binding(frozenset(), "f9"), "F9"),
        ("scroll_lock", Binding(frozenset(), "scroll_lock"), "Scroll Lock"),
        ("ctrl+alt+space", Binding(frozenset({"ctrl", "alt"}), "space"), "Ctrl+Alt+Space"),
        (" Super + D ", Binding(frozenset({"super"}), "d"), f"{SUPER}+D"),
        ("shift+pause", Binding(frozenset({"shift"}), "pause"), "Shift+Pause"),
        ("button8", Binding(frozenset(), "button8"), "Back Button"),
        ("Ctrl+Button2", Binding(frozenset({"ctrl"}), "button2"), "Ctrl+Middle Button"),
    ],
)
def test_name_parses_to_binding_with_key_label(name: str, binding: Binding, label: str) -> None:
    assert parse_binding(name) == binding
    assert parse_binding(name).label == label


@pytest.mark.parametrize("key", _KEYS)
def test_name_is_the_label_in_english(key: str) -> None:
    binding = Binding(frozenset({"ctrl"}), key)
    assert (str(binding.name), str(Binding(frozenset(), key).name)) == (binding.label, _KEYS[key][0])


@pytest.mark.parametrize("name", ["ctrl_r", "alt+ctrl+space", "super+shift+f1"])
def test_binding_round_trips_as_text(name: str) -> None:
    assert parse_binding(str(parse_binding(name))) == parse_binding(name)
    assert str(parse_binding("alt+ctrl+space")) == "ctrl+alt+space"


@pytest.mark.parametrize(("name", "bare"), [("ctrl_r", True), ("alt_r", True), ("f9", False), ("ctrl+f9", False)])
def test_a_modifier_by_itself_is_told_apart(name: str, bare: bool) -> None:
    assert parse_binding(name).is_bare_modifier is bare


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("ctrl_x", "There is no key named “ctrl_x”. Name a key like ctrl_r, f9 or pause"),
        ("", "There is no key named “”."),
        ("f25", "There is no key named “f25”."),
        ("hyper+a", "“hyper” cannot be held in a chord. A chord may hold ctrl, alt, shift and super."),
        ("ctrl", "does not say which Ctrl key is meant. Write ctrl_l for the left or ctrl_r for the right."),
        ("ctrl+shift", "does not say which Shift key is meant."),
        ("ctrl+alt_r", "“ctrl+alt_r” ends in a modifier."),
        ("a", "“a” is needed for typing. Hold ctrl, alt or super with it, for example ctrl+alt+a."),
        ("shift+space", "“shift+space” is needed for typing."),
        ("button1", "“button1” is needed in every window. Use another one, for example button8"),
        ("ctrl+button3", "“ctrl+button3” is needed in every window."),
        ("button5", "“button5” is needed in every window."),
        ("button16", "There is no key named “button16”."),
    ],
)
def test_what_cannot_be_a_key_is_refused_with_a_remedy(name: str, says: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parse_binding(name)
    assert says in str(refused.value)


def test_a_button_is_told_apart() -> None:
    assert (parse_binding("button9").button, parse_binding("f9").button) == (9, None)


@pytest.mark.parametrize("name", sorted(_KEYS))
def test_every_name_is_a_key_that_x_knows(name: str) -> None:
    only_on_linux(X11)
    from Xlib import XK

    XK.load_keysym_group("xkb")
    assert all(XK.string_to_keysym(keysym) for keysym in Binding(frozenset(), name).keysyms)
