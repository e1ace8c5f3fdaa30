"""Encode messages between the app and the worker process: a JSON header and raw bytes, each preceded by its length.

No pickle: whatever is read is data, from any writer.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

type WorkerMessage = tuple[dict[str, Any], bytes]

HEARTBEAT_ID = -1
"""The request number of heartbeats; no job has it."""

_LENGTHS_STRUCT = struct.Struct("<II")
LENGTHS_SIZE = _LENGTHS_STRUCT.size


def pack_message(header: dict[str, Any], payload: bytes = b"") -> bytes:
    """Return the encoded message."""
    data = json.dumps(header).encode()
    return _LENGTHS_STRUCT.pack(len(data), len(payload)) + data + payload


def unpack_lengths(data: bytes) -> tuple[int, int]:
    """Return the lengths of header and payload from the first `LENGTHS_SIZE` bytes."""
    head, payload = _LENGTHS_STRUCT.unpack(data)
    return head, payload


def write_message(stream: BinaryIO, header: dict[str, Any], payload: bytes = b"") -> None:
    """Send a message."""
    stream.write(pack_message(header, payload))
    stream.flush()


def read_message(stream: BinaryIO) -> WorkerMessage | None:
    """Receive a message, or None at the end of the stream."""
    first = stream.read(LENGTHS_SIZE)
    if len(first) < LENGTHS_SIZE:
        return None
    head, payload = unpack_lengths(first)
    return json.loads(stream.read(head)), stream.read(payload)
