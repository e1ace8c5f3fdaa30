"""Write international telephone numbers in the groups of their country: "+44 20 7946 0958", "+33 6 12 34 56 78".

"Twenty seven" may be said for 27 and for 20 and 7; the reading that gives a number of that country's length is taken.
"""

from __future__ import annotations

from desktop.polish.rules.numbers.phrases import NumberMatch, Phrase, number_words

_MAX_READINGS = 64


def read_international_number(phrase: Phrase, start: int) -> NumberMatch | None:
    """Return the number with a country code that begins with "plus" at `start`, where its groups are known."""
    if phrase.word_at(start) != "plus":
        return None
    end, readings = _read_digits(phrase, start + 1)
    for digits in readings:
        for code, groups in number_words().telephone.items():
            if digits.startswith(code) and (written := _group(digits[len(code) :], groups)):
                return NumberMatch(end, f"+{code} {written}")
    return None


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
