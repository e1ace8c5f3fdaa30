"""Describe how to set up the talk key in a Wayland session. Pure.

Wayland gives no program the keys of another program's window: XWayland receives them in X windows only, which would
seem to work and receive nothing elsewhere, and reading the devices needs the right to read every password. GNOME (48
and later) and KDE offer global shortcuts through their portal, which the app requests by itself
(`desktop.hotkeys.portal`). What is left, and works everywhere without rights, is a binding of the compositor that runs
`intone`. sway and Hyprland also run a command on release, so the key can be held; bindings of GNOME and KDE cannot, nor
can labwc's on the same key (the later binding replaces the earlier one), so there it toggles.
"""

from __future__ import annotations

from collections.abc import Mapping

from desktop.core.errors import HotkeyError


def is_wayland_session(environ: Mapping[str, str]) -> bool:
    """Return whether this process runs in a Wayland session, with or without XWayland's display."""
    return environ.get("XDG_SESSION_TYPE") == "wayland" or bool(environ.get("WAYLAND_DISPLAY"))


def can_use_portal(environ: Mapping[str, str]) -> bool:
    """Return whether the desktop's portal may provide hotkeys.

    Hyprland's accepts the request but binds no key to it, so it would seem to work and receive nothing.
    """
    return bool(environ.get("DBUS_SESSION_BUS_ADDRESS")) and not _is_hyprland(environ)


def is_gnome(environ: Mapping[str, str]) -> bool:
    """Return whether `environ` describes a session of GNOME's."""
    return "gnome" in _desktops(environ)


def is_kde(environ: Mapping[str, str]) -> bool:
    """Return whether `environ` describes a session of KDE's."""
    return "kde" in _desktops(environ)


def describes_keys(environ: Mapping[str, str]) -> bool:
    """Return whether the desktop's portal describes each shortcut that has a key: then one without a description has
    none, as where the user took it away in GNOME's settings."""
    return is_gnome(environ) or is_kde(environ)


def setup_error(environ: Mapping[str, str]) -> HotkeyError:
    """Return the error for a session without hotkeys, with steps for the compositor that `environ` names.

    The remedy is a sentence, then lines to copy.
    """
    desktops = _desktops(environ)
    if _is_hyprland(environ):
        return HotkeyError("wayland-keys-hyprland")
    if environ.get("SWAYSOCK") or "sway" in desktops:
        return HotkeyError("wayland-keys-sway")
    if environ.get("LABWC_PID") or "labwc" in desktops:
        return HotkeyError("wayland-keys-labwc")
    if is_gnome(environ):
        return HotkeyError("wayland-keys-gnome")
    if is_kde(environ):
        return HotkeyError("wayland-keys-kde")
    return HotkeyError("wayland-keys-other")


def _desktops(environ: Mapping[str, str]) -> list[str]:
    return environ.get("XDG_CURRENT_DESKTOP", "").lower().split(":")


def _is_hyprland(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("HYPRLAND_INSTANCE_SIGNATURE")) or "hyprland" in _desktops(environ)
