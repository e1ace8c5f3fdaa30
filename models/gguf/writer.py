"""Write a GGUF file (version 3): metadata, then tensors, each quantised as it is written.

The bytes depend on the content alone: the order is the caller's, and the arithmetic is IEEE's in single precision, so
that a file made on any machine has the sha256 of the catalog.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import prod
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

type MetadataValue = str | bool | int | float | Sequence[str] | Sequence[int]

_VERSION = 3
_ALIGNMENT_BYTES = 32
_BLOCK = 32
"""Values that share a scale in Q8_0."""

_ROWS_AT_ONCE = 1024
"""Rows that are quantised together, which bounds the memory that a large tensor takes."""

_UINT32, _INT32, _FLOAT32, _BOOL, _STRING, _ARRAY = 4, 5, 6, 7, 8, 9


class TensorType(IntEnum):
    """How the numbers of a tensor are stored, with GGUF's own numbers."""

    F32 = 0
    F16 = 1
    Q8_0 = 8


@dataclass(frozen=True, slots=True)
class GgufTensor:
    """A tensor to write; `load` returns its float32 values when it is its turn. `shape` has the slowest axis first."""

    name: str
    shape: tuple[int, ...]
    kind: TensorType
    load: Callable[[], NDArray[np.float32]]

    @property
    def size(self) -> int:
        """Bytes in the file."""
        count = prod(self.shape)
        match self.kind:
            case TensorType.Q8_0:
                return count // _BLOCK * (_BLOCK + 2)
            case TensorType.F16:
                return count * 2
            case TensorType.F32:
                return count * 4


def write_gguf(
    path: Path,
    metadata: Mapping[str, MetadataValue],
    tensors: Sequence[GgufTensor],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Write the file. `progress` is called with the tensors' bytes written and their total. Raises `OSError`."""
    total, done = sum(tensor.size for tensor in tensors), 0
    with path.open("wb") as out:
        out.write(struct.pack("<4sIQQ", b"GGUF", _VERSION, len(tensors), len(metadata)))
        for key, value in metadata.items():
            out.write(_pack_string(key) + _pack_value(value))
        offset = 0
        for tensor in tensors:
            shape = tensor.shape[::-1]  # GGUF names the fastest axis first
            out.write(_pack_string(tensor.name))
            out.write(struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, tensor.kind, offset))
            offset += _align(tensor.size)
        _pad(out)
        for tensor in tensors:
            for chunk in _encode(tensor):
                out.write(chunk)
            _pad(out)
            done += tensor.size
            progress(done, total)


def quantize_q8_0(rows: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return `rows` in Q8_0: of every 32 values the scale in half precision, and a signed byte for each."""
    blocks = np.ascontiguousarray(rows, np.float32).reshape(-1, _BLOCK)
    scales = np.abs(blocks).max(axis=1, keepdims=True) / np.float32(127)
    inverse = np.divide(np.float32(1), scales, out=np.zeros_like(scales), where=scales > 0)
    scaled = blocks * inverse
    levels = np.copysign(np.floor(np.abs(scaled) + np.float32(0.5)), scaled)  # halves away from zero, as in C
    packed = np.empty((len(blocks), _BLOCK + 2), np.uint8)
    packed[:, :2] = scales.astype("<f2").view(np.uint8)
    packed[:, 2:] = levels.astype(np.int8).view(np.uint8)
    return packed


def _encode(tensor: GgufTensor) -> Iterator[bytes]:
    values = tensor.load()
    if values.shape != tensor.shape:
        raise ValueError(f"{tensor.name} has the shape {values.shape}")
    match tensor.kind:
        case TensorType.Q8_0:
            for start in range(0, len(values), _ROWS_AT_ONCE):
                yield quantize_q8_0(values[start : start + _ROWS_AT_ONCE]).tobytes()
        case TensorType.F16:
            yield values.astype("<f2").tobytes()
        case TensorType.F32:
            yield values.astype("<f4").tobytes()


def _align(size: int) -> int:
    return -(-size // _ALIGNMENT_BYTES) * _ALIGNMENT_BYTES


def _pad(out: BinaryIO) -> None:
    position = out.tell()
    out.write(bytes(_align(position) - position))


def _pack_string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _pack_value(value: MetadataValue) -> bytes:
    match value:
        case str():
            return struct.pack("<I", _STRING) + _pack_string(value)
        case bool():
            return struct.pack("<I?", _BOOL, value)
        case int():
            return struct.pack("<II", _UINT32, value)
        case float():
            return struct.pack("<If", _FLOAT32, value)
        case _:
            is_text = isinstance(value[0], str)
            head = struct.pack("<IIQ", _ARRAY, _STRING if is_text else _INT32, len(value))
            return head + b"".join(_pack_string(str(item)) if is_text else struct.pack("<i", item) for item in value)
