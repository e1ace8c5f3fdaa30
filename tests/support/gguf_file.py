"""Read a GGUF file as its format says, for tests of what writes one."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_NUMBERS = {4: "<I", 5: "<i", 6: "<f", 7: "<?"}
_TEXT, _LIST = 8, 9


@dataclass
class GgufContent:
    """What a file has: metadata by key, and tensors by name as float32."""

    metadata: dict[str, Any]
    tensors: dict[str, NDArray[np.float32]]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def number(self, format: str) -> Any:
        (value,) = struct.unpack_from(format, self.data, self.position)
        self.position += struct.calcsize(format)
        return value

    def text(self) -> str:
        size = self.number("<Q")
        self.position += size
        return self.data[self.position - size : self.position].decode()

    def value(self, kind: int) -> Any:
        if kind == _TEXT:
            return self.text()
        if kind == _LIST:
            item, count = self.number("<I"), self.number("<Q")
            return [self.value(item) for _ in range(count)]
        return self.number(_NUMBERS[kind])


def read_gguf(path: Path) -> GgufContent:
    """Read the whole file; every tensor must begin at a multiple of 32 bytes and end within the file."""
    reader = _Reader(path.read_bytes())
    assert reader.data[:4] == b"GGUF"
    reader.position = 4
    version, tensor_count, key_count = reader.number("<I"), reader.number("<Q"), reader.number("<Q")
    assert version == 3
    metadata = {reader.text(): reader.value(reader.number("<I")) for _ in range(key_count)}
    places = []
    for _ in range(tensor_count):
        name = reader.text()
        shape = [reader.number("<Q") for _ in range(reader.number("<I"))][::-1]
        places.append((name, shape, reader.number("<I"), reader.number("<Q")))
    start = -(-reader.position // 32) * 32
    tensors = {}
    for name, shape, kind, offset in places:
        assert offset % 32 == 0
        tensors[name] = _read_tensor(reader.data, start + offset, kind, int(np.prod(shape))).reshape(shape)
    return GgufContent(metadata, tensors)


def _read_tensor(data: bytes, position: int, kind: int, count: int) -> NDArray[np.float32]:
    if kind == 0:
        return np.frombuffer(data, "<f4", count, position)
    if kind == 1:
        return np.frombuffer(data, "<f2", count, position).astype(np.float32)
    assert kind == 8
    blocks = np.frombuffer(data, np.dtype([("scale", "<f2"), ("levels", "i1", 32)]), count // 32, position)
    return blocks["levels"].astype(np.float32) * blocks["scale"].astype(np.float32)[:, None]
