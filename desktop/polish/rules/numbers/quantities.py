"""Write quantities in an English sentence: counts, decimals, money, measures, percentages, and strings of digits.

Small counts stay words except before a unit, with a fraction, after a label ("chapter two") or as a digit of many. A
unit is left as it was said: the library's "830 mW" for megawatts is a thousand-millionth of what was meant, and "5
minutes" reads better than "5 min". From 1,000 up a quantity has separators; a year, a label or a string of digits has
none. If a small number is linked with one that would be in digits ("nine out of fifty", "two or three hundred"), both
stay as they were said.
"""

from __future__ import annotations

from typing import NamedTuple

from desktop.polish.rules.numbers.cardinals import Cardinal, cardinal, digit, ordinal, row, suffixed
from desktop.polish.rules.numbers.phrases import Found, Phrase, words
from desktop.polish.rules.numbers.times import at_house

_SIGNS = {"dollar": "$", "dollars": "$", "euro": "€", "euros": "€"}
_NATIONS = (("united", "states"), ("u", "s"), ("us",))
_LINKS = ("or", "to", "and", "in", "by", "of", "for", "through", "versus", "minus", "plus", "times")
_DETERMINERS = ("the", "his", "her", "their", "our", "its", "my", "your")
_STREETS = ("street", "avenue", "floor", "birthday", "anniversary", "president", "annual", "st", "ave")
_PARTS = ("hundredth", "thousandth", "millionth")
_ONES = ("second", "minute", "hour", "foot", "inch", "mile", "pound")
"""With "one" these are no measure but words: "for one hour"."""

_COUNTED = "0123456789"
"""Digits in this order are counted, not dialled."""

_ERAS = ("bce", "bc", "ad", "ce")


SMALL = 12
"""Counts up to this stay words, as in the library: one to nine are required, and "ten sets of twelve" reads better in
words too.
"""


class _Number(NamedTuple):
    """How a number is written, with (`written`) and without (`plain`) separators.

    `small`: it stays a word by default. `bare`: it contains no sign and no word. `article`: it was said as "a hundred".
    """

    end: int
    plain: str
    written: str
    small: bool
    bare: bool
    article: bool = False


def amount(phrase: Phrase, start: int) -> Found | None:
    """Return the quantity that begins with the word at `start`."""
    if phrase.at(start) in ("minus", "negative"):
        return _negative(phrase, start)
    if phrase.at(start) == "point":
        return _leading_point(phrase, start)
    if rank := ordinal(phrase, start):
        return _ranked(phrase, start, rank)
    numbers = row(phrase, start)
    if not numbers:
        return None
    if phrase.at(start) in ("o", "oh", "double", "triple") and len(numbers) < 4:
        return None
    end = numbers[-1].end
    if phrase.at(end) == "dot" and (net := _net(phrase, start)):
        return net
    if dotted := _dotted(phrase, start):
        return _with_unit(phrase, start, dotted)
    if len(numbers) > 1:
        return _rowed(phrase, start, numbers) or Found(end, "")
    return _with_unit(phrase, start, _plain(numbers[0], end))


def _plain(one: Cardinal, end: int) -> _Number:
    if one.scale:
        many = f"{one.factor:,} {one.scale}"
        return _Number(end, many, many, False, False, one.article)
    return _Number(end, str(one.value), f"{one.value:,}", one.value <= SMALL, not one.article, one.article)


def _with_unit(phrase: Phrase, start: int, number: _Number) -> Found | None:
    """Write a number as its neighbours require."""
    sets, end = words().sets, number.end
    before, after = phrase.at(start - 1), phrase.at(end)
    if after == "and" and phrase.at(end + 1) == "a" and phrase.at(end + 2) in ("half", "quarter", "third"):
        return Found(end + 3, "")
    if after in ("half", "quarters", "thirds", "fifths", "halves") or (number.small and ordinal(phrase, end)):
        return Found(end, "")
    large = len(number.plain) > 2 or not _measured(phrase, end)
    if number.bare and not number.small and large and _mixed(phrase, start):
        return Found(end, "")
    if money := _money(phrase, number):
        return money
    if after == "percent" or (after == "per" and phrase.at(end + 1) == "cent"):
        return Found(end + 1 + (after == "per"), f"{number.written}%")
    if era := _era(phrase, end):
        return Found(era[0], f"{number.plain} {era[1]}") if not number.small else Found(end, "")
    if before in sets["labels"] and number.bare:
        return _labelled(phrase, start, number)
    if after in sets["measures"] and not (number.plain == "1" and after in _ONES):
        return Found(end, "" if number.article else number.written)
    if number.small and before in ("foot", "feet") and phrase.at(start - 2) in words().units:
        return Found(end, number.plain)  # "five foot eleven"
    if number.small:
        return _first_of_two(phrase, number)
    lonely = len(phrase) == end - start and len(number.plain) < 3
    opens = phrase.first and start == 0 and len(number.plain) < 3 and "." not in number.plain
    kept = number.article or lonely or opens or after in sets["kept"]
    return Found(end, "" if kept else number.written)


