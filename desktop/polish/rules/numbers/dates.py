"""Write dates and years in an English sentence: "on may fifth twenty twenty six" is May 5, 2026, and "you may first
want to march" contains no month.
"""

from __future__ import annotations

from desktop.polish.rules.numbers.cardinals import format_ordinal, read_cardinal, read_digit, read_ordinal
from desktop.polish.rules.numbers.phrases import NumberMatch, Phrase, number_words

_ABOUT = ("in", "since", "last", "early", "late", "mid")
_DETERMINERS = ("the", "a", "this", "that", "our", "my", "their", "his", "her", "its")


def read_date(phrase: Phrase, start: int) -> NumberMatch | None:
    """Return the date or year that begins with the word at `start`."""
    word = phrase.word_at(start)
    if word in number_words().sets["months"]:
        return _read_month_first(phrase, start)
    if ordinal := read_ordinal(phrase, start):
        return _read_day_first(phrase, start, ordinal)
    return _read_decade(phrase, start) or _read_bare_year(phrase, start)


def capitalize_name(phrase: Phrase, start: int) -> NumberMatch | None:
    """Capitalize a month or a weekday."""
    word, sets = phrase.word_at(start), number_words().sets
    if word in sets["also_words"]:
        is_ended = not phrase.word_at(start + 1) or phrase.word_at(start + 1) in sets["little"]
        return NumberMatch(start + 1, word.capitalize()) if is_ended and phrase.word_at(start - 1) in _ABOUT else None
    if word in sets["weekdays"] or word in sets["months"]:
        return NumberMatch(start + 1, word.capitalize())
    return None


def read_year(phrase: Phrase, start: int) -> tuple[int, int] | None:
    """Return the index after a year and the year: "twenty twenty six", "nineteen oh five", "two thousand and nine"."""
    first = number_words().teens.get(phrase.word_at(start), 0) or (20 if phrase.word_at(start) == "twenty" else 0)
    if first >= 13 or first in (10, 11, 12):
        if phrase.word_at(start + 1) in ("o", "oh"):
            digit = read_digit(phrase, start + 2)
            return (digit.end, first * 100 + digit.value) if digit and len(digit.digits) == 1 else None
        second = read_cardinal(phrase, start + 1)
        if second and 10 <= second.value <= 99 and not read_digit(phrase, second.end):
            return second.end, first * 100 + second.value
    number = read_cardinal(phrase, start)
    return (number.end, number.value) if number and not number.article and 1000 <= number.value <= 2099 else None


def _read_month_first(phrase: Phrase, start: int) -> NumberMatch | None:
    month, after, before = phrase.word_at(start).capitalize(), start + 1, phrase.word_at(start - 1)
    sets = number_words().sets
    has_cue = before in sets["calendar"]
    day = read_ordinal(phrase, after)
    end, date = after, ""
    if day and 1 <= day[1] <= 31:
        end, date = day[0], f"{month} {day[1]}"
    elif (year := read_year(phrase, after)) and _is_year(phrase, year[0]):
        return NumberMatch(year[0], f"{month} {year[1]}")
    elif (number := read_cardinal(phrase, after)) and 1 <= number.value <= 31 and not number.article:
        is_ended = (
            not phrase.word_at(number.end)
            or phrase.word_at(number.end) in sets["little"]
            or read_year(phrase, number.end) is not None
        )
        end, date = (number.end, f"{month} {number.value}") if is_ended and has_cue else (after, "")
    if not date:
        return None
    followed = read_year(phrase, end)
    if followed and _is_year(phrase, followed[0]):
        return NumberMatch(followed[0], f"{date}, {followed[1]}")
    if phrase.word_at(start) in sets["also_words"] and not has_cue:
        is_unlikely = end == after + 1 and phrase.word_at(after) in ("first", "second", "third")
        is_ended = not phrase.word_at(end) or phrase.word_at(end) in sets["little"]
        if before or is_unlikely or not is_ended:
            return None
    return NumberMatch(end, date)


def _read_day_first(phrase: Phrase, start: int, day: tuple[int, int]) -> NumberMatch | None:
    month = phrase.word_at(day[0] + 1)
    if phrase.word_at(day[0]) != "of" or month not in number_words().sets["months"] or not 1 <= day[1] <= 31:
        return None
    end, date = day[0] + 2, f"{format_ordinal(day[1])} of {month.capitalize()}"
    year = read_year(phrase, end)
    return NumberMatch(year[0], f"{date} {year[1]}") if year else NumberMatch(end, date)


def _read_decade(phrase: Phrase, start: int) -> NumberMatch | None:
    """Read "the nineteen sixties", "the eighteen hundreds"."""
    first = number_words().teens.get(phrase.word_at(start), 0) or (20 if phrase.word_at(start) == "twenty" else 0)
    decade = number_words().decades.get(phrase.word_at(start + 1))
    return NumberMatch(start + 2, f"{first * 100 + decade}s") if first >= 13 and decade is not None else None


def _read_bare_year(phrase: Phrase, start: int) -> NumberMatch | None:
    year = read_year(phrase, start)
    if year is None or not _is_year(phrase, year[0]) or phrase.word_at(start - 1) in ("cost", "costs", "paid", "pay"):
        return None
    end, value = year
    after, before, sets = phrase.word_at(end), phrase.word_at(start - 1), number_words().sets
    is_ended = not after or after in sets["little"]
    has_cue = before in sets["calendar"] or before in sets["months"]
    is_pair = phrase.word_at(start + 1) not in ("thousand", "hundred")
    first, second = divmod(value, 100)
    is_likely = first in (19, 20) or is_ended
    is_recent = first == 20 and (before in _DETERMINERS or has_cue or (not start and second < 30))
    is_near = (0 <= second - first <= 5 or (first == 20 and not is_ended)) and not is_recent
    if is_pair and first >= 13 and ((has_cue and is_ended) or (is_likely and not is_near)):
        return NumberMatch(end, str(value))
    if not is_pair and value > 2000 and not start and after in ("was", "is", "had", "has", "will"):
        return NumberMatch(end, str(value))
    return (
        NumberMatch(end, str(value))
        if has_cue and is_ended and (is_pair or _is_said_as_year(phrase, start, value))
        else None
    )


def _is_said_as_year(phrase: Phrase, start: int, value: int) -> bool:
    """Return whether it is said as years are: "two thousand nine", "nineteen hundred", not "in one thousand five
    hundred".
    """
    return value >= 2000 or (
        phrase.word_at(start + 1) == "hundred" and phrase.word_at(start - 1) in ("in", "since", "year")
    )


def _is_year(phrase: Phrase, end: int) -> bool:
    """Return whether no unit and no further number follows."""
    after, table = phrase.word_at(end), number_words()
    number_follows = (
        read_digit(phrase, end) or read_cardinal(phrase, end) or after in ("hundred", "point", "dot", "percent")
    )
    money_follows = after in ("dollar", "dollars", "euro", "euros", "cents", "people")
    return (
        not number_follows and not money_follows and after not in table.scales and after not in table.sets["measures"]
    )
