"""How the texts of neighbouring windows become one: a space between words, none where the script has none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

UNSPACED = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0010ffff"
"""The scripts that are written without spaces, and their punctuation, as a regular expression has them in brackets."""

_UNSPACED = re.compile(f"[{UNSPACED}]")


def unspaced(character: str) -> bool:
    """Whether the character belongs to a script that is written without spaces, or is its punctuation."""
    return _UNSPACED.match(character) is not None


def language_of(text: str) -> str:
    """The code of the language that the script of `text` is mostly used for: Chinese, Japanese, Korean, else English
    for letters of the Latin alphabet; empty for any other, or none."""
    if _KANA.search(text):
        return "ja"
    if (han := sum(c.isalpha() and unspaced(c) for c in text)) and han >= len(_LATIN.findall(text)):
        return "zh"
    if _HANGUL.search(text):
        return "ko"
    return "en" if _LATIN.search(text) else ""


def join(parts: Iterable[str]) -> str:
    """The parts in order; empty ones leave no trace, nor do dots at the beginning or after other dots, which a model
    writes for sound that it makes nothing of."""
    text = ""
    for part in (part.strip() for part in parts):
        if not part:
            continue
        tight = not text or unspaced(text[-1]) or unspaced(part[0]) or _closes(part, text)
        text += part if tight else " " + part
    return _MORE_DOTS.sub(r"\1", _FIRST_DOTS.sub("", text))


def _closes(part: str, text: str) -> bool:
    """Whether `part` begins with a mark that belongs to `text`, which it follows. A straight quotation mark does where
    one is open; between the letters of a word it is none."""
    mark = part[0]
    if mark in "\"'":
        return bool(_CLITIC.match(part)) or len(re.findall(rf"(?<!\w){mark}|{mark}(?!\w)", text)) % 2 == 1
    return mark in _CLOSING or unicodedata.category(mark) in ("Pe", "Pf")


def beyond(before: str, after: str) -> str:
    """`after` without the words at its beginning that `before` ends in, where they are two or more.

    For two looks at one sound of which the second began a little too early: what both heard was said once. A word alone
    is left, since people do say "that that".
    """
    ended = [match.group().lower() for match in _WORD.finditer(before)]
    begun = list(_WORD.finditer(after))
    for count in range(min(len(ended), len(begun)), 1, -1):
        if ended[-count:] == [match.group().lower() for match in begun[:count]]:
            return after[begun[count - 1].end() :].lstrip(" ,.;:!?，。")
    return after


_WORD = re.compile(r"[\u2e80-\u9fff]|[^\W\u2e80-\u9fff]+(?:['’]\w+)?")
"""A word, or a character of a script that has no spaces."""

_CLOSING = ",.;:!?…%‰‼⁇⁈⁉՝՞՜։،؛؟۔।॥၊။።፣፤፥፦፧។៕"
"""What stands at a sentence's end or within it, and never before a word."""

_CLITIC = re.compile(r"'(?:s|t|d|m|re|ve|ll)\b", re.IGNORECASE)
"""The rest of a word that a pause fell into: "it" and "'s"."""

_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")

_FIRST_DOTS = re.compile(r"^(?:(?:\.{3}|…)\s*)+")
_MORE_DOTS = re.compile(r"(\.{3}|…)(?:\s*(?:\.{3}|…))+")
