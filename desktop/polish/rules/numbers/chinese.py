"""Write numbers, dates, times and amounts in a Chinese sentence, found by the library's grammar, for readers.

The grammar is reliable in where a number is and what it belongs to; its notation is for machines. So a date keeps its
characters (8月5日, not 08/05), a time its half of the day (下午3:30, not 3:30p.m.), minutes and kilometres their words,
and approximate figures (三五天, 十几个, 五十多) stay as they were said, as GB/T 15835 requires. Up to ten a count stays
in characters.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from desktop.polish.rules.edit import Edit
from desktop.polish.rules.numbers.grammar import Token, tokens, written

MOST = 24
"""Most characters of a text that is a number as a whole."""

_DIGITS = dict(zip("零〇一幺二两三四五六七八九", "0011223456789", strict=True))
_NUMERAL = re.compile(
    r"[二两三四五六七八九十百千万亿幺零〇兩萬億]|一[点點]半|[\w.-]点(?:com|cn|net|org)", re.ASCII | re.IGNORECASE
)
_WORTH = re.compile(r"[零一二两三四五六七八九十百千万亿幺]{2,}|[零一二两三四五六七八九十](?:点|月|分之)|百分")
"""What the library is asked about: a single numeral always stays a character."""
BEFORE, AFTER = 4, 8
"""Characters before and after it that the library is asked about too: it takes 0.06 ms per character, and nothing
farther away belongs to a number.
"""
LONGEST = 3000
"""Most characters without a mark that the library is asked about; more come from a looping recognizer."""
_CLAUSE = re.compile(r"[^，,。！？!?；;：:、\n]+")
_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万亿兆点]+")
_ROUGH = re.compile(r"(?<=\d)[~-]\d")
_SERIES = re.compile(r"(?:[零一二两三四五六七八九十百千]+(人|个|天|年|元|块|岁|号|楼|页|章|次)){4,}")
_MAIL = re.compile(r"([\w.-]+(?: ?点 ?[\w-]+)*) ?(?:艾特|@) ?([\w-]+(?: ?[点.] ?[\w-]+)+)", re.ASCII)
_SITE = re.compile(r"[\w-]+(?: ?点 ?[\w-]+)* ?点 ?(?:com|cn|net|org|edu|gov|io)\b", re.ASCII | re.IGNORECASE)
_POINT = re.compile(r" ?点 ?")

_TRADITIONAL = "點兩萬億塊號時鐘裡後週歲〇"
_SIMPLIFIED = "点两万亿块号时钟里后周岁零"
_SIMPLE = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_BACK = str.maketrans(_SIMPLIFIED[:-1], _TRADITIONAL[:-1])
"""The library knows only simplified characters, and no 〇."""


def chinese(text: str) -> Iterator[Edit]:
    """Yield the edits that write the numbers in `text`."""
    if not _NUMERAL.search(text):
        return
    simple = text.translate(_SIMPLE)
    back = _BACK if simple != text else {}
    for start, end, new in _read(simple):
        yield Edit(start, end, new.translate(back))


@lru_cache(maxsize=64)
def chinese_whole(text: str) -> str:
    """Return how `text` is written if it is nothing but a number or an amount; else ""."""
    text = text.translate(_SIMPLE)
    if text in _DIGITS:
        return _DIGITS[text]
    if not _NUMERAL.search(text) and text[:1] != "一":
        return ""
    units = "|".join(sorted(_table()["whole"].split(), key=len, reverse=True))
    if text[0] in _DIGITS and re.fullmatch(rf"({units})[后前]?", text[1:]):
        unit = {"千克": "kg", "公斤": "kg", "公里": "km", "千米": "km"}.get(text[1:], text[1:])
        return _DIGITS[text[0]] + unit
    if len(text) > MOST or (len(text) > 9 and not _WORTH.search(text)):
        return ""
    found = tokens(text, "zh")
    if any(token.kind in ("char", "whitelist") for token in found) or _idioms().fullmatch(text) or "刻" in text:
        return ""
    return written(found, "zh")


@cache
def _table() -> dict[str, str]:
    table: dict[str, str] = tomllib.loads(files(__package__).joinpath("chinese.toml").read_text("utf-8"))
    return table


@cache
def _idioms() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_table()["idioms"].split(), key=len, reverse=True)))


@cache
def _small() -> re.Pattern[str]:
    units = "|".join(sorted(_table()["measured"].split(), key=len, reverse=True))
    return re.compile(rf"(?<![零一二两三四五六七八九十百千万亿几第数\d])([二两三四五六七八九])(?={units})")


def _read(text: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for pattern, write in ((_MAIL, _address), (_SITE, _address), (_SERIES, _series), (_small(), _digit)):
        found += [(*match.span(), write(match)) for match in pattern.finditer(text)]
    for at, last in _asked(text):
        if last - at <= LONGEST:
            found += [(at + start, at + end, new) for start, end, new in _clause(text[at:last])]
    return found


def _asked(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches that the library is asked about: each match with its surroundings, within one clause."""
    for clause in _CLAUSE.finditer(text):
        start = end = -1
        for worth in _WORTH.finditer(text, *clause.span()):
            begin, behind = max(clause.start(), worth.start() - BEFORE), min(clause.end(), worth.end() + AFTER)
            if start < 0 or begin > end:
                if start >= 0:
                    yield start, end
                start = begin
            end = behind
        if start >= 0:
            yield start, end


