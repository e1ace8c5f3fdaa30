"""Write international telephone numbers in the groups of their country: "+44 20 7946 0958", "+33 6 12 34 56 78".

"Twenty seven" may be said for 27 and for 20 and 7; the reading that gives a number of that country's length is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.polish.rules.edit import RuleEdit
from desktop.polish.rules.numbers.phrases import NumberMatch, Phrase, number_words

_MAX_READINGS = 64

_DIGIT = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_PAUSED = re.compile(
    r"\b(?:(?:number|phone|cell|mobile|line|extension|fax)(?: is| was|'s|,| is,)?|(?:call|dial|text|ring|reach)"
    rf"(?: me| us| him| her| them)?(?: at| on)?),? (?P<digits>{_DIGIT}(?:,? {_DIGIT}){{6,10}})(?!,? {_DIGIT})\b",
    re.IGNORECASE,
)
"""Digits with pauses between them, behind a word that says that a telephone number follows."""

_PAUSED_GROUPS = frozenset({(3, 4), (3, 3, 4), (1, 3, 3, 4), (3, 7), (6, 4)})
"""How many digits are said between two pauses."""

MIN_DIGITS, MAX_DIGITS = 10, 15
"""Fewest and most digits of an international number without known groups (ITU-T E.164)."""


def read_international_number(phrase: Phrase, start: int) -> NumberMatch | None:
    """Return the number with a country code that begins with "plus" at `start`, in its groups if they are known."""
    table = number_words()
    if phrase.word_at(start) != "plus":
        return None
    end, readings = _read_digits(phrase, start + 1)
    for digits in readings:
        for code, groups in table.telephone.items():
            if digits.startswith(code) and (written := _group(digits[len(code) :], groups)):
                return NumberMatch(end, f"+{code} {written}")
    is_sum = phrase.word_at(start - 1) in table.counted or phrase.word_at(start - 1) in table.sets["digits"]
    code = next((code for code in table.sets["countries"] if readings[0].startswith(code)), "")
    if is_sum or not code or not MIN_DIGITS <= len(readings[0]) <= MAX_DIGITS:
        return None
    return NumberMatch(end, f"+{code} {readings[0][len(code) :]}")


def edit_paused_numbers(text: str) -> Iterator[RuleEdit]:
    """Yield the edits that write telephone numbers said in groups with pauses between: "five five five, one two three,
    four five six seven".
    """
    if "," not in text:
        return
    units = number_words().units
    for match in _PAUSED.finditer(text):
        words = match["digits"].lower().replace(",", " ").split()
        digits = "".join(str(units.get(word, 0)) for word in words)
        sizes = tuple(len(group.split()) for group in match["digits"].split(","))
        if sizes in _PAUSED_GROUPS:
            written = group_digits(digits, is_social_number=False, is_dialled=True)
            yield RuleEdit(match.start("digits"), match.end("digits"), written)


def group_digits(digits: str, is_social_number: bool, is_dialled: bool) -> str:
    """Return a telephone number in its usual groups."""
    if is_social_number and len(digits) == 9:
        return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"
    if is_dialled and len(digits) == 11 and digits[0] == "1":
        return f"1-{digits[1:4]}-{digits[4:7]}-{digits[7:]}"
    if is_dialled and len(digits) == 10:
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    return f"{digits[:3]}-{digits[3:]}" if is_dialled and len(digits) == 7 else digits


def _read_digits(phrase: Phrase, start: int) -> tuple[int, list[str]]:
    """Return the index after the digits from `start`, and in which ways they can be read, the likeliest first."""
    table, at, readings = number_words(), start, [""]
    while word := phrase.word_at(at):
        times = {"double": 2, "triple": 3}.get(word, 1)
        digit = phrase.word_at(at + (times > 1))
        unit = table.units.get(phrase.word_at(at + 1))
        if digit in ("o", "oh", "zero") or digit in table.units:
            at, tails = at + 1 + (times > 1), [str(table.units.get(digit, 0)) * times]
        elif word in table.teens:
            at, tails = at + 1, [str(table.teens[word])]
        elif word in table.tens:
            at, tails = at + 1 + bool(unit), [str(table.tens[word] + (unit or 0))]
            tails += [f"{table.tens[word]}{unit}"] if unit else []
        elif word == "hundred" and at > start:
            at, tails = at + 1, ["00"]
        elif word.isdecimal():
            at, tails = at + 1, [word]
        else:
            break
        readings = [reading + tail for reading in readings for tail in tails][:_MAX_READINGS]
    return at, readings


def _group(digits: str, groups: dict[str, str]) -> str:
    """Return the digits in the groups of their beginning; "" if none has their length."""
    prefix = max((prefix for prefix in groups if digits.startswith(prefix)), key=len, default=None)
    if prefix is None:
        return ""
    sign = "-" if "-" in groups[prefix] else " "
    sizes = [int(size) for size in groups[prefix].split(sign)]
    if sum(sizes) != len(digits):
        return ""
    ends = [sum(sizes[: at + 1]) for at in range(len(sizes))]
    return sign.join(digits[end - size : end] for end, size in zip(ends, sizes, strict=True))
