"""Read the answer to the question which of several places a correction means (`again.toml`). Pure."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import NamedTuple

from desktop.core.files import read_package_toml
from desktop.dictation.insertion import normalize_phrase


class Answers(NamedTuple):
    """The phrases of all languages for a place, by its number, the last one, all, the only one, and none."""

    places: dict[str, int]
    last: frozenset[str]
    all_places: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]


def find_answer(said: str, count: int) -> tuple[int, ...] | None:
    """Return which of `count` places the user means by `said`; None if that is no answer or another one is needed."""
    phrase = _once(normalize_phrase(said, keeps_digits=True))
    answers = _load_answers()
    if phrase in answers.no:
        return ()
    if count == 1 and phrase in answers.yes:
        return (0,)
    if phrase in answers.all_places:
        return tuple(range(count))
    if phrase in answers.last:
        return (count - 1,)
    place = answers.places.get(phrase, count)
    return (place,) if place < count else None


def is_answer(said: str) -> bool:
    """Return whether `said` answers some question, though perhaps not the one that was asked."""
    answers = _load_answers()
    phrase = _once(normalize_phrase(said, keeps_digits=True))
    return phrase in answers.places or any(phrase in phrases for phrases in answers[1:])


def _once(phrase: str) -> str:
    """Return `phrase` once where it is said, or heard, twice: recognizers repeat what is short."""
    words = phrase.split()
    half = len(words) // 2
    return " ".join(words[:half]) if half and words[:half] == words[half:] else phrase


@cache
def _load_answers() -> Answers:
    table = read_package_toml("desktop.dictation", "again.toml")
    places = {
        phrase: at for language in table["places"].values() for at, phrases in enumerate(language) for phrase in phrases
    }
    others = (frozenset(chain.from_iterable(table[name].values())) for name in ("last", "all", "yes", "no"))
    return Answers(places, *others)
