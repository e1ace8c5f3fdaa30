"""The messages between the app and the worker process: a JSON header and raw bytes, over a pipe."""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

type WorkerMessage = tuple[dict[str, Any], bytes]
"""A header and its payload."""

BACKGROUND_OPTION = "--background"
"""The worker's command-line option for a process that must delay no other."""

HEARTBEAT_ID = -1
"""The request number of heartbeats; no job has it."""

_LENGTHS_STRUCT = struct.Struct("<II")
LENGTHS_SIZE = _LENGTHS_STRUCT.size


def pack_message(header: dict[str, Any], payload: bytes = b"") -> bytes:
    """Return the encoded message: a JSON header and raw bytes, after the lengths of both.

    No pickle: whatever is read is data, from any writer.
    """
    data = json.dumps(header).encode()
    return _LENGTHS_STRUCT.pack(len(data), len(payload)) + data + payload


def unpack_lengths(data: bytes) -> tuple[int, int]:
    """Return the lengths of header and payload from the first `LENGTHS_SIZE` bytes."""
    header_size, payload_size = _LENGTHS_STRUCT.unpack(data)
    return header_size, payload_size


def write_message(stream: BinaryIO, header: dict[str, Any], payload: bytes = b"") -> None:
    """Send a message."""
    stream.write(pack_message(header, payload))
    stream.flush()


def read_message(stream: BinaryIO) -> WorkerMessage | None:
    """Receive a message, or None at the end of the stream, which may be within a message: the app was killed."""
    lengths = stream.read(LENGTHS_SIZE)
    if len(lengths) < LENGTHS_SIZE:
        return None
    header_size, payload_size = unpack_lengths(lengths)
    header, payload = stream.read(header_size), stream.read(payload_size)
    return (json.loads(header), payload) if len(header) + len(payload) == header_size + payload_size else None
