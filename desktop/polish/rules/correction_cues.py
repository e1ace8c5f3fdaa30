"""Find the words by which a speaker says that something was wrong: "no wait", "or rather", "I mean".

Most of them are also plain words ("I said no", "wait for me", "I mean it"), so a cue says how sure it is. Sure are
phrases that mean nothing else, and two plain ones together.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from desktop.polish.rules.tokens import COMMA, NOTHING, STOP, Cut, leading, words

TIED = words("en", "tied")

LONG = 20
"""Words back in which the first word of a question is searched."""

COMPARED = words("en", "compared")

_SOMEBODY = frozenset(("her", "him", "them", "me", "us", "you"))
_FEELS = frozenset(("so", "very", "really", "truly", "feel", "feels", "felt", "say", "said", "says"))


class Cue(NamedTuple):
    """Words `start` to `end` that may say that something was wrong.

    `is_sure`: they can hardly mean anything else. `is_set_off`: a mark or a pause stands before them. `phrases`: the
    cue phrases in them.
    """

    start: int
    end: int
    sure: bool
    marked: bool
    atoms: tuple[str, ...]


@cache
def _atoms() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Return the phrases of cues by their first word, longest first, each with the name of its set."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name in ("cue", "hint", "then"):
        for phrase in words("en", name):
            parts = tuple(phrase.split())
            found.setdefault(parts[0], []).append((parts, name))
    for phrases in found.values():
        phrases.sort(key=lambda phrase: -len(phrase[0]))
    return found


def cue_at(said: Cut, at: int) -> Cue | None:
    """Return the cue that begins at word `at`, or None."""
    low, end = said.said, at
    atoms: list[str] = []
    sure = False
    while end < len(low) and (end == at or said.barrier[end] != STOP):
        for parts, name in _atoms().get(low[end], ()):
            if tuple(low[end : end + len(parts)]) == parts and (name != "then" or atoms):
                atoms.append(" ".join(parts))
                sure = sure or name == "cue"
                end += len(parts)
                break
        else:
            break
    if said.barrier[at] == NOTHING and said.capital(at) and low[at][0] != "i":
        return None  # a title, or shouted
    if not atoms or end >= len(low) or said.barrier[end] == STOP or (len(atoms) > 1 and atoms[-1] == "or"):
        return None
    if f"{atoms[-1]} {low[end]}" in words("en", "plain") and said.barrier[end] == NOTHING:
        return None
    if atoms[0] in ("i mean", "i meant", "wait", "rather") and at and low[at - 1] in TIED:
        return None
    if atoms[0] == "or" and at and low[at - 1] in ("yes", "one", "two", "little", "few", "some", "whether"):
        return None
    if atoms == ["no"] and at and low[at - 1] in words("en", "answered"):
        return None
    near = at > 0 and said.barrier[at] == NOTHING
    somebody = at > 1 and low[at - 2] in ("tell", "tells", "told") and low[at - 1] in _SOMEBODY
    told = near and (somebody or low[at - 1] in words("en", "quoting"))
    if told and atoms[0].split()[0] == "no":
        return None  # she said no wait he is here; tell her no tell him yes
    felt = atoms == ["sorry"] and low[end] not in words("en", "question")
    if near and felt and (low[at - 1] in words("en", "auxiliary") or low[at - 1] in _FEELS):
        return None  # we are um sorry we missed you
    if atoms == ["wait"] and not (said.paused[at] or said.barrier[at] == said.barrier[end] == COMMA):
        return None
    strong = [one for one in atoms if one not in ("oh", "well", "or", "no", "make that", "oops")]
    hesitant = any(said.paused[at : end + 1]) and atoms[-1] in ("i mean", "sorry", "rather", "no", "wait")
    if atoms in (["no"], ["rather"]) and said.barrier[at] == said.barrier[end] == NOTHING:
        asked = atoms == ["no"] and said.paused[at] and _asks(said, at) and _compared(said, at)
        hesitant = said.paused[end] or asked  # it makes uh no sense
    elif atoms == ["no"] and said.barrier[end] == NOTHING and not said.paused[end] and _asks(said, at):
        named = at > 1 and said.capital(at - 1) and said.capital(end)
        hesitant = hesitant and (named or _compared(said, at))  # why is work, um, no fun
    sure = sure or (len(atoms) > 1 and (bool(strong) or atoms[-1] == "make that")) or hesitant
    return Cue(at, end, sure, said.barrier[at] != NOTHING or said.paused[at], tuple(atoms))


def _asks(said: Cut, at: int) -> bool:
    """Return whether word `at` is in a question."""
    begin = at
    while begin and at - begin < LONG and said.barrier[begin] != STOP:
        begin -= 1
    return said.said[begin] in words("en", "question")


def _compared(said: Cut, at: int) -> bool:
    """Return whether the "no" of word `at` replaces an attribute of a noun: the higher uh no lower one.

    Not so in: why is the new one um no faster than the old.
    """
    low, noun = said.said, at + 2
    alike = low[at - 1] in COMPARED and low[at + 1] in COMPARED
    return alike and noun < len(low) and said.barrier[noun] == NOTHING and low[noun] not in leading()
