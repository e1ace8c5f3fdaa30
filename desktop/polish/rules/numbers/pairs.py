"""Write two numbers that belong together alike: "between 10 and 20%", "a 16 by 9 screen", "UTF 16 or UTF 8".

Each number is decided by itself first, and a small one stays a word; where the other half of its range, or the number
behind the same name, is in digits, it gets digits too.
"""

from __future__ import annotations

from collections.abc import Mapping

from desktop.polish.rules.numbers.cardinals import read_number_row
from desktop.polish.rules.numbers.phrases import NumberMatch, Phrase, number_words

_SIGNS = "$€"


def complete_pairs(phrase: Phrase, found: Mapping[int, NumberMatch]) -> dict[int, NumberMatch]:
    """Return what must be written besides what was `found`, by the index of its first word."""
    added: dict[int, NumberMatch] = {}
    for start, match in found.items():
        sign = match.new[:1] if match.new[:1] in _SIGNS else ""
        if not match.new[len(sign) :].lstrip("-")[:1].isdecimal():
            continue
        partners = (
            _first_of_range(phrase, start),
            _second_of_range(phrase, start, match.end),
            *_same_name(phrase, start),
        )
        for at, end in partners:
            row = read_number_row(phrase, at) if at >= 0 else []
            if not row or any(at < other.end and begin < row[-1].end for begin, other in found.items()):
                continue
            if (end < 0 or row[-1].end == end) and not any(number.article or number.scale for number in row):
                added[at] = NumberMatch(row[-1].end, sign * (at < start) + "".join(number.digits for number in row))
    return added


def _first_of_range(phrase: Phrase, start: int) -> tuple[int, int]:
    """Return where the number begins and ends that is linked with the one at `start`; -1 if there is none."""
    link = phrase.word_at(start - 1)
    for at in (start - 3, start - 2):
        row = read_number_row(phrase, at) if at >= 0 else []
        if row and row[-1].end == start - 1:
            is_range = link in ("to", "by", "or", "versus") or (link == "and" and phrase.word_at(at - 1) == "between")
            return (at, start - 1) if is_range else (-1, -1)
    return -1, -1


def _second_of_range(phrase: Phrase, start: int, end: int) -> tuple[int, int]:
    link, sets = phrase.word_at(end), number_words().sets
    if link in ("by", "versus") or (link in ("to", "through") and phrase.word_at(start - 1) in sets["labels"]):
        return end + 1, -1
    return -1, -1


def _same_name(phrase: Phrase, start: int) -> list[tuple[int, int]]:
    """Return where other numbers begin that stand behind the same label or capitalized name."""
    name = phrase.word_at(start - 1)
    places = [at for at, word in enumerate(phrase.lower_words) if word == name]
    is_name = name in number_words().sets["labels"] or any(phrase.is_capitalized(at) for at in places)
    return [(at + 1, -1) for at in places if at + 1 != start] if name and is_name else []
