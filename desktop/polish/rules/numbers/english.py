"""Write numbers, dates, times, amounts and addresses in an English sentence, as a careful writer would."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.edit import RuleEdit
from desktop.polish.rules.numbers.addresses import find_addresses
from desktop.polish.rules.numbers.dates import capitalize_name, read_date
from desktop.polish.rules.numbers.phrases import NumberMatch, Phrase, number_words, split_phrases
from desktop.polish.rules.numbers.quantities import read_amount
from desktop.polish.rules.numbers.times import read_time


def edit_english_numbers(text: str) -> Iterator[RuleEdit]:
    """Yield the edits that write the numbers in `text`."""
    for phrase in split_phrases(text):
        for start, found in _read_phrase(phrase):
            first, last = phrase.starts[start], phrase.ends[found.end - 1]
            if found.new.endswith(".m.") and text[last : last + 1] == ".":
                last += 1
            yield RuleEdit(first, last, found.new)


def _read_phrase(phrase: Phrase) -> Iterator[tuple[int, NumberMatch]]:
    """Yield what is found in a phrase, each with the index of its first word."""
    at, places, beginnings = 0, find_addresses(phrase), number_words().beginnings
    while at < len(phrase):
        said = phrase.lower_words[at]
        if at not in places and said not in beginnings and not said[0].isdecimal():
            at += 1
            continue
        found = places.get(at) or next(filter(None, (read(phrase, at) for read in _READERS)), None)
        if found and found.new:
            yield at, found
        at = found.end if found else at + 1


def _read_kept(phrase: Phrase, start: int) -> NumberMatch | None:
    for kept in number_words().kept:
        end = start + len(kept)
        if (
            phrase.word_at(start) == kept[0]
            and tuple(phrase.lower_words[start:end]) == kept
            and not _is_day_half(phrase, end)
        ):
            return NumberMatch(end, "")
    return None


def _is_day_half(phrase: Phrase, at: int) -> bool:
    """Return whether the half of the day stands at `at`: "seven eleven a m" is no shop."""
    return phrase.word_at(at).replace(".", "") in ("am", "pm") or phrase.joined_words(at, at + 2) in ("a m", "p m")


_READERS = (_read_kept, read_time, read_date, read_amount, capitalize_name)
"""Readers in the order in which they are tried: a time or a date is more than the numbers in it."""
