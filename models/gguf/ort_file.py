"""Read the weights of a model in ONNX Runtime's own format (`.ort`), without ONNX Runtime.

The format is a FlatBuffer; the numbers below are the places of the fields that are used, from its schema (version 6).
ONNX Runtime would run the model, but it has no call for its weights, and what it saves differs between its versions.

Weights are bytes which the graph turns into numbers (`Cast`, `Mul` by a scale, `Add` of an offset) before it uses
them. Most have a number for a name, so that a weight is found by the name of the node that uses it.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SESSION_MODEL = 1
_MODEL_GRAPH = 7
_GRAPH_TENSORS, _GRAPH_NODES = 0, 2
_TENSOR_NAME, _TENSOR_SHAPE, _TENSOR_TYPE, _TENSOR_DATA = 0, 2, 3, 4
_NODE_INPUTS, _NODE_OUTPUTS, _NODE_ATTRIBUTES = 8, 9, 10
_ATTRIBUTE_GRAPH = 7

_TYPES: dict[int, np.dtype[Any]] = {1: np.dtype("<f4"), 2: np.dtype("u1"), 3: np.dtype("i1"), 7: np.dtype("<i8")}
"""numpy's types by ONNX's numbers, as far as these models have them."""


class _Table:
    """A table of a FlatBuffer at a position in the file."""

    def __init__(self, data: bytes | mmap.mmap, position: int) -> None:
        self._data = data
        self._position = position
        self._fields = position - self._read("<i", position)

    def _read(self, format: str, position: int) -> int:
        value: int = struct.unpack_from(format, self._data, position)[0]
        return value

    def _locate(self, field: int) -> int:
        """Return the position of a field's value, 0 if it is not there."""
        entry = 4 + 2 * field
        if entry >= self._read("<H", self._fields):
            return 0
        offset = self._read("<H", self._fields + entry)
        return self._position + offset if offset else 0

    def _follow(self, position: int) -> int:
        return position + self._read("<I", position)

    def _items(self, field: int, size: int) -> range:
        """Return the positions of the items of a vector."""
        position = self._locate(field)
        if not position:
            return range(0)
        start = self._follow(position)
        return range(start + 4, start + 4 + size * self._read("<I", start), size)

    def number(self, field: int) -> int:
        position = self._locate(field)
        return self._read("<i", position) if position else 0

    def text(self, field: int) -> str:
        position = self._locate(field)
        return self._text_at(self._follow(position)) if position else ""

    def _text_at(self, position: int) -> str:
        return self._data[position + 4 : position + 4 + self._read("<I", position)].decode()

    def table(self, field: int) -> _Table | None:
        position = self._locate(field)
        return _Table(self._data, self._follow(position)) if position else None

    def tables(self, field: int) -> Iterator[_Table]:
        return (_Table(self._data, self._follow(position)) for position in self._items(field, 4))

    def texts(self, field: int) -> list[str]:
        return [self._text_at(self._follow(position)) for position in self._items(field, 4)]

    def longs(self, field: int) -> tuple[int, ...]:
        return tuple(self._read("<q", position) for position in self._items(field, 8))

    def array(self, field: int, kind: np.dtype[Any]) -> NDArray[Any]:
        items = self._items(field, 1)
        return np.frombuffer(self._data, kind, len(items) // kind.itemsize, items.start)


class OrtFile:
    """The weights of a model. Raises `ValueError` or `struct.error` if the file is something else.

    The file is open until `close`, and Windows deletes none that is.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._inputs: dict[str, list[str]] = {}
        try:
            self._tensors = self._read_graph(path)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file. No weight can be read from now on; those that were read are copies."""
        self._data.close()

    def _read_graph(self, path: Path) -> dict[str, _Table]:
        """Note the nodes' inputs, and return the tensors by their names."""
        if self._data[4:8] != b"ORTM":
            raise ValueError(f"{path.name} is not in ONNX Runtime's format")
        model = _Table(self._data, struct.unpack_from("<I", self._data)[0]).table(_SESSION_MODEL)
        graph = model and model.table(_MODEL_GRAPH)
        if graph is None:
            raise ValueError(f"{path.name} has no graph")
        self._read_nodes(graph)
        return {tensor.text(_TENSOR_NAME): tensor for tensor in graph.tables(_GRAPH_TENSORS)}

    def _read_nodes(self, graph: _Table) -> None:
        """Note the inputs of each node by its first output; of the branches of an `If` the first counts."""
        for node in graph.tables(_GRAPH_NODES):
            self._inputs.setdefault(node.texts(_NODE_OUTPUTS)[0], node.texts(_NODE_INPUTS))
            for attribute in node.tables(_NODE_ATTRIBUTES):
                branch = attribute.table(_ATTRIBUTE_GRAPH)
                if branch is not None:
                    self._read_nodes(branch)

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of the tensor `name`. Raises `ValueError` if there is none."""
        return self._find(name).longs(_TENSOR_SHAPE)

    def tensor(self, name: str) -> NDArray[np.float32]:
        """Return the tensor `name` in float32, of bytes with their scale and offset. Raises `ValueError`."""
        stored = self._tensors.get(f"{name}_quantized")
        if stored is None:
            return self._load(self._find(name))
        values = self._load(stored)
        values *= self._load(self._find(f"{name}_scale"))
        values += self._load(self._find(f"{name}_zero_point"))
        return values

    def name_of_weight(self, output: str) -> str:
        """Return the name of the weight that the node with this output uses. Raises `ValueError`."""
        for name in self._inputs.get(output, ()):
            weight = name.removesuffix("_add_tensor")
            if weight in self._tensors or f"{weight}_quantized" in self._tensors:
                return weight
        raise ValueError(f"no weight for {output}")

    def _find(self, name: str) -> _Table:
        tensor = self._tensors.get(f"{name}_quantized") or self._tensors.get(name)
        if tensor is None:
            raise ValueError(f"no tensor {name}")
        return tensor

    def _load(self, tensor: _Table) -> NDArray[np.float32]:
        kind = _TYPES[tensor.number(_TENSOR_TYPE)]
        return tensor.array(_TENSOR_DATA, kind).reshape(tensor.longs(_TENSOR_SHAPE)).astype(np.float32)
