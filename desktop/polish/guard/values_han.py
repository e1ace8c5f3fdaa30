"""Read numbers in Chinese characters. Pure.

In Chinese "five six ten" is fifty to sixty, and "three thousand five" is 3,500.
"""

from __future__ import annotations

HAN_DIGITS = {**{c: i for i, c in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2, "幺": 1}
HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

HAN_NUMBER = r"(?:[零〇一二两三四五六七八九十百万亿幺]|千(?![克米瓦卡赫焦]))+"
"""A number in Chinese characters; 千 before a unit ("thousand gram" is a kilogram) is none."""


def range_form(digits: str) -> str:
    """Return the form of a range, equal for both ways of saying it: its digits except 0."""
    return "~" + "".join(c for c in digits if c.isdecimal() and c != "0")


def read_han(text: str) -> list[str]:
    """Return the forms of a number, the usual one first: by value, or digit by digit if it has no scale."""
    if not any(c in HAN_SCALES for c in text):
        return ["".join(str(HAN_DIGITS[c]) for c in text)]
    total = section = 0
    digit, last = 0, 1
    has_digit = ranged = False
    for c in text:
        if c in HAN_DIGITS:
            ranged = ranged or (has_digit and digit > 0 and HAN_DIGITS[c] > 0)
            digit, has_digit = HAN_DIGITS[c], True
            continue
        scale = HAN_SCALES[c]
        if scale >= 10**4:
            total = (total + section + digit) * scale if scale == 10**8 else total + (section + digit or 1) * scale
            section = 0
        else:
            section += (digit or 1) * scale
        digit, has_digit, last = 0, False, scale
    if ranged:
        one = "1" if text[0] == "十" else ""
        found = range_form(one + "".join(str(HAN_DIGITS[c]) for c in text if c in HAN_DIGITS))
        return [found]
    if has_digit and last > 10 and "零" not in text and "〇" not in text:
        digit *= last // 10
    return [str(total + section + digit)]
