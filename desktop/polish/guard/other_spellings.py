"""Decide whether words are the same in another spelling: joined, divided, or the user's own. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache

from desktop.polish.guard.lists import load_guard_lists
from desktop.polish.guard.tokens import GuardToken
from desktop.vocabulary.known_forms import common_words, is_form, is_known, is_word
from desktop.vocabulary.sound_key import sound_key

MAX_OWN_WORDS = 3
"""Most words that are heard for one of the user's own."""

MIN_JOINED_LETTERS = 6
"""Fewest letters of an own word that several words are heard for."""

MIN_SOUND_LETTERS = 5
"""Fewest letters that are compared by their sound."""

MIN_OWN_RATIO, MIN_SAME_SOUND_RATIO = 0.75, 0.6
"""Least share of the letters of an own word that were heard, also where all sounds are alike."""

_STRICT_KINDS = ("not", "firm")


def may_be_joined(one: Sequence[GuardToken], other: Sequence[GuardToken], is_own: bool) -> bool:
    """Return whether `one` and `other`, which have the same letters, mean the same; `is_own` if the letters are an own
    word. In valid is not invalid, nor is "no table" notable: where both are words, only those that are listed.
    """
    if all(t.forms for t in (*one, *other)):
        return True
    one_words, other_words = (tuple(t.word for t in part) for part in (one, other))
    if frozenset((one_words, other_words)) in _listed():
        return True
    if any(t.kind in _STRICT_KINDS for t in (*one, *other)):
        return False
    return is_own or not all(map(is_word, (*one_words, *other_words)))


def stands_for(spoken: Sequence[GuardToken], own: str) -> bool:
    """Return whether words may be a misrecognition of an own word (lower-case letters): words that are no negation,
    number, name or small word, one of them only if it means nothing of its own, that begin and sound like it.
    """
    heard = "".join(t.word for t in spoken)
    if any(t.kind != "word" or (is_form(t.word) and not is_word(t.word)) for t in spoken) or not heard.isalpha():
        return False
    if is_known(heard) if len(spoken) == 1 else len(own) < MIN_JOINED_LETTERS or len(spoken) > MAX_OWN_WORDS:
        return False
    keys = sound_key(heard), sound_key(own)
    ratio = SequenceMatcher(None, heard, own, autojunk=False).ratio()
    frequent = common_words()["words"]
    if any(t.word in frequent for t in spoken) and keys[0] != keys[1]:
        return False
    sounds_same = keys[0] == keys[1] and len(heard) >= MIN_SOUND_LETTERS and not all(is_word(t.word) for t in spoken)
    return keys[0][:1] == keys[1][:1] and ratio >= (MIN_SAME_SOUND_RATIO if sounds_same else MIN_OWN_RATIO)


@cache
def strip_marks(word: str) -> str:
    """Return `word` in small letters without what is no letter or digit."""
    return "".join(c for c in word.lower() if c.isalnum())


@cache
def _listed() -> frozenset[frozenset[tuple[str, ...]]]:
    phrases = load_guard_lists()["joined"]["words"]
    return frozenset(frozenset((tuple(words.split()), (words.replace(" ", ""),))) for words in phrases)
