"""Handle text of any language: its script, joining the parts of a transcript, and making it printable.

Parts are joined with a space between words, and without one in scripts that have none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

UNSPACED = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0010ffff"
"""Scripts written without spaces, and their punctuation, as the content of a regular expression's brackets."""

HAN = "\u4e00-\u9fff"
"""Han characters without their extensions, as the content of a regular expression's brackets."""

HAN_AND_KANA = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Kana, and Han characters with extension A and the compatibility forms, as the content of brackets."""

EAST_ASIAN = "\u2e80-\u9fff"
"""All from the Han radicals to the Han characters, with kana and punctuation, as the content of brackets."""

_UNSPACED = re.compile(f"[{UNSPACED}]")

WORD = re.compile(rf"[{EAST_ASIAN}]|[^\W{EAST_ASIAN}]+(?:['’]\w+)?")
"""A word, or a character of a script without spaces."""

_CLOSING = ",.;:!?…%‰‼⁇⁈⁉՝՞՜։،؛؟۔।॥၊။።፣፤፥፦፧។៕"
"""Marks at a sentence's end or within it, and never before a word."""

_CLITIC = re.compile(r"'(?:s|t|d|m|re|ve|ll)\b", re.IGNORECASE)
"""The rest of a word split by a pause: "it" and "'s"."""

_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")

_INVISIBLE = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\xad\\u180e\\u200b\\u202a-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb"
    "\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0001-\\U000e007f]"
)
"""Invisible characters that a window may obey: control characters except line feed and tab, characters that reverse how
a text reads, and those that hide in it. Not those that spelling needs: joiners (of Persian, Hindi, emoji), and
direction marks that act as one letter of their script, by which a bracket beside Hebrew or Arabic is on its own side;
they reverse no words."""

_FIRST_DOTS = re.compile(r"^(?:(?:\.{3}|…)\s*)+")
_MORE_DOTS = re.compile(r"(\.{3}|…)(?:\s*(?:\.{3}|…))+")


def count_words(text: str) -> int:
    """Return the number of words, each character of a script without spaces being one."""
    return sum(1 for _ in WORD.finditer(text))


def is_unspaced(character: str) -> bool:
    """Whether the character belongs to a script written without spaces, or is its punctuation."""
    return _UNSPACED.match(character) is not None


def guess_language(text: str) -> str:
    """Return the language code most used with the script of `text`: Chinese, Japanese, Korean, or English for Latin
    letters.

    Empty for any other script, or none.
    """
    if _KANA.search(text):
        return "ja"
    if (han := sum(c.isalpha() and is_unspaced(c) for c in text)) and han >= len(_LATIN.findall(text)):
        return "zh"
    if _HANGUL.search(text):
        return "ko"
    return "en" if _LATIN.search(text) else ""


def join_texts(parts: Iterable[str]) -> str:
    """Join the parts in order, without empty ones.

    Dots at the beginning or after other dots are dropped: a model writes them for audio it cannot interpret.
    """
    text = ""
    for part in (part.strip() for part in parts):
        if not part:
            continue
        tight = not text or is_unspaced(text[-1]) or is_unspaced(part[0]) or _attaches_left(part, text)
        text += part if tight else " " + part
    return _MORE_DOTS.sub(r"\1", _FIRST_DOTS.sub("", text))


def _attaches_left(part: str, text: str) -> bool:
    """Whether `part` begins with a mark that attaches to `text`.

    A straight quotation mark does if one is open; between the letters of a word it is no quotation mark.
    """
    mark = part[0]
    if mark in "\"'":
        return bool(_CLITIC.match(part)) or len(re.findall(rf"(?<!\w){mark}|{mark}(?!\w)", text)) % 2 == 1
    return mark in _CLOSING or unicodedata.category(mark) in ("Pe", "Pf")


def remove_overlap(before: str, after: str) -> str:
    """Return `after` without the words at its start that `before` ends in, if they are two or more.

    For two decodes of the same audio of which the second began too early: words in both were said once. A single word
    is kept, since people do say "that that".
    """
    words_before = [match.group().lower() for match in WORD.finditer(before)]
    words_after = list(WORD.finditer(after))
    for count in range(min(len(words_before), len(words_after)), 1, -1):
        if words_before[-count:] == [match.group().lower() for match in words_after[:count]]:
            return after[words_after[count - 1].end() :].lstrip(" ,.;:!?，。")
    return after


def remove_invisible(text: str) -> str:
    """Return `text`, which a service has sent, without invisible characters that a window may obey."""
    return _INVISIBLE.sub("", text)


def make_printable(value: object) -> str:
    """Return `value` on one line, with a space for each character that is not printable.

    Foreign text (a window's title, an imported table, a server's message) may contain escape sequences, which a
    terminal would obey.
    """
    return "".join(character if character.isprintable() else " " for character in str(value))
