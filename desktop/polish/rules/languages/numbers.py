"""Write numbers, amounts, dates and times in German, French and Spanish as they are typed.

In a sentence, numbers up to `up_to` of the language's table stay words, and so does one that begins a sentence; before
a currency, "percent" or a measure, and in a date or a time, all have digits. Two numbers side by side stay as they are:
they may be one, two, or a range. What is written has the value that was read, so that no guard checks it: that one
knows the number words of English and Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from desktop.polish.rules.edit import RuleEdit
from desktop.polish.rules.languages.cardinals import (
    ReadNumber,
    format_number,
    is_number_begin,
    number_words,
    read_number,
)
from desktop.polish.rules.languages.dates import read_date, read_time
from desktop.polish.rules.languages.language import keep_own_edits, load_table
from desktop.polish.rules.languages.number_text import NO_BREAK, NumberEdit, NumberText, split_number_text
from desktop.polish.rules.languages.ordinals import read_century, read_ordinal


def edit_language_numbers(text: str, language: str) -> Iterator[RuleEdit]:
    """Yield the edits that write the numbers in a text of one of the languages of this package."""
    yield from keep_own_edits(text, _find_numbers(split_number_text(text), language), language)


def _find_numbers(text: NumberText, language: str) -> Iterator[RuleEdit]:
    at, words, articles = 0, number_words(language), load_table(language)["numbers"]["articles"].split()
    while at < len(text):
        if not is_number_begin(words, text.words[at]):
            at += 1
            continue
        found = read_time(text, at, language) or read_date(text, at, language) or read_ordinal(text, at, language)
        number = None if found else read_number(text, at, language)
        if number is not None:
            is_article = number.end == at + 1 and text.words[at] in articles
            row_end = at if is_article else _row_end(text, number.end, language)
            if row_end > number.end:
                at = row_end
                continue
            found = _write_number(text, at, number, language, is_article)
        if found is not None and found.new:
            yield RuleEdit(text.start[found.start], text.end[found.end - 1], found.new)
        at = max(at + 1, found.end if found else number.end if number else 0)


def _row_end(text: NumberText, at: int, language: str) -> int:
    """Return the index after the numbers that follow one directly."""
    words = number_words(language)
    while text.word(at) in words.plain or text.word(at)[:1].isdigit() or is_number_begin(words, text.word(at)):
        if text.words[at] in words.ordinals or (number := read_number(text, at, language)) is None:
            break
        at = number.end
    return at


def _write_number(text: NumberText, at: int, number: ReadNumber, language: str, is_article: bool) -> NumberEdit | None:
    """Return how the number at word `at` is written with what follows it; its `new` is empty if it stays.

    An article is a number only where a hundredth follows: "ein Euro fünfzig".
    """
    if text.is_capital(at) or text.is_joined(at, number.end):
        return None
    if any(text.has_words(at, phrase.split("+")) for phrase in load_table(language)["numbers"]["kept"].split()):
        return NumberEdit(at, number.end, "")
    if (century := read_century(text, at, language, number)) is not None:
        return century
    amount = _write_amount(text, at, number, load_table(language)["amounts"], language)
    if is_article:
        return amount if amount and amount.new.startswith("1,") else None
    return amount or _write_plain(text, at, number, load_table(language)["numbers"], language)


def _digits(number: ReadNumber, language: str) -> str:
    """Return the digits of a number, without its scale."""
    return number.written or format_number(number.value, language, number.decimals)


def _write_amount(
    text: NumberText, at: int, number: ReadNumber, table: Mapping[str, Any], language: str
) -> NumberEdit | None:
    """Return a number before percent, a currency, degrees or a measure; None if it is no such thing."""
    digits, end = _digits(number, language), number.end
    if number.scale:
        unit_at = end + (text.word(end) in table["of"].split())
        is_money = _bound_word(text, unit_at) in table["currencies"]
        return NumberEdit(at, end - 1, "" if number.written else digits) if is_money else None
    if unit_end := text.phrase_end(end, table["percent"]):
        return None if text.is_joined(at, unit_end) else NumberEdit(at, unit_end, f"{digits}{NO_BREAK}%")
    for phrase in table["degrees"].split("|"):
        if unit_end := text.phrase_end(end, phrase):
            first = at - _has_minus(text, at, language)
            sign = "-" if first < at else ""
            unit = f"{NO_BREAK}°C" if " " in phrase else f" {text.text[text.start[end] : text.end[end]]}"
            return NumberEdit(first, unit_end, f"{sign}{digits}{unit}")
    symbols = table["currencies"]
    for phrase in symbols:
        if (unit_end := text.phrase_end(end, phrase.replace("+", " "))) and not text.is_joined(at, unit_end):
            return _write_money(text, at, number, unit_end, symbols[phrase], language)
    if text.spaced_word(end) in table["measures"].split():
        is_followed = text.spaced_word(end + 1) in number_words(language).plain  # zwei Meter zehn
        return NumberEdit(at, end, "" if number.written or is_followed else digits)
    return None


def _bound_word(text: NumberText, at: int) -> str:
    """Return word `at` if it stands after a space or an apostrophe."""
    return text.words[at] if at < len(text) and text.gaps[at] in (" ", "'", "’") else ""


def _has_minus(text: NumberText, at: int, language: str) -> bool:
    """Return whether a minus stands before word `at`, and not "at least"."""
    minus = load_table(language)["numbers"]["minus"]
    return text.previous(at) == minus and text.previous(at, 2) not in ("au", "al", "lo", "du", "le", "les")


def _write_money(
    text: NumberText, at: int, number: ReadNumber, end: int, symbol: str, language: str
) -> NumberEdit | None:
    """Return an amount of money, with the hundredth that is said after it."""
    table = load_table(language)["amounts"]
    digits = _digits(number, language)
    cents_at = end + (text.spaced_word(end) in (table["cents_and"] + " " + table["cents_after"]).split())
    cents = read_number(text, cents_at, language) if text.spaced_word(cents_at) else None
    if cents is None or cents.decimals or cents.scale or cents.written or not 0 < cents.value < 100 or number.decimals:
        padding = "0" if len(number.decimals) == 1 else ""
        return NumberEdit(at, end, f"{digits}{padding}{NO_BREAK}{symbol}")
    is_named = text.spaced_word(cents.end) in table["cents"].split()
    is_after = cents_at == end or text.words[end] in table["cents_after"].split()
    if is_named or (is_after and not text.is_followed_by_noun(cents.end, language)):
        return NumberEdit(at, cents.end + is_named, f"{digits},{cents.value:02d}{NO_BREAK}{symbol}")
    if cents_at == end:
        return NumberEdit(at, cents.end, "")  # "drei Euro zwanzig Brötchen"
    return NumberEdit(at, end, f"{digits}{NO_BREAK}{symbol}")


def _write_plain(
    text: NumberText, at: int, number: ReadNumber, table: Mapping[str, Any], language: str
) -> NumberEdit | None:
    """Return a number that counts, or None if it stays as it is."""
    is_whole = at == 0 and number.end == len(text)
    range_end = _range_end(text, at, number, table, language)
    if range_end and text.begins_sentence(at):
        return NumberEdit(at, range_end, "")  # both stay words
    is_small = number.value <= table["up_to"] and not number.decimals and not range_end
    if number.written or number.is_round or is_small or (text.begins_sentence(at) and not is_whole):
        return None
    if _is_tied(text, at, number, language):
        return None
    before = text.previous(at), f"{text.previous(at, 2)} {text.previous(at)}".strip()
    is_ten = number.value < 100 and number.value % 10 == 0
    if _has_phrase(table["not_after"], before) or (is_ten and _has_phrase(table["not_after_tens"], before)):
        return None
    if any(text.phrase_end(number.end, phrase.replace("+", " ")) for phrase in table["not_before"].split()):
        return None
    return NumberEdit(at, number.end - bool(number.scale), _digits(number, language))


def _is_tied(text: NumberText, at: int, number: ReadNumber, language: str) -> bool:
    """Return whether a number belongs to a time, a measure or a row: zwanzig nach drei, un mètre quatre-vingts."""
    tables, words = load_table(language), number_words(language)
    times, before = tables["times"], text.previous(at)
    if text.spaced_word(number.end) in times["after"].split() and text.spaced_word(number.end + 1) in words.plain:
        return True
    if before in tables["amounts"]["measures"].split() or before in (*times["hours"].split(), *times["units"].split()):
        return True
    if before in times["joins"].split() and (
        text.previous(at, 2) in times["hours"].split() or text.previous(at, 3) in times["before"].split()
    ):
        return True
    if language == "de" and before == "und" and text.previous(at, 2) in words.units:
        return text.previous(at, 3) != "zwischen"  # zwei und zwanzig
    return at > 0 and text.gaps[at] == ", " and text.words[at - 1] in words.plain


def _range_end(text: NumberText, at: int, number: ReadNumber, table: Mapping[str, Any], language: str) -> int:
    """Return the index after a second number that has digits, after "to" or "or", so that both have; else 0."""
    joins = table["ranges"].split()
    if text.previous(at) == table["between"]:
        joins.append(table["between_and"])
    if text.spaced_word(number.end) not in joins or not text.spaced_word(number.end + 1):
        return 0
    other = read_number(text, number.end + 1, language)
    if other is None or other.is_round or other.scale or _row_end(text, other.end, language) > other.end:
        return 0
    amount = _write_amount(text, number.end + 1, other, load_table(language)["amounts"], language)
    return other.end if amount or other.value > table["up_to"] or other.written else 0


def _has_phrase(phrases: str, found: tuple[str, ...]) -> bool:
    return any(phrase.replace("+", " ") in found for phrase in phrases.split())
