"""What is said where keys cannot be heard: it must be true for that desktop, and never silence."""

from __future__ import annotations

import pytest

from desktop.core.errors import HotkeyError
from desktop.hotkeys.listener import open_hotkeys
from desktop.hotkeys.wayland import setup_error

SWAY = ["bindsym --no-repeat F9 exec intone start", "bindsym --release F9 exec intone stop"]
HYPRLAND = ["bind = , F9, exec, intone start", "bindr = , F9, exec, intone stop"]
LABWC = ['<keybind key="F9"><action name="Execute" command="intone toggle" /></keybind>']
TOGGLE = ["intone toggle"]


@pytest.mark.parametrize(
    ("environ", "lines", "place"),
    [
        ({"SWAYSOCK": "/run/user/1000/sway.sock"}, SWAY, "~/.config/sway/config"),
        ({"XDG_CURRENT_DESKTOP": "sway:wlroots"}, SWAY, "~/.config/sway/config"),
        ({"HYPRLAND_INSTANCE_SIGNATURE": "a1b2"}, HYPRLAND, "~/.config/hypr/hyprland.conf"),
        ({"XDG_CURRENT_DESKTOP": "Hyprland"}, HYPRLAND, "~/.config/hypr/hyprland.lua"),
        ({"XDG_CURRENT_DESKTOP": "labwc:wlroots"}, LABWC, "~/.config/labwc/rc.xml"),
        ({"LABWC_PID": "712"}, LABWC, "~/.config/labwc/rc.xml"),
        ({"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}, TOGGLE, "Custom Shortcuts"),
        ({"XDG_CURRENT_DESKTOP": "KDE"}, TOGGLE, "System Settings"),
        ({"XDG_CURRENT_DESKTOP": "niri"}, [*TOGGLE, "intone start", "intone stop"], "your desktop's"),
        ({}, TOGGLE, "your desktop's"),
    ],
)
def test_the_advice_is_lines_to_copy_for_this_desktop(environ: dict[str, str], lines: list[str], place: str) -> None:
    text = setup_error(environ).remedy
    assert set(lines) <= set(text.splitlines())
    assert place in text


def test_desktops_without_release_promise_no_hold() -> None:
    for desktop in ("GNOME", "KDE", "labwc"):
        remedy = setup_error({"XDG_CURRENT_DESKTOP": desktop}).remedy.lower()
        assert "hold" not in remedy
        assert "release" not in remedy


@pytest.mark.parametrize(
    ("environ", "platform", "title"),
    [
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "linux", "In a Wayland session"),
        ({"XDG_SESSION_TYPE": "wayland"}, "linux", "In a Wayland session"),
        ({}, "linux", "There is no display"),
    ],
)
def test_opening_unsupported_keys_raises_with_remedy(environ: dict[str, str], platform: str, title: str) -> None:
    with pytest.raises(HotkeyError) as refused:
        open_hotkeys({}, lambda event, action: None, lambda problem: None, environ, platform)
    assert title in refused.value.title
    assert refused.value.remedy


def test_in_a_wayland_session_the_remedy_is_the_advice() -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-1", "DISPLAY": ":0", "SWAYSOCK": "/run/user/1000/sway.sock"}
    with pytest.raises(HotkeyError) as refused:
        open_hotkeys({}, lambda event, action: None, lambda problem: None, environ, "linux")
    assert refused.value.remedy == setup_error(environ).remedy
