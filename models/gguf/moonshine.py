"""Make Moonshine's GGUF from the files of its package: two graphs in ONNX Runtime's format, and the tokens.

The names and numbers in the GGUF are those that transcribe.cpp reads; what the graphs do not say (heads, positions,
the rotary part) is from the published configuration of the base model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.gguf.ort_file import OrtFile
from models.gguf.writer import GgufTensor, MetadataValue, TensorType, write_gguf

ENCODER, DECODER, TOKENS = "encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin"
"""The files that a conversion needs."""

_LAYERS = 8
_WIDTH, _FEED_FORWARD = 416, 1664
_VOCABULARY = 32_768
_UNKNOWN, _START, _END, _FIRST_BYTE = 0, 1, 2, 3
_NORMAL, _UNKNOWN_KIND, _CONTROL, _BYTE = 1, 2, 3, 6
"""Kinds of tokens, with GGUF's numbers."""

_ENCODER_NORMS = {"norm_attn": "input_layernorm", "norm_ffn": "post_attention_layernorm"}
_ENCODER_LINEARS = {
    "attn.q": "self_attn/q_proj",
    "attn.k": "self_attn/k_proj",
    "attn.v": "self_attn/v_proj",
    "attn.out": "self_attn/dense",
    "ffn.fc1": "mlp/fc1",
    "ffn.fc2": "mlp/fc2",
}
_DECODER_NORMS = {
    "norm_self": "input_layernorm",
    "norm_cross": "post_attention_layernorm",
    "norm_ffn": "final_layernorm",
}
_DECODER_LINEARS = {
    "self_attn.q": "self_attn/q_proj",
    "self_attn.k": "self_attn/k_proj",
    "self_attn.v": "self_attn/v_proj",
    "self_attn.out": "self_attn/dense",
    "cross_attn.q": "encoder_attn/q_proj",
    "cross_attn.k": "encoder_attn/k_proj",
    "cross_attn.v": "encoder_attn/v_proj",
    "cross_attn.out": "encoder_attn/dense",
    "ffn.fc1": "mlp/up_proj",
    "ffn.fc2": "mlp/down_proj",
}
"""The nodes of a layer by the names of their weights in the GGUF; those with `ffn` have a bias as well."""


