"""Split a text into tokens, with what stands between them."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(r"[a-z]+(?:['’][a-z]+)?|\d+|[!?]+|[^\w\s.,;:\"()\[\]/*_-]", re.IGNORECASE)

_ENDS = re.compile(r"[.;:\n\"()\[\]]|\s-\s")
"""What ends or opens a sentence between tokens."""

_OPENING = ("“", "‘")
_MARKS = "!?…—–“”"
_SIGNS = "\u203b"
"""Tokens that end or open a sentence: `_MARKS`, and the characters after this one, most of which are emojis."""


class EmotionToken(NamedTuple):
    """A word, a number or a significant mark, in lower case with a straight apostrophe.

    `before` and `after` are the characters up to its neighbours, `before` also an opening quote that is a token.
    `capital`: only its first letter is a capital. `starts`: it begins a sentence or a quotation. `breaks`: it starts
    one, or a mark stands before it.
    """

    text: str
    before: str
    after: str
    capital: bool
    starts: bool
    breaks: bool


def split_tokens(text: str) -> list[EmotionToken]:
    """Split `text` into tokens."""
    matches = list(_TOKEN.finditer(text))
    tokens: list[EmotionToken] = []
    end, ended = 0, True
    for at, match in enumerate(matches):
        word, before = match[0], text[end : match.start()]
        if tokens and tokens[-1].text in _OPENING:
            before = tokens[-1].text
        end = match.end()
        after = text[end : matches[at + 1].start()] if at + 1 < len(matches) else text[end:]
        ends = word[0] in _MARKS or word[0] > _SIGNS
        starts = ended or bool(_ENDS.search(before))
        capital = word[0].isupper() and not any(letter.isupper() for letter in word[1:])
        lower = word.lower().replace("’", "'")
        tokens.append(EmotionToken(lower, before, after, capital, starts, ends or starts or "," in before))
        ended = ends
    return tokens
