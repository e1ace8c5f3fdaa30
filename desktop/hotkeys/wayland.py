"""Describe how to set up the talk key in a Wayland session. Pure.

Wayland gives no program the keys of another program's window: XWayland receives them in X windows only, which would
seem to work and receive nothing elsewhere, and reading the devices needs the right to read every password. GNOME (48
and later) and KDE offer global shortcuts through their portal, which the app requests by itself (`hotkeys.portal`).
What is left, and works everywhere without rights, is a binding of the compositor that runs `intone`. sway and Hyprland
also run a command on release, so the key can be held; bindings of GNOME and KDE cannot, so there it toggles.
"""

from __future__ import annotations

from collections.abc import Mapping

_SWAY = """Add these two lines to ~/.config/sway/config and reload sway; then hold F9 to talk:
bindsym --no-repeat F9 exec intone start
bindsym --release F9 exec intone stop"""

_HYPRLAND = """Add these two lines to ~/.config/hypr/hyprland.conf; then hold F9 to talk:
bind = , F9, exec, intone start
bindr = , F9, exec, intone stop
With ~/.config/hypr/hyprland.lua (Hyprland 0.55 and later) they are:
hl.bind("F9", hl.dsp.exec_cmd("intone start"))
hl.bind("F9", hl.dsp.exec_cmd("intone stop"), { release = true })"""

_GNOME = """Open Settings, Keyboard, View and Customise Shortcuts, Custom Shortcuts, and add one with this command:
intone toggle
Press its key once to talk and once more to end."""

_KDE = """Open System Settings, Keyboard, Shortcuts, choose Add New, Command or Script, and give it this command:
intone toggle
Press its key once to talk and once more to end."""

_OTHER = """Bind a key to this command in your desktop's keyboard settings:
intone toggle
Press it once to talk and once more to end. If your desktop can run a command on a key's release too, bind the press to
intone start
and the release to
intone stop"""


NO_GLOBAL_KEYS = "In a Wayland session only the desktop itself can hear the talk key."


def is_wayland_session(environ: Mapping[str, str]) -> bool:
    """Return whether this process runs in a Wayland session, with or without XWayland's display."""
    return environ.get("XDG_SESSION_TYPE") == "wayland" or bool(environ.get("WAYLAND_DISPLAY"))


def can_use_portal(environ: Mapping[str, str]) -> bool:
    """Return whether the desktop's portal may provide hotkeys.

    Hyprland's accepts the request but binds no key to it, so it would seem to work and receive nothing.
    """
    return bool(environ.get("DBUS_SESSION_BUS_ADDRESS")) and not _is_hyprland(environ)


def setup_advice(environ: Mapping[str, str]) -> str:
    """Return the steps for the compositor that `environ` names: a sentence, then lines to copy."""
    desktops = _desktops(environ)
    if _is_hyprland(environ):
        return _HYPRLAND
    if environ.get("SWAYSOCK") or "sway" in desktops:
        return _SWAY
    if "gnome" in desktops:
        return _GNOME
    if "kde" in desktops:
        return _KDE
    return _OTHER


def _desktops(environ: Mapping[str, str]) -> list[str]:
    return environ.get("XDG_CURRENT_DESKTOP", "").lower().split(":")


def _is_hyprland(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("HYPRLAND_INSTANCE_SIGNATURE")) or "hyprland" in _desktops(environ)
