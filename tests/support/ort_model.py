"""Models in ONNX Runtime's format as far as their weights go, written by a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import flatbuffers
import numpy as np
from numpy.typing import NDArray

_TYPES = {np.dtype("f4"): 1, np.dtype("i1"): 3}


@dataclass
class OrtGraph:
    """Tensors by name; nodes as their inputs and their output; a branch as an `If` node has it."""

    tensors: dict[str, NDArray[np.generic]] = field(default_factory=dict)
    nodes: list[tuple[list[str], str]] = field(default_factory=list)
    branch: OrtGraph | None = None

    def add_weight(self, name: str, values: NDArray[np.int8], scale: float, offset: float) -> str:
        """Add a weight of bytes, and return the name by which nodes use it."""
        self.tensors[f"{name}_quantized"] = values
        self.tensors[f"{name}_scale"] = np.array([scale], np.float32)
        self.tensors[f"{name}_zero_point"] = np.array([offset], np.float32)
        return f"{name}_add_tensor"


def write_ort(path: Path, graph: OrtGraph) -> None:
    """Write the graph as a session of version 6."""
    builder = flatbuffers.Builder(1 << 20)
    version, place = builder.CreateString("6"), _write_graph(builder, graph)
    model = _write_table(builder, {7: place}, 10)
    builder.Finish(_write_table(builder, {0: version, 1: model}, 4), b"ORTM")
    path.write_bytes(builder.Output())


def _write_graph(builder: flatbuffers.Builder, graph: OrtGraph) -> int:
    tensors = [_write_tensor(builder, name, values) for name, values in graph.tensors.items()]
    nodes = [_write_node(builder, inputs, output) for inputs, output in graph.nodes]
    if graph.branch is not None:
        attribute = _write_table(builder, {7: _write_graph(builder, graph.branch)}, 13)
        nodes.append(_write_node(builder, ["condition"], "logits", [attribute]))
    return _write_table(builder, {0: _write_offsets(builder, tensors), 2: _write_offsets(builder, nodes)}, 8)


def _write_tensor(builder: flatbuffers.Builder, name: str, values: NDArray[np.generic]) -> int:
    fields = {
        0: builder.CreateString(name),
        2: builder.CreateNumpyVector(np.array(values.shape, np.int64)),
        4: builder.CreateNumpyVector(np.frombuffer(values.tobytes(), np.uint8)),
    }
    return _write_table(builder, fields, 6, kind=_TYPES[values.dtype])


def _write_node(builder: flatbuffers.Builder, inputs: list[str], output: str, attributes: Sequence[int] = ()) -> int:
    texts = _write_offsets(builder, [builder.CreateString(name) for name in inputs])
    fields = {8: texts, 9: _write_offsets(builder, [builder.CreateString(output)])}
    if attributes:
        fields[10] = _write_offsets(builder, attributes)
    return _write_table(builder, fields, 13)


def _write_offsets(builder: flatbuffers.Builder, offsets: Sequence[int]) -> int:
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    return int(builder.EndVector())


def _write_table(builder: flatbuffers.Builder, fields: dict[int, int], size: int, kind: int = 0) -> int:
    builder.StartObject(size)
    for number, offset in fields.items():
        builder.PrependUOffsetTRelativeSlot(number, offset, 0)
    if kind:
        builder.PrependInt32Slot(3, kind, 0)
    return int(builder.EndObject())
