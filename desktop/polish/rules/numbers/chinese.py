"""Write numbers, dates, times and amounts in a Chinese sentence, found by the library's grammar, for readers.

The grammar is reliable in where a number is and what it belongs to; its notation is for machines. So a date keeps its
characters (8月5日, not 08/05), a time its half of the day (下午3:30, not 3:30p.m.), minutes and kilometres their words,
and approximate figures (三五天, 十几个, 五十多) stay as they were said, as GB/T 15835 requires, and so do days of the
Chinese calendar. Up to ten a count stays in characters, unless it is one end of a range whose other end is not.

A text that is nothing but a number is written as the library writes it, dates, times of day and words for units that it
would write in English aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from desktop.core.files import read_package_toml
from desktop.polish.rules.edit import RuleEdit
from desktop.polish.rules.numbers.chinese_patterns import (
    BREAK,
    CLASSIFIERS,
    DIGITS,
    FIGURE,
    find_patterns,
    is_found,
    is_holiday,
    write_digits,
)
from desktop.polish.rules.numbers.grammar import GrammarToken, tag_text, write_tokens

MAX_WHOLE_CHARACTERS = 24
"""Most characters of a text that is a number as a whole."""

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
_NUMBER = re.compile(rf"[{FIGURE}兆点]+")
_APPROXIMATE = re.compile(r"(?<=\d)[~-]\d")
_MISREAD = re.compile(
    r"刻|[百千][一二三四五六七八九]{2}(?![十百千万])|每[^小秒分]|百分之.*[几多]|点[二三四五]?十[一二三四五六七八九]?分|[乘除]|[老儿单]|[晨早午晚].*点零|(.)\1(.)\2"
)
"""Parts of a text that is a number as a whole which the library's grammar reads wrongly."""
_ENGLISH_UNIT = re.compile(r"^[A-Z]{3}\d|\d(?:min|h|s|hz)(?![a-z/])|rpm")
"""What the library writes for a Chinese word (分钟, 日元), and a Chinese text has as a word."""
_SPLIT_RANGE = re.compile("一、二|二、三|三、四|四、五|五、六|六、七|七、八|八、九")
"""What 五、六十 begins with."""
_SERIES = re.compile(r"(?:[零一二两三四五六七八九十百千]+(人|个|天|年|元|块|岁|号|楼|页|章|次)){4,}")
_NAME_BEFORE = re.compile(r"(?<![A-Za-z])[A-Za-z]+[a-z]\Z")
_NAME_AFTER = re.compile(r"[A-Z][a-z]")
"""A name in Latin letters before and after its number, which has spaces around it: iPhone 15 Pro."""
_MAIL = re.compile(
    r"([a-z][\w.零〇一二三四五六七八九-]*(?: ?点 ?[\w-]+)*) ?(?:艾特|@) ?([\w-]+(?: ?[点.] ?[\w-]+)+)",
    re.ASCII | re.IGNORECASE,
)
_SITE = re.compile(r"[\w-]+(?: ?点 ?[\w-]+)* ?点 ?(?:com|cn|net|org|edu|gov|io)\b", re.ASCII | re.IGNORECASE)
_POINT = re.compile(r" ?点 ?")

_TRADITIONAL = "進點兩萬億塊號時鐘裡裏後週歲幾餘來負減錢圓噸攝歐鎊幣樓層屆條雙個隻臺於級農曆陰臘〇"
_SIMPLIFIED = "进点两万亿块号时钟里里后周岁几余来负减钱元吨摄欧镑币楼层届条双个只台于级农历阴腊零"
_TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
"""The library knows only simplified characters, and no 〇."""
_SINGLE = "零一二两三四五六七八九十"
_RANGE = re.compile(
    rf"(?<![{FIGURE}周期拜第几初唯统同])(?P<left>[{FIGURE}]+)(?P<unit>[^\W{FIGURE}到至\d]{{0,2}})[到至]"
    rf"(?:零下|负|凌晨|早上|上午|中午|下午|晚上)?(?P<right>[{FIGURE}]+)(?P<right_unit>[^\W{FIGURE}\d]{{0,2}})"
)


def edit_chinese_numbers(text: str) -> Iterator[RuleEdit]:
    """Yield the edits that write the numbers in `text`."""
    if not _NUMERAL.search(text):
        return
    simplified = text.translate(_TO_SIMPLIFIED)
    for start, end, new in _read_numbers(simplified):
        new = _restore(new, simplified[start:end], text[start:end])
        if new[0].isdecimal() and _NAME_BEFORE.search(text, max(0, start - 24), start):
            new = f" {new}{' ' * bool(_NAME_AFTER.match(text, end))}"
        yield RuleEdit(start, end, new)