def _unit(phrase: Phrase, at: int) -> bool:
    after = phrase.at(at)
    return after in words().sets["measures"] or after in _SIGNS or after in ("percent", "cents", "per")


def _measured(phrase: Phrase, at: int) -> bool:
    return phrase.at(at) in words().sets["measures"] or phrase.at(at) == "percent"


def _first_of_two(phrase: Phrase, number: _Number) -> Found | None:
    """Write the first of "five to ten minutes" as a measure if the second is one."""
    second = cardinal(phrase, number.end + 1) if phrase.at(number.end) in ("to", "or", "by") else None
    measured = second is not None and second.value < 100 and _measured(phrase, second.end)
    return Found(number.end, number.written if measured else "")


def _mixed(phrase: Phrase, start: int) -> bool:
    """Return whether a number that stays a word is linked with this one: "nine out of ten", "five or six hundred"."""
    at = start - 1
    if phrase.at(at) not in _LINKS:
        return False
    at -= 1 + (phrase.at(at - 1) == "out")
    said = phrase.at(at)
    few = (
        said in words().units and phrase.at(at - 1) not in words().tens and phrase.at(at - 1) not in ("hundred", "and")
    )
    return few or words().teens.get(said, SMALL + 1) <= SMALL


def _labelled(phrase: Phrase, start: int, number: _Number) -> Found | None:
    after, before, little = phrase.at(number.end), phrase.at(start - 1), words().sets["little"]
    if number.small and (before == "number" or (number.plain == "1" and after in ("of", "can"))):
        return Found(number.end, "")
    if number.small and after and after not in little | words().sets["labels"]:
        return Found(number.end, "")
    return Found(number.end, number.plain)


def _money(phrase: Phrase, number: _Number) -> Found | None:
    end = number.end
    for nation in _NATIONS:
        if tuple(phrase.said[end : end + len(nation)]) == nation and phrase.at(end + len(nation)) in _SIGNS:
            end += len(nation)
    sign = _SIGNS.get(phrase.at(end))
    if sign is None:
        return Found(number.end, number.written) if phrase.at(end) == "cents" else None
    end += 1
    cents = cardinal(phrase, end + (phrase.at(end) == "and"))
    if cents and cents.value < 100 and phrase.at(cents.end) in ("cent", "cents") and number.plain.isdecimal():
        return Found(cents.end + 1, f"{sign}{number.written}.{cents.value:02}")
    return Found(end, f"{sign}{number.written}")


def _era(phrase: Phrase, at: int) -> tuple[int, str] | None:
    for era in _ERAS:
        for said in ([*era], [era]):
            if phrase.said[at : at + len(said)] == said:
                return at + len(said), era.upper()
    return None


def _dotted(phrase: Phrase, start: int) -> _Number | None:
    """Read "three point one four", "version two point zero point one", "five point two million"."""
    one = cardinal(phrase, start)
    if one is None or one.scale or phrase.at(one.end) != "point":
        return None
    at, digits = one.end, ""
    while phrase.at(at) == "point" and (tail := _digits(phrase, at + 1)):
        at, digits = tail[0], f"{digits}.{tail[1]}"
    if not digits:
        return None
    plain = f"{one.value}{digits}"
    written = plain if digits.count(".") > 1 else f"{one.value:,}{digits}"
    if phrase.at(at) in words().scales:
        return _Number(at + 1, f"{plain} {phrase.at(at)}", f"{written} {phrase.at(at)}", False, False)
    return _Number(at, plain, written, False, True)


def _net(phrase: Phrase, start: int) -> Found | None:
    """Read "one nine two dot one six eight dot one dot one"; "version three dot five"."""
    at, groups = start, list[str]()
    while numbers := row(phrase, at):
        at = numbers[-1].end
        groups.append("".join(one.digits for one in numbers))
        if phrase.at(at) != "dot" or not row(phrase, at + 1):
            break
        at += 1
    return Found(at, ".".join(groups)) if len(groups) > 1 else None


