from pathlib import Path

import numpy as np
import pytest

from models.gguf.writer import GgufTensor, TensorType, quantize_q8_0, write_gguf
from tests.support.gguf_file import read_gguf

ROWS = np.random.default_rng(1).normal(0, 0.2, (2500, 64)).astype(np.float32)
METADATA = {
    "name": "zwölf",
    "is": True,
    "not": False,
    "count": 7,
    "part": 0.5,
    "words": ["a", "", "ß"],
    "sizes": [1, 2],
}


def make(name: str, values: np.ndarray, kind: TensorType) -> GgufTensor:
    return GgufTensor(name, values.shape, kind, lambda: values)


def test_written_file_has_metadata_and_tensors(tmp_path: Path) -> None:
    tensors = [
        make("odd", ROWS[0, :5], TensorType.F32),
        make("half", ROWS[:3, :7], TensorType.F16),
        make("blocks", ROWS, TensorType.Q8_0),
        make("last", ROWS[1, :3], TensorType.F32),
    ]
    told: list[tuple[int, int]] = []
    write_gguf(tmp_path / "model.gguf", METADATA, tensors, lambda done, total: told.append((done, total)))
    content = read_gguf(tmp_path / "model.gguf")
    assert content.metadata == METADATA
    assert content.tensors["odd"].tolist() == ROWS[0, :5].tolist()
    assert content.tensors["last"].tolist() == ROWS[1, :3].tolist()
    assert content.tensors["half"].tolist() == ROWS[:3, :7].astype(np.float16).tolist()
    assert np.abs(content.tensors["blocks"] - ROWS).max() <= np.abs(ROWS).max() / 127 * 0.51
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1][0] == told[-1][1] == sum(tensor.size for tensor in tensors)


def test_same_content_gives_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_gguf(tmp_path / name, METADATA, [make("rows", ROWS, TensorType.Q8_0)])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_tensor_of_another_shape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="wrong has the shape"):
        write_gguf(tmp_path / "model.gguf", {}, [GgufTensor("wrong", (64, 2500), TensorType.Q8_0, lambda: ROWS)])


def test_halves_are_rounded_away_from_zero() -> None:
    levels = quantize_q8_0(np.array([[127, 2.5, -2.5, 0.49, -0.5, *[0] * 27]], np.float32))[0, 2:].view(np.int8)
    assert levels[:5].tolist() == [127, 3, -3, 0, -1]


def test_block_of_zeros_stays_zero() -> None:
    assert not quantize_q8_0(np.zeros((1, 32), np.float32)).any()