def write_whole_chinese(text: str) -> str:
    """Return how `text` is written if it is nothing but a number or an amount; else ""."""
    simplified = text.translate(_TO_SIMPLIFIED)
    return _restore(_write_whole(simplified), simplified, text)


def _restore(new: str, simplified: str, text: str) -> str:
    """Return `new` with the traditional characters of `text` for those of `simplified`."""
    originals = dict(zip(simplified, text, strict=True))
    return "".join(originals.get(character, character) for character in new)


@lru_cache(maxsize=64)
def _write_whole(text: str) -> str:
    if text in DIGITS:
        return DIGITS[text]
    if not _NUMERAL.search(text) and text[:1] != "一":
        return ""
    units = "|".join(sorted(_load_table()["whole"].split(), key=len, reverse=True))
    if text[0] in DIGITS and re.fullmatch(rf"({units})[后前]?", text[1:]):
        unit = {"千克": "kg", "公斤": "kg", "公里": "km", "千米": "km"}.get(text[1:], text[1:])
        return DIGITS[text[0]] + unit
    if len(text) > MAX_WHOLE_CHARACTERS or (len(text) > 9 and not _MAY_BE_NUMBER.search(text)):
        return ""
    found = tag_text(text, "zh")
    if any(token.kind in ("char", "whitelist", "date") or token.field("noon") for token in found):
        return ""
    if _idiom_pattern().fullmatch(text) or _MISREAD.search(text) or BREAK.search(text):
        return ""
    new = write_tokens(found, "zh")
    return "" if _ENGLISH_UNIT.search(new) else new


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
    return re.compile(
        rf"(?<![零一二两三四五六七八九十百千万亿几第数点\d])([二两三四五六七八九十])(?=(?:{units})(?!半))(?!分钟[情爱意])"
    )


def _read_numbers(text: str) -> list[tuple[int, int, str]]:
    found = find_patterns(text)
    for pattern, write in (
        (_MAIL, _write_address),
        (_SITE, _write_address),
        (_SERIES, _write_series),
        (_small_measure_pattern(), _write_digit),
    ):
        found += [
            (*match.span(), write(match)) for match in pattern.finditer(text) if not is_found(found, *match.span())
        ]
    for at, last in _stretches(text):
        if last - at <= MAX_STRETCH:
            found += [
                (at + start, at + end, new)
                for start, end, new in _clause_edits(text[at:last])
                if not (is_found(found, at + start, at + end) or _SPLIT_RANGE.match(text, max(0, at + start - 2)))
                and not (text[at + end - 1] in "百千万亿" and BREAK.match(text, at + end))
            ]
    return [*found, *_even_ranges(text, found)]


