"""Find an emoji by what is said for it: the names of CLDR that the package `emoji` has, and those of `emoji.toml`.

The package is imported with the first text that has a cue (0.05 s); Chinese names are read when a Chinese one is asked
for. All emoji are in the form with the selector that shows a picture, where one exists.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from types import MappingProxyType
from typing import Any

from desktop.core.files import read_package_toml

MAX_NAME_WORDS, MAX_NAME_CHARACTERS = 9, 14
"""Most words of an English name, and most characters of a Chinese one, that are looked for."""

_QUALIFIED = 2
"""The status that the package gives a fully qualified emoji."""

_TONE = re.compile("(?P<tone>(?:medium light|medium dark|medium|light|dark) skin tone)")
_BRACKETS = re.compile(r"\(.*?\)")
_SEPARATORS = re.compile(r"[\W_]+")
_FLAG_LETTERS = ("\U0001f1e6", "\U0001f1ff")
_SUBDIVISION = "\U0001f3f4\U000e0067"
"""How the flags of countries, and of England, Scotland and Wales begin."""


@cache
def emoji_words(part: str, name: str) -> frozenset[str]:
    """Return a list of words of `emoji.toml`."""
    return frozenset(_load_table()[part][name].split())


def find_english(name: str) -> str | None:
    """Return the emoji that is called `name` in English, in any case; None if there is none."""
    said, names = normalize(name), _english_names()
    if (found := names.get(said)) or not (tone := _TONE.search(said)):
        return found
    bare = names.get(" ".join(said.replace(tone["tone"], "").split()), "")
    return names.get(f"{_cldr_names().get(bare, '')} {tone['tone']}")


def find_chinese(name: str) -> str | None:
    """Return the emoji that is called `name` in Chinese, in simplified characters; None if there is none."""
    return _chinese_names().get(name.lower())


def normalize(name: str) -> str:
    """Return `name` in small letters without accents, with one space for what stands between its words."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "").replace("'", "")).casefold()
    return " ".join(
        _SEPARATORS.sub(" ", "".join(letter for letter in plain if not unicodedata.combining(letter))).split()
    )


@cache
def _load_table() -> dict[str, Any]:
    return read_package_toml("desktop.polish.rules", "emoji.toml")


@cache
def _cldr_names() -> Mapping[str, str]:
    """Return CLDR's English name of each emoji, normalized."""
    return MappingProxyType({emoji: normalize(entry["en"]) for emoji, entry in _entries()})


def _entries() -> Iterator[tuple[str, dict[str, Any]]]:
    from emoji import EMOJI_DATA

    return ((emoji, entry) for emoji, entry in EMOJI_DATA.items() if entry["status"] == _QUALIFIED)


def _is_flag(emoji: str) -> bool:
    return _FLAG_LETTERS[0] <= emoji[0] <= _FLAG_LETTERS[1] or emoji.startswith(_SUBDIVISION)


@cache
def _english_names() -> Mapping[str, str]:
    """Return the emoji by their names, of several with one name that whose name is the least changed."""
    table, found = _load_table()["en"], dict[str, str]()
    excluded = emoji_words("en", "excluded")
    flags = {normalize(_BRACKETS.sub("", entry["en"])): emoji for emoji, entry in _entries() if _is_flag(emoji)}
    flags |= {said: flags[name] for name, more in table["countries"].items() for said in more.split("|")}
    for emoji, others in table["names"].items():
        found |= dict.fromkeys(others, emoji)
    for country, emoji in flags.items():
        for name in (f"{country} flag", f"flag of {country}", f"flag of the {country}", f"flag for {country}"):
            found.setdefault(name, emoji)
    names = {emoji: name for emoji, name in _cldr_names().items() if not _is_flag(emoji)}
    for emoji, name in names.items():
        if name not in excluded:
            found.setdefault(name, emoji)
    for emoji, name in names.items():
        bare = name.removesuffix(" face")
        if bare not in excluded:
            found.setdefault(bare, emoji)
    for emoji, entry in _entries():
        for alias in () if _is_flag(emoji) else entry.get("alias", ()):
            name = normalize(alias)
            if name not in excluded and len(name) > 2 and not any(map(str.isdigit, name)):
                found.setdefault(name, emoji)
    return MappingProxyType(found)


@cache
def _chinese_names() -> Mapping[str, str]:
    """Return the emoji by their names; those of `emoji.toml` alone where the package came without its Chinese file."""
    from emoji import config

    with suppress(FileNotFoundError):
        config.load_language("zh")
    found: dict[str, str] = {}
    for emoji, others in _load_table()["zh"]["names"].items():
        found |= dict.fromkeys(others.split(), emoji)
    for emoji, entry in _entries():
        name = _SEPARATORS.sub("", entry.get("zh", "")).lower()
        if _is_flag(emoji):
            found |= {f"{name}国旗": emoji, f"{name}旗": emoji}
        elif name:
            found.setdefault(name, emoji)
    return MappingProxyType(found)
