"""A session with a bus of its own, on which programs can be asked for their fields."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from Xlib.display import Display

from tests.support.session_bus import ACCESSIBILITY, session_bus


@contextmanager
def session_on(display: str, folder: Path) -> Iterator[Mapping[str, str]]:
    """The environment of a session that has a bus, where a program that asks for accessibility's own gets it started.

    Its address is left on the display's root window, where the next session's programs would look for it.
    """
    forget_bus(display)
    environ = {"DISPLAY": display, "XDG_RUNTIME_DIR": str(folder), "XDG_CONFIG_HOME": str(folder)}
    environ |= {"GSETTINGS_BACKEND": "memory", "GSK_RENDERER": "cairo", "QT_QPA_PLATFORM": "xcb"}
    with session_bus(os.environ | environ, [ACCESSIBILITY]) as address:
        yield environ | {"DBUS_SESSION_BUS_ADDRESS": address}
    forget_bus(display)


def forget_bus(display: str) -> None:
    connection = Display(display)
    connection.screen().root.delete_property(connection.get_atom("AT_SPI_BUS"))
    connection.close()


def start_accessibility(environ: Mapping[str, str]) -> str:
    """Have the accessibility bus started, and return its address."""
    ask = "--session", "--print-reply=literal", "--dest=org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus.GetAddress"
    command = ["dbus-send", *ask]
    return subprocess.run(
        command, env=os.environ | environ, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()
