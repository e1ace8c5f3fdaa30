"""Read the layout of an X server: the group of its keyboard, and the names of its groups.

The server reports the group in two bits of the keyboard's state (XkbBuildCoreState of the XKB protocol), and
`setxkbmap` and desktops write the layouts of the groups into a property of the root window.
"""

from __future__ import annotations

from threading import Lock

from anyio import to_thread
from Xlib.display import Display
from Xlib.error import ConnectionClosedError

from desktop.layouts.layout import READ_TIMEOUT_S, KeyboardLayout
from desktop.layouts.names import join_variant
from desktop.platforms.linux.x11_display import open_display
from desktop.platforms.linux.x11_focus import MAX_PROPERTY_UNITS

RULES_NAMES = "_XKB_RULES_NAMES"
"""The property: rules, model, layouts, variants and options, each ending with a zero."""

GROUP_SHIFT, GROUP_MASK = 13, 3


class X11Reader:
    """The X server `display`, in a worker thread. Its connection is made at the first question."""

    def __init__(self, display: str) -> None:
        self._name = display
        self._display: Display | None = None
        self._asking = Lock()
        """Held by the thread that asks: one for a dictation may still wait when another begins."""

    async def read(self) -> KeyboardLayout | None:
        """See `desktop.layouts.layout.LayoutReader`."""
        names, group = await to_thread.run_sync(self._ask, abandon_on_cancel=True)
        return find_group_layout(names, group)

    def _ask(self) -> tuple[bytes, int]:
        """Return the property and the group. Raises `OSError`."""
        if not self._asking.acquire(timeout=READ_TIMEOUT_S):
            raise OSError("the X server says nothing")
        try:
            display = self._display = self._display or open_display(self._name, READ_TIMEOUT_S)
            root = display.screen().root
            found = root.get_property(display.get_atom(RULES_NAMES), 0, 0, MAX_PROPERTY_UNITS)
            group = root.query_pointer().mask >> GROUP_SHIFT & GROUP_MASK
        except ConnectionClosedError as error:
            self._display = None
            raise OSError("the X server is gone") from error
        finally:
            self._asking.release()
        return (bytes(found.value) if found is not None and found.format == 8 else b""), group

    def close(self) -> None:
        """Disconnect."""
        if self._display is not None:
            self._display.close()
            self._display = None


def find_group_layout(names: bytes, group: int) -> KeyboardLayout | None:
    """Return the layout of a group by the property; None if it does not have it."""
    _, _, layouts, variants, *_ = (
        [name.strip() for name in part.split(",")] for part in [*names.decode(errors="replace").split("\0"), *[""] * 4]
    )
    if group >= len(layouts) or not layouts[group]:
        return None
    name = join_variant(layouts[group], variants[group] if group < len(variants) else "")
    return KeyboardLayout(name, source="X11")
