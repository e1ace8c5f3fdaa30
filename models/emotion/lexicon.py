"""Load the word lists for `negation` and `mentions` from `lexicon.toml`; all lower case, with straight apostrophes."""

from __future__ import annotations

import tomllib
from pathlib import Path

_LISTS: dict[str, frozenset[str]] = {
    name: frozenset(text.split())
    for name, text in tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")).items()
}


def lexicon_words(name: str) -> frozenset[str]:
    """Return a list as it is in the file. Raises `KeyError` for an unknown name."""
    return _LISTS[name]


def inflect_words(name: str, *endings: str) -> frozenset[str]:
    """Return a list with each of `endings` added to each word: "e" before a vowel is dropped, "y" becomes "i"."""
    return lexicon_words(name) | {_add_ending(word, ending) for word in lexicon_words(name) for ending in endings}


def _add_ending(word: str, ending: str) -> str:
    if word.endswith("e") and ending[0] == "e":
        return word + ending[1:]
    if word.endswith("e") and ending == "ing":
        return word[:-1] + ending
    if word.endswith("le") and ending == "ly":
        return word[:-1] + "y"
    if word.endswith("y") and word[-2] not in "aeiou" and ending != "ing":
        return f"{word[:-1]}i{'es' if ending == 's' else ending}"
    return word + ("es" if ending == "s" and word.endswith(("s", "sh", "ch")) else ending)


COMPARATIVES = inflect_words("adjective", "er") - lexicon_words("adjective") | {"better", "worse", "sadder", "madder"}
ADJECTIVES = inflect_words("adjective", "er", "est")
ADVERBS = inflect_words("adjective", "ly") - lexicon_words("adjective")
VERBS = inflect_words("verb", "s", "ed", "ing") - {"missing"}
PREDICATE_VERBS = inflect_words("verb", "s", "ed") - lexicon_words("verb") | {
    *("cries", "cried", "wept", "terrifies", "terrified", "worries", "worried", "upset", "hurt")
}
"""Verbs that may follow a singular noun."""
NOUNS = inflect_words("noun", "s")
INTERJECTIONS = lexicon_words("interjection")
GIVEN_NAMES = lexicon_words("name")
EMOTION_WORDS = ADJECTIVES | ADVERBS | VERBS | NOUNS | lexicon_words("sign")
"""Every word that a preceding negation negates."""
