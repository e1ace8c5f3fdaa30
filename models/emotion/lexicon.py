"""Load the word lists for `negation` and `mentions` from `lexicon.toml`; all lower case, with straight apostrophes."""

from __future__ import annotations

import tomllib
from pathlib import Path

_LISTS: dict[str, frozenset[str]] = {
    name: frozenset(text.split())
    for name, text in tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")).items()
}


def words(name: str) -> frozenset[str]:
    """Return a list as it is in the file. Raises `KeyError` for an unknown name."""
    return _LISTS[name]


def inflected(name: str, *endings: str) -> frozenset[str]:
    """Return a list with each of `endings` added to each word: "e" before a vowel is dropped, "y" becomes "i"."""
    return words(name) | {_with(word, ending) for word in words(name) for ending in endings}


def _with(word: str, ending: str) -> str:
    if word.endswith("e") and ending[0] == "e":
        return word + ending[1:]
    if word.endswith("e") and ending == "ing":
        return word[:-1] + ending
    if word.endswith("le") and ending == "ly":
        return word[:-1] + "y"
    if word.endswith("y") and word[-2] not in "aeiou" and ending != "ing":
        return f"{word[:-1]}i{'es' if ending == 's' else ending}"
    return word + ("es" if ending == "s" and word.endswith(("s", "sh", "ch")) else ending)


COMPARATIVE = inflected("adjective", "er") - words("adjective") | {"better", "worse", "sadder", "madder"}
ADJECTIVE = inflected("adjective", "er", "est")
ADVERB = inflected("adjective", "ly") - words("adjective")
VERB = inflected("verb", "s", "ed", "ing") - {"missing"}
PREDICATE = inflected("verb", "s", "ed") - words("verb") | {
    *("cries", "cried", "wept", "terrifies", "terrified", "worries", "worried", "upset", "hurt")
}
"""Verbs that may follow a singular noun."""
NOUN = inflected("noun", "s")
INTERJECTION = words("interjection")
NAME = words("name")
EMOTIONAL = ADJECTIVE | ADVERB | VERB | NOUN | words("sign")
"""Every word that a preceding negation negates."""
