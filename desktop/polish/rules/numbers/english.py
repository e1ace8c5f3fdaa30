"""Numbers, dates, times, amounts and addresses in an English sentence, as a careful writer has them."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules.edit import Edit
from desktop.polish.rules.numbers.addresses import addresses
from desktop.polish.rules.numbers.amounts import amount
from desktop.polish.rules.numbers.clock import clock
from desktop.polish.rules.numbers.dates import dated, named
from desktop.polish.rules.numbers.phrases import Found, Phrase, phrases, words


def english(text: str) -> Iterator[Edit]:
    """What is to be written otherwise in `text`."""
    for phrase in phrases(text):
        for start, found in _read(phrase):
            first, last = phrase.starts[start], phrase.ends[found.end - 1]
            if found.new.endswith(".m.") and text[last : last + 1] == ".":
                last += 1
            yield Edit(first, last, found.new)


def _read(phrase: Phrase) -> Iterator[tuple[int, Found]]:
    """What is found in a phrase, each with the index of its first word."""
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
    """Whether the half of the day stands there: "seven eleven a m" is no shop."""
    return phrase.at(at).replace(".", "") in ("am", "pm") or phrase.words(at, at + 2) in ("a m", "p m")


_READERS = (_kept, clock, dated, amount, named)
"""In the order in which they are asked: a time or a date is more than the numbers that it is made of."""
