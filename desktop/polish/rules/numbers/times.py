"""Write times of day in an English sentence: "three thirty p m" is 3:30 p.m., and "ten to twelve people" stays a
number.

A time is recognized by its end (a.m., p.m., o'clock) or a word before it ("at", "until"); without either only the full
quarters are taken for a time.
"""

from __future__ import annotations

from typing import NamedTuple

from desktop.polish.rules.numbers.cardinals import read_cardinal, read_digit
from desktop.polish.rules.numbers.phrases import NumberMatch, Phrase, number_words

_ZONES = {"gmt", "utc", "est", "edt", "cst", "cdt", "mst", "pst", "pdt", "cet", "bst"}
_HOUR_PARTS = {"quarter": 15, "half": 30}
_ROUND_MINUTES = (5, 10, 20, 25)
_RANGE_WORDS = ("to", "and", "or", "until", "till", "through")


class _DayHalf(NamedTuple):
    """The index after "p m", and how it is written."""

    end: int
    new: str


def read_time(phrase: Phrase, start: int) -> NumberMatch | None:
    """Return the time of day that begins with the word at `start`."""
    found = _read_relative_time(phrase, start) or _read_range(phrase, start) or _read_clock_time(phrase, start)
    if found is not None and found.new:
        phrase.time_end = found.end
    return found


def is_house_number(phrase: Phrase, end: int) -> bool:
    """Return whether a street follows a number: "at one twenty three main street"."""
    sets, name = number_words().sets, phrase.lower_words[end : end + 3]
    at = next((at for at, word in enumerate(name) if word in sets["streets"]), 0)
    return at > 0 and sets["little"].isdisjoint(name[:at]) and "per" not in name[:at]


def _read_hour(phrase: Phrase, at: int) -> tuple[int, int] | None:
    """Return the index after an hour and the hour, 1 to 12; digits are accepted, since Whisper writes some."""
    word = phrase.word_at(at)
    if word.isdecimal() and 1 <= int(word) <= 12:
        return at + 1, int(word)
    value = number_words().units.get(word) or number_words().teens.get(word) or 0
    return (at + 1, value) if 1 <= value <= 12 else None


def _read_minutes(phrase: Phrase, at: int) -> tuple[int, int] | None:
    """Return the index after the minutes of an hour and their number: "oh five", "thirty five"."""
    if phrase.word_at(at) in ("o", "oh"):
        digit = read_digit(phrase, at + 1)
        return (digit.end, digit.value) if digit and digit.is_single_digit and len(digit.digits) == 1 else None
    number = read_cardinal(phrase, at)
    return (number.end, number.value) if number and 10 <= number.value <= 59 else None


def _read_half(phrase: Phrase, at: int) -> _DayHalf | None:
    """Read the half of the day, with the zone after it."""
    word, after = phrase.word_at(at), phrase.word_at(at + 1)
    if word in ("am", "pm") or word[:2] in ("a.", "p."):
        end = at + 1
    elif word in ("a", "p") and after == "m":
        end = at + 2
    else:
        return None
    if word == "am" and after == "i":
        return None
    half = _DayHalf(end, f" {word[0]}.m.")
    return _add_zone(phrase, half)


def _add_zone(phrase: Phrase, half: _DayHalf) -> _DayHalf:
    for end in (half.end + 1, half.end + 3):
        if (zone := "".join(phrase.lower_words[half.end : end])) in _ZONES:
            return _DayHalf(min(end, len(phrase)), f"{half.new} {zone.upper()}")
    return half


