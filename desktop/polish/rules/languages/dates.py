"""Read dates and times of day in German, French and Spanish.

Only what can be nothing else is written: "halb drei", "trois heures et quart" and "las tres y media" stay, and so does
an hour without minutes, which may be a length of time.
"""

from __future__ import annotations

from desktop.polish.rules.languages.cardinals import ReadNumber, number_words, read_number
from desktop.polish.rules.languages.language import load_table
from desktop.polish.rules.languages.number_text import NumberEdit, NumberText

MAX_DAY, MAX_HOUR, MAX_MINUTE = 31, 24, 59
MAX_DIGITS = 4
"""Most digits of a day, a time or a year: a longer number is none, and Python reads none of thousands of digits."""


def read_date(text: NumberText, at: int, language: str) -> NumberEdit | None:
    """Return the day of a month that begins with word `at`: "3. März", "1er mars", "3 de marzo"."""
    return _read_german_date(text, at) if language == "de" else _read_romance_date(text, at, language)


def _read_german_date(text: NumberText, at: int) -> NumberEdit | None:
    table, word = load_table("de")["dates"], text.words[at]
    day = number_words("de").ordinals.get(word, 0)
    if not day and _is_short(word) and text.previous(at) in table["before"].split():
        day = int(word)
    if not 1 <= day <= MAX_DAY or text.is_capital(at):
        return None
    if text.spaced_word(at + 1) in table["joins"].split():  # vom ersten bis zum dritten Mai
        second = at + 2 + (text.spaced_word(at + 2) in table["before"].split())
        is_date = text.spaced_word(second) and _read_german_date(text, second) is not None
        return NumberEdit(at, at + 1, f"{day}.") if is_date else None
    if text.spaced_word(at + 1) not in table["months"].split():
        return None
    month = text.text[text.start[at + 1] : text.end[at + 1]]
    return NumberEdit(at, at + 2, f"{day}. {month[0].upper()}{month[1:]}")


def _read_romance_date(text: NumberText, at: int, language: str) -> NumberEdit | None:
    table, word = load_table(language)["dates"], text.words[at]
    is_first = word == table["first"]
    number = ReadNumber(at + 1, 1) if is_first else read_number(text, at, language)
    if number is None or (day := _whole_value(number)) is None or not 1 <= day <= MAX_DAY or text.is_capital(at):
        return None
    if (is_first or text.previous(at) in table["before"].split()) and text.spaced_word(number.end) in table[
        "joins"
    ].split():
        second = number.end + 1  # du premier au trois mai
        if text.spaced_word(second) and _read_romance_date(text, second, language) is not None:
            return NumberEdit(at, number.end, table["write_first"] if is_first else str(day))
    month_at = number.end + (bool(table["of"]) and text.spaced_word(number.end) == table["of"])
    if text.spaced_word(month_at) not in table["months"].split() or (table["of"] and month_at == number.end):
        return None
    is_named = is_first or text.previous(at) in table["before"].split()
    if not is_named and (day == 1 or not (table["of"] or _is_year(text, month_at + 1, language))):
        return None
    if day == 1 and (is_first or (language == "fr" and is_named)):
        return NumberEdit(at, number.end, table["write_first"])
    return NumberEdit(at, number.end, str(day))


def _is_year(text: NumberText, at: int, language: str) -> bool:
    year = read_number(text, at, language) if text.spaced_word(at) else None
    return year is not None and 1000 <= (_whole_value(year) or 0) <= 2199


def read_time(text: NumberText, at: int, language: str) -> NumberEdit | None:
    """Return the time with minutes that begins with word `at`: "14:30 Uhr", "14 h 30", "14:30"."""
    table = load_table(language)["times"]
    if table["before"] and text.previous(at) not in table["before"].split():
        return None
    hour = read_number(text, at, language)
    if hour is None or (hour_value := _whole_value(hour)) is None or hour_value > MAX_HOUR:
        return None
    at_minute = hour.end
    if table["hours"]:
        if text.spaced_word(hour.end) not in table["hours"].split():
            return None
        at_minute += 1
    minute = read_number(text, at_minute, language) if text.spaced_word(at_minute) else None
    if minute is None or (minute_value := _whole_value(minute)) is None or not 1 <= minute_value <= MAX_MINUTE:
        return None
    if not table["hours"] and (minute_value < 10 or hour_value == 0):
        return None
    is_clock = text.previous(at, 1 + bool(table["before"])) in table["clock"].split()
    if text.is_joined(at, minute.end) or text.spaced_word(minute.end).startswith("minut"):
        return None
    if not is_clock and text.is_followed_by_noun(minute.end, language, table["may_follow"]):
        return None
    end = minute.end + (text.spaced_word(minute.end) in table["hours"].split() and language == "de")
    return NumberEdit(at, end, table["write"].format(hour=hour_value, minute=minute_value))


def _whole_value(number: ReadNumber) -> int | None:
    """Return the value of a number without decimals or scale, else None."""
    if number.decimals or number.scale:
        return None
    if number.written:
        return int(number.written) if _is_short(number.written) else None
    return number.value


def _is_short(word: str) -> bool:
    """Return whether `word` is a whole number in digits that may be part of a date or a time."""
    return len(word) <= MAX_DIGITS and word.isdecimal()
