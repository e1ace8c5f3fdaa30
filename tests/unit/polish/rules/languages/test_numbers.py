"""Cardinal numbers in words are read by value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.languages.cardinals import format_number, format_roman, read_number
from desktop.polish.rules.languages.number_text import NumberText
from desktop.polish.rules.numbers.numbers import edit_numbers

SPELLED = {
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
    "siebzehn achtzehn neunzehn",
    "de-tens": "zwan drei vier fünf sech sieb acht neun",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince",
}
GERMAN, GERMAN_TENS, FRENCH, SPANISH = (SPELLED[name].split() for name in ("de", "de-tens", "fr", "es"))
FRENCH_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}
SPANISH_TENS = {3: "treinta", 4: "cuarenta", 5: "cincuenta", 6: "sesenta", 7: "setenta", 8: "ochenta", 9: "noventa"}
SPANISH_HUNDREDS = {5: "quinientos", 7: "setecientos", 9: "novecientos"}
ACCENTED = {"dos": "dós", "tres": "trés", "seis": "séis"}
"""Spanish units at the end of a longer word."""


def german(value: int, last: str = "eins") -> str:
    if value >= 1000:
        return f"{german(value // 1000, 'ein')}tausend{german(value % 1000) if value % 1000 else ''}"
    if value >= 100:
        return f"{german(value // 100, 'ein')}hundert{german(value % 100) if value % 100 else ''}"
    if value < 20:
        return last if value == 1 else GERMAN[value]
    unit = f"{german(value % 10, 'ein')}und" if value % 10 else ""
    return f"{unit}{GERMAN_TENS[value // 10 - 2]}{'ßig' if value // 10 == 3 else 'zig'}"


def french(value: int) -> str:
    if value >= 1000:
        many = f"{french(value // 1000)} " if value >= 2000 else ""
        return f"{many}mille {french(value % 1000) if value % 1000 else ''}".strip()
    if value >= 100:
        many = f"{french(value // 100)} " if value >= 200 else ""
        return f"{many}cent {french(value % 100) if value % 100 else ''}".strip()
    if value < 17:
        return FRENCH[value]
    if value < 20:
        return f"dix-{FRENCH[value - 10]}"
    ten = value // 20 * 20 if value >= 60 else value // 10 * 10
    rest = value - ten
    joined = " et " if rest in (1, 11) and ten != 80 else "-"
    return f"{FRENCH_TENS[ten]}{joined}{french(rest)}" if rest else FRENCH_TENS[ten]


def spanish(value: int) -> str:
    if value >= 1000:
        many = f"{spanish(value // 1000)} " if value >= 2000 else ""
        return f"{many}mil {spanish(value % 1000) if value % 1000 else ''}".strip()
    if value == 100:
        return "cien"
    if value >= 100:
        many = value // 100
        hundred = SPANISH_HUNDREDS.get(many) or ("ciento" if many == 1 else f"{SPANISH[many]}cientos")
        return f"{hundred} {spanish(value % 100) if value % 100 else ''}".strip()
    if value < 16:
        return SPANISH[value]
    if value < 30 and value != 20:
        unit = SPANISH[value % 10]
        return f"{'dieci' if value < 20 else 'veinti'}{ACCENTED.get(unit, unit)}"
    if value == 20:
        return "veinte"
    ten = SPANISH_TENS[value // 10]
    return f"{ten} y {SPANISH[value % 10]}" if value % 10 else ten


@pytest.mark.parametrize(("language", "spell"), [("de", german), ("fr", french), ("es", spanish)])
@given(value=st.integers(0, 999_999))
def test_number_in_words_is_read_by_value(language: str, spell: object, value: int) -> None:
    assert callable(spell)
    text = NumberText(spell(value))
    number = read_number(text, 0, language)
    assert number is not None
    assert (number.end, number.value) == (len(text), value)


@given(st.text(alphabet="abcdeinzwoudrtß -.,0123456789", max_size=60), st.sampled_from(["de", "fr", "es"]))
def test_any_text_can_be_read(text: str, language: str) -> None:
    written = apply_edits(text, edit_numbers(text, RuleContext(language)))[0]
    assert len(written) <= 2 * len(text) + 8


def test_groups_begin_with_five_digits() -> None:
    assert [format_number(2026, "de"), format_number(12500, "de"), format_number(12500, "fr")] == [
        "2026",
        "12.500",
        "12\u202f500",
    ]


def test_roman_digits() -> None:
    assert [format_roman(value) for value in (4, 9, 19, 21)] == ["IV", "IX", "XIX", "XXI"]


@pytest.mark.parametrize(
    ("language", "said", "typed"),
    [
        ("de", "Am {} kommen einundzwanzig Gäste", "Am {} kommen 21 Gäste"),
        ("fr", "Le {} il y a vingt et un invités", "Le {} il y a 21 invités"),
        ("es", "A las {} vienen veintiún niños", "A las {} vienen 21 niños"),
    ],
)
def test_number_of_many_digits_loses_no_edits(language: str, said: str, typed: str) -> None:
    digits = "7" * 5000
    text = said.format(digits)
    assert apply_edits(text, edit_numbers(text, RuleContext(language)))[0] == typed.format(digits)
