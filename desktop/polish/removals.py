"""Tell whether polish took content out of a text, or only tidied it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from desktop.core.types import RuleChange
from desktop.polish.guard.tokens import tokenize
from desktop.polish.rules.tokens import word_set

_CHINESE_CUES = "不对是说错了我口误更正一下等应该的意思"
"""Characters of the phrases by which a Chinese speaker corrects."""


def takes_content(text: str, changes: Iterable[RuleChange]) -> bool:
    """Return whether `changes` took out a word that carries content and is nowhere in the polished `text`.

    A word said twice is still there, and a small word, a sound or "no, wait" carries nothing.
    """
    removals = [change for change in changes if change.is_removal]
    if not removals:
        return False
    left = {token.key for token in tokenize(text)} | _cue_words()
    taken = (token for change in removals for token in tokenize(change.before) if token.kind not in ("small", "sound"))
    return any(token.key not in left and token.word not in left for token in taken)


@cache
def _cue_words() -> frozenset[str]:
    phrases = (phrase for name in ("cue", "hint", "then") for phrase in word_set("en", name))
    return frozenset(word for phrase in phrases for word in phrase.split()) | frozenset(_CHINESE_CUES)
