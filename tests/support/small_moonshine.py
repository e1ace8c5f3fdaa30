"""A model of Moonshine's names and of small sizes, in the files of its package."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.gguf.moonshine import DECODER, ENCODER, TOKENS
from tests.support.ort_model import OrtGraph, write_ort

WIDTH, WIDE = 32, 64
LAYERS = 8


class SmallMoonshine:
    """Every weight is another."""

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
