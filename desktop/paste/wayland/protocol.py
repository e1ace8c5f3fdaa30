"""A connection to the compositor, without a window: its interfaces, requests and events, and their wire format.

`wl-copy` could restore a single type only, which would lose pictures and files, and does not identify readers.
So the few messages of data-control are spoken here; a binding of libwayland would be the larger part. A message is the
object it goes to or comes from, its size and opcode, and its arguments: 32-bit words in the machine's byte order,
strings with their length. File descriptors travel beside the bytes. (The Wayland book, "Wire protocol basics".)
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import struct
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import PasteError

logger = logging.getLogger(__name__)

DISPLAY_ID = 1
"""The object that exists from the start."""

SYNC, GET_REGISTRY, BIND = 0, 1, 0
"""Opcodes of requests of wl_display and wl_registry."""

ERROR, DELETE_ID = 0, 1
"""Opcodes of wl_display's events."""

LAYER_SHELL = "zwlr_layer_shell_v1"
"""The interface by which a surface is above all windows, for `desktop.ui.pill.layer_surface`."""

ANSWER_TIMEOUT_S = 5.0
"""Seconds that a compositor may take to list its interfaces."""

MAX_FDS = 28
"""Maximum number of descriptors in one message, as in libwayland."""

HEADER = struct.Struct("=II")
NUMBER = struct.Struct("=I")


class Compositor:
    """The compositor of the session that `environ` describes.

    `globals` are its interfaces, each with its name there and its version. `pid` is its process. Handlers are called in
    the loop that `listen` is given, or by `read_events`; `on_lost` once, when the connection is gone.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        on_lost: Callable[[], None] = lambda: None,
        on_listed: Callable[[], None] | None = None,
    ) -> None:
        """Connect and list the interfaces, or have `read_events` list them and call `on_listed` then.

        Raises `PasteError`.
        """
        self.environ = environ
        self.globals: dict[str, tuple[int, int]] = {}
        self.fds: deque[int] = deque()
        self._on_lost = on_lost
        self._received = bytearray()
        self._shared: dict[str, int] = {}
        self._handlers: dict[int, Callable[[WaylandEvent], None]] = {DISPLAY_ID: self._on_display_event}
        self._free = deque(range(2, 0x10000))
        self._roundtrips: set[asyncio.Future[None]] = set()
        self._socket = socket.socket(socket.AF_UNIX)
        self._loop: asyncio.AbstractEventLoop | None = None
        try:
            self._socket.settimeout(ANSWER_TIMEOUT_S)
            self._socket.connect(str(_socket_path(environ)))
            self.pid = _peer_pid(self._socket)
            self._registry = self.new_object(self._on_registry_event)
            self.send_request(DISPLAY_ID, GET_REGISTRY, self._registry)
            is_answered = False

            def on_done(event: WaylandEvent) -> None:
                nonlocal is_answered
                is_answered = True
                if on_listed is not None:
                    on_listed()

            self.send_request(DISPLAY_ID, SYNC, self.new_object(on_done))
            while on_listed is None and not is_answered:
                self._receive()
        except OSError as error:
            self._socket.close()
            raise PasteError("paste-compositor-unreachable") from error

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Call handlers from now on."""
        self._loop = loop
        loop.add_reader(self._socket, self.read_events)

    def fileno(self) -> int:
        """Return the descriptor that is readable when there are events."""
        return self._socket.fileno()

    def close(self) -> None:
        """Disconnect, which ends our ownership of the clipboard."""
        if self._loop is not None:
            self._loop.remove_reader(self._socket)
            self._loop = None
        self._socket.close()
        while self.fds:
            os.close(self.fds.popleft())
        for roundtrip in self._roundtrips:
            if not roundtrip.done():
                roundtrip.set_exception(ConnectionResetError("the connection to the compositor is closed"))

    def new_object(self, handle: Callable[[WaylandEvent], None]) -> int:
        """Create an object of ours, whose events go to `handle` until the compositor has deleted it.

        The request that creates it must come before the next object: the compositor counts them.
        """
        number = self._free.popleft()
        self._handlers[number] = handle
        return number

    def handle_object(self, number: int, handle: Callable[[WaylandEvent], None]) -> None:
        """Handle the events of an object that the compositor created, or of a shared one."""
        self._handlers[number] = handle

    def forget_object(self, number: int) -> None:
        """Stop handling the events of an object that the compositor created."""
        self._handlers.pop(number, None)

    def bind_global(self, interface: str, version: int = 1) -> int:
        """Return our object for one of its interfaces, always the same one; its events are ignored."""
        if interface not in self._shared:
            number = self._shared[interface] = self.new_object(lambda event: None)
            self.send_request(self._registry, BIND, self.globals[interface][0], interface, version, number)
        return self._shared[interface]

    def send_request(self, target: int, opcode: int, *arguments: int | str, fds: Sequence[int] = ()) -> None:
        """Send a request. Raises `OSError` when the compositor is gone."""
        socket.send_fds(self._socket, [encode_request(target, opcode, *arguments)], list(fds))

    async def roundtrip(self, requests: bytes = b"", on_done: Callable[[], None] = lambda: None) -> None:
        """Return when the compositor has carried out all earlier requests, and their events have been handled.

        Encoded `requests` are sent along in one write; `on_done` is called before later events are handled. Raises
        `OSError` when it is gone or silent.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._roundtrips.add(done)
        done.add_done_callback(self._roundtrips.discard)

        def on_answer(event: WaylandEvent) -> None:
            on_done()
            if not done.done():
                done.set_result(None)

        message = requests + encode_request(DISPLAY_ID, SYNC, self.new_object(on_answer))
        socket.send_fds(self._socket, [message], [])
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            await done

    def send_sync(self, on_done: Callable[[], None]) -> None:
        """Have `on_done` called once all earlier requests are carried out. Raises `OSError` if that is lost."""
        self.send_request(DISPLAY_ID, SYNC, self.new_object(lambda event: on_done()))

    def read_events(self) -> None:
        """Handle the events that have come, and wait for one if there is none: for those without a loop."""
        try:
            self._receive()
        except OSError as error:
            logger.warning("the connection to the compositor was lost: %s", str(error))
            self.close()
            self._on_lost()

    def _receive(self) -> None:
        data, fds, _, _ = socket.recv_fds(self._socket, 65536, MAX_FDS)
        self.fds.extend(fds)
        if not data:
            raise ConnectionResetError("it closed the connection")
        self._received += data
        try:
            for event in take_events(self._received):
                handle = self._handlers.get(event.object)
                if handle is not None:
                    handle(event)
        except (struct.error, ValueError, LookupError) as error:
            raise ConnectionAbortedError(f"it says what makes no sense ({type(error).__name__})") from error

    def _on_display_event(self, event: WaylandEvent) -> None:
        if event.opcode == ERROR:
            raise ConnectionAbortedError(event.read_string(8))
        if event.opcode == DELETE_ID:
            number = event.read_number()
            self._handlers.pop(number, None)
            self._free.append(number)

    def _on_registry_event(self, event: WaylandEvent) -> None:
        if event.opcode == 0:
            name = event.read_number()
            (version,) = struct.unpack_from("=I", event.body, event.offset_after_string(4))
            self.globals[event.read_string(4)] = name, version


def _socket_path(environ: Mapping[str, str]) -> Path:
    """Return the compositor's socket; a name is looked up in the runtime folder."""
    return Path(environ.get("XDG_RUNTIME_DIR", "/")) / environ.get("WAYLAND_DISPLAY", "wayland-0")


