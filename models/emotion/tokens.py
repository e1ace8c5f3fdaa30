"""The tokens of a text, with what stands between them."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(r"[a-z]+(?:['’][a-z]+)?|\d+|[!?]+|[^\w\s.,;:\"()\[\]/*_-]", re.IGNORECASE)

_ENDS = re.compile(r"[.;:\n\"()\[\]]|\s-\s")
"""What ends a sentence or opens one, between tokens."""

_OPENING = ("“", "‘")
_MARKS = "!?…—–“”"
_SIGNS = "\u203b"
"""Tokens that do so: these marks, and the signs behind this one, of which most are emojis."""


class Token(NamedTuple):
    """A word, a number or a mark that counts, in lower case with a plain apostrophe.

    `before` and `after` are the characters up to its neighbours, `before` also an opening quote that is a token;
    `capital`: only its first letter is a capital one; `starts`: a sentence or a quotation begins with it; `breaks`:
    that, or a mark stands before it.
    """

    text: str
    before: str
    after: str
    capital: bool
    starts: bool
    breaks: bool


def tokens_of(text: str) -> list[Token]:
    """Split `text`."""
    matches = list(_TOKEN.finditer(text))
    found: list[Token] = []
    end, ended = 0, True
    for at, match in enumerate(matches):
        word, before = match[0], text[end : match.start()]
        if found and found[-1].text in _OPENING:
            before = found[-1].text
        end = match.end()
        after = text[end : matches[at + 1].start()] if at + 1 < len(matches) else text[end:]
        ends = word[0] in _MARKS or word[0] > _SIGNS
        starts = ended or bool(_ENDS.search(before))
        capital = word[0].isupper() and not any(letter.isupper() for letter in word[1:])
        lower = word.lower().replace("’", "'")
        found.append(Token(lower, before, after, capital, starts, ends or starts or "," in before))
        ended = ends
    return found
