"""Read cardinal numbers in German, French and Spanish, and write them.

Each language's table names its number words; what a language does with them is one of three kinds of composition, which
the table chooses: German compounds (`einundzwanzig`), French sums (`quatre-vingt-dix-sept`) and Spanish sums with a
joining word (`treinta y uno`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from desktop.polish.rules.languages.language import load_table
from desktop.polish.rules.languages.number_text import NumberText

MIN_GROUPED = 10_000
"""Least number whose digits are written in groups of three: not years."""


@dataclass(frozen=True, slots=True)
class NumberTable:
    """The number words of a language; the names are those of its table."""

    units: Mapping[str, int]
    teens: Mapping[str, int]
    tens: Mapping[str, int]
    hundreds: Mapping[str, int]
    hundred: frozenset[str]
    thousand: frozenset[str]
    scales: Mapping[str, int]
    joins: frozenset[str]
    long_tens: frozenset[str]
    decimal: frozenset[str]
    is_compound: bool
    ordinals: Mapping[str, int]
    plain: frozenset[str]
    beginnings: frozenset[str]


class ReadNumber(NamedTuple):
    """A number that was read, up to the word before `end`.

    `value` is that of its whole part. `decimals`: the digits after the comma. `scale`: the word of a million or more
    that follows `value`. `written`: it was in digits. `is_round`: said as "hundred" or "thousand" alone.
    """

    end: int
    value: int
    decimals: str = ""
    scale: str = ""
    written: str = ""
    is_round: bool = False


@cache
def number_words(language: str) -> NumberTable:
    """Return the number words of one of the languages of this package."""
    table = load_table(language)["numbers"]
    units, teens, tens = dict(table["units"]), dict(table["teens"]), dict(table["tens"])
    hundred, thousand = frozenset(table["hundred"].split()), frozenset(table["thousand"].split())
    is_compound = table["is_compound"]
    if is_compound:
        teens |= {
            f"{unit}und{ten}": value + ten_value
            for unit, value in units.items()
            for ten, ten_value in tens.items()
            if value > 0 and unit not in ("eins", "zwo")
        }
    ordinals = _make_ordinals(table, units | teens | tens)
    plain = frozenset(units) | frozenset(teens) | frozenset(tens)
    beginnings = plain | frozenset(table["hundreds"]) | hundred | thousand | frozenset(ordinals)
    return NumberTable(
        units=units,
        teens=teens,
        tens=tens,
        hundreds=table["hundreds"],
        hundred=hundred,
        thousand=thousand,
        scales=table["scales"],
        joins=frozenset(table["joins"].split()),
        long_tens=frozenset(word.replace("+", " ") for word in table["long_tens"].split()),
        decimal=frozenset(table["decimal"].split()),
        is_compound=is_compound,
        ordinals=ordinals,
        plain=plain,
        beginnings=beginnings | {word.split()[0] for word in tens} | {load_table(language)["dates"]["first"]} - {""},
    )


def _make_ordinals(table: Mapping[str, Any], cardinals: Mapping[str, int]) -> dict[str, int]:
    """Return the ordinals of the table, with all endings, and those that are made from cardinals."""
    ordinals = dict(table["ordinals"])
    ordinals |= {word.removesuffix("o") + "a": value for word, value in ordinals.items() if word.endswith("o")}
    if stems := table.get("ordinal_stems"):  # German: from twenty on with -ste
        regular = {
            word + ("st" if value > 19 else "t"): value
            for word, value in cardinals.items()
            if value not in set(stems.values())
        }
        for stem, value in (regular | dict(stems)).items():
            ordinals |= {f"{stem}{ending}": value for ending in ("e", "er", "en", "es", "em")}
    return ordinals


def is_number_begin(words: NumberTable, word: str) -> bool:
    """Return whether a number may begin with `word`."""
    if not word:
        return False
    if word in words.beginnings or word[0].isdigit():
        return True
    return words.is_compound and _compound_value(word) is not None


def read_number(text: NumberText, at: int, language: str) -> ReadNumber | None:
    """Return the longest number that begins with word `at`, with its decimals and scale, or None."""
    words = number_words(language)
    if at >= len(text):
        return None
    if text.words[at][0].isdigit():
        return _with_scale(text, ReadNumber(at + 1, 0, written=text.words[at]), words)
    whole = _read_whole(text, at, words)
    if whole is None:
        return None
    if whole.scale:
        return whole
    if text.word(whole.end) in words.decimal and (decimals := _read_decimals(text, whole.end + 1, words)):
        end, digits = decimals
        return _with_scale(text, whole._replace(end=end, decimals=digits, is_round=False), words)
    return whole


def _with_scale(text: NumberText, number: ReadNumber, words: NumberTable) -> ReadNumber:
    scale = text.word(number.end)
    return number._replace(end=number.end + 1, scale=scale) if scale in words.scales else number


def _read_whole(text: NumberText, at: int, words: NumberTable) -> ReadNumber | None:
    """Read a whole number in words."""
    found = _read_thousands(text, at, words)
    if found is None:
        return None
    end, value = found
    is_round = end == at + 1 and value in (100, 1000)
    size = words.scales.get(text.word(end), 0)
    if not size:
        return ReadNumber(end, value, is_round=is_round)
    below = _read_thousands(text, end + 1, words) if text.word(end + 1) else None
    if below is None:
        return ReadNumber(end + 1, value, scale=text.words[end])
    return ReadNumber(below[0], value * size + below[1])


def _read_thousands(text: NumberText, at: int, words: NumberTable) -> tuple[int, int] | None:
    """Read a number below a million."""
    if words.is_compound:
        value = _compound_value(text.words[at]) if at < len(text) else None
        return None if value is None else (at + 1, value)
    if at < len(text) and text.words[at] in words.thousand:
        end, value = at, 1
    elif (found := _read_hundreds(text, at, words)) is None:
        return None
    else:
        end, value = found
        if text.word(end) not in words.thousand or value == 0:
            return end, value
    below = _read_hundreds(text, end + 1, words) if text.word(end + 1) else None
    return (below[0], value * 1000 + below[1]) if below and below[1] else (end + 1, value * 1000)


def _read_hundreds(text: NumberText, at: int, words: NumberTable) -> tuple[int, int] | None:
    """Read a number below a thousand."""
    if at >= len(text):
        return None
    word = text.words[at]
    if word in words.hundreds:
        end, value = at + 1, words.hundreds[word]
    elif word in words.hundred:
        end, value = at + 1, 100
    else:
        found = _read_tens(text, at, words)
        if found is None or found[0] != at + 1 or not 1 < found[1] < 10 or text.word(found[0]) not in words.hundred:
            return found
        end, value = found[0] + 1, found[1] * 100
    below = _read_tens(text, end, words) if text.word(end) else None
    return (below[0], value + below[1]) if below and below[1] else (end, value)


def _read_tens(text: NumberText, at: int, words: NumberTable) -> tuple[int, int] | None:
    """Read a number below a hundred."""
    word = text.words[at]
    pair = f"{word} {text.word(at + 1)}"
    if pair in words.tens:
        return _read_below_ten(text, at + 2, words, pair, words.tens[pair])
    if word in words.tens:
        return _read_below_ten(text, at + 1, words, word, words.tens[word])
    if word in words.teens:
        added = words.units.get(text.word(at + 1), 0) if words.teens[word] == 10 and "dix" in words.teens else 0
        return (at + 2, 10 + added) if added > 6 else (at + 1, words.teens[word])
    return (at + 1, words.units[word]) if word in words.units else None


def _read_below_ten(text: NumberText, at: int, words: NumberTable, ten: str, value: int) -> tuple[int, int]:
    """Read what is added to a multiple of ten: a unit, with or without a joining word, or up to nineteen."""
    is_joined = text.word(at) in words.joins
    first = at + is_joined
    if not is_joined and not words.long_tens and words.joins:
        return at, value  # Spanish sums need their joining word
    word = text.word(first)
    if ten in words.long_tens and word in words.teens:
        found = _read_tens(text, first, words)
        return (found[0], value + found[1]) if found else (at, value)
    unit = words.units.get(word, 0)
    return (first + 1, value + unit) if unit else (at, value)


def _read_decimals(text: NumberText, at: int, words: NumberTable) -> tuple[int, str] | None:
    """Read the digits after a decimal comma: one by one, or zeros and a number below a hundred."""
    digits = ""
    while (word := text.word(at)) in words.units:
        digits, at = digits + str(words.units[word]), at + 1
    if word in words.teens or word in words.tens or f"{word} {text.word(at + 1)}" in words.tens:
        found = _read_tens(text, at, words) if not digits.strip("0") else None
        return (found[0], digits + str(found[1])) if found else None
    if word and word[0].isdigit() and word.isdecimal() and not digits:
        return at + 1, word
    return (at, digits) if digits else None


@lru_cache(maxsize=4096)
def _compound_value(word: str) -> int | None:
    """Return the value of a German number in one word, or None."""
    words = number_words("de")
    head, thousand, tail = word.partition("tausend")
    if not thousand:
        return _below_thousand(word, words)
    many = _below_thousand(head, words) if head else 1
    rest = _below_thousand(tail.removeprefix("und"), words) if tail else 0
    return None if not many or rest is None or rest > 999 else many * 1000 + rest


def _below_thousand(word: str, words: NumberTable) -> int | None:
    """Return the value of a German word of hundreds, also of more than nine (neunzehnhundert), or None."""
    head, hundred, tail = word.partition("hundert")
    if not hundred:
        return _below_hundred(word, words)
    many = _below_hundred(head, words) if head else 1
    rest = _below_hundred(tail.removeprefix("und"), words) if tail else 0
    return None if not many or many > 20 or rest is None else many * 100 + rest


def _below_hundred(word: str, words: NumberTable) -> int | None:
    return words.units.get(word) or words.teens.get(word) or words.tens.get(word) or (0 if word == "null" else None)


def format_number(value: int, language: str, decimals: str = "") -> str:
    """Return a number in digits, in groups of three from five digits on."""
    digits = str(value)
    if value >= MIN_GROUPED:
        digits = f"{value:,}".replace(",", load_table(language)["numbers"]["group"])
    return f"{digits},{decimals}" if decimals else digits


def format_roman(value: int) -> str:
    """Return a number below forty in Roman digits."""
    tens, unit = divmod(value, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[unit]
