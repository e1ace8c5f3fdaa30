"""Read English cardinal and ordinal numbers from words; whether to write them in digits is decided elsewhere.

This grammar is our own, because the library takes the shortest path over whole sentences, where "ten to twelve people"
is ten minutes to twelve, knows no hyphen, and needs a millisecond for each.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from desktop.polish.rules.numbers.phrases import Phrase, number_words


class Cardinal(NamedTuple):
    """A number that was read.

    `digits`: as said one by one ("oh five" is "05"). `scale`: the word of a million or more that it ends in, with
    `factor` of it. `article`: said as "a hundred", with no other number word.
    """

    end: int
    value: int
    digits: str
    factor: int = 0
    scale: str = ""
    article: bool = False

    @property
    def is_single_digit(self) -> bool:
        """Whether it is one digit, or one digit said as double or triple."""
        return len(self.digits) == 1 or self.factor == -1


def read_cardinal(phrase: Phrase, start: int) -> Cardinal | None:
    """Return the longest number that begins with the word at `start`, or None."""
    table = number_words()
    at, total, smallest, factor, scale = start, 0, 0, 0, ""
    article = phrase.word_at(start) in ("a", "an") and (
        phrase.word_at(start + 1) == "hundred" or _scale_value(phrase, start + 1) > 0
    )
    if phrase.word_at(start) == "zero":
        return Cardinal(start + 1, 0, "0")
    while True:
        group = _read_group(phrase, at, article and at == start)
        if group is None:
            break
        end, value = group
        word = phrase.word_at(end)
        size = table.scales.get(word, 1)
        if smallest and (size >= smallest or value >= smallest):
            break
        total, smallest, at = total + value * size, size, end + (size > 1)
        factor, scale = (value, word) if size >= 1_000_000 else (0, "")
        if size == 1:
            break
        if (
            phrase.word_at(at) == "and"
            and (below := _read_below_hundred(phrase, at + 1))
            and not _is_larger_unit(phrase, below[0])
        ):
            return Cardinal(below[0], total + below[1], str(total + below[1]))
    if at == start:
        return None
    if scale and total != factor * table.scales[scale]:
        factor, scale = 0, ""
    is_article_only = article and at == start + 2
    return Cardinal(at, total, str(total), factor, scale, is_article_only)


def read_digit(phrase: Phrase, start: int) -> Cardinal | None:
    """Read a digit as in a telephone number: "seven", "oh", "double five"."""
    multiplier = phrase.word_at(start)
    times = {"double": 2, "triple": 3}.get(multiplier, 1)
    at = start + (times > 1)
    word = phrase.word_at(at)
    value = 0 if word in ("o", "oh", "zero") else number_words().units.get(word)
    if value is None:
        return None
    return Cardinal(at + 1, value, str(value) * times, -1 if times > 1 else 0)


def read_number_row(phrase: Phrase, start: int) -> list[Cardinal]:
    """Read adjacent numbers, digits as digits: "five five five twelve", "nineteen oh five"."""
    found: list[Cardinal] = []
    at = start
    while (number := read_cardinal(phrase, at) if phrase.word_at(at) not in ("a", "an") or not found else None) or (
        number := read_digit(phrase, at)
    ):
        spelled = (
            len(number.digits) == 3 and phrase.word_at(number.end - 2) == "hundred" and _is_digit(phrase, number.end)
        )
        if (
            spelled and phrase.word_at(number.end - 1) in number_words().units
        ):  # "eight hundred five five five" is 800 555
            number = Cardinal(number.end - 1, number.value // 100 * 100, f"{number.digits[0]}00")
        found.append(number)
        at = number.end
    return found


def is_counting(values: list[int]) -> bool:
    """Return whether three or more numbers are counted, not dialled: "one two three", "ten nine eight"."""
    steps = {second - first for first, second in pairwise(values)}
    return len(values) > 2 and len(steps) == 1 and 0 not in steps


def _is_digit(phrase: Phrase, at: int) -> bool:
    digit = read_digit(phrase, at)
    return digit is not None and phrase.word_at(digit.end) != "hundred"


def read_ordinal(phrase: Phrase, start: int) -> tuple[int, int] | None:
    """Return the index after an ordinal and its value: "third", "twenty first", "one hundred and fifth"."""
    table = number_words()
    at = start
    while (word := phrase.word_at(at)) == "hundred" or word in table.counted or (word == "and" and at > start):
        at += 1
    if at == start:
        return (start + 1, table.ordinals[word]) if word in table.ordinals else None
    if word not in table.ordinals and word not in ("hundredth", "thousandth", "millionth"):
        return None
    counted = Phrase(starts_sentence=False)
    counted.lower_words = [*phrase.lower_words[start:at], table.cardinals.get(word) or word.removesuffix("th")]
    whole = read_cardinal(counted, 0)
    return (at + 1, whole.value) if whole and whole.end == len(counted) else None


def format_ordinal(value: int) -> str:
    """Return 21st, 12th."""
    if value % 100 in (11, 12, 13):
        return f"{value}th"
    return f"{value}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(value % 10, 'th') }"


def _scale_value(phrase: Phrase, at: int) -> int:
    return number_words().scales.get(phrase.word_at(at), 0)


def _is_larger_unit(phrase: Phrase, at: int) -> bool:
    return phrase.word_at(at) == "hundred" or _scale_value(phrase, at) > 0


def _read_below_hundred(phrase: Phrase, at: int) -> tuple[int, int] | None:
    table, word = number_words(), phrase.word_at(at)
    if word in table.tens:
        unit = table.units.get(phrase.word_at(at + 1), 0)
        return at + 1 + (unit > 0), table.tens[word] + unit
    value = table.teens.get(word) or table.units.get(word)
    return (at + 1, value) if value else None


def _read_group(phrase: Phrase, at: int, article: bool) -> tuple[int, int] | None:
    """Read what stands before a scale: a number below a thousand, or hundreds as in "nineteen hundred"."""
    found = (at + 1, 1) if article else _read_below_hundred(phrase, at)
    if found is None or phrase.word_at(found[0]) != "hundred":
        return found
    end, value = found[0] + 1, found[1] * 100
    below = _read_below_hundred(phrase, end + (phrase.word_at(end) == "and"))
    if below and phrase.word_at(below[0]) != "hundred":
        return below[0], value + below[1]
    return end, value