def _peer_pid(connected: socket.socket) -> int:
    """Return the process at the other end."""
    pid: int = struct.unpack("=3i", connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
    return pid


@dataclass(frozen=True, slots=True)
class WaylandEvent:
    """A message from the compositor: the object that sends it, its opcode, and its arguments as raw bytes."""

    object: int
    opcode: int
    body: bytes

    def read_number(self) -> int:
        """Return the first argument, which must be a number, an object or a new object."""
        return int(NUMBER.unpack_from(self.body)[0])

    def read_numbers(self) -> tuple[int, ...]:
        """Return the first argument, which must be an array of numbers."""
        (size,) = NUMBER.unpack_from(self.body)
        return struct.unpack_from(f"={size // NUMBER.size}I", self.body, NUMBER.size)

    def read_string(self, offset: int = 0) -> str:
        """Return the string that begins at `offset` bytes."""
        (length,) = NUMBER.unpack_from(self.body, offset)
        return self.body[offset + 4 : offset + 3 + length].decode(errors="replace")

    def offset_after_string(self, offset: int = 0) -> int:
        """Return the offset behind the string that begins at `offset`."""
        length: int = NUMBER.unpack_from(self.body, offset)[0]
        return offset + 4 + (length + 3) // 4 * 4


def take_events(received: bytearray) -> Iterator[WaylandEvent]:
    """Take every whole message from the front of `received`. Raises `ValueError` if a message is malformed."""
    while len(received) >= HEADER.size:
        source, word = HEADER.unpack_from(received)
        size = word >> 16
        if size < HEADER.size:
            raise ValueError("a message that is shorter than its head")
        if len(received) < size:
            return
        event = WaylandEvent(source, word & 0xFFFF, bytes(received[HEADER.size : size]))
        del received[:size]
        yield event


def encode_request(target: int, opcode: int, *arguments: int | str) -> bytes:
    """Encode a request to the object `target`. Descriptors are no arguments: they are sent along."""
    body = b"".join(
        NUMBER.pack(argument) if isinstance(argument, int) else _encode_string(argument) for argument in arguments
    )
    return HEADER.pack(target, (HEADER.size + len(body)) << 16 | opcode) + body


def _encode_string(text: str) -> bytes:
    data = text.encode() + b"\0"
    return NUMBER.pack(len(data)) + data + bytes(-len(data) % 4)
