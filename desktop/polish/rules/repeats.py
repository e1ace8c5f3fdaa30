"""Remove words that are said twice, and words that were begun and abandoned.

Speakers go back to the beginning of the current phrase, so that the last version is the complete one: of two the first
goes. What is repeated on purpose (very very, no no, five five five, spelled letters) is recognized by its kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from desktop.polish.rules import chinese
from desktop.polish.rules.edit import RuleContext, RuleEdit
from desktop.polish.rules.evidence import NEVER_MEANT_TWICE, judge
from desktop.polish.rules.evidence_features import Proposal
from desktop.polish.rules.languages.sounds import doubled_length, is_dictated_twice
from desktop.polish.rules.repeat_signs import (
    CLAUSE_OPENING_WORDS,
    CONDITION_WORDS,
    NEVER_FINAL_WORDS,
    SPOKEN_MARKS,
    is_broken_off,
    is_long_row,
    is_particle,
    word_as_written,
)
from desktop.polish.rules.restarts import propose_restarts
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
from models.polish.removals import RemovalModel

MAX_REPEATED_WORDS = 8
"""Most words of a phrase that is said twice; a longer one is quoted, or sung."""


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

    In German, French and Spanish only phrases of two or more words and the single words that are never doubled. In
    other languages nothing: their number words are not known, and the digits of a number are said twice.
    """
    if has_chinese(text, context.language):
        yield from chinese.edit_chinese_repeats(text, context.removals)
    spoken = split_words(text, context.language)
    names = {word.lower() for word in context.vocabulary.words if " " in word} | word_set("en", "names")
    if not spoken.is_english:
        yield from remove_words(spoken, _repeated_phrases(spoken, names, context.language))
        return
    confidences: dict[int, float] = {}
    proposals = propose_repeats(spoken, names, context.load_removal_model())
    for one, confidence in judge(spoken, proposals, context):
        for number in range(*_numbers(spoken, one.first, one.again)):
            confidences[number] = confidence
    yield from remove_words(spoken, confidences, confidences)


def propose_repeats(spoken: SpokenText, names: Set[str], model: RemovalModel) -> Iterator[Proposal]:
    """Yield what may have been said twice, or begun and abandoned."""
    for at in range(len(spoken.words) - 1):
        found: set[int] = set()
        for length in repeat_lengths(spoken, at, names):
            found.add(at + length)
            again = at + length
            is_sure = length > 1 or spoken.paused[again] or spoken.words[at] in NEVER_MEANT_TWICE
            is_sure = is_sure or (spoken.barriers[again] == COMMA and spoken.words[at] in connecting_words())
            is_typical = is_sure and not _is_intended(spoken, at, length)
            note = "1" if is_broken_off(spoken, at, length) else ""
            yield Proposal("repeat", at, again, again, is_typical or bool(note), note=note)
        for one in propose_restarts(spoken, at, model):
            if one.again not in found:
                found.add(one.again)
                yield one