def _address(match: re.Match[str]) -> str:
    return _POINT.sub(".", match.group()).replace(" ", "").replace("艾特", "@")


def _digit(match: re.Match[str]) -> str:
    return _DIGITS[match.group()]


def _series(match: re.Match[str]) -> str:
    """Write "九人十人十一人": in one row all numbers are digits or none."""
    said = match.group()
    counts = [count for count in said.split(match.group(1)) if count]
    if said.count(match.group(1)) < 4 or all(_is_few(count) for count in counts):
        return said
    return "".join(digits(count) + match.group(1) for count in counts)


@lru_cache(maxsize=256)
def _clause(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return the edits (start, end, new) in a part of a clause that contains numbers."""
    kept = [match.span() for match in _idioms().finditer(text)]
    found: list[tuple[int, int, str]] = []
    at = 0
    for token in tokens(text, "zh"):
        said = "".join(value for name, value in token.fields if name != "preserve_order")
        start = text.find(said, at)
        if start < 0:
            continue
        at = end = start + len(said)
        if token.kind in ("char", "whitelist") or any(first <= start and end <= last for first, last in kept):
            continue
        if (new := _as_prose(token, said, text[:start], text[end:])) and new != said:
            found.append((start, end, new))
    return tuple(found)


def _as_prose(token: Token, said: str, before: str, after: str) -> str:
    """Return a part of a sentence as written for readers; "" to leave it as it was said."""
    match token.kind:
        case "date":
            return "".join(_dated(value) for name, value in token.fields if name != "preserve_order")
        case "time":
            clock = tuple((name, value) for name, value in token.fields if name != "noon")
            return token.get("noon") + written((Token("time", clock),), "zh")
        case "cardinal":
            return _counted(said, before, after)
        case "measure":
            return _measured(token, said, after)
        case "money":
            return _paid(token, said)
        case "fraction":
            return "" if _is_few(token.get("denominator").removesuffix("分之")) else written((token,), "zh")
        case "math":
            return _span(said, "")
        case "licenseplate":
            return written((token,), "zh")
    return ""


def _dated(value: str) -> str:
    return digits(value[:-1]) + value[-1]


def _counted(said: str, before: str, after: str) -> str:
    table = _table()
    if _is_few(said) or after[:1] in tuple(table["about"]):
        return ""
    if all(one in _DIGITS for one in said):
        told = len(said) > 3 or (len(said) == 3 and any(one in "零幺〇" for one in said))
        return "".join(_DIGITS[one] for one in said) if told else ""
    new = digits(said)
    return "" if _ROUGH.search(new) or " " in new else new


def _measured(token: Token, said: str, after: str) -> str:
    number = _NUMBER.match(said.removeprefix("负"))
    if said.startswith("百分") or number is None:
        return written((token,), "zh")
    count, unit = number.group(), said.removeprefix("负")[number.end() :]
    if unit[:1] in "到至":
        return _span(said, after)
    short = unit in _table()["kept"].split()
    if said == "十分" or count[-1] == "点" or unit[:1] == "刻":
        return ""
    new = written((token,), "zh")
    if count[-1] == "千" and unit in ("克", "米"):  # "三千克" may be 3,000 g as well
        return "" if len(count) == 2 else new
    if _is_few(count) and not short and not new[-1].isascii():
        return ""  # a count, not a measure
    if _ROUGH.search(new) or after[:1] in tuple(_table()["about"]):
        return ""
    sign = "-" if said.startswith("负") else ""
    return f"{sign}{digits(count)}{unit}" if short else new


def _span(said: str, after: str) -> str:
    """Write "三十到五十公斤": both in digits, if neither stays in characters."""
    parts = re.split("([到至])", said)
    counts = [_NUMBER.match(part) for part in parts[::2]]
    if len(counts) != 2 or any(count is None or _is_few(count.group()) for count in counts):
        return ""
    new = [digits(count.group()) + part[count.end() :] for count, part in zip(counts, parts[::2], strict=True) if count]
    return "" if any(_ROUGH.search(one) for one in new) else parts[1].join(new)


def _paid(token: Token, said: str) -> str:
    """Keep the currency's word of whole amounts (500美元); with a fraction write a sign before it ($13.5)."""
    value = token.get("value")
    new = written((token,), "zh")
    if _ROUGH.search(new) or _is_few(value):
        return ""
    return new if "点" in value else digits(value) + said.removeprefix(value)


def _is_few(count: str) -> bool:
    return len(count) < 2


def digits(count: str) -> str:
    """Return a number in digits, with a final 万, 亿 or 兆 kept; unchanged if the library cannot write it."""
    if count in _DIGITS:
        return _DIGITS[count]
    if len(count) > 1 and count[-1] in "万亿兆":
        return digits(count[:-1]) + count[-1]
    return written((Token("cardinal", (("value", count),)),), "zh") or count
