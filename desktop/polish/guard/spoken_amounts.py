"""Compute what numbers with words between them may be written as: "half past nine" is 9:30, "five to ten people" 5-10,
"ten minutes to four" 3:50. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop.polish.guard.tokens import Token, keys
from desktop.polish.guard.values_han import loose

LINKS = keys("links")
PARTS = {"half": 30, "quarter": 15}
FRACTIONS = {"half": "12", "quarter": "14"}


def amounts(stretch: Sequence[Token]) -> set[str]:
    """Return the digits that a stretch of numbers and the words linking them may be written as."""
    names = [t.key for t in stretch]
    found: set[str] = set()
    if any(t.forms for t in stretch) and all(t.forms or t.key in LINKS for t in stretch):
        every = [""]
        for t in stretch:
            if t.forms and len(every) < 16:
                every = [before + form for before in every for form in t.forms]
        found = set(every)
        if sum(bool(t.forms) for t in stretch) > 1:
            found.add(loose("".join(t.word for t in stretch if t.forms)))
    elif names[-1] in FRACTIONS and names[:-1] in ([], ["a"], ["#1"]):
        found = {FRACTIONS[names[-1]]}
    elif names == ["second"]:
        found = {"2"}
    return found | _clock(names) | _fraction(stretch)


def _clock(names: Sequence[str]) -> set[str]:
    """Return the time given by its minutes: ten past nine, five minutes to one, and half hours in Chinese."""
    if len(names) == 3 and names[0].startswith("#") and names[1:] == ["点", "半"]:
        return {f"{names[0][1:]}30"}
    if len(names) < 3 or names[-2] not in ("past", "to", "after", "before", "of", "till"):
        return set()
    told = [name for name in names[:-2] if name not in ("a", "minut", "min", "minute")]
    hour, minutes = names[-1][1:], told[0] if len(told) == 1 else ""
    count = PARTS.get(minutes) or (int(minutes[1:]) if minutes[1:].isdecimal() else 0)
    if not hour.isdecimal() or int(hour) > 12 or not 0 < count < 60:
        return set()
    if names[-2] in ("past", "after"):
        return {f"{hour}{count:02}"}
    return {f"{(int(hour) - 2) % 12 + 1}{60 - count:02}"}


def _fraction(stretch: Sequence[Token]) -> set[str]:
    """Return a Chinese fraction, whose denominator is spoken first."""
    if [t.key for t in stretch[1:3]] == ["分", "之"] and len(stretch) == 4 and stretch[0].forms and stretch[3].forms:
        return {stretch[3].word + stretch[0].word}
    return set()
