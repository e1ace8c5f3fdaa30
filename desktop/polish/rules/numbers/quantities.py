"""Write quantities in an English sentence: counts, decimals, money, measures, percentages, and strings of digits.

Small counts stay words except before a unit, with a fraction, after a label ("chapter two") or as a digit of many. A
unit is left as it was said: the library's "830 mW" for megawatts is a thousand-millionth of what was meant, and "5
minutes" reads better than "5 min". From 1,000 up a quantity has separators; a year, a label or a string of digits has
none. If a small number is linked with one that would be in digits ("nine out of fifty", "two or three hundred"), both
stay as they were said.
"""

from __future__ import annotations

from typing import NamedTuple

from desktop.polish.rules.numbers.cardinals import (
    Cardinal,
    format_ordinal,
    is_counting,
    read_cardinal,
    read_digit,
    read_number_row,
    read_ordinal,
)
from desktop.polish.rules.numbers.phrases import NumberMatch, Phrase, number_words
from desktop.polish.rules.numbers.telephone import group_digits
from desktop.polish.rules.numbers.times import is_house_number

_SIGNS = {"dollar": "$", "dollars": "$", "euro": "€", "euros": "€"}
_NATION_NAMES = (("united", "states"), ("u", "s"), ("us",))
_LINKS = ("or", "to", "and", "in", "by", "of", "for", "through", "versus", "minus", "plus", "times")
_DETERMINERS = ("the", "his", "her", "their", "our", "its", "my", "your")
_STREETS = ("street", "avenue", "floor", "birthday", "anniversary", "president", "annual", "st", "ave")
_FRACTION_ORDINALS = ("hundredth", "thousandth", "millionth")
_UNITS_OF_ONE = ("second", "minute", "hour", "foot", "inch", "mile", "pound")
"""With "one" these are no measure but words: "for one hour"."""

_ERAS = ("bce", "bc", "ad", "ce")


MAX_SPELLED_COUNT = 12
"""Counts up to this stay words, as in the library: one to nine are required, and "ten sets of twelve" reads better in
words too.
"""


class _Quantity(NamedTuple):
    """How a number is written, with (`written`) and without (`plain`) separators.

    `small`: it stays a word by default. `bare`: it contains no sign and no word. `article`: it was said as "a hundred".
    """

    end: int
    plain: str
    written: str
    small: bool
    bare: bool
    article: bool = False


def read_amount(phrase: Phrase, start: int) -> NumberMatch | None:
    """Return the quantity that begins with the word at `start`."""
    if phrase.word_at(start) in ("minus", "negative"):
        return _write_negative(phrase, start)
    if phrase.word_at(start) == "point":
        return _write_leading_point(phrase, start)
    if ordinal := read_ordinal(phrase, start):
        return _write_ordinal(phrase, start, ordinal)
    numbers = read_number_row(phrase, start)
    if not numbers:
        return None
    if phrase.word_at(start) in ("o", "oh", "double", "triple") and len(numbers) < 4:
        return None
    end = numbers[-1].end
    if phrase.word_at(end) == "dot" and (address := _read_dotted_digits(phrase, start)):
        return address
    if phrase.word_at(end) == "colon" and (second := read_number_row(phrase, end + 1)):
        return NumberMatch(second[-1].end, f"{_join_digits(numbers)}:{_join_digits(second)}")
    if decimal := _read_decimal(phrase, start):
        return _write_quantity(phrase, start, decimal)
    if len(numbers) > 1:
        return _write_digit_row(phrase, start, numbers) or NumberMatch(end, "")
    return _write_quantity(phrase, start, _plain_quantity(numbers[0], end))


def _plain_quantity(number: Cardinal, end: int) -> _Quantity:
    if number.scale:
        text = f"{number.factor:,} {number.scale}"
        return _Quantity(end, text, text, False, False, number.article)
    return _Quantity(
        end,
        str(number.value),
        f"{number.value:,}",
        number.value <= MAX_SPELLED_COUNT,
        not number.article,
        number.article,
    )


