from pathlib import Path

import numpy as np
import pytest

from models.gguf.moonshine import ENCODER, convert_moonshine
from tests.support.gguf_file import GgufContent, read_gguf
from tests.support.ort_model import OrtGraph, write_ort
from tests.support.small_moonshine import WIDE, WIDTH, SmallMoonshine


@pytest.fixture(scope="module")
def model() -> SmallMoonshine:
    return SmallMoonshine()


@pytest.fixture(scope="module")
def converted(model: SmallMoonshine, tmp_path_factory: pytest.TempPathFactory) -> GgufContent:
    folder = tmp_path_factory.mktemp("moonshine")
    model.write(folder)
    convert_moonshine(folder, folder / "model.gguf")
    return read_gguf(folder / "model.gguf")


def test_all_tensors_of_the_model_are_there(converted: GgufContent) -> None:
    assert len(converted.tensors) == 210
    assert converted.metadata["general.architecture"] == "moonshine"


def test_products_are_stored_by_rows(model: SmallMoonshine, converted: GgufContent) -> None:
    name = "onnx::/model/decoder/layers.3/mlp/up_proj"
    expected = model.decoder.tensors[f"{name}_quantized"].astype(np.float32).T * np.float32(0.01) + np.float32(0.002)
    assert converted.tensors["dec.blocks.3.ffn.fc1.weight"] == pytest.approx(expected, abs=0.006)
    assert converted.tensors["enc.blocks.0.ffn.fc2.weight"].shape == (WIDTH, WIDE)


def test_each_part_comes_from_its_own_node(model: SmallMoonshine, converted: GgufContent) -> None:
    for ours, theirs in (("self_attn.v", "self_attn/v_proj"), ("cross_attn.out", "encoder_attn/dense")):
        stored = model.decoder.tensors[f"onnx::/model/decoder/layers.7/{theirs}_quantized"]
        expected = stored.astype(np.float32).T * 0.01 + 0.002
        assert converted.tensors[f"dec.blocks.7.{ours}.weight"] == pytest.approx(expected, abs=0.006)
    norms = (
        ("dec.blocks.2.norm_cross", "/model/decoder/layers.2.post_attention_layernorm"),
        ("dec.blocks.2.norm_ffn", "/model/decoder/layers.2.final"),
    )
    for ours, theirs in norms:
        assert converted.tensors[f"{ours}.weight"].tolist() == model.decoder.tensors[theirs].tolist()
    bias = model.encoder.tensors["onnx::Add_1943"]
    assert converted.tensors["enc.conv.norm.bias"].tolist() == bias.reshape(-1).tolist()


def test_bytes_and_reserved_tokens_are_named(converted: GgufContent) -> None:
    tokens, kinds = (converted.metadata[f"tokenizer.ggml.{key}"] for key in ("tokens", "token_type"))
    assert len(tokens) == len(kinds) == 32_768
    assert tokens[:4] == ["<unk>", "<s>", "</s>", "<0x00>"]
    assert tokens[3 + 0xE2] == "<0xE2>"
    assert tokens[259:262] == ["▁the", "er", "<<ST_0>>"]
    assert (kinds[:4], kinds[258:262]) == ([2, 3, 3, 6], [6, 1, 1, 3])


def test_other_graph_is_refused(model: SmallMoonshine, tmp_path: Path) -> None:
    model.write(tmp_path)
    write_ort(tmp_path / ENCODER, OrtGraph())
    with pytest.raises(ValueError, match="conv1"):
        convert_moonshine(tmp_path, tmp_path / "model.gguf")
