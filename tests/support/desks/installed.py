"""What of a desktop, and of the windows that are opened on it, is installed here."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

SESSION = ("dbus-daemon", "pipewire", "wireplumber", "pipewire-pulse", "pactl", "Xwayland", "chromium")
"""What every desktop's session and windows are made of, by the programs that are looked for in PATH."""

WINDOW_FILES = (
    "/usr/lib/*/girepository-1.0/Gtk-3.0.typelib",
    "/usr/lib/*/girepository-1.0/Gtk-4.0.typelib",
    "/usr/lib/python3/dist-packages/gi/__init__.py",
    "/usr/libexec/at-spi-bus-launcher",
)
"""What windows of GTK need beside programs, and the accessibility bus; patterns."""


def lacking(programs: Iterable[str], files: Iterable[str] = ()) -> list[str]:
    """Those programs and files, patterns of paths, that are not here."""
    root = Path("/")
    absent = [file for file in files if not any(root.glob(file.removeprefix("/")))]
    return [name for name in programs if shutil.which(name) is None] + absent


def lacking_for_desk(programs: Iterable[str], files: Iterable[str] = ()) -> list[str]:
    """The same, with what every desktop needs."""
    return lacking((*SESSION, *programs), (*WINDOW_FILES, *files))