def convert_moonshine(
    folder: Path, target: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> None:
    """Make `target` of the files in `folder`; see `write_gguf` for `progress`.

    Raises `OSError`, `ValueError` or `struct.error`, the last two if the files are not Moonshine base's.
    """
    with closing(OrtFile(folder / ENCODER)) as encoder, closing(OrtFile(folder / DECODER)) as decoder:
        metadata = _make_metadata((folder / TOKENS).read_bytes())
        write_gguf(target, metadata, [*_list_encoder(encoder), *_list_decoder(decoder)], progress)


def _list_encoder(source: OrtFile) -> Iterator[GgufTensor]:
    yield _make_conv(source, "enc.conv.0", "conv1")
    yield _make_conv(source, "enc.conv.1", "conv2")
    yield _make_vector(source, "enc.conv.1.bias", "conv2.bias")
    yield _make_conv(source, "enc.conv.2", "conv3")
    yield _make_vector(source, "enc.conv.2.bias", "conv3.bias")
    yield _make_vector(source, "enc.conv.norm.weight", source.name_of_weight("/groupnorm/Mul_output_0"))
    yield _make_vector(source, "enc.conv.norm.bias", source.name_of_weight("/groupnorm/Add_output_0"))
    yield _make_vector(source, "enc.final_norm.weight", source.name_of_weight("last_hidden_state"))
    for layer in range(_LAYERS):
        yield from _list_layer(source, f"enc.blocks.{layer}", f"/layers.{layer}", _ENCODER_NORMS, _ENCODER_LINEARS)


def _list_decoder(source: OrtFile) -> Iterator[GgufTensor]:
    embedding = source.name_of_weight("/model/decoder/embed_tokens/Gather_output_0")
    shape = source.shape(embedding)
    yield GgufTensor("dec.token_embd.weight", shape, TensorType.Q8_0, lambda: source.tensor(embedding))
    yield _make_vector(source, "dec.final_norm.weight", source.name_of_weight("/model/decoder/norm/Mul_output_0"))
    for layer in range(_LAYERS):
        yield from _list_layer(
            source, f"dec.blocks.{layer}", f"/model/decoder/layers.{layer}", _DECODER_NORMS, _DECODER_LINEARS
        )


def _list_layer(
    source: OrtFile, name: str, node: str, norms: dict[str, str], linears: dict[str, str]
) -> Iterator[GgufTensor]:
    for norm, part in norms.items():
        yield _make_vector(source, f"{name}.{norm}.weight", source.name_of_weight(f"{node}/{part}/Mul_output_0"))
    for linear, part in linears.items():
        yield _make_linear(source, f"{name}.{linear}.weight", f"{node}/{part}/MatMul_output_0")
        if linear.startswith("ffn"):
            yield _make_vector(source, f"{name}.{linear}.bias", source.name_of_weight(f"{node}/{part}/Add_output_0"))


def _make_linear(source: OrtFile, name: str, node: str) -> GgufTensor:
    """Return the weight of a product, whose columns ONNX has first and GGUF has its rows."""
    weight = source.name_of_weight(node)

    def load() -> NDArray[np.float32]:
        return source.tensor(weight).T

    return GgufTensor(name, source.shape(weight)[::-1], TensorType.Q8_0, load)


def _make_conv(source: OrtFile, name: str, layer: str) -> GgufTensor:
    weight = source.name_of_weight(f"/{layer}/Conv_output_0")
    return GgufTensor(f"{name}.weight", source.shape(weight), TensorType.F16, lambda: source.tensor(weight))


def _make_vector(source: OrtFile, name: str, weight: str) -> GgufTensor:
    size = source.shape(weight)[0]
    return GgufTensor(name, (size,), TensorType.F32, lambda: source.tensor(weight).reshape(size))


def _make_metadata(tokens: bytes) -> dict[str, MetadataValue]:
    pieces, kinds = _read_tokens(tokens)
    stack = {"n_layers": _LAYERS, "d_model": _WIDTH, "n_heads": 8, "n_kv_heads": 8, "ffn_dim": _FEED_FORWARD}
    return {
        "general.architecture": "moonshine",
        "general.basename": "moonshine",
        "general.size_label": "61M",
        "general.license": "mit",
        "general.file_type": 7,  # mostly Q8_0
        "general.quantization_version": 2,
        "general.languages": ["en"],
        "stt.variant": "moonshine-base",
        "stt.capability.lang_detect": False,
        "stt.capability.translate": False,
        "stt.capability.timestamps": False,
        "stt.frontend.type": "raw",
        "stt.frontend.sample_rate": 16_000,
        "stt.frontend.num_mels": 1,
        **{f"stt.moonshine.encoder.{key}": value for key, value in stack.items()},
        "stt.moonshine.encoder.activation": "gelu",
        **{f"stt.moonshine.decoder.{key}": value for key, value in stack.items()},
        "stt.moonshine.decoder.activation": "silu",
        "stt.moonshine.decoder.vocab_size": _VOCABULARY,
        "stt.moonshine.decoder.max_position_embeddings": 194,
        "stt.moonshine.decoder.tie_word_embeddings": True,
        "stt.moonshine.decoder_start_token_id": _START,
        "stt.moonshine.bos_token_id": _START,
        "stt.moonshine.eos_token_id": _END,
        "stt.moonshine.pad_token_id": _END,
        "stt.moonshine.partial_rotary_factor": 0.62,
        "stt.moonshine.rope_theta": 10_000.0,
        "stt.moonshine.attention_bias": False,
        "stt.moonshine.pad_head_dim_to_multiple_of": 8,
        "stt.moonshine.conv_stem.channels": [_WIDTH, 2 * _WIDTH, _WIDTH],
        "stt.moonshine.conv_stem.kernel_sizes": [127, 7, 3],
        "stt.moonshine.conv_stem.strides": [64, 3, 2],
        "stt.moonshine.conv_stem.groupnorm_num_groups": 1,
        "stt.moonshine.conv_stem.groupnorm_eps": 1e-5,
        "tokenizer.ggml.model": "bpe",
        "tokenizer.ggml.pre": "default",
        "tokenizer.ggml.tokens": pieces,
        "tokenizer.ggml.token_type": kinds,
        "tokenizer.ggml.byte_fallback": True,
        "tokenizer.ggml.add_bos_token": True,
        "tokenizer.ggml.unknown_token_id": _UNKNOWN,
        "tokenizer.ggml.bos_token_id": _START,
        "tokenizer.ggml.eos_token_id": _END,
        "tokenizer.ggml.padding_token_id": _END,
    }


def _read_tokens(data: bytes) -> tuple[list[str], list[int]]:
    """Return the tokens and their kinds: each is a length and as many bytes; those of a single byte come first.

    The last numbers of the vocabulary are reserved in the model and have no text.
    """
    pieces: list[str] = []
    kinds: list[int] = []
    position = 0
    while position < len(data):
        end = position + 1 + data[position]
        piece = data[position + 1 : end]
        is_byte = _FIRST_BYTE <= len(pieces) < _FIRST_BYTE + 256
        kinds.append(_BYTE if is_byte else _NORMAL if len(pieces) > _END else _CONTROL if pieces else _UNKNOWN_KIND)
        pieces.append(f"<0x{piece[0]:02X}>" if is_byte else piece.decode())
        position = end
    reserved = range(_VOCABULARY - len(pieces))
    return [*pieces, *(f"<<ST_{number}>>" for number in reserved)], kinds + [_CONTROL] * len(reserved)
