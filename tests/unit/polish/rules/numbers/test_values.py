"""No digit, amount, time or date is lost or added, whatever number is said."""

from __future__ import annotations

import re
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from desktop.polish.rules.numbers.cardinals import format_ordinal
from tests.support.spoken_numbers import TEENS, TENS, UNITS, spelled, spelled_in_chinese, typed

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@given(st.integers(13, 999_999_999))
def test_number_in_a_sentence_keeps_its_value(value: int) -> None:
    written = typed(f"we counted {spelled(value)} of them")
    match = re.fullmatch(r"we counted ([\d,]+)( million)? of them", written)
    assert match
    assert int(match[1].replace(",", "")) * (1_000_000 if match[2] else 1) == value


@given(st.integers(11, 9999), st.sampled_from(["千米", "公里", "公斤", "分钟", "元", "平方米", "人", "度", "千瓦时"]))
def test_no_digit_of_a_chinese_measure_is_lost(value: int, unit: str) -> None:
    assume(value % 1000 or unit != "千米")
    assert str(value) in typed(f"大约{spelled_in_chinese(value)}{unit}左右", "zh")


@given(st.integers(1, 99_999), st.integers(1, 99))
def test_any_amount_of_money_is_written_with_its_value(dollars: int, cents: int) -> None:
    said = f"it was {spelled(dollars)} dollars and {spelled(cents)} cents"
    assert typed(said) == f"it was ${dollars:,}.{cents:02}"


@given(st.text("0123456789", min_size=4, max_size=14))
def test_no_digit_of_a_string_of_digits_is_lost(digits: str) -> None:
    said = " ".join(UNITS[int(one)] for one in digits)
    assert re.sub(r"\D", "", typed(f"the code is {said} she said")) == digits


SAID = [*UNITS, *TEENS, *TENS, "oh", "and", "or", "point", "dot", "percent", "dollars", "minutes", "at", "on", "may"]


@given(st.lists(st.sampled_from(SAID), max_size=12))
def test_no_number_that_is_said_is_lost_or_added(said: list[str]) -> None:
    text = " ".join(said)
    assert digits_of(typed(f"so {text} then")) == digits_of(text)


def digits_of(text: str) -> str:
    """All digits of a text in order, said or written, but zeros: "point five" is 0.5."""
    text = re.sub(rf"\b({'|'.join(TENS)}) (?={'|'.join(UNITS[1:])}\b)", lambda m: str(TENS.index(m[1]) + 2), text)
    for values, first in ((TENS, "{0}0"), (TEENS, "1{1}"), (UNITS, "{1}")):
        for at, word in enumerate(values):
            text = re.sub(rf"(?<![a-z]){word}\b", first.format(at + 2, at), text)
    return re.sub(r"[\D0]", "", text)


@given(st.integers(1, 12), st.integers(1, 59), st.sampled_from("ap"))
def test_any_time_is_written_as_it_was_said(hour: int, minute: int, half: str) -> None:
    minutes = spelled(minute) if minute > 9 else f"oh {spelled(minute)}"
    said = f"we left at {spelled(hour)} {minutes} {half} m to eat"
    assert typed(said) == f"we left at {hour}:{minute:02} {half}.m. to eat"


@given(st.dates(date(1920, 1, 1), date(2099, 12, 31)))
def test_any_date_is_written_as_it_was_said(day: date) -> None:
    first, second = divmod(day.year, 100)
    year = f"{spelled(first)} {spelled(second)}" if second > 9 else spelled(day.year)
    if second < 10 and first == 19:
        year = f"nineteen oh {spelled(second)}" if second else "nineteen hundred"
    said = f"it was on {MONTHS[day.month - 1].lower()} {ordinal(day.day)} {year}"
    assert typed(said) == f"it was on {MONTHS[day.month - 1]} {day.day}, {day.year}"


def ordinal(value: int) -> str:
    """An ordinal in words."""
    odd = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth"}
    *before, last = spelled(value).split()
    last = odd.get(last) or {"twelve": "twelfth"}.get(last) or re.sub("y$", "ie", last) + "th"
    return " ".join((*before, last))


@given(st.integers(10, 999).filter(lambda value: value % 100))
def test_ordinal_from_ten_up_gets_its_suffix(value: int) -> None:
    assert typed(f"it was their {ordinal(value)} try") == f"it was their {format_ordinal(value)} try"


@given(st.integers(11, 99_999_999))
def test_number_in_chinese_sentence_keeps_its_value(value: int) -> None:
    written = typed(f"我们数到了{spelled_in_chinese(value)}就停", "zh")
    digits = re.fullmatch(r"我们数到了(\d+)(万?)(\d*)就停", written)
    assert digits
    many, myriad, rest = digits.groups()
    assert int(many) * (10000 if myriad else 1) + int(rest or 0) == value
