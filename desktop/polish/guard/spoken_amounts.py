"""Compute what numbers with words between them may be written as: "half past nine" is 9:30, "five to ten people" 5-10,
"ten minutes to four" 3:50. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from desktop.polish.guard.tokens import GuardToken, link_signs
from desktop.polish.rules.languages.language import LANGUAGES, load_table
from desktop.vocabulary.known_forms import is_word

HOUR_PARTS = {"half": 30, "quarter": 15}
TIME_LEADS = (["at"], ["until"], ["till"], ["since"], ["before"], ["after"], ["around"])
FRACTION_DIGITS = {"half": "12", "quarter": "14"}


def amount_forms(tokens: Sequence[GuardToken], start: int, end: int) -> set[str]:
    """Return the digits that numbers and the words linking them, from `start` to `end`, may be written as."""
    stretch = tokens[start:end]
    keys = [t.key for t in stretch]
    forms: set[str] = set()
    signs = link_signs()
    if any(t.forms for t in stretch) and all(t.forms or t.key in signs for t in stretch):
        combinations = [""]
        for t in stretch:
            if len(combinations) < 16:
                combinations = [before + form for before in combinations for form in t.forms or (signs[t.key],)]
        forms = set(combinations)
        if len(stretch) == 3 and stretch[0].forms and signs.get(keys[1]) == "-" and stretch[2].word.isdecimal():
            scale = stretch[2].word[len(stretch[2].word.rstrip("0")) :]
            forms.add(f"{stretch[0].word}{scale}-{stretch[2].word}")  # two to three hundred
    elif keys[-1] in FRACTION_DIGITS and keys[:-1] in ([], ["a"], ["#1"]):
        forms = {FRACTION_DIGITS[keys[-1]]}
    elif keys == ["second"]:
        forms = {"2"} if _is_ordinal(tokens, start) else set()
    elif len(stretch) == 1 and stretch[0].word in _foreign_numbers():
        forms = {_foreign_numbers()[stretch[0].word]}
    return forms | _clock_forms(keys, _is_time(tokens, start, end)) | _fraction_forms(stretch)


def _is_ordinal(tokens: Sequence[GuardToken], at: int) -> bool:
    """Return whether "second" at an index is an ordinal: the second, second place; not wait a second."""
    if at and tokens[at - 1].key == "the":
        return True
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return following is not None and not following.parted and following.kind in ("word", "name")


@cache
def _foreign_numbers() -> dict[str, str]:
    """Return the digits of German, French and Spanish number words that are no English words."""
    found: dict[str, str] = {}
    for language in sorted(LANGUAGES):
        numbers = load_table(language)["numbers"]
        for name in ("units", "teens", "tens"):
            found |= {word: str(value) for word, value in numbers[name].items() if value > 1 and not is_word(word)}
    return found


def _is_time(tokens: Sequence[GuardToken], start: int, end: int) -> bool:
    """Return whether the words around an amount show that it is a time of day: at five to four, but not a vote."""
    before = [t.key for t in tokens[max(0, start - 2) : start]]
    return (
        any(t.key in ("am", "pm") for t in tokens[end : end + 1])
        or before[-1:] in TIME_LEADS
        or (before[:1] == ["it"] and (before[-1] in ("is", "was") or tokens[start - 1].contracted == "s"))
    )


def _clock_forms(keys: Sequence[str], is_time: bool) -> set[str]:
    """Return the time given by its minutes: ten past nine, five minutes to one, and half hours in Chinese."""
    if len(keys) == 3 and keys[0].startswith("#") and keys[1:] == ["点", "半"]:
        return {f"{keys[0][1:]}30"}
    if len(keys) < 3 or keys[-2] not in ("past", "to", "after", "before", "of", "till"):
        return set()
    minute_words = [name for name in keys[:-2] if name not in ("a", "minut", "min", "minute")]
    hour, minutes = keys[-1][1:], minute_words[0] if len(minute_words) == 1 else ""
    minute_count = HOUR_PARTS.get(minutes) or (int(minutes[1:]) if minutes[1:].isdecimal() else 0)
    is_clear = is_time or minutes in HOUR_PARTS or len(minute_words) < len(keys) - 2 or keys[-2] == "past"
    if not hour.isdecimal() or int(hour) > 12 or not 0 < minute_count < 60 or not is_clear:
        return set()
    if keys[-2] in ("past", "after"):
        return {f"{hour}{minute_count:02}"}
    return {f"{(int(hour) - 2) % 12 + 1}{60 - minute_count:02}"}


def _fraction_forms(stretch: Sequence[GuardToken]) -> set[str]:
    """Return a Chinese fraction, whose denominator is spoken first."""
    if [t.key for t in stretch[1:3]] == ["分", "之"] and len(stretch) == 4 and stretch[0].forms and stretch[3].forms:
        return {stretch[3].word + stretch[0].word}
    return set()
