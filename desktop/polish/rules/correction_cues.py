"""Find the words by which a speaker says that something was wrong: "no wait", "or rather", "I mean".

Most of them are also plain words ("I said no", "wait for me", "I mean it"), so a cue says how sure it is. Sure are
phrases that mean nothing else, and two plain ones together.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from desktop.polish.rules.tokens import COMMA, NOTHING, STOP, SpokenText, connecting_words, word_set

WORDS_BEFORE_PLAIN_CUE = word_set("en", "tied")

MAX_QUESTION_WORDS = 20
"""Words back in which the first word of a question is searched."""

COMPARED_WORDS = word_set("en", "compared")

_OBJECT_PRONOUNS = frozenset(("her", "him", "them", "me", "us", "you"))
_BEFORE_APOLOGY = frozenset(("so", "very", "really", "truly", "feel", "feels", "felt", "say", "said", "says"))


class CorrectionCue(NamedTuple):
    """Words `start` to `end` that may say that something was wrong.

    `is_sure`: they can hardly mean anything else. `is_set_off`: a mark or a pause stands before them. `phrases`: the
    cue phrases in them.
    """

    start: int
    end: int
    is_sure: bool
    is_set_off: bool
    phrases: tuple[str, ...]


@cache
def _cue_phrases() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Return the phrases of cues by their first word, longest first, each with the name of its set."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name in ("cue", "hint", "then"):
        for phrase in word_set("en", name):
            parts = tuple(phrase.split())
            found.setdefault(parts[0], []).append((parts, name))
    for phrases in found.values():
        phrases.sort(key=lambda phrase: -len(phrase[0]))
    return found


def cue_at(said: SpokenText, at: int) -> CorrectionCue | None:
    """Return the cue that begins at word `at`, or None."""
    low, end = said.words, at
    atoms: list[str] = []
    sure = False
    while end < len(low) and (end == at or said.barriers[end] != STOP):
        for parts, name in _cue_phrases().get(low[end], ()):
            if tuple(low[end : end + len(parts)]) == parts and (name != "then" or atoms):
                atoms.append(" ".join(parts))
                sure = sure or name == "cue"
                end += len(parts)
                break
        else:
            break
    if said.barriers[at] == NOTHING and said.has_capital(at) and low[at][0] != "i":
        return None  # a title, or shouted
    if not atoms or end >= len(low) or said.barriers[end] == STOP or (len(atoms) > 1 and atoms[-1] == "or"):
        return None
    if f"{atoms[-1]} {low[end]}" in word_set("en", "plain") and said.barriers[end] == NOTHING:
        return None
    if atoms[0] in ("i mean", "i meant", "wait", "rather") and at and low[at - 1] in WORDS_BEFORE_PLAIN_CUE:
        return None
    if atoms[0] == "or" and at and low[at - 1] in ("yes", "one", "two", "little", "few", "some", "whether"):
        return None
    if atoms == ["no"] and at and low[at - 1] in word_set("en", "answered"):
        return None
    is_unmarked = at > 0 and said.barriers[at] == NOTHING
    tells_someone = at > 1 and low[at - 2] in ("tell", "tells", "told") and low[at - 1] in _OBJECT_PRONOUNS
    is_quoted = is_unmarked and (tells_someone or low[at - 1] in word_set("en", "quoting"))
    if is_quoted and atoms[0].split()[0] == "no":
        return None  # she said no wait he is here; tell her no tell him yes
    is_apology = atoms == ["sorry"] and low[end] not in word_set("en", "question")
    if is_unmarked and is_apology and (low[at - 1] in word_set("en", "auxiliary") or low[at - 1] in _BEFORE_APOLOGY):
        return None  # we are um sorry we missed you
    if atoms == ["wait"] and not (said.paused[at] or said.barriers[at] == said.barriers[end] == COMMA):
        return None
    strong = [one for one in atoms if one not in ("oh", "well", "or", "no", "make that", "oops")]
    hesitant = any(said.paused[at : end + 1]) and atoms[-1] in ("i mean", "sorry", "rather", "no", "wait")
    if atoms in (["no"], ["rather"]) and said.barriers[at] == said.barriers[end] == NOTHING:
        asked = atoms == ["no"] and said.paused[at] and _is_in_question(said, at) and _replaces_attribute(said, at)
        hesitant = said.paused[end] or asked  # it makes uh no sense
    elif atoms == ["no"] and said.barriers[end] == NOTHING and not said.paused[end] and _is_in_question(said, at):
        named = at > 1 and said.has_capital(at - 1) and said.has_capital(end)
        hesitant = hesitant and (named or _replaces_attribute(said, at))  # why is work, um, no fun
    sure = sure or (len(atoms) > 1 and (bool(strong) or atoms[-1] == "make that")) or hesitant
    return CorrectionCue(at, end, sure, said.barriers[at] != NOTHING or said.paused[at], tuple(atoms))


def _is_in_question(said: SpokenText, at: int) -> bool:
    """Return whether word `at` is in a question."""
    begin = at
    while begin and at - begin < MAX_QUESTION_WORDS and said.barriers[begin] != STOP:
        begin -= 1
    return said.words[begin] in word_set("en", "question")


def _replaces_attribute(said: SpokenText, at: int) -> bool:
    """Return whether the "no" of word `at` replaces an attribute of a noun: the higher uh no lower one.

    Not so in: why is the new one um no faster than the old.
    """
    low, noun = said.words, at + 2
    alike = low[at - 1] in COMPARED_WORDS and low[at + 1] in COMPARED_WORDS
    return alike and noun < len(low) and said.barriers[noun] == NOTHING and low[noun] not in connecting_words()