def _even_ranges(text: str, found: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield the edits that write both ends of a range in digits where one end is: 10点到12点."""
    for match in _RANGE.finditer(text):
        in_digits = [
            any(start <= match.start(end) and match.end(end) <= after for start, after, _ in found)
            for end in ("left", "right")
        ]
        other = "left" if in_digits[1] else "right"
        if in_digits[0] == in_digits[1] or match[other] not in _SINGLE or match["unit"][:1] not in match["right_unit"]:
            continue
        if match[other] == "一" and not match["unit"] and text[match.start() - 1 : match.start()] not in "从是在自":
            continue
        yield (*match.span(other), write_digits(match[other]))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches that the library is asked about: each match with its surroundings, within one clause."""
    for first, last in _parts(text):
        start = end = -1
        for match in _MAY_BE_NUMBER.finditer(text, first, last):
            stretch_start, stretch_end = (
                max(first, match.start() - CHARACTERS_BEFORE),
                min(last, match.end() + CHARACTERS_AFTER),
            )
            if start < 0 or stretch_start > end:
                if start >= 0:
                    yield start, end
                start = stretch_start
            end = stretch_end
        if start >= 0:
            yield start, end


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of clauses in which no number ends beside another word that looks like one of its digits."""
    breaks = [match.start() for match in BREAK.finditer(text)]
    for clause in _CLAUSE.finditer(text):
        yield from pairwise(
            (clause.start(), *(at for at in breaks if clause.start() < at < clause.end()), clause.end())
        )


def _write_address(match: re.Match[str]) -> str:
    address = _POINT.sub(".", match.group()).replace(" ", "").replace("艾特", "@")
    return "".join(DIGITS.get(character, character) for character in address)


def _write_digit(match: re.Match[str]) -> str:
    return write_digits(match.group())


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
        number = _NUMBER.match(phrase)
        number_end = start + number.end() if number else end
        if token.kind in ("char", "whitelist") or any(
            first <= start and number_end <= last for first, last in idiom_spans
        ):
            continue
        if (new := _as_prose(token, phrase, text[:start], text[end:])) and new != phrase:
            found.append((start, end, new))
    return tuple(found)


def _as_prose(token: GrammarToken, phrase: str, before: str, after: str) -> str:
    """Return a part of a sentence as written for readers; "" to leave it as it was said."""
    match token.kind:
        case "date":
            return _write_date(token, before)
        case "time" if not after.startswith("钟"):
            clock = tuple((name, value) for name, value in token.fields if name != "noon")
            return token.field("noon") + write_tokens((GrammarToken("time", clock),), "zh")
        case "cardinal" if not ("点" in phrase and before.endswith(tuple(_load_table()["noons"].split()))):
            return _write_count(phrase, before, after)
        case "measure" if not before.endswith(tuple(_load_table()["noons"].split())):
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


def _write_date(token: GrammarToken, before: str) -> str:
    """Write a date with its characters; a year of two or three digits alone may be "seven or eight years"."""
    parts = [value for name, value in token.fields if name != "preserve_order"]
    if len(parts) == 1 and len(parts[0]) < 5 and set(parts[0][:-1]) <= DIGITS.keys():
        if not before.endswith(("公元", "公元前", "西元")):
            return ""
        return "".join(map(DIGITS.__getitem__, parts[0][:-1])) + parts[0][-1]
    return "".join(write_digits(value[:-1]) + value[-1] for value in parts)


def _write_count(phrase: str, before: str, after: str) -> str:
    table = _load_table()
    if _is_few(phrase) or after[:1] in tuple(table["about"]) or after.startswith("好几"):
        return ""
    if phrase == "十一" and is_holiday(before, after):
        return ""
    if all(character in DIGITS for character in phrase):
        if phrase in "一二三四五六七八九" and after[:1] in tuple(CLASSIFIERS):
            return ""  # each of them: 一二三四楼
        is_digit_string = len(phrase) > 3 or (len(phrase) == 3 and any(character in "零幺〇" for character in phrase))
        return "".join(DIGITS[character] for character in phrase) if is_digit_string else ""
    new = write_digits(phrase)
    return "" if _APPROXIMATE.search(new) or " " in new else new


def _write_measure(token: GrammarToken, phrase: str, after: str) -> str:
    number = _NUMBER.match(phrase.removeprefix("负"))
    new = write_tokens((token,), "zh")
    if phrase[:1] == "每" and phrase[1:2] not in "小秒分":  # "15号/月"
        return _NUMBER.sub(
            lambda count: count.group() if _is_few(count.group()) else write_digits(count.group()), phrase
        )
    if phrase.startswith("百分") or number is None:
        return "" if _APPROXIMATE.search(new) or after[:1] in tuple(_load_table()["about"]) else new
    count, unit = number.group(), phrase.removeprefix("负")[number.end() :]
    if len(unit) == 2 and unit[1] in DIGITS and after[:1] in tuple(CLASSIFIERS):
        return "" if _is_few(count) else write_digits(count) + unit
    if unit[:1] in "到至":
        return _write_range(phrase, after)
    is_short_unit = unit in _load_table()["kept"].split()
    if phrase == "十分" or count[-1] == "点" or unit[:1] == "刻" or ("点" in count and unit[:1] == "分"):
        return ""
    if count[-1] == "千" and unit in ("克", "米"):  # "三千克" may be 3,000 g as well
        return "" if len(count) == 2 else new
    if _is_few(count) and not is_short_unit and not new[-1].isascii():
        return ""  # a count, not a measure
    if _APPROXIMATE.search(new) or after[:1] in tuple(_load_table()["about"]):
        return ""
    sign = "-" if phrase.startswith("负") else ""
    keeps_unit = _ENGLISH_UNIT.search(new) or (len(count) == 2 and count[1] in "万亿")
    return f"{sign}{write_digits(count)}{unit}" if is_short_unit or keeps_unit else new


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
    has_sign = "点" in value and not _ENGLISH_UNIT.search(new)
    return new if has_sign else write_digits(value) + phrase.removeprefix(value)


def _is_few(count: str) -> bool:
    return len(count) < 2
