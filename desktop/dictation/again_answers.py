"""Read the answer to the question which of several places a correction means (`again.toml`). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain, pairwise
from typing import NamedTuple

from desktop.core.files import read_package_toml
from desktop.core.types import Replacement
from desktop.dictation.insertion import normalize_phrase


class Answers(NamedTuple):
    """The phrases of all languages for a place, by its number, the last one, all, the only one, and none; and what may
    stand before and after any."""

    places: dict[str, int]
    last: frozenset[str]
    all_places: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    before: tuple[str, ...]
    after: tuple[str, ...]

    def list_phrases(self) -> set[str]:
        """Return all answers."""
        return {*self.places, *self.last, *self.all_places, *self.yes, *self.no}


def find_answer(said: str, choices: Sequence[Replacement]) -> tuple[Replacement, ...] | None:
    """Return which of `choices` the user means by `said`, none where none of them is meant; None if that is no answer
    to this question."""
    phrase, answers, count = _read(said), _load_answers(), len(choices)
    if _is_said_again(said, choices):
        return None
    if phrase in answers.no:
        return ()
    if count == 1 and phrase in answers.yes:
        return (choices[0],)
    if phrase in answers.all_places:
        return tuple(choices) if are_apart(choices) else None
    place = count - 1 if phrase in answers.last else answers.places.get(phrase, count)
    return (choices[place],) if place < count else None


def is_answer(said: str, choices: Sequence[Replacement]) -> bool:
    """Return whether `said` answers some question, though perhaps not the one that is asked with `choices`."""
    return bool(_read(said)) and not _is_said_again(said, choices)


def are_apart(choices: Sequence[Replacement]) -> bool:
    """Return whether all of `choices` can be made: the borders of one place exclude each other."""
    return all(first.end <= second.start for first, second in pairwise(sorted(choices, key=lambda each: each.start)))


def _is_said_again(said: str, choices: Sequence[Replacement]) -> bool:
    """Return whether the word of the question was said again, which may be "one"."""
    phrase = normalize_phrase(said)
    return any(normalize_phrase(each.written) == phrase for each in choices)


def _read(said: str) -> str:
    """Return the answer in `said` by itself, once where it is said, or heard, twice: recognizers repeat what is short.
    Empty if it is none."""
    phrase, answers = normalize_phrase(said), _load_answers()
    half = len(phrase) // 2
    once = phrase[:half] if phrase[:half] == phrase[half:].strip() else phrase
    begun = next((once.removeprefix(before) for before in answers.before if once.startswith(before)), once)
    ended = (begun.removesuffix(after) for after in answers.after if begun.endswith(after))
    known = answers.list_phrases()
    return next((each for each in (phrase, once, begun, *ended) if each in known), "")


@cache
def _load_answers() -> Answers:
    table = read_package_toml("desktop.dictation", "again.toml")
    places = {
        phrase: at for language in table["places"].values() for at, phrases in enumerate(language) for phrase in phrases
    }
    last, all_places, yes, no = (
        frozenset(chain.from_iterable(table[name].values())) for name in ("last", "all", "yes", "no")
    )
    before, after = (tuple(chain.from_iterable(table[name].values())) for name in ("before", "after"))
    return Answers(places, last, all_places, yes, no, before, after)
