"""The user's engine of IBus on a desk where the app runs: chosen as its user does, asked for, and typed by."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic

from tests.support.desk import BUSY_S, until
from tests.support.desks.gnome import SPACE, GnomeDesk
from tests.support.desks.ibus_session import IBusSession
from tests.support.desks.kde_ibus import KdeIBusDesk
from tests.support.desks.x11 import X11Desk

SOURCES = "org.gnome.desktop.input-sources"

REPEAT = "org.gnome.desktop.peripherals.keyboard", "repeat"
"""Switched off on GNOME: on a busy machine the shell gets to the release of a key after half a second and more."""

SUPER_L = 125

SWITCHED_S = 3.0
"""How long GNOME has for its key before that is tapped once more."""

ROWS = (("qwertyuiop", 16), ("asdfghjkl", 30), ("zxcvbnm", 44), (" ", SPACE))
CODES = {letter: first + at for letters, first in ROWS for at, letter in enumerate(letters)}
"""Key codes of evdev; X adds 8."""

type EngineDesk = GnomeDesk | KdeIBusDesk | X11Desk


def engine_of(desk: EngineDesk) -> str:
    """The name of the daemon's engine; empty if it has none."""
    return desk.run("sh", "-c", "ibus engine || true").decode().strip()


def choose_engine(desk: EngineDesk, name: str) -> None:
    """Choose an engine: by IBus's own command, on GNOME as an input source, by the key that switches them."""
    if isinstance(desk, IBusSession):
        desk.choose_engine(name)
        return
    desk.set(*REPEAT, "false")
    is_plain = name.startswith("xkb:")
    desk.set(SOURCES, "sources", "[('xkb', 'us')]" if is_plain else f"[('xkb', 'us'), ('ibus', '{name}')]")
    tapped_at = 0.0

    def is_chosen() -> bool:
        nonlocal tapped_at
        if engine_of(desk) == name:
            return True
        if not is_plain and monotonic() > tapped_at + SWITCHED_S:
            desk.tap(SUPER_L, SPACE)
            tapped_at = monotonic()
        return False

    until(is_chosen, lambda: f"{name} is the engine; {engine_of(desk)}", BUSY_S)


def type_keys(desk: EngineDesk, keys: Iterable[str]) -> None:
    """Type letters and blanks by real keys."""
    offset = 0 if isinstance(desk, GnomeDesk) else 8
    for key in keys:
        desk.tap(CODES[key] + offset)