def repeat_lengths(spoken: SpokenText, at: int, names: Set[str]) -> Iterator[int]:
    """Yield how many words from `at` are said again directly after, longest first."""
    words, count = spoken.words, len(spoken.words)
    for length in range(min(MAX_REPEATED_WORDS, (count - at) // 2, _shortest_loop(words, at)), 0, -1):
        if words[at] != words[at + length] or words[at : at + length] != words[at + length : at + 2 * length]:
            continue
        if STOP in spoken.barriers[at + 1 : at + 2 * length]:
            continue
        if " ".join(words[at : at + 2 * length]) in names or " ".join(words[at : at + length]) in names:
            continue
        if _is_counted(spoken, at, length) or is_long_row(words, at, length):
            continue
        yield length


def _shortest_loop(words: list[str], at: int) -> int:
    """Return the length of the phrase that is said over and over from `at`: only it is a repeat, not two or four of it;
    `MAX_REPEATED_WORDS` where there is none.
    """
    said = words[at : at + 2 * MAX_REPEATED_WORDS]
    for length in range(1, MAX_REPEATED_WORDS // 2 + 1):
        if len(said) == 2 * MAX_REPEATED_WORDS and said[length:] == said[:-length]:
            return length
    return MAX_REPEATED_WORDS


def _numbers(spoken: SpokenText, first: int, end: int) -> tuple[int, int]:
    numbers = spoken.word_numbers
    return numbers[first], numbers[end] if end < len(numbers) else len(spoken.lowercase)


def _repeated_phrases(spoken: SpokenText, names: Set[str], language: str) -> Iterator[int]:
    """Yield the numbers of the words of phrases that are said again, in another language than English."""
    at, count = 0, len(spoken.words)
    while at < count - 1:
        length = repeated_length(spoken, at, names)
        if length and is_dictated_twice(spoken, at, length, language):
            at += length
            continue
        length = length or doubled_length(spoken, at, language)
        if length:
            yield from range(*_numbers(spoken, at, at + length))
        at += length or 1


def _is_counted(spoken: SpokenText, at: int, length: int) -> bool:
    """Return whether the words are numbers or spelled letters, which are dictated twice."""
    phrase, between = spoken.words[at : at + length], word_set("en", "between")
    if length == 1 and not is_number_word(phrase[0]):
        return phrase[0] in {"not"} | SPOKEN_MARKS or _is_spelled_letter(spoken, at) or is_particle(spoken, at)
    return all(len(word) == 1 or is_number_word(word) or word in between for word in phrase)


def repeated_length(spoken: SpokenText, at: int, names: Set[str]) -> int:
    """Return how many words from `at` are said again directly after, and not on purpose."""
    words, count = spoken.words, len(spoken.words)
    for length in range(min(MAX_REPEATED_WORDS, (count - at) // 2), 0, -1):
        if words[at] != words[at + length] or words[at : at + length] != words[at + length : at + 2 * length]:
            continue
        if STOP in spoken.barriers[at + 1 : at + 2 * length] or (length == 1 and not spoken.is_english):
            continue
        if " ".join(words[at : at + 2 * length]) not in names and not _is_intended(spoken, at, length):
            return length
    return 0


def _is_intended(spoken: SpokenText, at: int, length: int) -> bool:
    words, paused = spoken.words, spoken.paused[at + length]
    phrase, end = words[at : at + length], at + 2 * length
    between = word_set("en", "between")
    if (length > 1 or is_number_word(phrase[0])) and all(
        len(word) == 1 or is_number_word(word) or word in between for word in phrase
    ):
        return True
    if paused:
        return length == 1 and (_is_spelled_letter(spoken, at) or _ends_clause(spoken, at))
    if " ".join(phrase) in word_set("en", "meant_phrases"):
        return True
    if phrase[0] in word_set("en", "meant") and phrase.count(phrase[0]) == length:
        return True
    has_comma = COMMA in spoken.barriers[at + 1 : end]
    is_whole_sentence = spoken.barriers[at] == STOP and (end == len(words) or spoken.barriers[end] == STOP)
    if (
        is_whole_sentence
        and (length < 4 or has_comma)
        and (phrase[-1] not in NEVER_FINAL_WORDS or not spoken.is_english)
    ):
        return True  # a whole sentence: I know, I know
    if length > 1 and (phrase[0] not in connecting_words() or phrase[0] == "had") and phrase.count(phrase[0]) == length:
        return True
    pronouns = word_set("en", "pronoun")
    is_clause = (
        phrase[0] in word_set("en", "question") and phrase[-1] not in pronouns and not pronouns.isdisjoint(phrase[1:])
    )
    if is_clause and words[end : end + 1] in (["is"], ["was"]):
        return True  # that is not what I meant what I meant is this
    may_be_clause = has_comma or phrase[0] in pronouns
    is_finished = (
        end == len(words)
        or spoken.barriers[end] == STOP
        or phrase[-1] not in connecting_words()
        or phrase[-1] in FINAL_WORDS
    )
    is_finished = is_finished or (phrase[-1] in ("in", "on", "up", "down") and words[end] not in NEVER_FINAL_WORDS)
    may_be_clause = may_be_clause or (phrase[0].partition("'")[0] in pronouns and is_finished)
    if length > 1 and may_be_clause and not CONDITION_WORDS.isdisjoint(words[max(0, at - 6) : at]):
        return True  # when it's time, it's time
    is_ended = phrase[-1] not in connecting_words() or phrase[-1] in ("it", "you", "me", "him", "us", "them")
    small = word_set("en", "preposition")
    continues = phrase[0] in small or (
        phrase[0] in word_set("en", "determiner") and not small.isdisjoint(words[end : end + 1])
    )
    if length > 1 and has_comma and is_ended and not continues and spoken.barriers[at] == NOTHING:
        return True  # it is wrong on the file, the file was not found
    if length == 1:
        return _is_intended_word(spoken, at)
    after, before = words[end : end + 1], words[max(0, at - 1) : at]
    is_linked = not {"and", "or", "by", "after"}.isdisjoint(phrase)
    return length == 2 and is_linked and (after == phrase[:1] or before == phrase[1:])


def _is_intended_word(spoken: SpokenText, at: int) -> bool:
    words = spoken.words
    word, is_small = words[at], words[at] in connecting_words()
    before = words[at - 1] if at else ""
    after = words[at + 2] if at + 2 < len(words) else ""
    has_comma = spoken.barriers[at + 1] == COMMA
    if len(word) == 1:
        return _is_spelled_letter(spoken, at)
    if not is_small and word in (before, after):
        return True  # work work work
    is_first = spoken.barriers[at] == STOP
    if word_as_written(spoken, at)[is_first:] != word_as_written(spoken, at + 1)[is_first:]:
        return True  # a sentence begins, or a name and a word
    if not is_small and has_comma and not (word in word_set("en", "verb") or after.startswith(word)):
        return True  # sweet, sweet
    if has_comma and before == "oh":
        return True
    if word == "that" and before in word_set("en", "before_that"):
        return True  # I know that that door is open
    if has_comma and word in ("you", "it", "him", "her", "them", "me", "us", "that", "do", "did", "y'all"):
        return True
    pronouns = word_set("en", "pronoun")
    follows_subject = before in pronouns - {"who"} or (word in ("is", "was") and before not in CLAUSE_OPENING_WORDS)
    if has_comma and follows_subject and not is_first and word in word_set("en", "auxiliary") and after in pronouns:
        return True  # the question is, is it ready; if you can, can you call
    if word in ("is", "was"):
        return before in word_set("en", "pronoun") or before in ("that", "this")
    if word == "you" and before in TELLING_VERBS and after not in NEVER_FINAL_WORDS:
        return True  # I told you you look well
    if _ends_clause(spoken, at):
        return True  # when you press it it stops
    if word in ("you", "it", "him", "them", "that"):
        is_verb = after in word_set("en", "auxiliary") or after.endswith("ed") or after == before
        return is_verb and before not in ("", "and", "but", "so", "when", "if")
    if is_particle(spoken, at):
        return True
    if before == "who" and at > 1 and spoken.barriers[at - 1] == NOTHING and word in word_set("en", "auxiliary"):
        return True  # those who can can
    return word in ("had", "her") or (word == "can" and before == "the")


def _ends_clause(spoken: SpokenText, at: int) -> bool:
    """Return whether the "you" or "it" of word `at` ends a clause that another one follows."""
    words, begin = spoken.words, at
    while begin and at - begin < 6 and spoken.barriers[begin] != STOP:
        begin -= 1
    if words[at] not in ("you", "it") or CLAUSE_WORDS.isdisjoint(words[begin : max(begin, at - 1)]):
        return False
    return words[at - 1] not in CLAUSE_OPENING_WORDS or words[at - 2] in word_set(
        "en", "pronoun"
    )  # what do you you think


def _is_spelled_letter(spoken: SpokenText, at: int) -> bool:
    """Return whether the word is a spelled letter, and no "a" or "I"."""
    word = spoken.words[at]
    if len(word) > 1 or word not in "ai":
        return len(word) == 1
    around = [*spoken.words[max(0, at - 1) : at], *spoken.words[at + 2 : at + 3]]
    if any(one in ("double", "triple") or (len(one) == 1 and one.isalpha() and one not in "ai") for one in around):
        return True
    first, second = (spoken.text[spoken.start[spoken.word_numbers[one]]] for one in (at, at + 1))
    inside = spoken.barriers[at] == NOTHING or first == second
    return word == "a" and second == "A" and inside and not spoken.is_uppercase