def _write_quantity(phrase: Phrase, start: int, number: _Quantity) -> NumberMatch | None:
    """Write a number as its neighbours require."""
    sets, end = number_words().sets, number.end
    before, after = phrase.word_at(start - 1), phrase.word_at(end)
    if after == "and" and _is_part(phrase, end + 1):
        return NumberMatch(end + 3, "")
    if after in ("half", "quarters", "thirds", "fifths", "halves") or (number.small and read_ordinal(phrase, end)):
        return NumberMatch(end, "")
    is_large = len(number.plain) > 2 or not _is_measure(phrase, end)
    if number.bare and not number.small and is_large and _is_linked_to_small(phrase, start):
        return NumberMatch(end, "")
    if money := _write_money(phrase, number):
        return money
    if after == "percent" or (after == "per" and phrase.word_at(end + 1) == "cent"):
        return NumberMatch(end + 1 + (after == "per"), f"{number.written}%")
    if era := _read_era(phrase, end):
        return NumberMatch(era[0], f"{number.plain} {era[1]}") if not number.small else NumberMatch(end, "")
    if before in sets["labels"] and number.bare:
        return _write_labelled(phrase, start, number)
    if after in sets["measures"] and not (number.plain == "1" and after in _UNITS_OF_ONE):
        return NumberMatch(end, "" if number.article else number.written)
    if number.small and before in ("foot", "feet") and phrase.word_at(start - 2) in number_words().units:
        return NumberMatch(end, number.plain)  # "five foot eleven"
    if number.small:
        return _write_first_of_two(phrase, number)
    if len(number.plain) == 4 and number.bare and is_house_number(phrase, end):
        return NumberMatch(end, number.plain)
    is_alone = len(phrase) == end - start and len(number.plain) < 3
    starts_sentence = phrase.starts_sentence and start == 0 and len(number.plain) < 3 and "." not in number.plain
    stays_words = number.article or is_alone or starts_sentence or after in sets["kept"]
    return NumberMatch(end, "" if stays_words else number.written)


def _is_unit(phrase: Phrase, at: int) -> bool:
    after = phrase.word_at(at)
    return after in number_words().sets["measures"] or after in _SIGNS or after in ("percent", "cents", "per")


def _is_measure(phrase: Phrase, at: int) -> bool:
    return phrase.word_at(at) in number_words().sets["measures"] or phrase.word_at(at) == "percent"


def _write_first_of_two(phrase: Phrase, number: _Quantity) -> NumberMatch | None:
    """Write the first of "five to ten minutes" as a measure if the second is one."""
    second = read_cardinal(phrase, number.end + 1) if phrase.word_at(number.end) in ("to", "or", "by") else None
    is_measured = second is not None and second.value < 100 and _is_measure(phrase, second.end)
    return NumberMatch(number.end, number.written if is_measured else "")


def _is_linked_to_small(phrase: Phrase, start: int) -> bool:
    """Return whether a number that stays a word is linked with this one: "nine out of ten", "five or six hundred"."""
    at = start - 1
    if phrase.word_at(at) not in _LINKS:
        return False
    at -= 1 + (phrase.word_at(at - 1) == "out")
    word = phrase.word_at(at)
    is_small = (
        word in number_words().units
        and phrase.word_at(at - 1) not in number_words().tens
        and phrase.word_at(at - 1) not in ("hundred", "and")
    )
    return is_small or number_words().teens.get(word, MAX_SPELLED_COUNT + 1) <= MAX_SPELLED_COUNT


def _write_labelled(phrase: Phrase, start: int, number: _Quantity) -> NumberMatch | None:
    after, before, little = phrase.word_at(number.end), phrase.word_at(start - 1), number_words().sets["little"]
    is_pronoun = (
        after in ("of", "can")
        or before in ("python", "release")
        or phrase.word_at(start - 2) in _DETERMINERS
        or _is_described(phrase, start)
    )
    if number.small and (before == "number" or (number.plain == "1" and is_pronoun)):
        return NumberMatch(number.end, "")
    is_ended = not after or after in little
    is_followed = after in number_words().sets["labels"] and read_cardinal(phrase, number.end + 1) is not None
    if number.small and not (is_ended or is_followed):
        return NumberMatch(number.end, "")
    return NumberMatch(number.end, number.plain)


