from pathlib import Path

import numpy as np
import pytest

from models.gguf.moonshine import DECODER, ENCODER, TOKENS, convert_moonshine
from tests.support.gguf_file import GgufContent, read_gguf
from tests.support.ort_model import OrtGraph, write_ort

WIDTH, WIDE = 32, 64
LAYERS = 8


class Model:
    """A model of Moonshine's names and of small sizes; every weight is another."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(3)
        self.encoder, self.decoder = OrtGraph(), OrtGraph(branch=OrtGraph())
        self.encoder.tensors |= {f"conv{number}.bias": self.vector(WIDTH) for number in (2, 3)}
        for number in (1, 2, 3):
            weight = self.encoder.add_weight(f"conv{number}.weight", self.matrix(WIDTH, 4, 3), 0.01, 0)
            self.encoder.nodes.append(
                (["x", weight, *([f"conv{number}.bias"] if number > 1 else [])], f"/conv{number}/Conv_output_0")
            )
        self.norm(self.encoder, self.encoder, "/groupnorm", "onnx::Mul_1942", column=True)
        self.bias(self.encoder, self.encoder, "/groupnorm", "onnx::Add_1943", column=True)
        self.encoder.tensors["layer_norm.weight"] = self.vector(WIDTH)
        self.encoder.nodes.append((["x", "layer_norm.weight"], "last_hidden_state"))
        branch = self.decoder.branch
        assert branch is not None
        embedding = self.decoder.add_weight("embed", self.matrix(50, WIDTH), 0.01, 0.001)
        branch.nodes.append(([embedding, "input_ids"], "/model/decoder/embed_tokens/Gather_output_0"))
        self.norm(self.decoder, branch, "/model/decoder/norm", "model.decoder.norm.weight")
        for layer in range(LAYERS):
            self.add_layer(self.encoder, self.encoder, f"/layers.{layer}", ["self_attn"], ("fc1", "fc2"))
            place = f"/model/decoder/layers.{layer}"
            self.add_layer(self.decoder, branch, place, ["self_attn", "encoder_attn"], ("up_proj", "down_proj"))
            self.norm(self.decoder, branch, f"{place}/final_layernorm", f"{place}.final")

    def vector(self, size: int) -> np.ndarray:
        return self._random.normal(0, 1, size).astype(np.float32)

    def matrix(self, *shape: int) -> np.ndarray:
        return self._random.integers(-128, 128, shape).astype(np.int8)

    def norm(self, graph: OrtGraph, nodes: OrtGraph, place: str, name: str, column: bool = False) -> None:
        graph.tensors[name] = self.vector(WIDTH).reshape((WIDTH, 1) if column else WIDTH)
        nodes.nodes.append((["x", name], f"{place}/Mul_output_0"))

    def bias(self, graph: OrtGraph, nodes: OrtGraph, place: str, name: str, column: bool = False) -> None:
        graph.tensors[name] = self.vector(WIDTH).reshape((WIDTH, 1) if column else WIDTH)
        nodes.nodes.append(([name, "x"], f"{place}/Add_output_0"))

    def linear(self, graph: OrtGraph, nodes: OrtGraph, place: str, inner: int, outer: int) -> None:
        weight = graph.add_weight(f"onnx::{place}", self.matrix(inner, outer), 0.01, 0.002)
        nodes.nodes.append((["x", weight], f"{place}/MatMul_output_0"))

    def add_layer(
        self, graph: OrtGraph, nodes: OrtGraph, place: str, attentions: list[str], feed: tuple[str, str]
    ) -> None:
        for norm in ("input_layernorm", "post_attention_layernorm"):
            self.norm(graph, nodes, f"{place}/{norm}", f"{place}.{norm}")
        for attention in attentions:
            for part in ("q_proj", "k_proj", "v_proj", "dense"):
                self.linear(graph, nodes, f"{place}/{attention}/{part}", WIDTH, WIDTH)
        for part, inner, outer in ((feed[0], WIDTH, WIDE), (feed[1], WIDE, WIDTH)):
            self.linear(graph, nodes, f"{place}/mlp/{part}", inner, outer)
            self.bias(graph, nodes, f"{place}/mlp/{part}", f"{place}.{part}.bias")

    def write(self, folder: Path) -> None:
        write_ort(folder / ENCODER, self.encoder)
        write_ort(folder / DECODER, self.decoder)
        words = [b"<unk>", b"<s>", b"</s>", *(bytes([byte]) for byte in range(256)), "▁the".encode(), b"er"]
        (folder / TOKENS).write_bytes(b"".join(bytes([len(word)]) + word for word in words))


@pytest.fixture(scope="module")
def model() -> Model:
    return Model()


@pytest.fixture(scope="module")
def converted(model: Model, tmp_path_factory: pytest.TempPathFactory) -> GgufContent:
    folder = tmp_path_factory.mktemp("moonshine")
    model.write(folder)
    convert_moonshine(folder, folder / "model.gguf")
    return read_gguf(folder / "model.gguf")


def test_all_tensors_of_the_model_are_there(converted: GgufContent) -> None:
    assert len(converted.tensors) == 210
    assert converted.metadata["general.architecture"] == "moonshine"


def test_products_are_stored_by_rows(model: Model, converted: GgufContent) -> None:
    name = "onnx::/model/decoder/layers.3/mlp/up_proj"
    expected = model.decoder.tensors[f"{name}_quantized"].astype(np.float32).T * np.float32(0.01) + np.float32(0.002)
    assert converted.tensors["dec.blocks.3.ffn.fc1.weight"] == pytest.approx(expected, abs=0.006)
    assert converted.tensors["enc.blocks.0.ffn.fc2.weight"].shape == (WIDTH, WIDE)


def test_each_part_comes_from_its_own_node(model: Model, converted: GgufContent) -> None:
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


def test_other_graph_is_refused(model: Model, tmp_path: Path) -> None:
    model.write(tmp_path)
    write_ort(tmp_path / ENCODER, OrtGraph())
    with pytest.raises(ValueError, match="conv1"):
        convert_moonshine(tmp_path, tmp_path / "model.gguf")
