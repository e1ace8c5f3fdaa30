from pathlib import Path

import numpy as np
import pytest

from models.gguf.ort_file import OrtFile
from tests.support.ort_model import OrtGraph, write_ort

BYTES = np.array([[-128, -1, 0], [1, 5, 127]], np.int8)


@pytest.fixture
def file(tmp_path: Path) -> OrtFile:
    graph = OrtGraph({"bias": np.array([0.25, -3], np.float32)})
    weight = graph.add_weight("onnx::MatMul_7", BYTES, 0.5, 0.125)
    graph.nodes.append((["before", weight], "/first/MatMul_output_0"))
    graph.branch = OrtGraph(nodes=[(["bias", "x"], "/branch/Add_output_0"), (["x", "y"], "/branch/Mul_output_0")])
    write_ort(tmp_path / "model.ort", graph)
    return OrtFile(tmp_path / "model.ort")


def test_plain_tensor_is_read_as_it_is(file: OrtFile) -> None:
    assert file.tensor("bias").tolist() == [0.25, -3]
    assert file.shape("bias") == (2,)


def test_bytes_are_scaled_and_shifted(file: OrtFile) -> None:
    assert file.shape("onnx::MatMul_7") == (2, 3)
    assert file.tensor("onnx::MatMul_7").tolist() == [[-63.875, -0.375, 0.125], [0.625, 2.625, 63.625]]


def test_weights_are_found_by_their_node_in_branches_too(file: OrtFile) -> None:
    assert file.name_of_weight("/first/MatMul_output_0") == "onnx::MatMul_7"
    assert file.name_of_weight("/branch/Add_output_0") == "bias"


@pytest.mark.parametrize("output", ["/branch/Mul_output_0", "nowhere"])
def test_node_without_weight_is_refused(file: OrtFile, output: str) -> None:
    with pytest.raises(ValueError, match=output):
        file.name_of_weight(output)


def test_unknown_tensor_is_refused(file: OrtFile) -> None:
    with pytest.raises(ValueError, match="no tensor weight"):
        file.tensor("weight")


def test_closed_file_can_be_deleted_and_not_read(file: OrtFile, tmp_path: Path) -> None:
    weight = file.tensor("bias")
    file.close()
    (tmp_path / "model.ort").unlink()
    assert weight.tolist() == [0.25, -3]
    with pytest.raises(ValueError, match="closed"):
        file.tensor("bias")


def test_other_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.ort").write_bytes(b"not at all such a file")
    with pytest.raises(ValueError, match="not in ONNX Runtime's format"):
        OrtFile(tmp_path / "model.ort")
    (tmp_path / "model.ort").unlink()
