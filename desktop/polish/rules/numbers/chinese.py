"""Write numbers, dates, times and amounts in a Chinese sentence, found by the library's grammar, for readers.

The grammar is reliable in where a number is and what it belongs to; its notation is for machines. So a date keeps its
characters (8月5日, not 08/05), a time its half of the day (下午3:30, not 3:30p.m.), minutes and kilometres their words,
and approximate figures (三五天, 十几个, 五十多) stay as they were said, as GB/T 15835 requires. Up to ten a count stays
in characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from desktop.core.files import read_package_toml
from desktop.polish.rules.edit import RuleEdit
from desktop.polish.rules.numbers.grammar import GrammarToken, tag_text, write_tokens

MAX_WHOLE_CHARACTERS = 24
"""Most characters of a text that is a number as a whole."""

_DIGITS = dict(zip("零〇一幺二两三四五六七八九", "0011223456789", strict=True))
_NUMERAL = re.compile(
    r"[二两三四五六七八九十百千万亿幺零〇兩萬億]|一[点點]半|[\w.-]点(?:com|cn|net|org)", re.ASCII | re.IGNORECASE
)
_MAY_BE_NUMBER = re.compile(r"[零一二两三四五六七八九十百千万亿幺]{2,}|[零一二两三四五六七八九十](?:点|月|分之)|百分")
"""What the library is asked about: a single numeral always stays a character."""
CHARACTERS_BEFORE, CHARACTERS_AFTER = 4, 8
"""Characters before and after it that the library is asked about too: it takes 0.06 ms per character, and nothing
farther away belongs to a number.
"""
MAX_STRETCH = 3000
"""Most characters without a mark that the library is asked about; more come from a looping recognizer."""
_CLAUSE = re.compile(r"[^，,。！？!?；;：:、\n]+")
_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万亿兆点]+")
_APPROXIMATE = re.compile(r"(?<=\d)[~-]\d")
_SERIES = re.compile(r"(?:[零一二两三四五六七八九十百千]+(人|个|天|年|元|块|岁|号|楼|页|章|次)){4,}")
_MAIL = re.compile(r"([\w.-]+(?: ?点 ?[\w-]+)*) ?(?:艾特|@) ?([\w-]+(?: ?[点.] ?[\w-]+)+)", re.ASCII)
_SITE = re.compile(r"[\w-]+(?: ?点 ?[\w-]+)* ?点 ?(?:com|cn|net|org|edu|gov|io)\b", re.ASCII | re.IGNORECASE)
_POINT = re.compile(r" ?点 ?")

_TRADITIONAL = "點兩萬億塊號時鐘裡後週歲〇"
_SIMPLIFIED = "点两万亿块号时钟里后周岁零"
_TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_TO_TRADITIONAL = str.maketrans(_SIMPLIFIED[:-1], _TRADITIONAL[:-1])
"""The library knows only simplified characters, and no 〇."""


def edit_chinese_numbers(text: str) -> Iterator[RuleEdit]:
    """Yield the edits that write the numbers in `text`."""
    if not _NUMERAL.search(text):
        return
    simplified = text.translate(_TO_SIMPLIFIED)
    to_traditional = _TO_TRADITIONAL if simplified != text else {}
    for start, end, new in _read_numbers(simplified):
        yield RuleEdit(start, end, new.translate(to_traditional))


@lru_cache(maxsize=64)
def write_whole_chinese(text: str) -> str:
    """Return how `text` is written if it is nothing but a number or an amount; else ""."""
    text = text.translate(_TO_SIMPLIFIED)
    if text in _DIGITS:
        return _DIGITS[text]
    if not _NUMERAL.search(text) and text[:1] != "一":
        return ""
    units = "|".join(sorted(_load_table()["whole"].split(), key=len, reverse=True))
    if text[0] in _DIGITS and re.fullmatch(rf"({units})[后前]?", text[1:]):
        unit = {"千克": "kg", "公斤": "kg", "公里": "km", "千米": "km"}.get(text[1:], text[1:])
        return _DIGITS[text[0]] + unit
    if len(text) > MAX_WHOLE_CHARACTERS or (len(text) > 9 and not _MAY_BE_NUMBER.search(text)):
        return ""
    found = tag_text(text, "zh")
    if any(token.kind in ("char", "whitelist") for token in found) or _idiom_pattern().fullmatch(text) or "刻" in text:
        return ""
    return write_tokens(found, "zh")


@cache
def _load_table() -> dict[str, str]:
    table: dict[str, str] = read_package_toml("desktop.polish.rules.numbers", "chinese.toml")
    return table


@cache
def _idiom_pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_load_table()["idioms"].split(), key=len, reverse=True)))


@cache
def _small_measure_pattern() -> re.Pattern[str]:
    units = "|".join(sorted(_load_table()["measured"].split(), key=len, reverse=True))
    return re.compile(rf"(?<![零一二两三四五六七八九十百千万亿几第数\d])([二两三四五六七八九])(?={units})")


def _read_numbers(text: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for pattern, write in (
        (_MAIL, _write_address),
        (_SITE, _write_address),
        (_SERIES, _write_series),
        (_small_measure_pattern(), _write_digit),
    ):
        found += [(*match.span(), write(match)) for match in pattern.finditer(text)]
    for at, last in _stretches(text):
        if last - at <= MAX_STRETCH:
            found += [(at + start, at + end, new) for start, end, new in _clause_edits(text[at:last])]
    return found


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches that the library is asked about: each match with its surroundings, within one clause."""
    for clause in _CLAUSE.finditer(text):
        start = end = -1
        for match in _MAY_BE_NUMBER.finditer(text, *clause.span()):
            stretch_start, stretch_end = (
                max(clause.start(), match.start() - CHARACTERS_BEFORE),
                min(clause.end(), match.end() + CHARACTERS_AFTER),
            )
            if start < 0 or stretch_start > end:
                if start >= 0:
                    yield start, end
                start = stretch_start
            end = stretch_end
        if start >= 0:
            yield start, end


