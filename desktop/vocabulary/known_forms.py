"""Know the English forms that mean something of their own: common words, and beside them names and specialist terms.

A recognizer that writes such a form mostly heard it: Marie is not a misheard Maria. Common words are a set, asked for
every word of a text. The others are asked rarely: they stay one string of 0.9 MB, searched by halves, which is a tenth
of the memory and takes no time to load.
"""

from __future__ import annotations

import functools
from importlib import resources

from desktop.core.files import read_package_toml

MIN_PART_LETTERS = 3
"""Fewest letters of a part of a compound."""

CACHED_FORMS = 4096
"""Words that are remembered as known or not: a text repeats them."""


@functools.cache
def common_words() -> dict[str, frozenset[str]]:
    """Return the tables of `common.toml`."""
    table = read_package_toml("desktop.vocabulary", "common.toml")
    return {
        name: frozenset(table[name].split())
        for name in ("words", "characters", "kept", "sounds", "opposites", "grammar", "foreign", "leading", "medicines")
    }


@functools.cache
def list_common_words() -> frozenset[str]:
    """Return the common English words, in all their forms."""
    return frozenset(_read("common_english.txt").split())


def is_known(letters: str) -> bool:
    """Return whether lower-case `letters` are an English word or a name, or the plural of one."""
    return any(map(is_form, (letters, letters.removesuffix("s"), letters.removesuffix("es"))))


def is_compound(letters: str) -> bool:
    """Return whether lower-case `letters` are two common words written as one, none of them among the most frequent."""
    ends = range(MIN_PART_LETTERS, len(letters) - MIN_PART_LETTERS + 1)
    return any(_is_part(letters[:end]) and _is_part(letters[end:]) for end in ends)


def find_drug_stem(letters: str) -> str:
    """Return the ending of lower-case `letters` that drugs of one kind share ("dipine"); "" if there is none."""
    stems = _list_drug_stems()
    for form in (letters, letters.removesuffix("s")):
        if form.endswith(stems):
            return next(filter(form.endswith, stems))
    return ""


@functools.cache
def _list_drug_stems() -> tuple[str, ...]:
    return tuple(sorted(common_words()["medicines"], key=lambda stem: (-len(stem), stem)))


def _is_part(letters: str) -> bool:
    frequent = common_words()
    return letters in list_common_words() and letters not in frequent["words"] and letters not in frequent["kept"]


@functools.lru_cache(CACHED_FORMS)
def is_form(letters: str) -> bool:
    """Return whether lower-case `letters` are listed as they are."""
    return is_word(letters) or _is_listed(letters.capitalize())


@functools.lru_cache(CACHED_FORMS)
def is_word(letters: str) -> bool:
    """Return whether lower-case `letters` are an English word, and not only a name."""
    return letters in list_common_words() or _is_listed(letters)


def _is_listed(form: str) -> bool:
    """Return whether the sorted list of names and terms has this form."""
    forms = _known_forms()
    start, end = 0, len(forms)
    while start < end:
        at = max(forms.rfind(" ", start, (start + end) // 2) + 1, start)
        stop = forms.index(" ", at)
        found = forms[at:stop]
        if found == form:
            return True
        start, end = (stop + 1, end) if found < form else (start, at)
    return False


@functools.cache
def _known_forms() -> str:
    return _read("known_english.txt").replace("\n", " ")


def _read(name: str) -> str:
    """Return what follows the head of one of the lists."""
    text = resources.files("desktop.vocabulary").joinpath(name).read_text(encoding="ascii")
    return text[text.index("\n\n") + 2 :]
