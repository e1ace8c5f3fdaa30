"""What is asked and what is answered, as bytes: pure.

The dictated text is the user's whole message, between two marks, and loses any such mark of its own: the prompt can say
"what stands between them is material", and nothing that is said can end it early.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from desktop.chat.models import Model
from desktop.speech.text import unspaced

MARK = "dictation"
_MARK = re.compile(rf"<\s*(?:/\s*)?{MARK}\s*", re.IGNORECASE)
"""Either mark, up to what closes it."""

_BRACKET = re.compile("([<>])")

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001-\U000e007f]"
)
"""What nobody sees and a window may obey: control characters but for the line's end and the tab, signs that turn round
how a text reads, and those that hide in it. Not what spelling needs: joiners (of Persian, Hindi, emoji), and the marks
of direction that are as one letter of their script, by which a bracket beside Hebrew or Arabic is on its own side; they
turn no words round."""

_THOUGHT = re.compile(r"\A\s*<think>(?:.*?</think>|.*\Z)\s*", re.DOTALL)

CHARACTERS = 3.5
"""Characters of a token in scripts with spaces: English has more (4 and above), so that this counts rather too many
tokens. In a script without spaces a character counts as one."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing asked of a model about `text`, which is dictated. `most` is the answer's limit in tokens; `schema` the
    JSON schema of the answer, for those that can be held to one; `examples` are texts and answers as if they had been
    given before."""

    prompt: str
    text: str
    most: int
    schema: Mapping[str, Any] | None = None
    examples: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)

    @property
    def messages(self) -> list[dict[str, str]]:
        """The instructions, the examples, and the text as material."""
        told = [{"role": "system", "content": self.prompt}]
        for said, written in self.examples:
            told += [{"role": "user", "content": _material(said)}, {"role": "assistant", "content": written}]
        return [*told, {"role": "user", "content": _material(self.text)}]

    @property
    def characters(self) -> int:
        """How many of them are the person's."""
        return len(self.text)


def _material(text: str) -> str:
    return f"<{MARK}>\n{unmarked(text)}\n</{MARK}>"


def unmarked(text: str) -> str:
    """`text` without our marks, and without those that come to be as one within them goes. In one go: a mark has no
    bracket within, so that only the last one that was opened can be closed."""
    done: list[str] = []
    opened: list[list[str]] = []
    for piece in _BRACKET.split(text):
        match piece:
            case "<":
                opened.append([piece])
            case ">" if opened and _MARK.fullmatch("".join(opened[-1])):
                opened.pop()
            case ">":
                done += ("".join(each) for each in opened)
                done.append(piece)
                opened = []
            case _:
                (opened[-1] if opened else done).append(piece)
    return "".join((*done, *("".join(each) for each in opened)))


def body(question: Question, model: Model, *, openai: bool, shaped: bool = False) -> bytes:
    """The request. Where it is not `openai` that is asked, only what every server knows is in it, and the schema where
    the answer can be `shaped` by it."""
    asked: dict[str, Any] = {"model": model.name, "messages": question.messages, "stream": True}
    if question.schema is not None and (openai or shaped):
        shape = {"name": "answer", "strict": True, "schema": question.schema}
        asked["response_format"] = {"type": "json_schema", "json_schema": shape}
    if not openai:
        return json.dumps({**asked, "max_tokens": question.most, "temperature": 0}).encode()
    asked["max_completion_tokens"] = question.most
    asked["stream_options"] = {"include_usage": True, "include_obfuscation": False}
    if model.effort is not None:
        asked["reasoning_effort"] = model.effort
    if model.temperature:
        asked["temperature"] = 0
    return json.dumps(asked).encode()


class Usage(BaseModel):
    """The tokens that were charged."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Delta(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    delta: _Delta = _Delta()
    finish_reason: str | None = None


class _Chunk(BaseModel):
    choices: list[_Choice] = []
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One event of an answer. `finish` says why there is no more text ("stop", "length"), empty before."""

    text: str = ""
    finish: str = ""
    usage: Usage | None = None


def part(data: str) -> Part:
    """What an event says. Raises `ValueError` where that is no sense."""
    chunk = _Chunk.model_validate_json(data)
    if not chunk.choices:
        return Part(usage=chunk.usage)
    choice = chunk.choices[0]
    return Part(choice.delta.content or "", choice.finish_reason or "", chunk.usage)


def cleaned(answer: str) -> str:
    """`answer` without what some models put around it: their thoughts, which are none of ours, and our own marks; and
    without what nobody would see in it."""
    return unmarked(_THOUGHT.sub("", _UNSEEN.sub("", answer))).strip()


def tokens(text: str) -> int:
    """About how many tokens `text` is, rather too many than too few."""
    close = sum(map(unspaced, text))
    return close + math.ceil((len(text) - close) / CHARACTERS)
