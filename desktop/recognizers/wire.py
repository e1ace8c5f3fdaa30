"""How the app and the model's process talk: a JSON head and raw bytes, each with its length before it.

No pickle: what is read is data, whoever wrote it.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

type Message = tuple[dict[str, Any], bytes]

PULSE = -1
"""The number of the question whether the process lives; no job has it."""

_LENGTHS = struct.Struct("<II")
LENGTHS = _LENGTHS.size


def pack(head: dict[str, Any], payload: bytes = b"") -> bytes:
    """The message as it travels."""
    data = json.dumps(head).encode()
    return _LENGTHS.pack(len(data), len(payload)) + data + payload


def lengths(data: bytes) -> tuple[int, int]:
    """The lengths of head and payload from the first `LENGTHS` bytes."""
    head, payload = _LENGTHS.unpack(data)
    return head, payload


def write(stream: BinaryIO, head: dict[str, Any], payload: bytes = b"") -> None:
    """Send a message."""
    stream.write(pack(head, payload))
    stream.flush()


def read(stream: BinaryIO) -> Message | None:
    """Receive a message, or None at the stream's end."""
    first = stream.read(LENGTHS)
    if len(first) < LENGTHS:
        return None
    head, payload = lengths(first)
    return json.loads(stream.read(head)), stream.read(payload)