def _is_part(phrase: Phrase, at: int) -> bool:
    """Return whether "a half" or "three quarters" stands at `at`."""
    count, part = phrase.word_at(at), phrase.word_at(at + 1)
    if count == "a":
        return part in ("half", "quarter", "third")
    return count in number_words().units and part in ("quarters", "thirds", "fifths", "eighths", "tenths")


def _is_described(phrase: Phrase, start: int) -> bool:
    """Return whether an article stands before an adjective and the label before a number: "the default python one"."""
    return phrase.word_at(start - 3) in _DETERMINERS and phrase.word_at(start - 2) not in number_words().sets["little"]


def _write_money(phrase: Phrase, number: _Quantity) -> NumberMatch | None:
    end = number.end
    for nation in _NATION_NAMES:
        if tuple(phrase.lower_words[end : end + len(nation)]) == nation and phrase.word_at(end + len(nation)) in _SIGNS:
            end += len(nation)
    sign = _SIGNS.get(phrase.word_at(end))
    if sign is None:
        return NumberMatch(number.end, number.written) if phrase.word_at(end) == "cents" else None
    end += 1
    cents = read_cardinal(phrase, end + (phrase.word_at(end) == "and"))
    if cents and cents.value < 100 and phrase.word_at(cents.end) in ("cent", "cents") and number.plain.isdecimal():
        return NumberMatch(cents.end + 1, f"{sign}{number.written}.{cents.value:02}")
    return NumberMatch(end, f"{sign}{number.written}")


def _read_era(phrase: Phrase, at: int) -> tuple[int, str] | None:
    for era in _ERAS:
        for spoken_era in ([*era], [era]):
            if phrase.lower_words[at : at + len(spoken_era)] == spoken_era:
                return at + len(spoken_era), era.upper()
    return None


def _read_decimal(phrase: Phrase, start: int) -> _Quantity | None:
    """Read "three point one four", "version two point zero point one", "five point two million"."""
    number = read_cardinal(phrase, start)
    if number is None or number.scale or phrase.word_at(number.end) != "point":
        return None
    at, digits = number.end, ""
    while phrase.word_at(at) == "point" and (tail := _read_digits(phrase, at + 1)):
        at, digits = tail[0], f"{digits}.{tail[1]}"
    if not digits:
        return None
    plain = f"{number.value}{digits}"
    written = plain if digits.count(".") > 1 else f"{number.value:,}{digits}"
    if phrase.word_at(at) in number_words().scales:
        return _Quantity(at + 1, f"{plain} {phrase.word_at(at)}", f"{written} {phrase.word_at(at)}", False, False)
    return _Quantity(at, plain, written, False, True)


def _read_dotted_digits(phrase: Phrase, start: int) -> NumberMatch | None:
    """Read "one nine two dot one six eight dot one dot one"; "version three dot five"."""
    at, groups = start, list[str]()
    while numbers := read_number_row(phrase, at):
        at = numbers[-1].end
        groups.append(_join_digits(numbers))
        if phrase.word_at(at) != "dot" or not read_number_row(phrase, at + 1):
            break
        at += 1
    if len(groups) == 4 and phrase.word_at(at) == "colon" and (port := read_number_row(phrase, at + 1)):
        at, groups[-1] = port[-1].end, f"{groups[-1]}:{_join_digits(port)}"
    return NumberMatch(at, ".".join(groups)) if len(groups) > 1 else None


def _join_digits(numbers: list[Cardinal]) -> str:
    return "".join(number.digits for number in numbers)


def _read_digits(phrase: Phrase, start: int) -> tuple[int, str] | None:
    """Read what is said after a point: digit by digit, or as "fourteen"."""
    at, digits = start, ""
    while digit := read_digit(phrase, at):
        at, digits = digit.end, digits + digit.digits
    if digits:
        return at, digits
    number = read_cardinal(phrase, start)
    return (number.end, number.digits) if number and number.value < 100 else None


