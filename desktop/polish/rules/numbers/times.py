"""Write times of day in an English sentence: "three thirty p m" is 3:30 p.m., and "ten to twelve people" stays a
number.

A time is recognized by its end (a.m., p.m., o'clock) or a word before it ("at", "until"); without either only the full
quarters are taken for a time.
"""

from __future__ import annotations

from typing import NamedTuple

from desktop.polish.rules.numbers.cardinals import cardinal, digit
from desktop.polish.rules.numbers.phrases import Found, Phrase, words

_ZONES = {"gmt", "utc", "est", "edt", "cst", "cdt", "mst", "pst", "pdt", "cet", "bst"}
_SHARES = {"quarter": 15, "half": 30}
_ROUND = (5, 10, 20, 25)
_BETWEEN = ("to", "and", "or", "until", "till", "through")


class _Half(NamedTuple):
    """The index after "p m", and how it is written."""

    end: int
    new: str


def clock(phrase: Phrase, start: int) -> Found | None:
    """Return the time of day that begins with the word at `start`."""
    found = _before_or_after(phrase, start) or _range(phrase, start) or _said(phrase, start)
    if found is not None and found.new:
        phrase.timed = found.end
    return found


def at_house(phrase: Phrase, end: int) -> bool:
    """Return whether a street follows a number: "at one twenty three main street"."""
    return not words().sets["streets"].isdisjoint(phrase.said[end : end + 3])


def _hour(phrase: Phrase, at: int) -> tuple[int, int] | None:
    """Return the index after an hour and the hour, 1 to 12; digits are accepted, since Whisper writes some."""
    said = phrase.at(at)
    if said.isdecimal() and 1 <= int(said) <= 12:
        return at + 1, int(said)
    value = words().units.get(said) or words().teens.get(said) or 0
    return (at + 1, value) if 1 <= value <= 12 else None


def _minutes(phrase: Phrase, at: int) -> tuple[int, int] | None:
    """Return the index after the minutes of an hour and their number: "oh five", "thirty five"."""
    if phrase.at(at) in ("o", "oh"):
        one = digit(phrase, at + 1)
        return (one.end, one.value) if one and one.single and len(one.digits) == 1 else None
    some = cardinal(phrase, at)
    return (some.end, some.value) if some and 10 <= some.value <= 59 else None


def _half(phrase: Phrase, at: int) -> _Half | None:
    """Read the half of the day, with the zone after it."""
    said, after = phrase.at(at), phrase.at(at + 1)
    if said in ("am", "pm") or said[:2] in ("a.", "p."):
        end = at + 1
    elif said in ("a", "p") and after == "m":
        end = at + 2
    else:
        return None
    if said == "am" and after == "i":
        return None
    half = _Half(end, f" {said[0]}.m.")
    return _zoned(phrase, half)


def _zoned(phrase: Phrase, half: _Half) -> _Half:
    for end in (half.end + 1, half.end + 3):
        if (zone := "".join(phrase.said[half.end : end])) in _ZONES:
            return _Half(min(end, len(phrase)), f"{half.new} {zone.upper()}")
    return half


def _said(phrase: Phrase, start: int) -> Found | None:
    """Read hour, minutes and half: "three thirty p m", "eight o'clock", "at two fifteen"."""
    hour = _hour(phrase, start)
    if hour is None:
        return None
    minutes = _minutes(phrase, hour[0])
    at, face = (minutes[0], f"{hour[1]}:{minutes[1]:02}") if minutes else (hour[0], str(hour[1]))
    clocked = not minutes and phrase.at(at).replace(" ", "") in ("o'clock", "oclock")
    if phrase.at(start).isdecimal() and phrase.at(at) not in ("a", "p"):
        return None  # already written: "2 pm"
    if half := _half(phrase, at + clocked):
        return Found(half.end, face + half.new)
    if clocked:
        return Found(at + 1, f"{face} o'clock")
    if minutes and _is_time(phrase, start, minutes):
        return Found(*_zoned(phrase, _Half(at, face)))
    return None


def _is_time(phrase: Phrase, start: int, minutes: tuple[int, int]) -> bool:
    """Return whether an hour and minutes alone are a time."""
    known, after = words().sets, phrase.at(minutes[0])
    if after in known["measures"] or cardinal(phrase, minutes[0]) or after in words().scales:
        return False
    if at_house(phrase, minutes[0]):
        return False
    before = phrase.at(start - 1)
    if before in known["clock"] or (before in _BETWEEN and phrase.timed == start - 1):
        return not after or after in known["little"] or before in ("at", "by", "until", "till")
    return minutes[1] in (15, 30, 45) and (not after or after in known["little"]) and before not in known["labels"]


def _range(phrase: Phrase, start: int) -> Found | None:
    """Read "three to four thirty p m": the first is a time because the second is."""
    first = _hour(phrase, start)
    if first is None or phrase.at(first[0]) not in _BETWEEN or (hour := _hour(phrase, first[0] + 1)) is None:
        return None
    minutes = _minutes(phrase, hour[0])
    if _half(phrase, minutes[0] if minutes else hour[0]) is None:
        return None
    second = _said(phrase, first[0] + 1)
    return second and Found(second.end, f"{first[1]} {phrase.at(first[0])} {second.new}")


def _before_or_after(phrase: Phrase, start: int) -> Found | None:
    """Read "ten to eleven p m", "at quarter past one"."""
    said, before = phrase.at(start), phrase.at(start - 1)
    share = _SHARES.get(said)
    some = None if share else cardinal(phrase, start)
    if not share and (some is None or not 1 <= some.value <= 29):
        return None
    at = some.end if some else start + 1
    minutes = share or (some.value if some else 0)
    at += phrase.at(at) in ("min", "mins", "minute", "minutes")
    way = phrase.at(at)
    if way not in ("past", "after", "to", "till") or (share == 30 and way != "past"):
        return None
    hour = _hour(phrase, at + 1)
    if hour is None or before in ("a", "from", "between", "open"):
        return None
    half = _half(phrase, hour[0])
    if half is None and not _is_minutes(phrase, minutes, before, way, hour[0]):
        return None
    total = hour[1] * 60 + (minutes if way in ("past", "after") else -minutes)
    face = f"{(total // 60 - 1) % 12 + 1}:{total % 60:02}"
    return Found(half.end if half else hour[0], face + (half.new if half else ""))


def _is_minutes(phrase: Phrase, minutes: int, before: str, way: str, end: int) -> bool:
    """Return whether "ten to eleven" alone is a time."""
    after = phrase.at(end)
    ends = not after or after in words().sets["little"]
    if minutes in _SHARES.values() or way == "past":
        return ends and before in words().sets["clock"]
    return ends and before in ("at", "by", "until", "till") and minutes in _ROUND
