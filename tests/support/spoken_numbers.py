"""Numbers as they are said, and what the rule of numbers writes of them."""

from __future__ import annotations

from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.numbers.numbers import edit_numbers

UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def typed(text: str, language: str = "en") -> str:
    """`text` after this rule alone."""
    return apply_edits(text, edit_numbers(text, RuleContext(language)))[0]


def spelled(value: int) -> str:
    """A number in words."""
    for size, name in ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (100, "hundred")):
        if value >= size:
            rest = f" {spelled(value % size)}" if value % size else ""
            return f"{spelled(value // size)} {name}{rest}"
    if value >= 20:
        return TENS[value // 10 - 2] + (f" {UNITS[value % 10]}" if value % 10 else "")
    return TEENS[value - 10] if value >= 10 else UNITS[value]


def spelled_in_chinese(value: int) -> str:
    """A number below 100,000,000 in characters."""
    if value >= 10000:
        rest = value % 10000
        return (
            spelled_in_chinese(value // 10000)
            + "万"
            + ("零" * (0 < rest < 1000) + spelled_in_chinese(rest)) * (rest > 0)
        )
    said, empty = "", False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // size % 10
        if digit:
            said += "零" * empty + "零一二三四五六七八九"[digit] + name
        empty = bool(said) and not digit
    return said
