"""Build requests and parse answers of chat completions: pure.

The dictated text is the whole user message, between two tags, and any such tag within it is removed: the prompt can say
"the text between the tags is material", and nothing that is dictated can end it early.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from desktop.core.text import is_unspaced, remove_invisible
from desktop.llm.models import LLMModel

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionMessageParam
    from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming

MATERIAL_TAG = "dictation"
_TAG = re.compile(rf"<\s*(?:/\s*)?{MATERIAL_TAG}\s*", re.IGNORECASE)
"""Either tag, up to its closing bracket."""

_BRACKET = re.compile("([<>])")

_THINKING = re.compile(r"\A\s*<think>(?:.*?</think>|.*\Z)\s*", re.DOTALL)

CHARACTERS_PER_TOKEN = 3.5
"""Characters per token in scripts with spaces: English has more (4 and above), so that this rather overestimates. In a
script without spaces a character counts as one token."""


type ChatMessages = list[ChatCompletionMessageParam]
"""The messages of a request, as OpenAI's client takes them."""


@dataclass(frozen=True, slots=True)
class LLMRequest:
    """One request to a model about the dictated `text`.

    `max_tokens` limits the answer; `schema` is the JSON schema of the answer, for servers that support one; `examples`
    are texts and answers, sent as if they were earlier messages.
    """

    prompt: str
    text: str
    max_tokens: int
    schema: Mapping[str, Any] | None = None
    examples: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)

    @property
    def messages(self) -> ChatMessages:
        """Return the instructions, the examples, and the text as material."""
        messages: ChatMessages = [{"role": "system", "content": self.prompt}]
        for text, answer in self.examples:
            messages += [{"role": "user", "content": _wrap_material(text)}, {"role": "assistant", "content": answer}]
        return [*messages, {"role": "user", "content": _wrap_material(self.text)}]

    @property
    def character_count(self) -> int:
        """Return how many characters of the request are the user's."""
        return len(self.text)


def _wrap_material(text: str) -> str:
    return f"<{MATERIAL_TAG}>\n{strip_tags(text)}\n</{MATERIAL_TAG}>"


def strip_tags(text: str) -> str:
    """Return `text` without our tags, and without those that emerge when one within them is removed.

    In one pass: a tag contains no bracket, so only the last opened one can be closed.
    """
    kept: list[str] = []
    opened: list[list[str]] = []
    for piece in _BRACKET.split(text):
        match piece:
            case "<":
                opened.append([piece])
            case ">" if opened and _TAG.fullmatch("".join(opened[-1])):
                opened.pop()
            case ">":
                kept += map("".join, opened)
                kept.append(piece)
                opened = []
            case _:
                (opened[-1] if opened else kept).append(piece)
    return "".join((*kept, *map("".join, opened)))


def build_parameters(
    request: LLMRequest, model: LLMModel, *, openai: bool, with_schema: bool = False
) -> CompletionCreateParamsStreaming:
    """Return the parameters of a completion.

    Servers other than `openai` get only the fields that all accept, and the schema only where `with_schema`.
    """
    parameters: CompletionCreateParamsStreaming = {"model": model.name, "messages": request.messages, "stream": True}
    if request.schema is not None and (openai or with_schema):
        parameters["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": dict(request.schema)},
        }
    if not openai:
        return {**parameters, "max_tokens": request.max_tokens, "temperature": 0}
    parameters["max_completion_tokens"] = request.max_tokens
    parameters["stream_options"] = {"include_usage": True, "include_obfuscation": False}
    if model.effort is not None:
        parameters["reasoning_effort"] = model.effort
    if model.temperature:
        parameters["temperature"] = 0
    return parameters


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """The billed tokens."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Delta(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    delta: _Delta | None = None
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Chunk(BaseModel):
    """The fields that are used of a chunk, whose types OpenAI's client does not check."""

    choices: list[_Choice] | None = None
    usage: _Usage | None = None


@dataclass(frozen=True, slots=True)
class AnswerEvent:
    """One chunk of an answer. `finish` says why there is no more text ("stop", "length"), empty before."""

    text: str = ""
    finish: str = ""
    usage: TokenUsage | None = None


def parse_chunk(answer_chunk: object) -> AnswerEvent:
    """Return the content of a chunk as OpenAI's client has read it. Raises `ValueError` where it is invalid."""
    chunk = _Chunk.model_validate(answer_chunk, from_attributes=True)
    usage = None
    if chunk.usage is not None:
        usage = TokenUsage(chunk.usage.prompt_tokens or 0, chunk.usage.completion_tokens or 0)
    if not chunk.choices:
        return AnswerEvent(usage=usage)
    choice = chunk.choices[0]
    return AnswerEvent((choice.delta and choice.delta.content) or "", choice.finish_reason or "", usage)


def clean_answer(answer: str) -> str:
    """Return `answer` without what some models add: their thoughts, our own tags, and invisible characters.

    A character that the service cut in two (surrogates, each in a chunk of its own) is whole again; a half one, which
    can be written nowhere, is replaced.
    """
    answer = answer.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return strip_tags(_THINKING.sub("", remove_invisible(answer))).strip()


def estimate_tokens(text: str) -> int:
    """Return an estimate of the tokens of `text`, rather too many than too few."""
    unspaced_count = sum(map(is_unspaced, text))
    return unspaced_count + math.ceil((len(text) - unspaced_count) / CHARACTERS_PER_TOKEN)
