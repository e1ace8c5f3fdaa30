"""Find numbers in a Chinese sentence by what stands around them, where the library's grammar is wrong or finds nothing.

Each pattern knows one thing that only a number can be: a range of percentages, a score, an equation, a year of two
digits, an amount with its smaller coins. What it finds counts before what the grammar finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from desktop.polish.rules.numbers.grammar import GrammarToken, write_tokens

DIGITS = dict(zip("零〇一幺二两三四五六七八九", "0011223456789", strict=True))
FIGURE = "零〇一二两三四五六七八九十百千万亿"
"""Characters of numbers."""

_ONE = "[一二两三四五六七八九]"
_LAST = r"(?:[二两三四五六七八九]|一(?![^\W了的吧啊呢]))"
"""The last digit of a measure, where 一 begins no word: 三十八度|一直."""
_DECIMAL = rf"[{FIGURE}]+(?:点[零〇一二三四五六七八九]+)?"
_ALONE = rf"(?<![{FIGURE}兆点几第数多每\d.])"
_ENDED = rf"(?![{FIGURE}兆点几多余来\d])"
CLASSIFIERS = "个只张本件斤瓶位人盒包块次天年号点分月到至元角毛米条双箱份枚袋杯碗名台部辆套种倍度折层楼页"
"""Characters before which a numeral counts something of its own: 二十块五个 is not 20.5."""
_NOON = "凌晨|清晨|清早|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|今早|今晚|明早|明晚|昨晚|当晚|半夜"
_HOUR = r"二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九]"
_SIXTY = r"[一二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九]"
_SIGNS = {"加": "+", "等于": "="}
_OPERATOR = "加上?|减去?|乘以?|除以"


_PRICED = (
    "[平斤个個张張天月年位人晚次套间間件台臺辆輛盒瓶箱份本双雙只隻条條桌节節堂场場趟亩畝股户戶袋杯碗支把头頭床盘盤桶克米吨噸升]"
    "|公斤|小时|小時"
)
_AFTER_DECIMAL = (
    r"元|块钱|块(?=[^\w]|\Z)|[角毛度%比版倍折级寸升斤吨克千万亿秒]|米(?!阳)|分(?![钟之])|系统|公[里斤]|[厘毫平]米?|平方|小时|百分点"
    r"|个(?:小时|百分点|亿|月)|美元|欧元|英镑|日元|港[元币]|人民币|[^\w]|[A-Za-z了的吧呢吗]|左右|以[上下]|\Z"
)
"""What may follow a decimal whose last digit is 一; before other words a clause begins with it: 五点|一开会."""
_AFTER_HOUR = (
    r"个(?:人|会|同学|朋友|学生|孩子|老师|客户)|点(?![零〇一二三四五六七八九])|[号楼位名场路班组环川]"
    r"|人(?!民币|次)|月天|明治"
)
"""What does not follow a decimal whose last digit is another: 三点|四点都行."""
BREAK = re.compile(
    rf"(?<=[一二两三四五六七八九十]点)(?<![A-Za-z.][一二三四五六七八九十]点)(?<![A-Za-z]十[一二三四五六七八九]点)"
    rf"(?=一(?![{FIGURE}点])(?!{_AFTER_DECIMAL})|[二两三四五六七八九](?:{_AFTER_HOUR}))"
    rf"|(?<=[一二两三四五六七八九十百千几][百千万亿])(?=一(?:{_PRICED}))"
    r"|(?<=[元块度米秒分点])(?=一[直下起定样般切家共同路旦些边会开到过走看早律致再向])"
)
"""Where a number ends and another word begins, which the library takes for one number: 五万|一平."""


_COUNT_BEFORE = re.compile(
    rf"(?:[A-Za-z.] ?|[{FIGURE}到至第号期版图表页加减乘]|编号|房间|教室|排名|数字|等于|[一总]共|约|超过|不到|只有)\Z"
)
_COUNT_AFTER = re.compile(rf"[{CLASSIFIERS}加减乘比届期级班路等]|除以|[到至、][{FIGURE}\d]")


def is_holiday(before: str, after: str) -> bool:
    """Return whether 十一 between `before` and `after` is the first of October, since nothing makes it a count."""
    return not (_COUNT_BEFORE.search(before) or _COUNT_AFTER.match(after))


def write_digits(count: str) -> str:
    """Return a number in digits, with a final 万, 亿 or 兆 kept; unchanged if the library cannot write it."""
    if count in DIGITS:
        return DIGITS[count]
    if len(count) > 1 and count[-1] in "万亿兆":
        return write_digits(count[:-1]) + count[-1]
    return write_tokens((GrammarToken("cardinal", (("value", count),)),), "zh") or count


def is_approximate(count: str) -> bool:
    """Return whether a number names a range (三四十, 十七八, 三五百), or is no single number at all."""
    pair = re.search(rf"({_ONE})({_ONE})(?![点零])", count)
    return pair is not None and not re.fullmatch(rf"[零〇{_ONE[1:-1]}]{{4,}}", count)


def _spelled(digits: str) -> str:
    return "".join(DIGITS[digit] for digit in digits)


def _write_trillions(match: re.Match[str]) -> str:
    return write_digits(match[1]) + "万亿"


def _write_each_number(match: re.Match[str]) -> str:
    return re.sub(rf"(?!零下){_DECIMAL}", lambda number: write_digits(number.group()), match.group())


def _write_percentages(match: re.Match[str]) -> str:
    return f"{write_digits(match[1])}%{match[2]}{write_digits(match[3])}%"


def _write_score(match: re.Match[str]) -> str:
    return f"{write_digits(match[1])}比{write_digits(match[2])}"


def _write_equation(match: re.Match[str]) -> str:
    parts = re.split(rf"({_OPERATOR}|等于)", match.group())
    if not set(parts[1::2]) <= _SIGNS.keys():
        return _write_each_number(match)
    return "".join(_SIGNS.get(part) or _write_signed(part) for part in parts)


def _write_signed(number: str) -> str:
    return ("-" if number.startswith("负") else "") + write_digits(number.removeprefix("负"))


def _write_time(match: re.Match[str]) -> str:
    noon, hour, minute, second = match["noon"] or "", match["hour"], match["minute"], match["second"]
    minutes = "30" if minute == "半" else write_digits(minute.strip("零分")).zfill(2)
    seconds = ":" + write_digits(second.strip("零秒")).zfill(2) if second else ""
    return f"{noon}{'00' if hour == '零' else write_digits(hour)}:{minutes}{seconds}"


def _write_money(match: re.Match[str]) -> str:
    if len(match["whole"]) < 2 and not match["coins"]:
        return match.group()
    return _write_each_number(match)


def _write_code(match: re.Match[str]) -> str:
    return _spelled(match.group())


def _write_year(match: re.Match[str]) -> str:
    first, second = tuple(match.group())
    is_range = first != "零" and int(DIGITS[second]) - int(DIGITS[first]) == 1
    return match.group() if is_range else _spelled(match.group())


def _write_tail(match: re.Match[str]) -> str:
    unit, tail = match.group()[len(match[1])], match.group()[len(match[1]) + 1 :]
    return f"{write_digits(match[1])}{unit}{_spelled(tail)}"


def _write_calculation(match: re.Match[str]) -> str:
    return _write_each_number(match) if max(len(match[1]), len(match[3])) > 1 else match.group()


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"{_ALONE}([{FIGURE}]+)万亿{_ENDED}"), _write_trillions),
    (re.compile(rf"百分之({_DECIMAL})([到至])(?:百分之)?({_DECIMAL}){_ENDED}(?!个)"), _write_percentages),
    (
        re.compile(rf"(?<![{FIGURE}兆点几\d])负?{_DECIMAL}(?:(?:{_OPERATOR})负?{_DECIMAL})+等于负?{_DECIMAL}{_ENDED}"),
        _write_equation,
    ),
    (re.compile(rf"{_ALONE}({_DECIMAL})({_OPERATOR})({_DECIMAL}){_ENDED}"), _write_calculation),
    (
        re.compile(
            rf"{_ALONE}({_DECIMAL})比({_DECIMAL}){_ENDED}(?![比个位名人天年月号大小多少高低强弱好坏长短快慢早晚更还要])"
        ),
        _write_score,
    ),
    (
        re.compile(
            rf"(?P<noon>{_NOON})?{_ALONE}(?P<hour>{_HOUR})点钟?(?P<minute>半(?![点个])|(?:{_SIXTY})分(?![钟之成给]))"
            rf"(?P<second>(?:{_SIXTY})秒)?"
        ),
        _write_time,
    ),
    (
        re.compile(
            rf"{_ALONE}(?P<whole>[{FIGURE}]+)[元块](?P<coins>{_ONE}[角毛](?:{_ONE}分?)?|零?{_ONE}分)?"
            rf"(?<!十分)(?![{FIGURE}{CLASSIFIERS}钟之])"
        ),
        _write_money,
    ),
    (re.compile(rf"{_ALONE}(?![百千万亿])([{FIGURE}]+)度{_LAST}{_ENDED}(?![{CLASSIFIERS}])"), _write_tail),
    (re.compile(rf"{_ALONE}([{FIGURE}]+)秒[零一二三四五六七八九]{{2}}{_ENDED}(?![{CLASSIFIERS}])"), _write_tail),
    (re.compile(rf"{_ALONE}([{FIGURE}]{{2,}})米{_ONE}?{_LAST}{_ENDED}(?![{CLASSIFIERS}])"), _write_tail),
    (
        re.compile(rf"(?:零下|(?<![{FIGURE}])负){_DECIMAL}度(?:[到至](?:零下|负)?{_DECIMAL}度)?(?!{_ONE})"),
        _write_each_number,
    ),
    (
        re.compile(rf"{_ALONE}{_ONE}[到至]{_ONE}(?=公里|厘米|毫米|公斤|毫升|分钟|小时|平方米|吨|度|米(?!饭)|倍|岁|%)"),
        _write_each_number,
    ),
    (
        re.compile(r"(?<=[打拨])(?:[一幺][一幺][零九四二]|[一幺]二[零二])(?![零〇一幺二两三四五六七八九十百千万])"),
        _write_code,
    ),
    (
        re.compile(
            rf"(?<=[A-Z])(?<![A-Za-z]{{4}})[零〇一幺二三四五六七八九]{{2,}}(?![{FIGURE}个])|(?<=[GDCKTZ]){_ONE}(?=次)"
        ),
        _write_code,
    ),
    (re.compile(rf"(?<![{FIGURE}几第两\d])[二三四五六八](?=[GKD](?![A-Za-z]))"), _write_code),
    (
        re.compile(rf"(?<![{FIGURE}几第\d])[零〇五六七八九][零〇一二三四五六七八九](?=年(?!级|纪|[前后多来份以内之]))"),
        _write_year,
    ),
    (re.compile(rf"(?<![{FIGURE}几第\d])[零五六七八九][零五](?=后(?![面来天半年]))"), _write_code),
    (
        re.compile(rf"{_ALONE}[{FIGURE}]{{1,3}}月(?:[{FIGURE}]{{1,3}}[日号][到至和、])+[{FIGURE}]{{1,3}}(?=[日号])"),
        _write_each_number,
    ),
)


def find_patterns(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, new) of what the patterns find in `text`, which is in simplified characters."""
    found: list[tuple[int, int, str]] = []
    for pattern, write in _PATTERNS:
        for match in pattern.finditer(text):
            counts = (group for group in match.groups() if group and set(group) <= set(FIGURE))
            new = write(match)
            if new != match.group() and not is_found(found, *match.span()) and not any(map(is_approximate, counts)):
                found.append((*match.span(), new))
    return found


def is_found(found: list[tuple[int, int, str]], start: int, end: int) -> bool:
    """Return whether one of the edits `found` changes a part of the characters from `start` to `end`."""
    return any(first < end and start < last for first, last, _ in found)
