"""Write two numbers that belong together alike: "between 10 and 20%", "a 16 by 9 screen", "UTF 16 or UTF 8".

Each number is decided by itself first, and a small one stays a word; where the other half of its range, or the number
behind the same name, is in digits, it gets digits too.
"""

from __future__ import annotations

from collections.abc import Mapping

from desktop.polish.rules.numbers.cardinals import read_number_row
from desktop.polish.rules.numbers.phrases import NumberMatch, Phrase, number_words


def complete_pairs(phrase: Phrase, found: Mapping[int, NumberMatch]) -> dict[int, NumberMatch]:
    """Return what must be written besides what was `found`, by the index of its first word."""
    added: dict[int, NumberMatch] = {}
    for start, match in found.items():
        if not match.new.lstrip("$€-")[:1].isdecimal():
            continue
        for at, end in (
            _first_of_range(phrase, start),
            _second_of_range(phrase, match.end),
            *_same_name(phrase, start),
        ):
            row = read_number_row(phrase, at) if at >= 0 else []
            is_free = row and not any(at < other.end and begin < row[-1].end for begin, other in found.items())
            if (
                is_free
                and (end < 0 or row[-1].end == end)
                and not any(number.article or number.scale for number in row)
            ):
                added[at] = NumberMatch(row[-1].end, "".join(number.digits for number in row))
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


def _second_of_range(phrase: Phrase, end: int) -> tuple[int, int]:
    return (end + 1, -1) if phrase.word_at(end) in ("by", "versus") else (-1, -1)


def _same_name(phrase: Phrase, start: int) -> list[tuple[int, int]]:
    """Return where other numbers begin that stand behind the same label or capitalized name."""
    name = phrase.word_at(start - 1)
    if not name or not (name in number_words().sets["labels"] or phrase.is_capitalized(start - 1) or name.isdecimal()):
        return []
    return [(at + 1, -1) for at, word in enumerate(phrase.lower_words) if word == name and at + 1 != start]