def _write_address(match: re.Match[str]) -> str:
    return _POINT.sub(".", match.group()).replace(" ", "").replace("艾特", "@")


def _write_digit(match: re.Match[str]) -> str:
    return _DIGITS[match.group()]


def _write_series(match: re.Match[str]) -> str:
    """Write "九人十人十一人": in one row all numbers are digits or none."""
    text = match.group()
    counts = [count for count in text.split(match.group(1)) if count]
    if text.count(match.group(1)) < 4 or all(_is_few(count) for count in counts):
        return text
    return "".join(write_digits(count) + match.group(1) for count in counts)


@lru_cache(maxsize=256)
def _clause_edits(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return the edits (start, end, new) in a part of a clause that contains numbers."""
    idiom_spans = [match.span() for match in _idiom_pattern().finditer(text)]
    found: list[tuple[int, int, str]] = []
    at = 0
    for token in tag_text(text, "zh"):
        phrase = "".join(value for name, value in token.fields if name != "preserve_order")
        start = text.find(phrase, at)
        if start < 0:
            continue
        at = end = start + len(phrase)
        if token.kind in ("char", "whitelist") or any(first <= start and end <= last for first, last in idiom_spans):
            continue
        if (new := _as_prose(token, phrase, text[:start], text[end:])) and new != phrase:
            found.append((start, end, new))
    return tuple(found)


def _as_prose(token: GrammarToken, phrase: str, before: str, after: str) -> str:
    """Return a part of a sentence as written for readers; "" to leave it as it was said."""
    match token.kind:
        case "date":
            return "".join(_write_date_part(value) for name, value in token.fields if name != "preserve_order")
        case "time":
            clock = tuple((name, value) for name, value in token.fields if name != "noon")
            return token.field("noon") + write_tokens((GrammarToken("time", clock),), "zh")
        case "cardinal":
            return _write_count(phrase, before, after)
        case "measure":
            return _write_measure(token, phrase, after)
        case "money":
            return _write_money(token, phrase)
        case "fraction":
            return "" if _is_few(token.field("denominator").removesuffix("分之")) else write_tokens((token,), "zh")
        case "math":
            return _write_range(phrase, "")
        case "licenseplate":
            return write_tokens((token,), "zh")
    return ""


def _write_date_part(value: str) -> str:
    return write_digits(value[:-1]) + value[-1]


def _write_count(phrase: str, before: str, after: str) -> str:
    table = _load_table()
    if _is_few(phrase) or after[:1] in tuple(table["about"]):
        return ""
    if all(character in _DIGITS for character in phrase):
        is_digit_string = len(phrase) > 3 or (len(phrase) == 3 and any(character in "零幺〇" for character in phrase))
        return "".join(_DIGITS[character] for character in phrase) if is_digit_string else ""
    new = write_digits(phrase)
    return "" if _APPROXIMATE.search(new) or " " in new else new


def _write_measure(token: GrammarToken, phrase: str, after: str) -> str:
    number = _NUMBER.match(phrase.removeprefix("负"))
    if phrase.startswith("百分") or number is None:
        return write_tokens((token,), "zh")
    count, unit = number.group(), phrase.removeprefix("负")[number.end() :]
    if unit[:1] in "到至":
        return _write_range(phrase, after)
    is_short_unit = unit in _load_table()["kept"].split()
    if phrase == "十分" or count[-1] == "点" or unit[:1] == "刻":
        return ""
    new = write_tokens((token,), "zh")
    if count[-1] == "千" and unit in ("克", "米"):  # "三千克" may be 3,000 g as well
        return "" if len(count) == 2 else new
    if _is_few(count) and not is_short_unit and not new[-1].isascii():
        return ""  # a count, not a measure
    if _APPROXIMATE.search(new) or after[:1] in tuple(_load_table()["about"]):
        return ""
    sign = "-" if phrase.startswith("负") else ""
    return f"{sign}{write_digits(count)}{unit}" if is_short_unit else new


def _write_range(phrase: str, after: str) -> str:
    """Write "三十到五十公斤": both in digits, if neither stays in characters."""
    parts = re.split("([到至])", phrase)
    counts = [_NUMBER.match(part) for part in parts[::2]]
    if len(counts) != 2 or any(count is None or _is_few(count.group()) for count in counts):
        return ""
    new = [
        write_digits(count.group()) + part[count.end() :]
        for count, part in zip(counts, parts[::2], strict=True)
        if count
    ]
    return "" if any(_APPROXIMATE.search(part) for part in new) else parts[1].join(new)


def _write_money(token: GrammarToken, phrase: str) -> str:
    """Keep the currency's word of whole amounts (500美元); with a fraction write a sign before it ($13.5)."""
    value = token.field("value")
    new = write_tokens((token,), "zh")
    if _APPROXIMATE.search(new) or _is_few(value):
        return ""
    return new if "点" in value else write_digits(value) + phrase.removeprefix(value)


def _is_few(count: str) -> bool:
    return len(count) < 2


def write_digits(count: str) -> str:
    """Return a number in digits, with a final 万, 亿 or 兆 kept; unchanged if the library cannot write it."""
    if count in _DIGITS:
        return _DIGITS[count]
    if len(count) > 1 and count[-1] in "万亿兆":
        return write_digits(count[:-1]) + count[-1]
    return write_tokens((GrammarToken("cardinal", (("value", count),)),), "zh") or count