def _write_leading_point(phrase: Phrase, start: int) -> NumberMatch | None:
    tail = _read_digits(phrase, start + 1)
    if tail is None:
        return None
    end, digits = tail
    before, after = phrase.word_at(start - 1), phrase.word_at(end)
    is_share = after == "percent" and before not in (*_DETERMINERS, "this", "that", "a", "one", "some", "which", "no")
    if before and before not in number_words().sets["fraction"] and not is_share:
        return None
    if after in number_words().scales:
        end, digits = end + 1, f"{digits} {after}"
    elif not _is_unit(phrase, end) and len(digits) < 2:
        return None
    return _write_quantity(phrase, start, _Quantity(end, f"0.{digits}", f"0.{digits}", False, False))


def _write_negative(phrase: Phrase, start: int) -> NumberMatch | None:
    before = phrase.word_at(start - 1)
    if before and before not in number_words().sets["fraction"] and before not in ("at", "it's"):
        return None
    number = _read_decimal(phrase, start + 1)
    if number is None:
        one = read_cardinal(phrase, start + 1)
        if one is None or one.article or read_digit(phrase, one.end):
            return None
        number = _plain_quantity(one, one.end)
    is_ended = not phrase.word_at(number.end) or phrase.word_at(number.end) in number_words().sets["little"]
    if not is_ended and not _is_unit(phrase, number.end):
        return None
    signed = number._replace(plain=f"-{number.plain}", written=f"-{number.written}", small=False, bare=False)
    return _write_quantity(phrase, start, signed)


def _write_ordinal(phrase: Phrase, start: int, ordinal: tuple[int, int]) -> NumberMatch | None:
    """Write ordinals from ten up; "thirty second" before a noun is half a minute."""
    end, value = ordinal
    before, after = phrase.word_at(start - 1), phrase.word_at(end)
    if value < 10:
        return NumberMatch(end, "")
    is_noun = not after or after in _STREETS or after in number_words().sets["little"] or before in _DETERMINERS
    if phrase.word_at(end - 1) == "second" and end - start == 2 and not is_noun:
        return NumberMatch(end - 1, str(value - 2))
    is_fraction = (
        before in number_words().units
        or before in number_words().teens
        or phrase.word_at(end - 1) in _FRACTION_ORDINALS
    )
    return NumberMatch(end, "" if is_fraction or (after in number_words().sets["kept"]) else format_ordinal(value))


def _write_digit_row(phrase: Phrase, start: int, numbers: list[Cardinal]) -> NumberMatch | None:
    """Write adjacent numbers as digits, or as "two fifty"; None if they are separate numbers."""
    end, digits = numbers[-1].end, _join_digits(numbers)
    before, after, sets = phrase.word_at(start - 1), phrase.word_at(end), number_words().sets
    if any(number.article or number.scale for number in numbers):
        return None
    named = phrase.word_at(start - 2) if before in ("is", "was", "at", "me") else before
    is_spelled = len(digits) > 2 and "oh" in phrase.lower_words[start:end]
    has_cue = named in sets["dialled"] or (named in sets["numbered"] and is_spelled)
    is_single = all(number.is_single_digit for number in numbers)
    if not has_cue and before not in sets["labels"] and is_counting([number.value for number in numbers]):
        return None
    is_long = len(digits) >= 7 and 2 * sum(number.is_single_digit for number in numbers) >= len(numbers)
    if has_cue or before in sets["labels"] or is_long or (is_single and len(digits) >= 4):
        is_social_number = has_cue and ("ssn" in phrase.lower_words or "security" in phrase.lower_words)
        return NumberMatch(end, group_digits(digits, is_social_number, before not in sets["labels"]))
    is_house = len(digits) < 5 and is_house_number(phrase, end)
    if is_house or (is_single and len(digits) == 3 == len(phrase)):
        return NumberMatch(end, digits)
    is_hundreds = len(numbers) == 2 and numbers[0].is_single_digit and 10 <= numbers[1].value <= 99
    if is_hundreds and after in _SIGNS:
        return _write_money(phrase, _Quantity(end, digits, digits, False, False))
    if era := _read_era(phrase, end):
        return NumberMatch(era[0], f"{digits} {era[1]}")
    return None
