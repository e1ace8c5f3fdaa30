"""Read ordinal numbers in German, French and Spanish, and the numbers of centuries."""

from __future__ import annotations

from desktop.polish.rules.languages.cardinals import ReadNumber, format_roman, number_words, read_number
from desktop.polish.rules.languages.language import load_table
from desktop.polish.rules.languages.number_text import NumberEdit, NumberText

MAX_CENTURY = 39
MAX_ORDINAL_WORDS = 6


def read_ordinal(text: NumberText, at: int, language: str) -> NumberEdit | None:
    """Return the ordinal above the small ones that begins with word `at`: "21.", "21e", "21.º"."""
    found = _read_value(text, at, language)
    if found is None:
        return None
    end, value = found
    table = load_table(language)["numbers"]
    if value <= table["up_to"] or text.is_capital(at) or text.begins_sentence(at):
        return None
    if value in (100, 1000) or text.previous(at) == "un":
        return None  # a fraction
    if language == "de" and not text.spaced_word(end):
        return None  # a full stop at the end of a sentence says nothing
    century = table.get("centuries", {"after": ""})
    if text.spaced_word(end) in century["after"].split() and value <= MAX_CENTURY:
        return NumberEdit(at, end, century["write"].format(format_roman(value)))
    written = table["ordinal"].format(value)
    return NumberEdit(at, end, written.replace("º", "ª") if text.words[end - 1].endswith("a") else written)


def read_century(text: NumberText, at: int, language: str, number: ReadNumber) -> NumberEdit | None:
    """Return the number of a century after its noun, or of a king: "siglo XXI", "Louis XIV"."""
    century = load_table(language)["numbers"].get("centuries", {"before": "", "kings": ""})
    before = text.previous(at)
    is_king = before in century["kings"].split() and number.value > load_table(language)["numbers"]["up_to"]
    is_roman = (is_king or before in century["before"].split()) and 0 < number.value <= MAX_CENTURY
    return NumberEdit(at, number.end, format_roman(number.value)) if is_roman else None


def _read_value(text: NumberText, at: int, language: str) -> tuple[int, int] | None:
    """Return the index after an ordinal, and its value."""
    words = number_words(language)
    if language != "fr":
        value = words.ordinals.get(text.words[at])
        if value is None:
            return None
        unit = words.ordinals.get(text.spaced_word(at + 1), 0) if value % 10 == 0 and language == "es" else 0
        return (at + 2, value + unit) if 0 < unit < 10 else (at + 1, value)
    last = at
    while last < at + MAX_ORDINAL_WORDS and last < len(text) and text.words[last] not in words.ordinals:
        if last > at and not text.word(last):
            return None
        last += 1
    if last >= min(len(text), at + MAX_ORDINAL_WORDS) or (last > at and not text.word(last)):
        return None
    cardinals = {**words.tens, **words.teens, **words.units}
    names = {value: word for word, value in cardinals.items() if " " not in word}
    names |= {100: "cent", 1000: "mille", 1: "un", 20: "vingt"}
    cardinal = NumberText(" ".join((*text.words[at:last], names[words.ordinals[text.words[last]]])))
    number = read_number(cardinal, 0, "fr")
    return (last + 1, number.value) if number and number.end == len(cardinal) and not number.scale else None
