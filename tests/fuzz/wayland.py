"""What compositors of Wayland say: their events, and their answers on which window has the focus."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Sequence
from itertools import count

from desktop.paste.wayland.data_control import DataControlClipboard
from desktop.paste.wayland.focus import parse_answer
from desktop.paste.wayland.protocol import DISPLAY_ID, Compositor, encode_request
from desktop.paste.wayland.toplevels import MANAGER as TOPLEVELS
from desktop.paste.wayland.toplevels import ToplevelList
from tests.fuzz.target import Target, lines, run


class _Compositor(Compositor):
    """A connection to what says `data`."""

    def __init__(self) -> None:
        self.environ = {}
        self.globals = {"zwlr_data_control_manager_v1": (1, 2), "wl_seat": (2, 1), TOPLEVELS: (3, 1)}
        self.fds = deque()
        self.gone = False
        self._on_lost = self._lost
        self._received = bytearray()
        self._shared = {}
        self._handlers = {DISPLAY_ID: self._on_display_event}
        self._free = deque(range(2, 0x100))
        self._roundtrips = set()
        self._socket, self.there = socket.socketpair()
        self._loop = None
        self._registry = self.new_object(self._on_registry_event)

    def _lost(self) -> None:
        self.gone = True

    def send_request(self, target: int, opcode: int, *arguments: int | str, fds: Sequence[int] = ()) -> None:
        encode_request(target, opcode, *arguments)


def _wayland(data: bytes) -> None:
    async def hear() -> None:
        compositor = _Compositor()
        try:
            control = DataControlClipboard(compositor, lambda inode: None, lambda: None)
            ToplevelList(compositor, count(1))
            control.take("CLIPBOARD", {"text/plain": b"one two"})
            compositor.there.sendall(data)
            compositor.there.close()
            while not compositor.gone:
                compositor.read_events()
            control.close()
        finally:
            compositor.close()
            compositor.there.close()

    run(hear())


def _windows(data: bytes) -> None:
    for teller in ("sway", "Hyprland", "KWin"):
        parse_answer(teller, data)


_SENSELESS = (encode_request(5, 1, 0) + bytes(8), encode_request(2, 0), encode_request(6, 1))
_EVENTS = b"".join(
    (encode_request(5, 0, 0xFF000000), encode_request(0xFF000000, 0, "text/plain"), encode_request(5, 1, 0xFF000000),
     encode_request(5, 1, 0), encode_request(1, 1, 6), encode_request(6, 1), encode_request(2, 0, 9, "wl_seat", 7))
)  # fmt: skip
_SWAY = lines(
    {"type": "root", "nodes": [{"type": "con", "id": 4, "focused": True, "pid": 7, "app_id": "foot", "name": "A"}]}
)
_KWIN = b'{"id":"{7f1c}","app":"org.kde.kate","title":"a note","pid":12}'
_HYPRLAND = lines({"address": "0x55", "class": "foot", "title": "A", "pid": 7, "xwayland": False})


def targets() -> dict[str, Target]:
    """Each by its name."""
    return {
        "wayland": Target(_wayland, (_EVENTS,), ("desktop.paste.wayland",), _SENSELESS),
        "windows": Target(_windows, (_SWAY, _HYPRLAND, _KWIN), ("desktop.paste.wayland.focus",), (b"[" * 65_000,)),
    }