def _digits(phrase: Phrase, start: int) -> tuple[int, str] | None:
    """Read what is said after a point: digit by digit, or as "fourteen"."""
    at, found = start, ""
    while one := digit(phrase, at):
        at, found = one.end, found + one.digits
    if found:
        return at, found
    some = cardinal(phrase, start)
    return (some.end, some.digits) if some and some.value < 100 else None


def _leading_point(phrase: Phrase, start: int) -> Found | None:
    tail = _digits(phrase, start + 1)
    if tail is None:
        return None
    end, digits = tail
    before, after = phrase.at(start - 1), phrase.at(end)
    share = after == "percent" and before not in (*_DETERMINERS, "this", "that", "a", "one", "some", "which", "no")
    if before and before not in words().sets["fraction"] and not share:
        return None
    if after in words().scales:
        end, digits = end + 1, f"{digits} {after}"
    elif not _unit(phrase, end) and len(digits) < 2:
        return None
    return _with_unit(phrase, start, _Number(end, f"0.{digits}", f"0.{digits}", False, False))


def _negative(phrase: Phrase, start: int) -> Found | None:
    before = phrase.at(start - 1)
    if before and before not in words().sets["fraction"] and before not in ("at", "it's"):
        return None
    number = _dotted(phrase, start + 1)
    if number is None:
        one = cardinal(phrase, start + 1)
        if one is None or one.article or digit(phrase, one.end):
            return None
        number = _plain(one, one.end)
    ends = not phrase.at(number.end) or phrase.at(number.end) in words().sets["little"]
    if not ends and not _unit(phrase, number.end):
        return None
    signed = number._replace(plain=f"-{number.plain}", written=f"-{number.written}", small=False, bare=False)
    return _with_unit(phrase, start, signed)


def _ranked(phrase: Phrase, start: int, rank: tuple[int, int]) -> Found | None:
    """Write ordinals from ten up; "thirty second" before a noun is half a minute."""
    end, value = rank
    before, after = phrase.at(start - 1), phrase.at(end)
    if value < 10:
        return Found(end, "")
    named = not after or after in _STREETS or after in words().sets["little"] or before in _DETERMINERS
    if phrase.at(end - 1) == "second" and end - start == 2 and not named:
        return Found(end - 1, str(value - 2))
    fraction = before in words().units or before in words().teens or phrase.at(end - 1) in _PARTS
    return Found(end, "" if fraction or (after in words().sets["kept"]) else suffixed(value))


def _rowed(phrase: Phrase, start: int, numbers: list[Cardinal]) -> Found | None:
    """Write adjacent numbers as digits, or as "two fifty"; None if they are separate numbers."""
    end, digits = numbers[-1].end, "".join(one.digits for one in numbers)
    before, after, sets = phrase.at(start - 1), phrase.at(end), words().sets
    if any(one.article or one.scale for one in numbers):
        return None
    cue = before in sets["dialled"] or (before in ("is", "at", "me") and phrase.at(start - 2) in sets["dialled"])
    single = all(one.single for one in numbers)
    if cue or before in sets["labels"] or len(digits) >= 7 or (single and len(digits) >= 4):
        social = cue and ("ssn" in phrase.said or "security" in phrase.said)
        return Found(end, _grouped(digits, social, before not in sets["labels"]))
    house = len(digits) < 5 and at_house(phrase, end)
    spelled = single and len(digits) == 3 == len(phrase) and digits not in _COUNTED
    if house or spelled:
        return Found(end, digits)
    hundreds = len(numbers) == 2 and numbers[0].single and 10 <= numbers[1].value <= 99
    if hundreds and after in _SIGNS:
        return _money(phrase, _Number(end, digits, digits, False, False))
    if era := _era(phrase, end):
        return Found(era[0], f"{digits} {era[1]}")
    return None


def _grouped(digits: str, social: bool, dialled: bool) -> str:
    """Return a telephone number in its usual groups."""
    if social and len(digits) == 9:
        return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"
    if dialled and len(digits) == 11 and digits[0] == "1":
        return f"1-{digits[1:4]}-{digits[4:7]}-{digits[7:]}"
    if dialled and len(digits) == 10:
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    return f"{digits[:3]}-{digits[3:]}" if dialled and len(digits) == 7 else digits
