"""Find words that were broken off, and small words that another one replaced: "num- number", "my um the", "a an".

A hyphen shows that a word was broken off, and a pause makes it likely; without either, the fragment must not be a word
itself, since in plain speech a word may also begin like the next ("we went", "Rob Robertson", "read, readline").
"""

from __future__ import annotations

from desktop.polish.rules.tokens import COMMA, NOTHING, STOP, SpokenText, connecting_words, word_set

REPLACEABLE_WORDS, UNFINISHED_WORDS = word_set("en", "own"), word_set("en", "loose")

_CONTRACTED_WORDS = frozenset(("i", "we", "he", "she", "they", "what", "where", "who", "let"))
"""Words that were begun anew when their own contraction follows: I I'd."""


def broken_length(said: SpokenText, at: int) -> int:
    """Return how many words from `at` go: a broken-off word, alone or with the word before it, or a small word that was
    replaced.
    """
    word, following = said.words[at], said.words[at + 1]
    if _is_beginning_of(said, at, at + 1):
        return 1
    if (
        word == following
        and at + 2 < len(said.words)
        and said.barriers[at + 2] != STOP
        and _is_beginning_of(said, at, at + 2)
    ):
        return 2
    if word in connecting_words() and at + 3 < len(said.words) and STOP not in said.barriers[at + 1 : at + 4]:
        second = said.words[at + 2]
        if (second == word or (word in REPLACEABLE_WORDS and second in REPLACEABLE_WORDS)) and _is_beginning_of(
            said, at + 1, at + 3, sure=True
        ):
            return 2
    pause = said.paused[at + 1]
    capital = said.has_capital(at + 1)
    apart = said.barriers[at + 1] == COMMA and not pause
    sighed = at > 0 and said.words[at - 1 : at + 1] == ["oh", "my"]
    own = word in REPLACEABLE_WORDS and word != "their" and not apart and not sighed
    if (own or (pause and word in ("this", "your", "their"))) and following in REPLACEABLE_WORDS:
        later = at + 2 < len(said.words) and said.paused[at + 2] and not pause
        return int(not later and (pause or not capital) and word != following)
    if word in UNFINISHED_WORDS and following in word_set("en", "preposition"):
        return int(pause)
    inside = (
        at > 0
        and said.barriers[at] == NOTHING
        and said.words[at - 1] not in connecting_words() | word_set("en", "opening")
    )
    is_phrase_end = word in ("what", "where", "who") and apart and inside  # guess what, what's new
    return int(word in _CONTRACTED_WORDS and not is_phrase_end and following.startswith(word + "'"))


def _is_beginning_of(said: SpokenText, at: int, other: int, sure: bool = False) -> bool:
    """Return whether word `at` is the beginning of word `other`; `sure` skips the check that it is no word itself."""
    word, following = said.words[at], said.words[other]
    if len(word) >= len(following) or not following.startswith(word) or not word.isalpha():
        return False
    place = said.word_numbers[at]
    end = said.end[place]
    if said.text[end : end + 1] in ("-", "–", "—"):
        return True
    known = word in word_set("en", "short") or word in word_set("en", "meant")
    if sure:
        return (
            len(word) > 1
            and word not in connecting_words()
            and (said.barriers[other - 1] == NOTHING or "'" not in following)
        )
    if len(word) < 2 or known or word in connecting_words() or "'" in following[: len(word) + 1]:
        return False
    rest = following[len(word) :]
    listed = said.barriers[other] == COMMA and not said.paused[other]  # read, readline, send
    alone = said.barriers[other + 1 : other + 2] == [NOTHING] and said.words[other + 1] not in ("and", "or")
    if not rest.replace("'", "").isalpha() or (listed and not alone):
        return False
    if len(word) > 2 and (rest in word_set("en", "inflected") or rest.removeprefix(word[-1]) in ("ed", "ing", "er")):
        return said.paused[other]
    if word in word_set("en", "verb") | word_set("en", "compound"):
        return said.paused[other]  # play playlist one
    if said.text[said.start[place] : end].isupper():
        return said.paused[other] or said.is_uppercase
    named = word in word_set("en", "given") or rest.endswith(tuple(word_set("en", "surname")))
    return said.paused[other] or not (named and said.has_capital(at) and said.has_capital(other))
