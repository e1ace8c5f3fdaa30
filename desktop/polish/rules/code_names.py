"""Write the words of a name as languages write names: userName, user_name, UserName, USER_NAME, user-name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from desktop.vocabulary.known_forms import list_common_words

MIN_PART_LETTERS = 2
"""Fewest letters of a word that recognition may have written together with the next."""

_SPLIT_NAMES = 256
"""Words that are remembered as one or two."""


def _join_camel(words: Sequence[str]) -> str:
    return words[0] + "".join(map(_capitalize, words[1:]))


def _capitalize(word: str) -> str:
    return word[:1].upper() + word[1:]


_FORMS: Mapping[str, Callable[[Sequence[str]], str]] = {
    "camel": _join_camel,
    "snake": "_".join,
    "pascal": lambda words: "".join(map(_capitalize, words)),
    "constant": lambda words: "_".join(words).upper(),
    "kebab": "-".join,
    "upper": lambda words: " ".join(words).upper(),
    "title": lambda words: " ".join(map(_capitalize, words)),
    "joined": "".join,
    "dunder": lambda words: f"__{'_'.join(words)}__",
    "lower": " ".join,
}

NAMING = frozenset(_FORMS) - {"upper", "title", "lower", "joined"}
"""The cases that make names, also within prose."""

_JOINING = frozenset(("camel", "snake", "kebab"))
"""The cases of which a name of one word shows nothing, so that two words were heard as one."""


def write_name(case: str, words: Sequence[str]) -> str:
    """Return `words`, at least one and in lower case, as one name."""
    if len(words) == 1 and case in _JOINING:
        words = split_compound(words[0])
    return _FORMS[case](words)


def shows_case(case: str, words: Sequence[str]) -> bool:
    """Return whether a name of these words differs from the words themselves."""
    return write_name(case, words) != " ".join(words)


@lru_cache(_SPLIT_NAMES)
def split_compound(word: str) -> tuple[str, ...]:
    """Return the two common words that recognition wrote as one that is none, "username"; else the word."""
    common = list_common_words()
    if word in common or not word.isalpha():
        return (word,)
    ends = range(MIN_PART_LETTERS, len(word) - MIN_PART_LETTERS + 1)
    parts = [(word[:end], word[end:]) for end in ends if word[:end] in common and _is_part(word[end:])]
    return max(parts, key=lambda pair: min(map(len, pair)), default=(word,))


def _is_part(word: str) -> bool:
    return word in list_common_words() or word in ("id", "url", "api")