def _read_clock_time(phrase: Phrase, start: int) -> NumberMatch | None:
    """Read hour, minutes and half: "three thirty p m", "eight o'clock", "at two fifteen"."""
    hour = _read_hour(phrase, start)
    if hour is None:
        return None
    says_colon = phrase.word_at(hour[0]) == "colon"
    minutes = _read_minutes(phrase, hour[0] + says_colon)
    at, clock = (minutes[0], f"{hour[1]}:{minutes[1]:02}") if minutes else (hour[0], str(hour[1]))
    says_oclock = not minutes and phrase.word_at(at).replace(" ", "") in ("o'clock", "oclock")
    if phrase.word_at(start).isdecimal() and phrase.word_at(at) not in ("a", "p"):
        return None  # already written: "2 pm"
    if half := _read_half(phrase, at + says_oclock):
        return NumberMatch(half.end, clock + half.new)
    if says_oclock:
        return NumberMatch(at + 1, f"{clock} o'clock")
    if minutes and not says_colon and _is_time(phrase, start, minutes):
        return NumberMatch(*_add_zone(phrase, _DayHalf(at, clock)))
    return None


def _is_time(phrase: Phrase, start: int, minutes: tuple[int, int]) -> bool:
    """Return whether an hour and minutes alone are a time."""
    sets, after = number_words().sets, phrase.word_at(minutes[0])
    if after in sets["measures"] or read_cardinal(phrase, minutes[0]) or after in number_words().scales:
        return False
    if is_house_number(phrase, minutes[0]):
        return False
    before = phrase.word_at(start - 1)
    if (
        before in ("is", "was")
        and start > 1
        and sets["timed"].isdisjoint(phrase.lower_words[max(0, start - 5) : start - 1])
    ):
        return False  # "the total was nine forty five"
    if before in sets["clock"] or (before in _RANGE_WORDS and phrase.time_end == start - 1):
        return not after or after in sets["little"] or before in ("at", "by", "until", "till")
    return minutes[1] in (15, 30, 45) and (not after or after in sets["little"]) and before not in sets["labels"]


def _read_range(phrase: Phrase, start: int) -> NumberMatch | None:
    """Read "three to four thirty p m": the first is a time because the second is."""
    first = _read_hour(phrase, start)
    if (
        first is None
        or phrase.word_at(first[0]) not in _RANGE_WORDS
        or (hour := _read_hour(phrase, first[0] + 1)) is None
    ):
        return None
    minutes = _read_minutes(phrase, hour[0])
    if _read_half(phrase, minutes[0] if minutes else hour[0]) is None:
        return None
    second = _read_clock_time(phrase, first[0] + 1)
    return second and NumberMatch(second.end, f"{first[1]} {phrase.word_at(first[0])} {second.new}")


def _read_relative_time(phrase: Phrase, start: int) -> NumberMatch | None:
    """Read "ten to eleven p m", "at quarter past one"."""
    word, before = phrase.word_at(start), phrase.word_at(start - 1)
    hour_part = _HOUR_PARTS.get(word)
    number = None if hour_part else read_cardinal(phrase, start)
    if not hour_part and (number is None or not 1 <= number.value <= 29):
        return None
    at = number.end if number else start + 1
    minutes = hour_part or (number.value if number else 0)
    at += phrase.word_at(at) in ("min", "mins", "minute", "minutes")
    direction = phrase.word_at(at)
    if direction not in ("past", "after", "to", "till") or (hour_part == 30 and direction != "past"):
        return None
    hour = _read_hour(phrase, at + 1)
    if hour is None or before in ("a", "from", "between", "open"):
        return None
    half = _read_half(phrase, hour[0])
    if half is None and not _is_relative_time(phrase, minutes, before, direction, hour[0]):
        return None
    total = hour[1] * 60 + (minutes if direction in ("past", "after") else -minutes)
    face = f"{(total // 60 - 1) % 12 + 1}:{total % 60:02}"
    return NumberMatch(half.end if half else hour[0], face + (half.new if half else ""))


def _is_relative_time(phrase: Phrase, minutes: int, before: str, direction: str, end: int) -> bool:
    """Return whether "ten to eleven" alone is a time."""
    after = phrase.word_at(end)
    ends = not after or after in number_words().sets["little"]
    if minutes in _HOUR_PARTS.values() or direction == "past":
        return ends and before in number_words().sets["clock"]
    return ends and before in ("at", "by", "until", "till") and minutes in _ROUND_MINUTES
