"""Remove words that are said twice, and words that were begun and abandoned.

Speakers go back to the beginning of the current phrase, so that the last version is the complete one: of two the first
goes. What is repeated on purpose (very very, no no, five five five, spelled letters) is recognized by its kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from desktop.polish.rules import chinese
from desktop.polish.rules.edit import RuleContext, RuleEdit
from desktop.polish.rules.restarts import restarted_length
from desktop.polish.rules.tokens import (
    COMMA,
    NOTHING,
    STOP,
    SpokenText,
    connecting_words,
    has_chinese,
    is_number_word,
    remove_words,
    split_words,
    word_set,
)

MAX_REPEATED_WORDS = 8
"""Most words of a phrase that is said twice; a longer one is quoted, or sung."""


CONDITION_WORDS = word_set("en", "supposing")


CLAUSE_OPENING_WORDS = (
    connecting_words() | word_set("en", "question") | CONDITION_WORDS | word_set("en", "opening")
) - word_set("en", "preposition")
"""Words after which no clause ends, so that the next word is the first of its clause."""


NEVER_FINAL_WORDS = word_set("en", "determiner") | word_set("en", "preposition")
"""Words that end no sentence."""

FINAL_WORDS = frozenset(("not", "off", "out", "over"))
"""Small words that may end a clause: if you're out you're out for good."""

_MORE_CLAUSE_WORDS = (
    "once",
    "after",
    "before",
    "because",
    "until",
    "unless",
    "though",
    "although",
    "every",
    "moment",
    "more",
)
CLAUSE_WORDS = CONDITION_WORDS | frozenset(_MORE_CLAUSE_WORDS)
"""Words of a clause that another clause may follow: when you press it it stops."""

TELLING_VERBS = frozenset(("told", "tell", "tells", "promise", "promised", "assure", "warned", "remind", "reminded"))


def edit_repeats(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Remove words said twice, and words begun and abandoned.

    In other languages than English only phrases of two or more words, since many languages double single words.
    """
    if has_chinese(text, context.language):
        yield from chinese.edit_chinese_repeats(text)
    said = split_words(text, context.language)
    names = {word.lower() for word in context.vocabulary.words if " " in word} | word_set("en", "names")
    gone: list[int] = []
    at, count = 0, len(said.words)
    while at < count - 1:
        length = repeated_length(said, at, names) or (restarted_length(said, at) if said.is_english else 0)
        if length:
            after = at + length
            gone += range(said.word_numbers[at], said.word_numbers[after] if after < count else len(said.lowercase))
        at += length or 1
    yield from remove_words(said, gone)


