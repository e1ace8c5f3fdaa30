"""Decide where a sentence ends, and what is no sentence. Pure, and shared by the rules that write capitals and marks.

A full stop ends a sentence unless it belongs to a word, which cannot be known of every word: the table
(`sentences.toml`) has the usual ones. A text that is nothing but a number, an amount, a date, a time, an address or a
name in a program goes into a cell or a field, where a full stop would be wrong.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

from desktop.core.text import is_unspaced


@cache
def sentence_words(name: str, part: str = "") -> frozenset[str]:
    """Return a list of `sentences.toml`, of its section `part`."""
    section = _sentence_tables()[part] if part else _sentence_tables()
    return frozenset(section[name].split())


@cache
def _sentence_tables() -> dict[str, Any]:
    return tomllib.loads(files("desktop.polish.rules").joinpath("sentences.toml").read_text(encoding="utf-8"))


_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\Z")
_INITIAL = re.compile(r"(?<![^\W_])[A-HJ-Z]\Z")
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_MAX_ABBREVIATION = 16
"""Characters of the longest abbreviation."""


def is_abbreviation(text: str, at: int) -> bool:
    """Return whether the full stop at `text[at]` belongs to an abbreviation (p.m., Mr., J. Smith)."""
    before = text[max(0, at - _MAX_ABBREVIATION) : at]
    if _DOTTED.search(before) or _INITIAL.search(before):
        return True
    word = _LAST_WORD.search(before)
    return word is not None and word.group().lower() in sentence_words("abbreviations")


_FIGURE = re.compile(r"[^\w\s]*[^\W\d_]{0,3}\d[\d.,:/%°~²³€$£¥–+=*×-]*[^\W\d_]{0,3}\d*[^\w\s]{0,2}")
_PROGRAM_NAME = re.compile(r"[\w.+-]*(?:@|://|www\.|\w\.\w|_|\w/|\\|--|\(\)|[a-z][A-Z])")
_STREET = re.compile(r"\d+\w?(?:[ ,.]+[A-Z0-9#][\w'’.#-]*){2,12}")
_HAN_FIGURE = re.compile(
    r"[-+±约約]?[¥￥$€£]?\d[\d.,:/~%°–-]*"
    r"(?:[年月日号號时時点點分秒半块塊毛角元圆钱錢万萬亿億千百兆度米里克斤吨噸公升平方岁歲两人]+[\d.,:/]*)*[a-zA-Z/²³°%]{0,5}"
)
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{4,6}")
_HAN_STREET = re.compile(r"[\u4e00-\u9fff\d]{2,20}[路街道巷弄]\d+[号號](?:\d+|[室楼樓层層单單元号號栋棟座])*")
_MAX_BARE = 120
"""Most characters of a text that may be no sentence."""


def is_bare_value(text: str) -> bool:
    """Return whether `text`, without space or full stop at its ends, is nothing but a number, an amount, a date, a
    time, an address or a name in a program.
    """
    if not text or len(text) > _MAX_BARE or text[-1] in ".。" or text[-1].isspace() or "\n" in text:
        return False
    if any(pattern.fullmatch(text) for pattern in (_HAN_FIGURE, _PLATE, _HAN_STREET)):
        return True
    tokens = text.split()
    if len(tokens) == 1 and text.isascii() and _PROGRAM_NAME.match(text):
        return True
    units = sentence_words("units")
    figures = [bool(_FIGURE.fullmatch(token)) for token in tokens]
    if any(figures) and all(
        is_figure or token.strip(".,/").lower() in units for token, is_figure in zip(tokens, figures, strict=True)
    ):
        return True
    named = {token.strip(".,").lower() for token in tokens[1:]}
    return _STREET.fullmatch(text) is not None and not named.isdisjoint(sentence_words("streets"))


def lacks_mark(character: str) -> bool:
    """Return whether a sentence that ends in this character still needs a mark."""
    return character.isalnum() or character in "%°€£¥$™®" or unicodedata.category(character) in ("Mn", "Mc")


def is_unspaced_letter(character: str) -> bool:
    """Return whether a character is a letter of a script without spaces."""
    return is_unspaced(character) and character.isalpha()
