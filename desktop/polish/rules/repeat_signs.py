"""Find signs that words were said twice by mistake, or on purpose.

Small words that end nothing are said again only after they were broken off. A particle belongs to its verb and its like
to what follows, marks are dictated by name, and two clauses or nouns may have words in common.
"""

from __future__ import annotations

from desktop.polish.rules.tokens import COMMA, STOP, SpokenText, connecting_words, word_set

CONDITION_WORDS = word_set("en", "supposing")

CLAUSE_OPENING_WORDS = (
    connecting_words() | word_set("en", "question") | CONDITION_WORDS | word_set("en", "opening")
) - word_set("en", "preposition")
"""Words after which no clause ends, so that the next word is the first of its clause."""

NEVER_FINAL_WORDS = word_set("en", "determiner") | word_set("en", "preposition")
"""Words that end no sentence."""

ARTICLES = frozenset(("a", "an", "the", "my", "our", "your", "their", "its"))
"""Words that end no phrase."""

SUBJECTS = frozenset(("i", "we", "he", "she", "they", "you", "it"))
_BOUND_WORDS = frozenset(("if", "when", "while", "because", "where", "how", "that", "so"))
"""Words of a clause that is no clause yet with only its subject: if you, because it."""

_FIRST_AGAIN = frozenset(("it", "you", "this"))
"""Words that no text begins with twice."""

_LONG_ROW = 5
"""From so many words in a row that are one word, or phrases that are one, only the shortest phrase is looked at."""

SPOKEN_MARKS = frozenset(
    ("dot", "slash", "dash", "hyphen", "point", "colon", "underscore", "backslash", "comma", "period")
)
"""Marks that are dictated by name, as often as they are to be written."""


def is_long_row(words: list[str], at: int, length: int) -> bool:
    """Return whether the phrase is itself one that is said again and again, so that a shorter one tells as much."""
    if length == 1 or at + _LONG_ROW * 2 > len(words):
        return False
    return any(
        words[at : at + _LONG_ROW * 2 - one] == words[at + one : at + _LONG_ROW * 2]
        for one in range(1, min(length, _LONG_ROW))
    )


def is_broken_off(spoken: SpokenText, at: int, length: int) -> bool:
    """Return whether small words that end nothing stand there twice, with no mark: to the to the, can you can you."""
    words, barriers, end = spoken.words, spoken.barriers, at + 2 * length
    phrase = words[at : at + length]
    if end >= len(words) or any(barriers[at + 1 : end + 1]):
        return False
    if phrase in (words[max(0, at - length) : at], words[end : end + length]):
        return False
    is_first, pronouns = barriers[at] == STOP, word_set("en", "pronoun")
    if not all(word_as_written(spoken, one).islower() for one in range(at + is_first, end) if words[one] != "i"):
        return False
    if length == 1:
        word = phrase[0]
        if word in ("is", "was"):
            return _follows_noun(spoken, at) and words[end] not in pronouns | {"that", "this", "there"}  # is it legal
        is_asked = word in word_set("en", "auxiliary") - {"will", "may"} and words[end] in SUBJECTS
        return is_first and (word in _FIRST_AGAIN or is_asked) and words[end] not in NEVER_FINAL_WORDS - SUBJECTS
    small = connecting_words() | word_set("en", "question")
    if len(set(phrase)) < length or not small.issuperset(phrase):
        return False
    if phrase[-1] in ARTICLES:
        return True
    if length > 2 or phrase[-1] not in SUBJECTS:
        return False
    is_opened = is_first or (barriers[at - 1] == STOP and words[at - 1] in CLAUSE_OPENING_WORDS - pronouns)
    is_question = phrase[0] in word_set("en", "auxiliary") and is_opened
    return is_question or phrase[0] in _BOUND_WORDS


def _follows_noun(spoken: SpokenText, at: int) -> bool:
    """Return whether a sentence begins with a noun and its article before word `at`: the meeting is is."""
    first = at - 2
    while first > 0 and spoken.words[first - 1] == spoken.words[first] and spoken.barriers[first] != STOP:
        first -= 1
    return (
        first >= 0
        and spoken.barriers[first] == STOP
        and spoken.words[first] in ARTICLES
        and spoken.words[at - 1] not in connecting_words()
        and not any(spoken.barriers[first + 1 : at + 1])
    )


def is_parallel(spoken: SpokenText, at: int, again: int) -> bool:
    """Return whether two clauses or nouns have a word in common: ask Bob about it, ask Tom; word for word."""
    words, barriers, small = spoken.words, spoken.barriers, connecting_words()
    if again == at + 2 and words[at] not in small and words[at + 1] in word_set("en", "preposition"):
        return not spoken.paused[again]
    mark = next((one for one in range(at + 1, again + 1) if barriers[one] == COMMA), 0)
    return bool(mark) and not spoken.paused[mark] and words[mark - 1] not in small


def is_particle(spoken: SpokenText, at: int) -> bool:
    """Return whether word `at` belongs to a verb, and the same word after it to what follows: turn it on on Friday."""
    words = spoken.words
    if not at or spoken.paused[at + 1]:
        return False
    word, before = words[at], words[at - 1]
    if f"{before} {word}" in word_set("en", "phrasal"):
        return True
    is_parted = before in ("it", "them", "him", "her", "me", "us", "you") and spoken.barriers[at + 1] != COMMA
    if not is_parted or at < 2:
        return False
    is_put_on = (
        (words[at - 2], word) == ("put", "on") and words[at + 2 : at + 3] and words[at + 2] in word_set("en", "day")
    )
    return bool(is_put_on) or f"{words[at - 2]} {word}" in word_set("en", "parted")


def word_as_written(spoken: SpokenText, at: int) -> str:
    """Return word `at` as it stands in the text."""
    number = spoken.word_numbers[at]
    return spoken.text[spoken.start[number] : spoken.end[number]]
