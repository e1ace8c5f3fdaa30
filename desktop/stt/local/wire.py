"""Encode messages between the app and the worker process: a JSON header and raw bytes, each preceded by its length.

No pickle: whatever is read is data, from any writer.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

type Message = tuple[dict[str, Any], bytes]

PULSE = -1
"""The request number of heartbeats; no job has it."""

_LENGTHS = struct.Struct("<II")
LENGTHS = _LENGTHS.size


def pack(head: dict[str, Any], payload: bytes = b"") -> bytes:
    """Return the encoded message."""
    data = json.dumps(head).encode()
    return _LENGTHS.pack(len(data), len(payload)) + data + payload


def lengths(data: bytes) -> tuple[int, int]:
    """Return the lengths of header and payload from the first `LENGTHS_SIZE` bytes."""
    head, payload = _LENGTHS.unpack(data)
    return head, payload


def write(stream: BinaryIO, head: dict[str, Any], payload: bytes = b"") -> None:
    """Send a message."""
    stream.write(pack(head, payload))
    stream.flush()


def read(stream: BinaryIO) -> Message | None:
    """Receive a message, or None at the end of the stream."""
    first = stream.read(LENGTHS)
    if len(first) < LENGTHS:
        return None
    head, payload = lengths(first)
    return json.loads(stream.read(head)), stream.read(payload)
