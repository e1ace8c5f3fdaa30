"""Read numbers by their value, however they are written: "twenty five thousand", "25,000" and "two five zero zero zero"
are the same digits, and so are "three thirty" and "3:30". Pure.

A number is identified by its digits in the order in which they are said, since words alone do not show whether "twenty
twenty six" is a year or two numbers: adjacent numbers are one. This loses where one number ends and the next begins,
which no polish changes without changing the order of the digits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

_UP_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_BY_TEN = "ten twenty thirty forty fifty sixty seventy eighty ninety"
ONES = {word: value for value, word in enumerate(_UP_TO_NINETEEN.split())}
TENS = {word: 10 * value for value, word in enumerate(_BY_TEN.split(), start=1) if value > 1}
SCALES = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "quadrillion": 10**15,
    "k": 10**3,
    "万": 10**4,
    "亿": 10**8,
    "万亿": 10**12,
}
ORDINALS = {
    "first": 1,
    "third": 3,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
    "hundredth": 100,
    "thousandth": 1000,
    "millionth": 10**6,
    **{f"{word}th": value for word, value in ONES.items() if value not in (1, 2, 3, 5, 8, 9, 12)},
    **{f"{word[:-1]}ieth": value for word, value in TENS.items()},
}

PLURAL_ORDINALS = {
    **{f"{word}s": value for word, value in ORDINALS.items() if value > 2},
    **{f"{word[:-1]}ies": value for word, value in TENS.items()},
}
"""Thirds, and the nineties."""

POINT_WORDS = ("point", "dot", "点")
MULTIPLES = {"double": 2, "triple": 3}
_SMALL = {**ONES, **TENS}

NUMBER_WORDS = frozenset(
    {*_SMALL, *ORDINALS, *PLURAL_ORDINALS, *MULTIPLES, *SCALES, "hundred", "half", "quarter", "dozen"}
)
"""All words that say a number or a part of one."""

NUMBER_LITERAL = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?::\d{2})+|\d+(?:\.\d+)*"
"""A number in digits: with thousands separators, as a time, or with points."""

HAN_DIGITS = {**{c: i for i, c in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2, "幺": 1}
HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

HAN_NUMBER = r"(?:[零〇一二两三四五六七八九十百万亿幺]|千(?![克米瓦卡赫焦]))+"
"""A number in Chinese characters; 千 before a unit ("thousand gram" is a kilogram) is none."""


class SpokenNumber(NamedTuple):
    """A number that was read: `digits` as said, `forms` all notations, and the index after its last word."""

    digits: str
    forms: frozenset[str]
    end: int


def read_number(words: Sequence[str], start: int, below: int = 0) -> SpokenNumber | None:
    """Return the number that begins with the word at `start`, or None. Words are in lower case, numbers in digits as in
    `NUMBER_LITERAL`.

    With `below`, reading stops at a number that has more digits than `below`.
    """
    groups: list[str] = []
    forms: list[set[str]] = []
    at = start
    while at < len(words):
        number = _read_group(words, at, bool(groups), below)
        if number is None:
            break
        (written, at) = number
        groups.append(written[0])
        forms.append(set(written))
        if below and sum(map(len, groups)) > len(str(below)):
            break
    if not groups:
        return None
    combinations = {""}
    for options in forms:
        combinations = (
            {before + option for before in combinations for option in options}
            if len(combinations) < 16
            else combinations
        )
    if (
        len(groups) > 1 and "0" not in groups and words[start] not in ORDINALS and words[at - 1] not in PLURAL_ORDINALS
    ):  # a spoken zero is meant
        combinations.add(range_form("".join(groups)))
    return SpokenNumber("".join(groups), frozenset(combinations), at)


def find_meant(words: Sequence[str], start: int, number: SpokenNumber) -> SpokenNumber:
    """Return what a number means by the words after it: 500 of "five or six hundred", a range of "ten twelve or so"."""
    after = list(words[number.end : number.end + 2])
    ranges = frozenset(form for form in number.forms if form[0] == "~")
    is_year = re.fullmatch(r"(?:1[5-9]|20)\d\d", number.digits)
    if after == ["or", "so"] and ranges and not is_year:
        return SpokenNumber(min(ranges), ranges, number.end)
    other = read_number(words, number.end + 1) if after[:1] == ["or"] else None
    if other is None or not number.digits.isdecimal() or len(number.digits) > 2:
        return number
    scale = {"hundred": 100, **SCALES}.get(words[other.end - 1], 0)
    if (
        not scale
        or not other.digits.isdecimal()
        or len(other.digits) > 30
        or int(other.digits) not in range(scale, 100 * scale)
    ):
        return number
    digits = str(int(number.digits) * scale)
    return SpokenNumber(digits, frozenset((digits,)), number.end)


def is_day(words: Sequence[str], at: int, months: Sequence[str]) -> bool:
    """Return whether a word is a day by the month beside it: May second, second of May."""
    after = words[at + 1 : at + 3]
    return words[at - 1 if at else 0] in months or (list(after[:1]) == ["of"] and after[-1] in months)


def is_calculable(word: str) -> bool:
    """Return whether a word is a whole number of at most 4,300 digits, which Python can calculate with."""
    return len(word) < 300 and word.isdecimal()


def _read_group(words: Sequence[str], at: int, has_previous: bool, below: int) -> tuple[list[str], int] | None:
    """Return the forms of the number at `at` and the index after it; `has_previous`: a number stands before it."""
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else ""
    if word[0].isdecimal():
        return _read_scale(words, at + 1, _literal_forms(word), below)
    if all(c in HAN_DIGITS or c in HAN_SCALES for c in word):
        whole, *others = read_han(word)
        written, end = _read_decimals(words, at + 1, whole, below)
        return [*written, *others], end
    third = words[at + 2] if at + 2 < len(words) else ""
    if word in ("oh", "o") and (following in ONES or following in TENS) and (has_previous or third in ONES):
        return ["0"], at + 1
    if word in MULTIPLES and ONES.get(following, 10) < 10:
        return [str(ONES[following]) * MULTIPLES[word]], at + 2
    if word in ("a", "an") and following in ("hundred", *SCALES) and following != "k":
        at += 1
    if word in ("a", "an", "one") and third == "of" and ORDINALS.get(following, 1) > 1:
        return [f"1/{ORDINALS[following]}"], at + 2
    if word in PLURAL_ORDINALS and has_previous:
        return [str(PLURAL_ORDINALS[word])], at + 1
    value, end = _read_cardinal(words, at)
    if end == at:
        return None
    return _read_decimals(words, end, str(value), below)


def _read_cardinal(words: Sequence[str], at: int) -> tuple[int, int]:
    """Return the number in words that is read as one, such as two hundred and five, and the index after it; `at` itself
    if there is none.
    """
    total = current = 0
    is_group_start, limit, end = True, 10**18, at  # `is_group_start`: nothing of the current group was read yet
    limit_below = 0  # a further word below this value may still be added to the group
    while end < len(words):
        word = words[end]
        is_joined = word == "and" and not is_group_start and current % 100 == 0 and (current or total)
        if is_joined:
            following = words[end + 1] if end + 1 < len(words) else ""
            if following not in _SMALL and following not in ORDINALS:
                break
            word, end = following, end + 1
        value = _SMALL.get(word, ORDINALS.get(word))
        if word == "second" and limit_below == 10:
            value = 2
        if value is not None and (is_group_start or value < limit_below):
            current += value
            is_group_start, end = False, end + 1
            limit_below = 10 if word in TENS else 0
            if word in ORDINALS or word == "second":
                return total + current, end
        elif word in ORDINALS and not is_group_start and value in (100, 1000, 10**6):
            return (total + current) * value, end + 1
        elif (
            word in ("hundred", "hundreds")
            and (word == "hundred" or not is_group_start)
            and (end == at or (not is_group_start and 0 < current < 100))
        ):
            current = (current or 1) * 100
            is_group_start, limit_below, end = False, 100, end + 1
        elif word in SCALES and word != "k" and SCALES[word] < limit and (end == at or not is_group_start):
            limit = SCALES[word]
            total += (current or 1) * limit
            current, is_group_start, limit_below, end = 0, True, 0, end + 1
            if end < len(words) and words[end] == "and" and _continues_number(words, end + 1):
                end += 1
            elif not _continues_number(words, end):
                break
        else:
            if is_joined:
                end -= 1
            break
    return total + current, end


def _continues_number(words: Sequence[str], at: int) -> bool:
    return at < len(words) and (words[at] in _SMALL or words[at] in ORDINALS)


def _read_decimals(words: Sequence[str], at: int, whole: str, below: int) -> tuple[list[str], int]:
    """Add what stands after a point, or after several as in an address."""
    written, is_clock, scale = whole, False, 1
    while at + 1 < len(words) and words[at] in POINT_WORDS:
        places, end = "", at + 1
        while end < len(words) and (found := _read_places(words, end, places)):
            places, end = places + found[0], found[1]
        if not places:
            break
        last = words[end - 1]
        is_clock = words[at] == "点" and ("十" in last or words[end : end + 1] == ["分"])
        scale = HAN_SCALES.get(last[-1], 1) if len(last) > 1 and last[-1] in "万亿" else 1
        written, at = f"{written}{'' if is_clock else '.'}{places}", end
    if scale > 1 and written.count(".") == 1:
        return [str(round(Fraction(written) * scale))], at
    return _read_scale(words, at, [written], below)


def _read_places(words: Sequence[str], at: int, places: str) -> tuple[str, int] | None:
    """Return the decimal places extended by the word at `at`, and the index after it."""
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else ""
    if word in ("oh", "o"):
        return "0", at + 1
    if word in MULTIPLES and following in ONES:
        return str(ONES[following]) * MULTIPLES[word], at + 2
    if word in TENS and not places:
        ones = ONES.get(following, 10)
        return (str(TENS[word] + ones), at + 2) if 0 < ones < 10 else (str(TENS[word]), at + 1)
    if word in TENS:
        return str(TENS[word]), at + 1
    if word in ONES:
        return str(ONES[word]), at + 1
    if word[0] in HAN_DIGITS or word[0] == "十":
        return read_han(word.rstrip("万亿") or word)[0], at + 1
    return (word, at + 1) if word.isdecimal() else None


def _read_scale(words: Sequence[str], at: int, written: list[str], below: int) -> tuple[list[str], int]:
    """Add "and a half" and a scale such as "million" after a number.

    After a scale only smaller scales are read: otherwise a row of thousands would be read anew after each of them.
    """
    if tuple(words[at : at + 3]) == ("and", "a", "half") and written[0].isdecimal():
        written, at = [f"{written[0]}.5"], at + 3
    word = words[at] if at < len(words) else ""
    scale = 100 if word == "hundred" else SCALES.get(word)
    if scale and len(written[0]) < 300 and re.fullmatch(r"\d+(?:\.\d+)?", written[0]):  # Python limit: 4,300 digits
        value = Fraction(written[0]) * scale
        if value.denominator == 1:
            reads_rest = not below or scale < below
            rest = read_number(words, at + 1, scale) if reads_rest and not written[0].count(".") else None
            return [str(value + int(rest.digits)) if rest and _fits_scale(rest.digits, scale) else str(value)], (
                rest.end if rest and _fits_scale(rest.digits, scale) else at + 1
            )
    return written, at


def _fits_scale(digits: str, scale: int) -> bool:
    return len(digits) <= len(str(scale)) and digits.isdecimal() and digits[0] != "0" and int(digits) < scale


def _literal_forms(word: str) -> list[str]:
    if ":" in word:
        hour, *rest = word.split(":")
        hour = hour.lstrip("0") or "0"
        full = hour + "".join(rest)
        return [hour, full] if set("".join(rest)) == {"0"} else [full]
    word = word.replace(",", "")
    if word.startswith("0") and len(word) == 2:
        return [word, word[1]]
    whole, point, places = word.partition(".")
    if not point or "." in places:
        return [word]
    bare = places.rstrip("0")
    first = f"{whole}.{bare}" if bare else whole
    return [first, word]


def read_han(text: str) -> list[str]:
    """Return the forms of a number, the usual one first: by value, or digit by digit if it has no scale.

    "Five six" is a range, "five six ten" is fifty to sixty, and "three thousand five" is 3,500.
    """
    if len(text) == 2 and 0 < HAN_DIGITS.get(text[0], 0) == HAN_DIGITS.get(text[1], 0) - 1:
        return [range_form("".join(str(HAN_DIGITS[c]) for c in text))]  # one or two
    if not any(c in HAN_SCALES for c in text):
        return ["".join(str(HAN_DIGITS[c]) for c in text)]
    total = section = 0
    digit, last = 0, 1
    has_digit = is_range = False
    for c in text:
        if c in HAN_DIGITS:
            is_range = is_range or (has_digit and digit > 0 and HAN_DIGITS[c] > 0)
            digit, has_digit = HAN_DIGITS[c], True
            continue
        scale = HAN_SCALES[c]
        if scale >= 10**4:
            total = (total + section + digit) * scale if scale == 10**8 else total + (section + digit or 1) * scale
            section = 0
        else:
            section += (digit or 1) * scale
        digit, has_digit, last = 0, False, scale
    if is_range:
        leading_one = "1" if text[0] == "十" else ""
        range_digits = range_form(leading_one + "".join(str(HAN_DIGITS[c]) for c in text if c in HAN_DIGITS))
        return [range_digits]
    if has_digit and last > 10 and "零" not in text and "〇" not in text:
        digit *= last // 10
    return [str(total + section + digit)]


def range_form(digits: str) -> str:
    """Return the form of a range, equal for both ways of saying it: its digits except 0."""
    return "~" + "".join(c for c in digits if c.isdecimal() and c != "0")
