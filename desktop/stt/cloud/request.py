"""Convert the settings of a cloud recognizer to the forms that services accept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

ISO_CODES = {"jw": "jv", "yue": "zh"}
"""ISO 639-1 codes for Whisper's codes that differ: services refuse a request with an unknown code."""

MAX_KEYTERM_TOKENS = 500
"""Deepgram's limit of tokens for all key terms together."""

MIN_TOKEN_BYTES = 3
"""Minimum bytes per token, in words no rarer than a user's own."""


@dataclass(frozen=True)
class CloudRequest:
    """The options of a cloud recognizer: the service's `model` name or "auto", Whisper's language codes (empty for
    any), and the user's own words."""

    model: str
    languages: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def to_iso_codes(languages: Iterable[str]) -> tuple[str, ...]:
    """Return the languages in ISO 639-1 without duplicates; those without such a code (`haw`) are omitted."""
    known = (ISO_CODES.get(code, code) for code in languages)
    return tuple(dict.fromkeys(code for code in known if len(code) == 2))


def filter_keywords(words: Iterable[str]) -> list[str]:
    """Return the words that OpenAI accepts as keywords: one with `< >` or a line break fails the whole request."""
    return [word for word in words if not set(word) & set("<>\r\n")]


def limit_keyterms(words: Iterable[str]) -> list[str]:
    """Return the words that fit Deepgram's limit of key terms, the first ones."""
    return list(_limit_tokens(words, MAX_KEYTERM_TOKENS))


def _limit_tokens(words: Iterable[str], max_tokens: int) -> Iterator[str]:
    for word in words:
        max_tokens -= 1 + len(word.encode()) // MIN_TOKEN_BYTES
        if max_tokens < 0:
            return
        yield word
