"""Load the prompts, which are editable files (`desktop/*/prompts/*.md`), and count their tokens.

A prompt is sent with every dictation, so each of its tokens costs time and money. They are counted by the tokenizer of
an installed Whisper model: a byte-level BPE of about 50,000 entries, GPT-2's own or one of that size (Radford et al.,
arXiv 2212.04356, section 2.2). The language models in use have such tokenizers with two to four times the entries,
which make fewer tokens of the same English (OpenAI's with 200,000 makes 1.1 times fewer than its one with 100,000, and
that fewer than GPT-2's): the count is not theirs, but an upper estimate.
"""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import Any

from desktop.core.paths import find_paths
from models.store import ModelStore

PROMPT_FILES = {
    "polish": "polish/prompts/polish.md",
    "edit": "polish/prompts/edit.md",
    "emotion": "emotion/prompts/emotion.md",
}
"""Each prompt and its file in this package."""

CHARACTERS_PER_TOKEN = 3.5
"""Characters per token where there is no tokenizer; English has 4 and more."""


@cache
def load_prompt(name: str) -> str:
    """Return the text of a prompt."""
    return files("desktop").joinpath(PROMPT_FILES[name]).read_text(encoding="utf-8").strip()


@cache
def load_schema(name: str) -> dict[str, Any] | None:
    """Return the JSON schema of the answer, for models that support one; None where the answer is text."""
    file = files("desktop").joinpath(PROMPT_FILES[name].replace(".md", ".json"))
    schema: dict[str, Any] | None = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
    return schema


@cache
def load_examples(name: str) -> tuple[tuple[str, str], ...]:
    """Return pairs of input and answer for models that need examples; empty where there is no file."""
    file = files("desktop").joinpath(PROMPT_FILES[name].replace(".md", ".toml"))
    examples = tomllib.loads(file.read_text(encoding="utf-8"))["example"] if file.is_file() else ()
    return tuple((example["said"], example["written"]) for example in examples)


@dataclass(frozen=True, slots=True)
class TokenCounter:
    """A function that counts tokens, and its display name."""

    name: str
    count: Callable[[str], int]


def find_token_counter(store: ModelStore) -> TokenCounter:
    """Return the tokenizer of an installed model, or an estimate where none is installed.

    Prefers an English model: its tokenizer is GPT-2's own, while the others' were trained on speech and know few
    punctuation marks.
    """
    installed = list(store.list_installed())
    model = next((name for name in installed if name.endswith(".en")), next(iter(installed), None))
    if model is None:
        return TokenCounter(
            f"{CHARACTERS_PER_TOKEN} characters a token", lambda text: math.ceil(len(text) / CHARACTERS_PER_TOKEN)
        )
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(store.model_path(model) / "tokenizer.json"))
    return TokenCounter(f"the tokenizer of Whisper {model}", partial(_count_tokens, tokenizer))


def count_prompt_tokens(token_counter: TokenCounter | None = None) -> list[tuple[str, int]]:
    """Return each prompt and its tokens, also those of its schema (sent to OpenAI alone) and examples (to all others).

    Blocks.
    """
    token_counter = token_counter or find_token_counter(ModelStore(find_paths().models))
    texts = [(name, load_prompt(name)) for name in PROMPT_FILES]
    schemas = [
        (f"{name} schema", json.dumps(schema, separators=(",", ":")))
        for name in PROMPT_FILES
        if (schema := load_schema(name))
    ]
    joined_examples = [
        (f"{name} examples", "\n".join(map("\n".join, pairs)))
        for name in PROMPT_FILES
        if (pairs := load_examples(name))
    ]
    return [(name, token_counter.count(text)) for name, text in (*texts, *schemas, *joined_examples)]


def _count_tokens(tokenizer: Any, text: str) -> int:
    return len(tokenizer.encode(text, add_special_tokens=False).ids)
