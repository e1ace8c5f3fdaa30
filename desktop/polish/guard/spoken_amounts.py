"""Compute what numbers with words between them may be written as: "half past nine" is 9:30, "five to ten people" 5-10,
"ten minutes to four" 3:50. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop.polish.guard.numbers import range_form
from desktop.polish.guard.tokens import GuardToken, list_keys

NUMBER_LINKS = list_keys("links")
HOUR_PARTS = {"half": 30, "quarter": 15}
FRACTION_DIGITS = {"half": "12", "quarter": "14"}


def amount_forms(stretch: Sequence[GuardToken]) -> set[str]:
    """Return the digits that a stretch of numbers and the words linking them may be written as."""
    keys = [t.key for t in stretch]
    forms: set[str] = set()
    if any(t.forms for t in stretch) and all(t.forms or t.key in NUMBER_LINKS for t in stretch):
        combinations = [""]
        for t in stretch:
            if t.forms and len(combinations) < 16:
                combinations = [before + form for before in combinations for form in t.forms]
        forms = set(combinations)
        if sum(bool(t.forms) for t in stretch) > 1:
            forms.add(range_form("".join(t.word for t in stretch if t.forms)))
    elif keys[-1] in FRACTION_DIGITS and keys[:-1] in ([], ["a"], ["#1"]):
        forms = {FRACTION_DIGITS[keys[-1]]}
    elif keys == ["second"]:
        forms = {"2"}
    return forms | _clock_forms(keys) | _fraction_forms(stretch)


def _clock_forms(keys: Sequence[str]) -> set[str]:
    """Return the time given by its minutes: ten past nine, five minutes to one, and half hours in Chinese."""
    if len(keys) == 3 and keys[0].startswith("#") and keys[1:] == ["点", "半"]:
        return {f"{keys[0][1:]}30"}
    if len(keys) < 3 or keys[-2] not in ("past", "to", "after", "before", "of", "till"):
        return set()
    minute_words = [name for name in keys[:-2] if name not in ("a", "minut", "min", "minute")]
    hour, minutes = keys[-1][1:], minute_words[0] if len(minute_words) == 1 else ""
    minute_count = HOUR_PARTS.get(minutes) or (int(minutes[1:]) if minutes[1:].isdecimal() else 0)
    if not hour.isdecimal() or int(hour) > 12 or not 0 < minute_count < 60:
        return set()
    if keys[-2] in ("past", "after"):
        return {f"{hour}{minute_count:02}"}
    return {f"{(int(hour) - 2) % 12 + 1}{60 - minute_count:02}"}


def _fraction_forms(stretch: Sequence[GuardToken]) -> set[str]:
    """Return a Chinese fraction, whose denominator is spoken first."""
    if [t.key for t in stretch[1:3]] == ["分", "之"] and len(stretch) == 4 and stretch[0].forms and stretch[3].forms:
        return {stretch[3].word + stretch[0].word}
    return set()
