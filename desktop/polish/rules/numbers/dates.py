"""Write dates and years in an English sentence: "on may fifth twenty twenty six" is May 5, 2026, and "you may first
want to march" contains no month.
"""

from __future__ import annotations

from desktop.polish.rules.numbers.cardinals import cardinal, digit, ordinal, suffixed
from desktop.polish.rules.numbers.phrases import Found, Phrase, words

_ABOUT = ("in", "since", "last", "early", "late", "mid")
_DETERMINERS = ("the", "a", "this", "that", "our", "my", "their", "his", "her", "its")


def dated(phrase: Phrase, start: int) -> Found | None:
    """Return the date or year that begins with the word at `start`."""
    said = phrase.at(start)
    if said in words().sets["months"]:
        return _month_first(phrase, start)
    if day := ordinal(phrase, start):
        return _day_first(phrase, start, day)
    return _decade(phrase, start) or _bare_year(phrase, start)


def named(phrase: Phrase, start: int) -> Found | None:
    """Capitalize a month or a weekday."""
    said, sets = phrase.at(start), words().sets
    if said in sets["also_words"]:
        ends = not phrase.at(start + 1) or phrase.at(start + 1) in sets["little"]
        return Found(start + 1, said.capitalize()) if ends and phrase.at(start - 1) in _ABOUT else None
    if said in sets["weekdays"] or said in sets["months"]:
        return Found(start + 1, said.capitalize())
    return None


def year(phrase: Phrase, start: int) -> tuple[int, int] | None:
    """Return the index after a year and the year: "twenty twenty six", "nineteen oh five", "two thousand and nine"."""
    first = words().teens.get(phrase.at(start), 0) or (20 if phrase.at(start) == "twenty" else 0)
    if first >= 13 or first in (10, 11, 12):
        if phrase.at(start + 1) in ("o", "oh"):
            one = digit(phrase, start + 2)
            return (one.end, first * 100 + one.value) if one and len(one.digits) == 1 else None
        second = cardinal(phrase, start + 1)
        if second and 10 <= second.value <= 99 and not digit(phrase, second.end):
            return second.end, first * 100 + second.value
    whole = cardinal(phrase, start)
    return (whole.end, whole.value) if whole and not whole.article and 1000 <= whole.value <= 2099 else None


def _month_first(phrase: Phrase, start: int) -> Found | None:
    month, after, before = phrase.at(start).capitalize(), start + 1, phrase.at(start - 1)
    sets = words().sets
    cue = before in sets["calendar"]
    day = ordinal(phrase, after)
    end, date = after, ""
    if day and 1 <= day[1] <= 31:
        end, date = day[0], f"{month} {day[1]}"
    elif (of := year(phrase, after)) and _is_year(phrase, of[0]):
        return Found(of[0], f"{month} {of[1]}")
    elif (some := cardinal(phrase, after)) and 1 <= some.value <= 31 and not some.article:
        ends = not phrase.at(some.end) or phrase.at(some.end) in sets["little"] or year(phrase, some.end) is not None
        end, date = (some.end, f"{month} {some.value}") if ends and cue else (after, "")
    if not date:
        return None
    followed = year(phrase, end)
    if followed and _is_year(phrase, followed[0]):
        return Found(followed[0], f"{date}, {followed[1]}")
    if phrase.at(start) in sets["also_words"] and not cue:
        unlikely = end == after + 1 and phrase.at(after) in ("first", "second", "third")
        ends = not phrase.at(end) or phrase.at(end) in sets["little"]
        if before or unlikely or not ends:
            return None
    return Found(end, date)


def _day_first(phrase: Phrase, start: int, day: tuple[int, int]) -> Found | None:
    month = phrase.at(day[0] + 1)
    if phrase.at(day[0]) != "of" or month not in words().sets["months"] or not 1 <= day[1] <= 31:
        return None
    end, date = day[0] + 2, f"{suffixed(day[1])} of {month.capitalize()}"
    followed = year(phrase, end)
    return Found(followed[0], f"{date} {followed[1]}") if followed else Found(end, date)


def _decade(phrase: Phrase, start: int) -> Found | None:
    """Read "the nineteen sixties", "the eighteen hundreds"."""
    first = words().teens.get(phrase.at(start), 0) or (20 if phrase.at(start) == "twenty" else 0)
    decade = words().decades.get(phrase.at(start + 1))
    return Found(start + 2, f"{first * 100 + decade}s") if first >= 13 and decade is not None else None


def _bare_year(phrase: Phrase, start: int) -> Found | None:
    found = year(phrase, start)
    if found is None or not _is_year(phrase, found[0]) or phrase.at(start - 1) in ("cost", "costs", "paid", "pay"):
        return None
    end, value = found
    after, before, sets = phrase.at(end), phrase.at(start - 1), words().sets
    ends = not after or after in sets["little"]
    cue = before in sets["calendar"] or before in sets["months"]
    pair = phrase.at(start + 1) not in ("thousand", "hundred")
    first, second = divmod(value, 100)
    likely = first in (19, 20) or ends
    told = first == 20 and (before in _DETERMINERS or cue or (not start and second < 30))
    near = (0 <= second - first <= 5 or (first == 20 and not ends)) and not told
    if pair and first >= 13 and ((cue and ends) or (likely and not near)):
        return Found(end, str(value))
    if not pair and value > 2000 and not start and after in ("was", "is", "had", "has", "will"):
        return Found(end, str(value))
    return Found(end, str(value)) if cue and ends and (pair or _year_like(phrase, start, value)) else None


def _year_like(phrase: Phrase, start: int, value: int) -> bool:
    """Return whether it is said as years are: "two thousand nine", "nineteen hundred", not "in one thousand five
    hundred".
    """
    return value >= 2000 or (phrase.at(start + 1) == "hundred" and phrase.at(start - 1) in ("in", "since", "year"))


def _is_year(phrase: Phrase, end: int) -> bool:
    """Return whether no unit and no further number follows."""
    after, known = phrase.at(end), words()
    more = digit(phrase, end) or cardinal(phrase, end) or after in ("hundred", "point", "dot", "percent")
    money = after in ("dollar", "dollars", "euro", "euros", "cents", "people")
    return not more and not money and after not in known.scales and after not in known.sets["measures"]
