"""Decide whether words written together are the same words as those written apart. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from desktop.polish.guard.tokens import GuardToken, load_guard_lists
from desktop.vocabulary.known_forms import is_word

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


@cache
def _listed() -> frozenset[frozenset[tuple[str, ...]]]:
    phrases = load_guard_lists()["joined"]["words"]
    return frozenset(frozenset((tuple(words.split()), (words.replace(" ", ""),))) for words in phrases)
