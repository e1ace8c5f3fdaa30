"""Follow the windows that a compositor lists for taskbars: titles, applications, and which one has the focus.

wlroots compositors list them (labwc, niri, Wayfire, sway), without the processes. (wlr-foreign-toplevel-management,
version 1.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from desktop.paste.wayland.protocol import Compositor, WaylandEvent

MANAGER = "zwlr_foreign_toplevel_manager_v1"

TOPLEVEL = 0
TITLE, APP_ID, STATE, CLOSED = 0, 1, 4, 6
DESTROY = 7
"""Opcodes: an event of the manager, events of a window, a request to it."""

ACTIVATED = 2
"""The state of the window that has the focus."""


@dataclass(slots=True)
class Toplevel:
    """A window and its `number`."""

    number: int
    app: str = ""
    title: str = ""
    is_active: bool = False


def lists_toplevels(interfaces: Mapping[str, tuple[int, int]]) -> bool:
    """Return whether a compositor with these interfaces lists its windows."""
    return MANAGER in interfaces


class ToplevelList:
    """The windows on `compositor`, whose `lists_toplevels` must be true. Create it in the compositor's loop.

    They take their numbers from `numbers`, which no other connection's windows may have.
    """

    def __init__(self, compositor: Compositor, numbers: Iterator[int]) -> None:
        self._wayland = compositor
        self._windows: dict[int, Toplevel] = {}
        self._numbers = numbers
        manager = compositor.bind_global(MANAGER)
        compositor.handle_object(manager, self._on_manager_event)

    async def find_active(self) -> Toplevel | None:
        """Return the window that has the focus now; None if none has. Raises `OSError` when the compositor is gone."""
        await self._wayland.roundtrip()
        return next((window for window in self._windows.values() if window.is_active), None)

    def _on_manager_event(self, event: WaylandEvent) -> None:
        if event.opcode != TOPLEVEL:
            return
        number = event.read_number()
        window = self._windows[number] = Toplevel(next(self._numbers))
        self._wayland.handle_object(number, lambda event: self._on_window_event(number, window, event))

    def _on_window_event(self, number: int, window: Toplevel, event: WaylandEvent) -> None:
        if event.opcode == TITLE:
            window.title = event.read_string()
        elif event.opcode == APP_ID:
            window.app = event.read_string()
        elif event.opcode == STATE:
            window.is_active = ACTIVATED in event.read_numbers()
        elif event.opcode == CLOSED:
            self._windows.pop(number, None)
            self._wayland.forget_object(number)
            self._wayland.send_request(number, DESTROY)
