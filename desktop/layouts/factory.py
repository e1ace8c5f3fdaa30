"""Choose who is asked for the layout in a session."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from desktop.layouts.layout import KeyboardLayout, LayoutLadder, LayoutReader
from desktop.layouts.names import join_variant

DESKTOPS_WITH_SOURCES = ("gnome", "unity", "ubuntu", "budgie")
"""The desktops, by XDG_CURRENT_DESKTOP, whose input sources are those of GNOME's settings."""


def open_layout_ladder(environ: Mapping[str, str], platform: str = sys.platform) -> LayoutLadder:
    """Return the ladder of the session that `environ` describes.

    1. An input method over the layout (fcitx5, IBus) decides: of GNOME's sources too it alone knows the language.
    2. The desktop: GNOME's sources, KDE's layouts, the compositor, the X server outside Wayland. XWayland has
       the compositor's keyboard only while one of its windows has the focus.
    3. A plain layout of the input method, and the one layout that a compositor was given by its environment.
    """
    if platform == "win32":
        from desktop.layouts.windows import WindowsReader

        return LayoutLadder([WindowsReader()])
    if platform != "linux":
        return LayoutLadder([])
    return LayoutLadder(_list_linux_readers(environ))


def _list_linux_readers(environ: Mapping[str, str]) -> list[LayoutReader]:
    from desktop.layouts.bus import FcitxReader, GnomeReader, KdeReader, SessionBus
    from desktop.layouts.compositors import COMPOSITORS, CompositorReader
    from desktop.layouts.ibus import IBusReader
    from desktop.layouts.x11 import X11Reader

    readers: list[LayoutReader] = []
    desktops = environ.get("XDG_CURRENT_DESKTOP", "").lower().split(":")
    address = environ.get("DBUS_SESSION_BUS_ADDRESS")
    bus = SessionBus(address) if address else None
    if bus is not None:
        readers.append(FcitxReader(bus))
    readers.append(IBusReader(environ))
    if bus is not None and not set(DESKTOPS_WITH_SOURCES).isdisjoint(desktops):
        readers.append(GnomeReader(bus))
    if bus is not None and "kde" in desktops:
        readers.append(KdeReader(bus))
    readers += [
        CompositorReader(name, ask, parse, environ)
        for variable, (name, ask, parse) in COMPOSITORS.items()
        if environ.get(variable)
    ]
    if environ.get("WAYLAND_DISPLAY"):
        readers.append(EnvironmentReader(environ))
    elif display := environ.get("DISPLAY"):
        readers.append(X11Reader(display))
    return readers


class EnvironmentReader:
    """The one layout that a compositor of wlroots was given (`XKB_DEFAULT_LAYOUT`): of several none is known."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    async def read(self) -> KeyboardLayout | None:
        """See `desktop.layouts.layout.LayoutReader`."""
        layout, variant = (self._environ.get(f"XKB_DEFAULT_{part}", "") for part in ("LAYOUT", "VARIANT"))
        if not layout or "," in layout:
            return None
        return KeyboardLayout(join_variant(layout, variant), is_plain=True, source="XKB_DEFAULT_LAYOUT")

    def close(self) -> None:
        """Do nothing."""
