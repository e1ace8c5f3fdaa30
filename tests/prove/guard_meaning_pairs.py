"""What a pair of the proof `guard-meaning` is, and how a sentence of a book becomes one."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("guard_meaning.toml").read_text(encoding="utf-8"))

OWN: list[str] = DATA["own"]
"""Own words of an invented user."""


class Pair(NamedTuple):
    """What was said, an answer to it, and the own words of the user who said it."""

    said: str
    answer: str
    words: tuple[str, ...] = ()


type Make = Callable[[str, random.Random], Iterator[Pair]]

NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
NUMBER = "|".join(NUMBERS[1:])
SUBJECT = r"(?:I|you|he|she|it|we|they|there|this|that)"
AUXILIARY = r"(?:am|is|are|was|were|has|have|had|can|could|will|would|should|must|may|shall)"
PAST: dict[str, str] = DATA["past"]
PAST_WORD = "|".join(PAST)


def plain(text: str) -> str:
    """`text` as a recognizer without marks writes it."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s'’-]|(?<=\s)-|-(?=\s)", " ", text.lower())).strip()


def spoken(text: str, chance: random.Random) -> str:
    """`text` as it stands or, more often, as a recognizer without marks writes it."""
    return plain(text) if chance.random() < 0.7 else text


def exchanged(text: str, pattern: str, other: Callable[[re.Match[str]], str], chance: random.Random) -> Iterator[Pair]:
    """`text` and what it is with one match of `pattern` replaced."""
    found = list(re.finditer(pattern, text))
    for match in chance.sample(found, min(1, len(found))):
        new = other(match)
        if new.lower() == match.group().lower():
            continue
        if match.start() == 0:
            new = new[:1].upper() + new[1:]
        answer = re.sub(r" {2,}", " ", text[: match.start()] + new + text[match.end() :]).strip()
        yield Pair(spoken(text, chance), answer[:1].upper() + answer[1:])
