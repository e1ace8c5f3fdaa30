"""Whether a correction replaced the words that were misheard. Pure.

A user who says "the duty" where "at the beauty" stands may hear "at the dute": the place is right, and the words are
not, which is counted apart. So what is left of the misheard words must be what was said, and what more is replaced must
stand in the new words.
"""

from __future__ import annotations

from desktop.core.types import Replacement
from desktop.dictation.again_match import list_words
from tests.prove.again_takes import Take


def judge(take: Take, replacement: Replacement) -> str:
    """`right`, `edge` where a word beside the misheard ones is lost, double or left, or `wrong` anywhere else."""
    text, start, end = take.text, replacement.start, replacement.end
    written, said = list_words(replacement.written), list_words(take.said)
    if has_words(take, text[:start] + replacement.written + text[end:]):
        return "right"
    if end <= take.start or start >= take.end:
        return "wrong"
    left, left_over = list_words(text[take.start : start]), list_words(text[start : take.start])
    right, right_over = list_words(text[end : take.end]), list_words(text[take.end : end])
    keeps_words = written[: len(left_over)] == left_over and _end(written, right_over) == right_over
    leaves_said = said[: len(left)] == left and _end(said, right) == right
    new = written[len(left_over) : len(written) - len(right_over)]
    before = list_words(text[: min(start, take.start)]) + left_over
    after = right_over + list_words(text[max(end, take.end) :])
    is_double_before = count_repeated(before + left, new) > count_repeated(before, said)
    is_double_after = count_repeated(new, right + after) > count_repeated(said, after)
    is_double = is_double_before or is_double_after
    return "right" if new and keeps_words and leaves_said and not is_double else "edge"


def count_repeated(words: tuple[str, ...], others: tuple[str, ...]) -> int:
    """Return how many words at the end of `words` are those at the beginning of `others`."""
    counts = range(1, min(len(words), len(others)) + 1)
    return max((count for count in counts if words[-count:] == others[:count]), default=0)


def has_words(take: Take, edited: str) -> bool:
    """Return whether `edited` has the words of the text with what was said."""
    return list_words(edited) == list_words(f"{take.text[: take.start]} {take.said} {take.text[take.end :]}")


def find_replacement(inserted: str, edited: str, old: str, new: str) -> Replacement | None:
    """Return where `old` of `inserted` was replaced by `new`, which gave `edited`; None if it was not."""
    for start in range(len(inserted)):
        end = start + len(old)
        if inserted.startswith(old, start) and inserted[:start] + new + inserted[end:] == edited:
            return Replacement(start, end, new)
    return None


def _end(words: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The last of `words`, as many as `other` has."""
    return words[len(words) - len(other) :]
