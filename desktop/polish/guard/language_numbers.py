"""Write numbers in German, French and Spanish in digits and in one notation, so that the meaning guard compares values.

First as the rules of the language write them, which knows times, dates and amounts; then what those leave as words.
Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.polish.rules.edit import RuleEdit, apply_edits
from desktop.polish.rules.languages.cardinals import is_number_begin, number_words, read_number
from desktop.polish.rules.languages.language import LANGUAGES, UNDETERMINED, base_code, choose_language, load_table
from desktop.polish.rules.languages.number_text import split_number_text
from desktop.polish.rules.languages.numbers import edit_language_numbers

_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[.\u202f\u00a0 ]\d{3})+(?![\d.])")
_DECIMAL = re.compile(r"(?<=\d),(?=\d)")
_HOURS = re.compile(r"\b(\d{1,2})[ \u00a0\u202f]?(?:h|uhr|Uhr)[ \u00a0\u202f]?(\d{2})\b|\b(\d{1,2})\.(\d{2})(?= Uhr)")
_HOUR_SIGN = re.compile(r"(?<=\d:\d\d)[ \u00a0\u202f](?:Uhr|uhr|h)\b")


def choose_guard_language(recognized: str, text: str) -> str:
    """Return the one of `LANGUAGES` by whose words `text` is judged, empty for none; `recognized` as in
    `desktop.polish.rules.languages.language.choose_language`.
    """
    found = choose_language(recognized, text)
    code = base_code(choose_language("", text) if found == UNDETERMINED else found)
    return code if code in LANGUAGES else ""


def write_digits(text: str, language: str) -> str:
    """Return `text` with its numbers in digits: groups joined, a point for a decimal comma, times with a colon."""
    text, _ = apply_edits(text, edit_language_numbers(text, language))
    text, _ = apply_edits(text, _find_words(text, language))
    text = _GROUPED.sub(lambda match: re.sub(r"\D", "", match[0]), text)
    text = _HOURS.sub(lambda match: ":".join(filter(None, match.groups())), _DECIMAL.sub(".", text))
    return _HOUR_SIGN.sub("", text)


def _find_words(text: str, language: str) -> Iterator[RuleEdit]:
    """Yield an edit for each number in words that is no article."""
    parts, words = split_number_text(text), number_words(language)
    articles = load_table(language)["numbers"]["articles"].split()
    at = 0
    while at < len(parts):
        number = read_number(parts, at, language) if is_number_begin(words, parts.words[at]) else None
        if number is None or number.written or (number.end == at + 1 and parts.words[at] in articles):
            at += 1
            continue
        last = number.end - 1 - bool(number.scale)
        digits = f"{number.value},{number.decimals}" if number.decimals else str(number.value)
        yield RuleEdit(parts.start[at], parts.end[last], digits)
        at = number.end
