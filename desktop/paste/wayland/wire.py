"""Wayland's wire format: 32-bit words in the machine's byte order, strings with their length. Pure.

A message is the object it goes to or comes from, its size and opcode, and its arguments. File descriptors travel beside
the bytes. (The Wayland book, "Wire protocol basics".)
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

HEADER = struct.Struct("=II")
NUMBER = struct.Struct("=I")


@dataclass(frozen=True, slots=True)
class WaylandEvent:
    """A message from the compositor: the object that sends it, its opcode, and its arguments as raw bytes."""

    object: int
    opcode: int
    body: bytes

    def read_numbers(self, count: int) -> tuple[int, ...]:
        """Return the first `count` arguments, which must be numbers, objects or new objects."""
        return struct.unpack_from(f"={count}I", self.body)

    def read_string(self, offset: int = 0) -> str:
        """Return the string that begins at `offset` bytes."""
        (length,) = NUMBER.unpack_from(self.body, offset)
        return self.body[offset + 4 : offset + 3 + length].decode(errors="replace")

    def offset_after_string(self, offset: int = 0) -> int:
        """Return the offset behind the string that begins at `offset`."""
        length: int = NUMBER.unpack_from(self.body, offset)[0]
        return offset + 4 + (length + 3) // 4 * 4


def encode_request(target: int, opcode: int, *arguments: int | str) -> bytes:
    """Encode a request to the object `target`. Descriptors are no arguments: they are sent along."""
    body = b"".join(NUMBER.pack(one) if isinstance(one, int) else _encode_string(one) for one in arguments)
    return HEADER.pack(target, (HEADER.size + len(body)) << 16 | opcode) + body


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


def _encode_string(text: str) -> bytes:
    data = text.encode() + b"\0"
    return NUMBER.pack(len(data)) + data + bytes(-len(data) % 4)
