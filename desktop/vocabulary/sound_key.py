"""Reduce an English word to how it sounds, coarsely: words that are easily confused have the same key. Pure.

Written for what recognizers confuse, not for names in registers: voiced and voiceless consonants share a letter, vowels
count only at the beginning, and letters that are not spoken are left out. Keys of consecutive words can be joined.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

_SPELLINGS = (
    ("^(?:kn|gn|pn)", "n"),
    ("^wr", "r"),
    ("^ps", "s"),
    ("^x", "s"),
    ("mb$", "m"),
    ("wh", "w"),
    ("sch", "sk"),
    ("tch|ch|sh|zh|[st](?=i[oa])|dg(?=[eiy])|j", "X"),
    ("ph", "f"),
    ("(?<=[aeiou])gh(?=t|$)", ""),
    ("gh", "g"),
    ("th", "t"),
    ("ck", "k"),
    ("c(?=[eiy])", "s"),
    ("g(?=[eiy])", "X"),
    ("x", "ks"),
    ("qu", "kw"),
)
"""Spellings and the letters that they sound like, applied in this order; X is the sound of "sh", "ch" and "j"."""

_SOUNDS = str.maketrans("bpdtgkcqfvszmnlrwyhXaeiou", "PPTTKKKKFFSSMNLRWYHXAAAAA")

_SILENT = re.compile("(?<=.)[AH]|[WYH](?!A)|(?<=[PTKFSXMNLR])[WY](?=A)")
"""Vowels and h after the beginning; w and y that no vowel follows, or that follow a consonant."""

_REPEATED = re.compile(r"(.)\1+")

_PATTERNS = tuple((re.compile(pattern), sound) for pattern, sound in _SPELLINGS)


def fold_letters(text: str) -> str:
    """Return the letters of `text` in lower case, without accents and marks."""
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded)
    elif folded.isalpha():
        return folded
    return "".join(filter(str.isalpha, folded))


@functools.lru_cache(4096)
def sound_key(letters: str) -> str:
    """Return the key of a word's folded letters; empty where none of them is an English one."""
    for pattern, sound in _PATTERNS:
        letters = pattern.sub(sound, letters)
    sounds = "".join(letter for letter in letters.translate(_SOUNDS) if letter.isupper())
    return _squeeze(_SILENT.sub("", sounds))


def join_keys(keys: Iterable[str]) -> str:
    """Return the key of words that are spoken as one: vowels and h count only at its beginning."""
    joined = "".join(keys)
    return _squeeze(joined[:1] + joined[1:].replace("A", "").replace("H", ""))


def _squeeze(key: str) -> str:
    """Return `key` with repeated sounds once."""
    return _REPEATED.sub(r"\1", key)
