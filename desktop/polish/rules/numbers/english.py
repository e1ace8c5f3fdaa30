"""Write numbers, dates, times, amounts and addresses in an English sentence, as a careful writer would."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.edit import Edit
from desktop.polish.rules.numbers.addresses import addresses
from desktop.polish.rules.numbers.dates import dated, named
from desktop.polish.rules.numbers.phrases import Found, Phrase, phrases, words
from desktop.polish.rules.numbers.quantities import amount
from desktop.polish.rules.numbers.times import clock


def english(text: str) -> Iterator[Edit]:
    """Yield the edits that write the numbers in `text`."""
    for phrase in phrases(text):
        for start, found in _read(phrase):
            first, last = phrase.starts[start], phrase.ends[found.end - 1]
            if found.new.endswith(".m.") and text[last : last + 1] == ".":
                last += 1
            yield Edit(first, last, found.new)


def _read(phrase: Phrase) -> Iterator[tuple[int, Found]]:
    """Yield what is found in a phrase, each with the index of its first word."""
    at, places, beginnings = 0, addresses(phrase), words().beginnings
    while at < len(phrase):
        said = phrase.said[at]
        if at not in places and said not in beginnings and not said[0].isdecimal():
            at += 1
            continue
        found = places.get(at) or next(filter(None, (read(phrase, at) for read in _READERS)), None)
        if found and found.new:
            yield at, found
        at = found.end if found else at + 1


def _kept(phrase: Phrase, start: int) -> Found | None:
    for kept in words().kept:
        end = start + len(kept)
        if phrase.at(start) == kept[0] and tuple(phrase.said[start:end]) == kept and not _half(phrase, end):
            return Found(end, "")
    return None


def _half(phrase: Phrase, at: int) -> bool:
    """Return whether the half of the day stands at `at`: "seven eleven a m" is no shop."""
    return phrase.at(at).replace(".", "") in ("am", "pm") or phrase.words(at, at + 2) in ("a m", "p m")


_READERS = (_kept, clock, dated, amount, named)
"""Readers in the order in which they are tried: a time or a date is more than the numbers in it."""
