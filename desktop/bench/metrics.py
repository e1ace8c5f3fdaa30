"""Score a text: its error rate, and what a rate hides, a lost end or doubled words.

English is compared after Whisper's own normalizer, other languages after its basic one; by words where words are
written apart, otherwise by characters. Traditional and simplified characters count as different.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from desktop.bench.extra import need

BY_CHARACTER = ("zh", "yue", "ja", "ko", "th")
"""Languages whose error rate is counted in characters (CER)."""

TAIL = 3
"""Number of words at the end that must not be lost."""

DOUBLED_WORDS, DOUBLED_CHARACTERS = 2, 4
"""Minimum length of a repeated run that counts, in words and in characters; two words are as short as a stutter of the
decoder gets."""


def ready() -> None:
    """Raise `UserError` unless all libraries for scoring are installed."""
    need("jiwer")
    need("whisper_normalizer.english")


def by_character(language: str) -> bool:
    """Return whether the language's errors are counted in characters."""
    return language.split("-")[0].lower() in BY_CHARACTER


def tokens(text: str, language: str) -> list[str]:
    """Return the words, or characters, of `text` that count, without case and punctuation."""
    normal = _normaliser("english" if language.split("-")[0].lower() == "en" else "basic")(text)
    return list("".join(normal.split())) if by_character(language) else normal.split()


def cased_tokens(text: str, language: str) -> list[str]:
    """Return the words, or characters, of `text` as written: a comma is part of its word. Quotes are straightened."""
    plain = unicodedata.normalize("NFKC", text).translate(str.maketrans("‘’“”", "''\"\""))
    return list("".join(plain.split())) if by_character(language) else plain.split()


def edits(reference: Sequence[str], heard: Sequence[str]) -> int:
    """Return the minimum number of substitutions, deletions and insertions from `reference` to `hypothesis`."""
    if not reference or not heard:
        return len(reference) + len(heard)
    found = _aligned(reference, heard)
    return int(found.substitutions + found.deletions + found.insertions)


def lost_tail(reference: Sequence[str], batch: Sequence[str], streaming: Sequence[str]) -> bool:
    """Return whether `streaming` lacks one of the last `TAIL_WORDS` words, where `batch` ends correctly.

    A misrecognized word is not lost: the error rate counts it.
    """
    tail = list(reference[-TAIL:])
    if not tail or list(batch[-TAIL:]) != tail:
        return False
    if not streaming:
        return True
    chunks = _aligned(reference, streaming).alignments[0]
    return any(chunk.type == "delete" and chunk.ref_end_idx > len(reference) - len(tail) for chunk in chunks)


def doubled(
    reference: Sequence[str], batch: Sequence[str], streaming: Sequence[str], shortest: int = DOUBLED_WORDS
) -> list[tuple[str, ...]]:
    """Return the runs of at least `min_length` words that come twice in a row in `streaming`, but not in the other two.

    What was said twice and misrecognized twice is not doubled: doubling adds words that the reference lacks.
    """
    added = _added(reference, streaming)
    found: list[tuple[str, ...]] = []
    start = 0
    while start < len(streaming):
        length = next((n for n in _longest_first(len(streaming) - start, shortest) if _twice(streaming, start, n)), 0)
        run = tuple(streaming[start : start + length])
        extra = len(added.intersection(range(start, start + 2 * length)))
        if length and extra >= shortest and not any(_within(run * 2, words) for words in (reference, batch)):
            found.append(run)
        start += max(1, length)
    return found


def _added(reference: Sequence[str], heard: Sequence[str]) -> set[int]:
    """Return the positions of the words in `hypothesis` that `reference` lacks."""
    if not reference or not heard:
        return set(range(len(heard)))
    chunks = [chunk for chunk in _aligned(reference, heard).alignments[0] if chunk.type == "insert"]
    return {at for chunk in chunks for at in range(chunk.hyp_start_idx, chunk.hyp_end_idx)}


def _longest_first(left: int, shortest: int) -> range:
    return range(left // 2, shortest - 1, -1)


def _twice(words: Sequence[str], start: int, length: int) -> bool:
    middle = start + length
    return list(words[start:middle]) == list(words[middle : middle + length])


def _within(run: tuple[str, ...], words: Sequence[str]) -> bool:
    return any(tuple(words[i : i + len(run)]) == run for i in range(len(words) - len(run) + 1))


def _aligned(reference: Sequence[str], heard: Sequence[str]) -> Any:
    return need("jiwer").process_words([" ".join(reference)], [" ".join(heard)])


@functools.cache
def _normaliser(kind: str) -> Callable[[str], str]:
    module = need(f"whisper_normalizer.{kind}")
    made: Callable[[str], str] = module.EnglishTextNormalizer() if kind == "english" else module.BasicTextNormalizer()
    return made
