"""A compositor with a layer shell in this process, in Qt's loop: what it was sent, and what a test has it say."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSocketNotifier

from desktop.paste.wayland.protocol import DISPLAY_ID, LAYER_SHELL, NUMBER, WaylandEvent, encode_request, take_events

VERSIONS = {"wl_compositor": 6, "wl_shm": 1, "wl_seat": 1, "wl_output": 1, LAYER_SHELL: 1}
SERIAL = 7


class FakeCompositor:
    """It listens in `folder`; `environ` is the session's. `clients` are all that ever connected, the last one last."""

    def __init__(self, folder: Path, versions: dict[str, int] = VERSIONS, *, is_silent: bool = False) -> None:
        self.versions = versions
        self.is_silent = is_silent
        self.closes_unseen = False
        self.clients: list[FakeClient] = []
        path = folder / "wayland-9"
        self.environ = {"WAYLAND_DISPLAY": str(path)}
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._notifier = QSocketNotifier(self._listener.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(lambda: self.clients.append(FakeClient(self, self._listener.accept()[0])))

    @property
    def client(self) -> FakeClient:
        """The last client."""
        return self.clients[-1]

    def close(self) -> None:
        """Listen no more, and end every connection."""
        self._notifier.setEnabled(False)
        self._listener.close()
        for client in self.clients:
            client.close()


class FakeClient:
    """A connection: the scale and the size (bytes) of each image that was shown on it, and the last clickable part."""

    def __init__(self, compositor: FakeCompositor, connection: socket.socket) -> None:
        self.images: list[tuple[int, int]] = []
        self.clickable: tuple[int, ...] = ()
        self.is_open = True
        self._compositor = compositor
        self._socket = connection
        self._received = bytearray()
        self._kinds = {DISPLAY_ID: "wl_display"}
        self._ids: dict[str, int] = {}
        self._scale = self._size = self._frame = 0
        self._region: tuple[int, ...] = ()
        self._notifier = QSocketNotifier(connection.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read)

    def close(self) -> None:
        """End the connection."""
        self.is_open = False
        self._notifier.setEnabled(False)
        self._socket.close()

    def say(self, kind: str, opcode: int, *arguments: int | str) -> None:
        """Send an event of its object of this kind."""
        self._socket.send(encode_request(self._ids[kind], opcode, *arguments))

    def prefer_scale(self, scale: int) -> None:
        self.say("surface", 2, scale)

    def close_surface(self) -> None:
        self.say("layer", 1)

    def unplug_screen(self) -> None:
        self.say("registry", 1, list(self._compositor.versions).index("wl_output") + 1)

    def enter(self, x: int, y: int) -> None:
        self.say("pointer", 0, SERIAL, self._ids["surface"], x * 256, y * 256)

    def move(self, x: int, y: int) -> None:
        self.say("pointer", 2, 0, x * 256, y * 256)

    def press(self, is_pressed: bool) -> None:
        self.say("pointer", 3, SERIAL, 0, 0x110, int(is_pressed))

    def _read(self) -> None:
        data, fds, _, _ = socket.recv_fds(self._socket, 65536, 28)
        for fd in fds:
            os.close(fd)
        if not data:
            self.close()
            return
        self._received += data
        if not self._compositor.is_silent:
            for request in take_events(self._received):
                self._handle(request)

    def _handle(self, request: WaylandEvent) -> None:
        handlers: dict[tuple[str, int], Callable[[WaylandEvent], None]] = {
            ("wl_display", 0): self._finish,
            ("wl_display", 1): self._list,
            ("registry", 0): self._bind,
            ("wl_compositor", 0): lambda request: self._add("surface", request.read_number()),
            ("wl_compositor", 1): self._create_region,
            (LAYER_SHELL, 0): lambda request: self._add("layer", request.read_number()),
            ("wl_seat", 0): lambda request: self._add("pointer", request.read_number()),
            ("wl_shm", 0): self._create_pool,
            ("region", 1): self._add_rectangle,
            ("surface", 3): self._ask_frame,
            ("surface", 5): self._set_region,
            ("surface", 6): self._commit,
            ("surface", 8): self._set_scale,
        }
        if handle := handlers.get((self._kinds.get(request.object, ""), request.opcode)):
            handle(request)

    def _add(self, kind: str, number: int) -> None:
        self._kinds[number] = kind
        self._ids[kind] = number

    def _delete(self, number: int) -> None:
        self._socket.send(encode_request(DISPLAY_ID, 1, number))

    def _finish(self, request: WaylandEvent) -> None:
        callback = request.read_number()
        self._socket.send(encode_request(callback, 0, 0))
        self._delete(callback)

    def _list(self, request: WaylandEvent) -> None:
        self._add("registry", request.read_number())
        for name, (interface, version) in enumerate(self._compositor.versions.items(), 1):
            self.say("registry", 0, name, interface, version)

    def _bind(self, request: WaylandEvent) -> None:
        interface = request.read_string(4)
        self._add(interface, NUMBER.unpack_from(request.body, request.offset_after_string(4) + 4)[0])
        if interface == "wl_seat":
            self.say("wl_seat", 0, 1)

    def _create_region(self, request: WaylandEvent) -> None:
        self._add("region", request.read_number())
        self._region = ()

    def _add_rectangle(self, request: WaylandEvent) -> None:
        self._region = struct.unpack("=4i", request.body)

    def _set_region(self, request: WaylandEvent) -> None:
        self.clickable = self._region

    def _create_pool(self, request: WaylandEvent) -> None:
        self._size = struct.unpack_from("=i", request.body, 4)[0]

    def _ask_frame(self, request: WaylandEvent) -> None:
        self._frame = request.read_number()

    def _set_scale(self, request: WaylandEvent) -> None:
        self._scale = request.read_number()

    def _commit(self, request: WaylandEvent) -> None:
        if self._compositor.closes_unseen:
            self.close_surface()
            return
        if not self._size:
            self.say("layer", 0, SERIAL, 0, 0)
            return
        self.images.append((self._scale, self._size))
        self._socket.send(encode_request(self._frame, 0, 0))
        self._delete(self._frame)
