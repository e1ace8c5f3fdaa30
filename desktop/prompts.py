"""The prompts, which are files one can read and change (`desktop/*/prompts/*.md`), and how long they are.

A prompt is sent with every dictation, so that each of its tokens is waited for and paid for. They are counted by the
tokenizer of an installed Whisper model: a byte-level BPE of about 50,000 entries, GPT-2's own or one of that size
(Radford et al., arXiv 2212.04356, section 2.2). The models that are asked have such tokenizers with two to four times
the entries, which make fewer tokens of the same English (OpenAI's with 200,000 makes 1.1 times fewer than its one with
100,000, and that fewer than GPT-2's): the count is not theirs, but rather above it.
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

from desktop.paths import paths
from models.store import Store

PROMPTS = {
    "polish": "polish/prompts/polish.md",
    "edit": "polish/prompts/edit.md",
    "emotion": "emotion/prompts/emotion.md",
}
"""Each prompt and its file in this package."""

CHARACTERS = 3.5
"""Characters of a token where there is no tokenizer; English has 4 and more."""


@cache
def prompt(name: str) -> str:
    """The text of a prompt."""
    return files("desktop").joinpath(PROMPTS[name]).read_text(encoding="utf-8").strip()


@cache
def schema(name: str) -> dict[str, Any] | None:
    """The JSON schema of the answer, of which models are told that can be held to one; None where text is asked for."""
    file = files("desktop").joinpath(PROMPTS[name].replace(".md", ".json"))
    found: dict[str, Any] | None = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
    return found


@cache
def examples(name: str) -> tuple[tuple[str, str], ...]:
    """What was said and what comes back of it, for models that need to be shown; none where there is no file."""
    file = files("desktop").joinpath(PROMPTS[name].replace(".md", ".toml"))
    found = tomllib.loads(file.read_text(encoding="utf-8"))["example"] if file.is_file() else ()
    return tuple((one["said"], one["written"]) for one in found)


@dataclass(frozen=True, slots=True)
class Counter:
    """What counts tokens, and what it is called."""

    name: str
    count: Callable[[str], int]


def counter(store: Store) -> Counter:
    """The tokenizer of an installed model, of an English one where there is one: that is GPT-2's own, while the others'
    were made from speech and know few marks. An estimate where none is installed."""
    installed = list(store.installed())
    model = next((name for name in installed if name.endswith(".en")), next(iter(installed), None))
    if model is None:
        return Counter(f"{CHARACTERS} characters a token", lambda text: math.ceil(len(text) / CHARACTERS))
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(store.path(model) / "tokenizer.json"))
    return Counter(f"the tokenizer of Whisper {model}", partial(_counted, tokenizer))


def counted(by: Counter | None = None) -> list[tuple[str, int]]:
    """Each prompt and its tokens, those of the schema of its answer, which OpenAI alone is sent, and those of its
    examples, which OpenAI alone is not. Blocks."""
    by = by or counter(Store(paths().models))
    texts = [(name, prompt(name)) for name in PROMPTS]
    shapes = [(f"{name} schema", shape) for name in PROMPTS if (shape := schema(name))]
    compact = [(name, json.dumps(shape, separators=(",", ":"))) for name, shape in shapes]
    shown = [(f"{name} examples", "\n".join(map("\n".join, pairs))) for name in PROMPTS if (pairs := examples(name))]
    return [(name, by.count(text)) for name, text in (*texts, *compact, *shown)]


def _counted(tokenizer: Any, text: str) -> int:
    return len(tokenizer.encode(text, add_special_tokens=False).ids)