def repeated_length(said: SpokenText, at: int, names: Set[str]) -> int:
    """Return how many words from `at` are said again directly after, and not on purpose."""
    low, count = said.words, len(said.words)
    for length in range(min(MAX_REPEATED_WORDS, (count - at) // 2), 0, -1):
        if low[at] != low[at + length] or low[at : at + length] != low[at + length : at + 2 * length]:
            continue
        if STOP in said.barriers[at + 1 : at + 2 * length] or (length == 1 and not said.is_english):
            continue
        if " ".join(low[at : at + 2 * length]) not in names and not _is_intended(said, at, length):
            return length
    return 0


def _is_intended(said: SpokenText, at: int, length: int) -> bool:
    low, paused = said.words, said.paused[at + length]
    phrase, end = low[at : at + length], at + 2 * length
    between = word_set("en", "between")
    if (length > 1 or is_number_word(phrase[0])) and all(
        len(one) == 1 or is_number_word(one) or one in between for one in phrase
    ):
        return True
    if paused:
        return length == 1 and (_is_spelled_letter(said, at) or _ends_clause(said, at))
    if " ".join(phrase) in word_set("en", "meant_phrases"):
        return True
    if phrase[0] in word_set("en", "meant") and phrase.count(phrase[0]) == length:
        return True
    comma = COMMA in said.barriers[at + 1 : end]
    whole = said.barriers[at] == STOP and (end == len(low) or said.barriers[end] == STOP)
    if whole and (length < 4 or comma) and phrase[-1] not in NEVER_FINAL_WORDS:
        return True  # a whole sentence: I know, I know
    if length > 1 and (phrase[0] not in connecting_words() or phrase[0] == "had") and phrase.count(phrase[0]) == length:
        return True
    pronouns = word_set("en", "pronoun")
    clause = (
        phrase[0] in word_set("en", "question") and phrase[-1] not in pronouns and not pronouns.isdisjoint(phrase[1:])
    )
    if clause and low[end : end + 1] in (["is"], ["was"]):
        return True  # that is not what I meant what I meant is this
    may_be_clause = comma or phrase[0] in pronouns
    is_finished = (
        end == len(low)
        or said.barriers[end] == STOP
        or phrase[-1] not in connecting_words()
        or phrase[-1] in FINAL_WORDS
    )
    is_finished = is_finished or (phrase[-1] in ("in", "on", "up", "down") and low[end] not in NEVER_FINAL_WORDS)
    may_be_clause = may_be_clause or (phrase[0].partition("'")[0] in pronouns and is_finished)
    if length > 1 and may_be_clause and not CONDITION_WORDS.isdisjoint(low[max(0, at - 6) : at]):
        return True  # when it's time, it's time
    ends = phrase[-1] not in connecting_words() or phrase[-1] in ("it", "you", "me", "him", "us", "them")
    small = word_set("en", "preposition")
    goes_on = phrase[0] in small or (
        phrase[0] in word_set("en", "determiner") and not small.isdisjoint(low[end : end + 1])
    )
    if length > 1 and comma and ends and not goes_on and said.barriers[at] == NOTHING:
        return True  # it is wrong on the file, the file was not found
    if length == 1:
        return _is_intended_word(said, at)
    after, before = low[end : end + 1], low[max(0, at - 1) : at]
    linked = not {"and", "or", "by", "after"}.isdisjoint(phrase)
    return length == 2 and linked and (after == phrase[:1] or before == phrase[1:])


def _is_intended_word(said: SpokenText, at: int) -> bool:
    low = said.words
    word, small = low[at], low[at] in connecting_words()
    before = low[at - 1] if at else ""
    after = low[at + 2] if at + 2 < len(low) else ""
    comma = said.barriers[at + 1] == COMMA
    if len(word) == 1:
        return _is_spelled_letter(said, at)
    if not small and word in (before, after):
        return True  # work work work
    first = said.barriers[at] == STOP
    if _word_as_written(said, at)[first:] != _word_as_written(said, at + 1)[first:]:
        return True  # a sentence begins, or a name and a word
    if not small and comma and not (word in word_set("en", "verb") or after.startswith(word)):
        return True  # sweet, sweet
    if comma and before == "oh":
        return True
    if word == "that" and before in word_set("en", "before_that"):
        return True  # I know that that door is open
    if comma and word in ("you", "it", "him", "her", "them", "me", "us", "that", "do", "did", "y'all"):
        return True
    pronouns = word_set("en", "pronoun")
    follows_subject = before in pronouns - {"who"} or (word in ("is", "was") and before not in CLAUSE_OPENING_WORDS)
    if comma and follows_subject and not first and word in word_set("en", "auxiliary") and after in pronouns:
        return True  # the question is, is it ready; if you can, can you call
    if word in ("is", "was"):
        return before in word_set("en", "pronoun") or before in ("that", "this")
    if word == "you" and before in TELLING_VERBS and after not in NEVER_FINAL_WORDS:
        return True  # I told you you look well
    if _ends_clause(said, at):
        return True  # when you press it it stops
    if word in ("you", "it", "him", "them", "that"):
        verb = after in word_set("en", "auxiliary") or after.endswith("ed") or after == before
        return verb and before not in ("", "and", "but", "so", "when", "if")
    if f"{before} {word}" in word_set("en", "phrasal"):
        return True
    parted = before in ("it", "them", "him", "her", "me", "us", "you") and not comma
    if parted and at > 1:
        put = (low[at - 2], word) == ("put", "on") and after in word_set("en", "day")
        if put or f"{low[at - 2]} {word}" in word_set("en", "parted"):
            return True  # turn it on on Friday
    if before == "who" and at > 1 and said.barriers[at - 1] == NOTHING and word in word_set("en", "auxiliary"):
        return True  # those who can can
    return word in ("had", "her") or (word == "can" and before == "the")


def _ends_clause(said: SpokenText, at: int) -> bool:
    """Return whether the "you" or "it" of word `at` ends a clause that another one follows."""
    low, begin = said.words, at
    while begin and at - begin < 6 and said.barriers[begin] != STOP:
        begin -= 1
    if low[at] not in ("you", "it") or CLAUSE_WORDS.isdisjoint(low[begin : max(begin, at - 1)]):
        return False
    return low[at - 1] not in CLAUSE_OPENING_WORDS or low[at - 2] in word_set("en", "pronoun")  # what do you you think


def _word_as_written(said: SpokenText, at: int) -> str:
    place = said.word_numbers[at]
    return said.text[said.start[place] : said.end[place]]


def _is_spelled_letter(said: SpokenText, at: int) -> bool:
    """Return whether the word is a spelled letter, and no "a" or "I"."""
    word = said.words[at]
    if len(word) > 1 or word not in "ai":
        return len(word) == 1
    around = [*said.words[max(0, at - 1) : at], *said.words[at + 2 : at + 3]]
    if any(one in ("double", "triple") or (len(one) == 1 and one.isalpha() and one not in "ai") for one in around):
        return True
    first, second = (said.text[said.start[said.word_numbers[one]]] for one in (at, at + 1))
    inside = said.barriers[at] == NOTHING or first == second
    return word == "a" and second == "A" and inside and not said.is_uppercase
