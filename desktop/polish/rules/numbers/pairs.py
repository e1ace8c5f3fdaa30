"""Write two numbers that belong together alike: "between 10 and 20%", "a 16 by 9 screen", "UTF 16 or UTF 8".

Each number is decided by itself first, and a small one stays a word; where the other half of its range, or the number
behind the same name, is in digits, it gets digits too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from desktop.polish.rules.numbers.cardinals import read_number_row
from desktop.polish.rules.numbers.phrases import NumberMatch, Phrase, number_words

_SIGNS = "$€"


def complete_pairs(phrase: Phrase, found: Mapping[int, NumberMatch]) -> dict[int, NumberMatch]:
    """Return what must be written besides what was `found`, by the index of its first word."""
    added: dict[int, NumberMatch] = {}
    places = defaultdict[str, list[int]](list)
    for at, word in enumerate(phrase.lower_words):
        places[word].append(at)
    covered = {at for start, match in found.items() for at in range(start, match.end)}
    names = set[str]()
    for start, match in found.items():
        sign = match.new[:1] if match.new[:1] in _SIGNS else ""
        amount = match.new[len(sign) :].lstrip("-")
        if not amount[:1].isdecimal():
            continue
        partners = [_second_of_range(phrase, start, match.end)]
        if not sign or amount.replace(",", "").isdecimal():  # "one to three million dollars" is not $1 to $3 million
            partners.append(_first_of_range(phrase, start))
        if (name := phrase.word_at(start - 1)) not in names and _is_name(phrase, name, places[name]):
            partners += [(at + 1, -1) for at in places[name]]
        names.add(name)
        for at, end in partners:
            row = read_number_row(phrase, at) if at >= 0 and at not in covered else []
            if not row or not covered.isdisjoint(range(at, row[-1].end)):
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


def _is_name(phrase: Phrase, name: str, places: Sequence[int]) -> bool:
    """Return whether a word is a label or capitalized at one of its `places`, and no month: numbers behind it are
    alike.
    """
    sets = number_words().sets
    if not name or name in sets["months"] or name in sets["weekdays"]:
        return False
    return name in sets["labels"] or any(phrase.is_capitalized(at) for at in places)
