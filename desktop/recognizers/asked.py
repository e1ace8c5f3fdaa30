"""What the settings ask of a service's recognizer, and in which form services take it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

AUTO = "auto"
"""The model that is recommended now."""

OTHERWISE = {"jw": "jv", "yue": "zh"}
"""Codes of Whisper's that ISO 639-1 has another for, or none: services refuse the request for one they do not know."""

KEYTERM_TOKENS = 500
"""What all key terms together may have at Deepgram."""

TOKEN_BYTES = 3
"""A token has at least so many bytes in words that are no rarer than a person's own."""


@dataclass(frozen=True)
class Asked:
    """`model` is the service's name for it, or "auto"; `languages` are Whisper's codes, empty for any; `words` are the
    user's own."""

    model: str
    languages: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def codes(languages: Iterable[str]) -> tuple[str, ...]:
    """The languages in ISO 639-1, each once; what has no such code (`haw`) is left out."""
    known = (OTHERWISE.get(code, code) for code in languages)
    return tuple(dict.fromkeys(code for code in known if len(code) == 2))


def keywords(words: Iterable[str]) -> list[str]:
    """The words that OpenAI takes as keywords: it refuses the whole request for one of `< >` or a line's end."""
    return [word for word in words if not set(word) & set("<>\r\n")]


def keyterms(words: Iterable[str]) -> list[str]:
    """The words that Deepgram takes as key terms: the first ones, as far as they go."""
    return list(_first(words, KEYTERM_TOKENS))


def _first(words: Iterable[str], tokens: int) -> Iterator[str]:
    for word in words:
        tokens -= 1 + len(word.encode()) // TOKEN_BYTES
        if tokens < 0:
            return
        yield word
