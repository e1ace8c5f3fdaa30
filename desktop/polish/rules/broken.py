"""Find words that were broken off, and small words that another one replaced: "num- number", "my um the", "a an".

A hyphen shows that a word was broken off, and a pause makes it likely; without either, the fragment must not be a word
itself, since in plain speech a word may also begin like the next ("we went", "Rob Robertson", "read, readline").
"""

from __future__ import annotations

from desktop.polish.rules.tokens import COMMA, NOTHING, STOP, Cut, leading, words

OWN, LOOSE = words("en", "own"), words("en", "loose")

_CONTRACTED = frozenset(("i", "we", "he", "she", "they", "what", "where", "who", "let"))
"""Words that were begun anew when their own contraction follows: I I'd."""


def broken(said: Cut, at: int) -> int:
    """Return how many words from `at` go: a broken-off word, alone or with the word before it, or a small word that was
    replaced.
    """
    word, following = said.said[at], said.said[at + 1]
    if _part(said, at, at + 1):
        return 1
    if word == following and at + 2 < len(said.said) and said.barrier[at + 2] != STOP and _part(said, at, at + 2):
        return 2
    if word in leading() and at + 3 < len(said.said) and STOP not in said.barrier[at + 1 : at + 4]:
        second = said.said[at + 2]
        if (second == word or (word in OWN and second in OWN)) and _part(said, at + 1, at + 3, sure=True):
            return 2
    pause = said.paused[at + 1]
    capital = said.capital(at + 1)
    apart = said.barrier[at + 1] == COMMA and not pause
    sighed = at > 0 and said.said[at - 1 : at + 1] == ["oh", "my"]
    own = word in OWN and word != "their" and not apart and not sighed
    if (own or (pause and word in ("this", "your", "their"))) and following in OWN:
        later = at + 2 < len(said.said) and said.paused[at + 2] and not pause
        return int(not later and (pause or not capital) and word != following)
    if word in LOOSE and following in words("en", "preposition"):
        return int(pause)
    inside = at > 0 and said.barrier[at] == NOTHING and said.said[at - 1] not in leading() | words("en", "opening")
    asks = word in ("what", "where", "who") and apart and inside  # guess what, what's new
    return int(word in _CONTRACTED and not asks and following.startswith(word + "'"))


def _part(said: Cut, at: int, other: int, sure: bool = False) -> bool:
    """Return whether word `at` is the beginning of word `other`; `sure` skips the check that it is no word itself."""
    word, following = said.said[at], said.said[other]
    if len(word) >= len(following) or not following.startswith(word) or not word.isalpha():
        return False
    place = said.solid[at]
    end = said.end[place]
    if said.text[end : end + 1] in ("-", "–", "—"):
        return True
    known = word in words("en", "short") or word in words("en", "meant")
    if sure:
        return len(word) > 1 and word not in leading() and (said.barrier[other - 1] == NOTHING or "'" not in following)
    if len(word) < 2 or known or word in leading() or "'" in following[: len(word) + 1]:
        return False
    rest = following[len(word) :]
    listed = said.barrier[other] == COMMA and not said.paused[other]  # read, readline, send
    alone = said.barrier[other + 1 : other + 2] == [NOTHING] and said.said[other + 1] not in ("and", "or")
    if not rest.replace("'", "").isalpha() or (listed and not alone):
        return False
    if len(word) > 2 and (rest in words("en", "inflected") or rest.removeprefix(word[-1]) in ("ed", "ing", "er")):
        return said.paused[other]
    if word in words("en", "verb") | words("en", "compound"):
        return said.paused[other]  # play playlist one
    if said.text[said.start[place] : end].isupper():
        return said.paused[other] or said.loud
    named = word in words("en", "given") or rest.endswith(tuple(words("en", "surname")))
    return said.paused[other] or not (named and said.capital(at) and said.capital(other))
