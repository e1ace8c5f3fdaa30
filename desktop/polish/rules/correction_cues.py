"""Find the words by which a speaker says that something was wrong: "no wait", "or rather", "I mean".

Most of them are also plain words ("I said no", "wait for me", "I mean it"), so a cue says how sure it is. Sure are
phrases that mean nothing else, and two plain ones together.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from desktop.polish.rules.tokens import COMMA, NOTHING, STOP, SpokenText, connecting_words, count_to_mark, word_set

WORDS_BEFORE_PLAIN_CUE = word_set("en", "tied")

MAX_QUESTION_WORDS = 20
"""Words back in which the first word of a question is searched."""

PLAIN_CUES, MAX_FRAGMENT_WORDS = frozenset(("no", "sorry", "i mean", "i meant")), 4
"""Cues before which recognition writes a full stop, and most words that then correct the sentence before."""

COMPARED_WORDS = word_set("en", "compared")

_OBJECT_PRONOUNS = frozenset(("her", "him", "them", "me", "us", "you"))
_BEFORE_APOLOGY = frozenset(("so", "very", "really", "truly", "feel", "feels", "felt", "say", "said", "says"))


class CorrectionCue(NamedTuple):
    """Words `start` to `end` that may say that something was wrong.

    `is_sure`: they can hardly mean anything else. `is_set_off`: a mark or a pause stands before them. `phrases`: the
    cue phrases in them. `is_literal`: the words around them make them plain words.
    """

    start: int
    end: int
    is_sure: bool
    is_set_off: bool
    phrases: tuple[str, ...]
    is_literal: bool = False


@cache
def _cue_phrases() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Return the phrases of cues by their first word, longest first, each with the name of its set."""
    phrases_by_word: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name in ("cue", "hint", "then"):
        for phrase in word_set("en", name):
            parts = tuple(phrase.split())
            phrases_by_word.setdefault(parts[0], []).append((parts, name))
    for phrases in phrases_by_word.values():
        phrases.sort(key=lambda phrase: -len(phrase[0]))
    return phrases_by_word


def cue_at(spoken: SpokenText, at: int) -> CorrectionCue | None:
    """Return the cue that begins at word `at`, or None."""
    words, end = spoken.words, at
    phrases: list[str] = []
    is_sure = False
    while end < len(words) and (end == at or spoken.barriers[end] != STOP):
        for parts, name in _cue_phrases().get(words[end], ()):
            if tuple(words[end : end + len(parts)]) == parts and (name != "then" or phrases):
                phrases.append(" ".join(parts))
                is_sure = is_sure or name == "cue"
                end += len(parts)
                break
        else:
            break
    if not phrases or end >= len(words) or spoken.barriers[end] == STOP or (len(phrases) > 1 and phrases[-1] == "or"):
        return None
    strong_phrases = [phrase for phrase in phrases if phrase not in ("oh", "well", "or", "no", "make that", "oops")]
    is_hesitant = any(spoken.paused[at : end + 1]) and phrases[-1] in ("i mean", "sorry", "rather", "no", "wait")
    if phrases in (["no"], ["rather"]) and spoken.barriers[at] == spoken.barriers[end] == NOTHING:
        replaces_attribute = (
            phrases == ["no"] and spoken.paused[at] and _is_in_question(spoken, at) and _replaces_attribute(spoken, at)
        )
        is_hesitant = spoken.paused[end] or replaces_attribute  # it makes uh no sense
    elif (
        phrases == ["no"] and spoken.barriers[end] == NOTHING and not spoken.paused[end] and _is_in_question(spoken, at)
    ):
        is_name = at > 1 and spoken.has_capital(at - 1) and spoken.has_capital(end)
        is_hesitant = is_hesitant and (is_name or _replaces_attribute(spoken, at))  # why is work, um, no fun
    is_sure = is_sure or (len(phrases) > 1 and (bool(strong_phrases) or phrases[-1] == "make that")) or is_hesitant
    return CorrectionCue(
        at,
        end,
        is_sure,
        spoken.barriers[at] != NOTHING or spoken.paused[at],
        tuple(phrases),
        _is_literal(spoken, at, end, phrases),
    )


def is_fragment_after(spoken: SpokenText, cue: CorrectionCue) -> bool:
    """Return whether only a few words follow a plain cue that begins a sentence, and no clause: No, to Peter."""
    if cue.is_literal or not {*cue.phrases} <= PLAIN_CUES:
        return False
    rest = count_to_mark(spoken.barriers, cue.end)
    end = cue.end + rest
    if rest > MAX_FRAGMENT_WORDS or (end < len(spoken.words) and spoken.barriers[end] != STOP):
        return False
    clause_words = word_set("en", "pronoun") | word_set("en", "auxiliary") | word_set("en", "verb")
    return clause_words.isdisjoint(spoken.words[cue.end : end])


def _is_literal(spoken: SpokenText, at: int, end: int, phrases: list[str]) -> bool:
    """Return whether the words around the words `at` to `end` make them plain words."""
    words = spoken.words
    if spoken.barriers[at] == NOTHING and spoken.has_capital(at) and words[at][0] != "i":
        return True  # a title, or shouted
    if f"{phrases[-1]} {words[end]}" in word_set("en", "plain") and spoken.barriers[end] == NOTHING:
        return True
    if phrases[0] in ("i mean", "i meant", "wait", "rather") and at and words[at - 1] in WORDS_BEFORE_PLAIN_CUE:
        return True
    if phrases[0] == "or" and at and words[at - 1] in ("yes", "one", "two", "little", "few", "some", "whether"):
        return True
    if phrases == ["no"] and at and words[at - 1] in word_set("en", "answered"):
        return True
    is_unmarked = at > 0 and spoken.barriers[at] == NOTHING
    tells_someone = at > 1 and words[at - 2] in ("tell", "tells", "told") and words[at - 1] in _OBJECT_PRONOUNS
    is_quoted = is_unmarked and (tells_someone or words[at - 1] in word_set("en", "quoting"))
    if is_quoted and phrases[0].split()[0] == "no":
        return True  # she said no wait he is here; tell her no tell him yes
    is_apology = phrases == ["sorry"] and words[end] not in word_set("en", "question")
    if (
        is_unmarked
        and is_apology
        and (words[at - 1] in word_set("en", "auxiliary") or words[at - 1] in _BEFORE_APOLOGY)
    ):
        return True  # we are um sorry we missed you
    return phrases == ["wait"] and not (spoken.paused[at] or spoken.barriers[at] == spoken.barriers[end] == COMMA)


def _is_in_question(spoken: SpokenText, at: int) -> bool:
    """Return whether word `at` is in a question."""
    begin = at
    while begin and at - begin < MAX_QUESTION_WORDS and spoken.barriers[begin] != STOP:
        begin -= 1
    return spoken.words[begin] in word_set("en", "question")


def _replaces_attribute(spoken: SpokenText, at: int) -> bool:
    """Return whether the "no" of word `at` replaces an attribute of a noun: the higher uh no lower one.

    Not so in: why is the new one um no faster than the old.
    """
    words, noun = spoken.words, at + 2
    alike = words[at - 1] in COMPARED_WORDS and words[at + 1] in COMPARED_WORDS
    return alike and noun < len(words) and spoken.barriers[noun] == NOTHING and words[noun] not in connecting_words()
