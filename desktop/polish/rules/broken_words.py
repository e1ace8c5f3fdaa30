"""Find words that were broken off, and small words that another one replaced: "num- number", "my um the", "a an".

A hyphen shows that a word was broken off, and a pause makes it likely; without either, the fragment must not be a word
itself, since in plain speech a word may also begin like the next ("we went", "Rob Robertson", "read, readline").
"""

from __future__ import annotations

from desktop.polish.rules.tokens import COMMA, NOTHING, STOP, SpokenText, connecting_words, word_set

REPLACEABLE_WORDS, UNFINISHED_WORDS = word_set("en", "own"), word_set("en", "loose")

_CONTRACTED_WORDS = frozenset(("i", "we", "he", "she", "they", "what", "where", "who", "let"))
"""Words that were begun anew when their own contraction follows: I I'd."""


def broken_length(spoken: SpokenText, at: int) -> int:
    """Return how many words from `at` to remove: a broken-off word, alone or with the word before it, or a small word
    that was replaced.
    """
    word, next_word = spoken.words[at], spoken.words[at + 1]
    if _is_beginning_of(spoken, at, at + 1):
        return 1
    if (
        word == next_word
        and at + 2 < len(spoken.words)
        and spoken.barriers[at + 2] != STOP
        and _is_beginning_of(spoken, at, at + 2)
    ):
        return 2
    if word in connecting_words() and at + 3 < len(spoken.words) and STOP not in spoken.barriers[at + 1 : at + 4]:
        second_word = spoken.words[at + 2]
        if (
            second_word == word or (word in REPLACEABLE_WORDS and second_word in REPLACEABLE_WORDS)
        ) and _is_beginning_of(spoken, at + 1, at + 3, skips_word_check=True):
            return 2
    paused = spoken.paused[at + 1]
    has_capital = spoken.has_capital(at + 1)
    set_off = spoken.barriers[at + 1] == COMMA and not paused
    is_exclamation = at > 0 and spoken.words[at - 1 : at + 1] == ["oh", "my"]
    is_replaceable = word in REPLACEABLE_WORDS and word != "their" and not set_off and not is_exclamation
    if (is_replaceable or (paused and word in ("this", "your", "their"))) and next_word in REPLACEABLE_WORDS:
        pauses_later = at + 2 < len(spoken.words) and spoken.paused[at + 2] and not paused
        return int(not pauses_later and (paused or not has_capital) and word != next_word)
    if word in UNFINISHED_WORDS and next_word in word_set("en", "preposition"):
        return int(paused)
    is_inside = (
        at > 0
        and spoken.barriers[at] == NOTHING
        and spoken.words[at - 1] not in connecting_words() | word_set("en", "opening")
    )
    is_phrase_end = word in ("what", "where", "who") and set_off and is_inside  # guess what, what's new
    return int(word in _CONTRACTED_WORDS and not is_phrase_end and next_word.startswith(word + "'"))


def _is_beginning_of(spoken: SpokenText, at: int, other: int, skips_word_check: bool = False) -> bool:
    """Return whether word `at` is the beginning of word `other`, and no word itself unless `skips_word_check`."""
    word, next_word = spoken.words[at], spoken.words[other]
    if len(word) >= len(next_word) or not next_word.startswith(word) or not word.isalpha():
        return False
    number = spoken.word_numbers[at]
    end = spoken.end[number]
    if spoken.text[end : end + 1] in ("-", "–", "—"):
        return True
    is_word = word in word_set("en", "short") or word in word_set("en", "meant")
    if skips_word_check:
        return (
            len(word) > 1
            and word not in connecting_words()
            and (spoken.barriers[other - 1] == NOTHING or "'" not in next_word)
        )
    if len(word) < 2 or is_word or word in connecting_words() or "'" in next_word[: len(word) + 1]:
        return False
    rest = next_word[len(word) :]
    is_listed = spoken.barriers[other] == COMMA and not spoken.paused[other]  # read, readline, send
    is_alone = spoken.barriers[other + 1 : other + 2] == [NOTHING] and spoken.words[other + 1] not in ("and", "or")
    if not rest.replace("'", "").isalpha() or (is_listed and not is_alone):
        return False
    if len(word) > 2 and (rest in word_set("en", "inflected") or rest.removeprefix(word[-1]) in ("ed", "ing", "er")):
        return spoken.paused[other]
    if word in word_set("en", "verb") | word_set("en", "compound"):
        return spoken.paused[other]  # play playlist one
    if spoken.text[spoken.start[number] : end].isupper():
        return spoken.paused[other] or spoken.is_uppercase
    is_name = word in word_set("en", "given") or rest.endswith(tuple(word_set("en", "surname")))
    return spoken.paused[other] or not (is_name and spoken.has_capital(at) and spoken.has_capital(other))
