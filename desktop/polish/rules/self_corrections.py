"""Apply the speaker's self-corrections: "at two, no wait, three".

What was taken back goes (`correction_scope` finds it), and so do the cue words (`correction_cues`).
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop.polish.rules import chinese
from desktop.polish.rules.correction_cues import Cue, cue_at
from desktop.polish.rules.correction_scope import ACROSS, WAYS, Back, back
from desktop.polish.rules.edit import Edit, Manner
from desktop.polish.rules.misheard import misheard
from desktop.polish.rules.tokens import NOTHING, STOP, Cut, cut, has_chinese, without, words


def repairs(text: str, manner: Manner) -> Iterator[Edit]:
    """Remove what the speaker corrected."""
    if has_chinese(text, manner.language):
        yield from chinese.repairs(text)
    said = cut(text, manner.language)
    if not said.english:
        return
    yield from misheard(text)
    at = begin = earlier = taken = 0
    while at < len(said.said):
        if said.barrier[at] == STOP:
            earlier, begin = begin, at
        if struck := _struck(said, at):
            yield from without(said, range(said.solid[max(earlier, taken)], said.solid[struck]))
            at = taken = struck
            continue
        cue = cue_at(said, at)
        if cue is None:
            at += 1
            continue
        across = at == begin and cue.sure and _period(said, at)
        found = back(said, cue, max(earlier if across else begin, taken), ACROSS if across else WAYS)
        if found is not None:
            yield from _edits(said, cue, found)
            taken = found.put or cue.end
        at = cue.end


def _struck(said: Cut, at: int) -> int:
    """Return the end of a "scratch that" between two sentences, which strikes out the one before; else 0."""
    end = at + 2
    whole = at > 0 and end < len(said.said) and _period(said, at) and _period(said, end)
    return end if whole and said.said[at:end] in (["scratch", "that"], ["strike", "that"]) else 0


def _period(said: Cut, at: int) -> bool:
    """Return whether a full stop ends the sentence before word `at`: at two. No, wait, three."""
    before = said.solid[at] - 1
    return before >= 0 and said.text[said.end[before] : said.start[before + 1]].strip() == "."


def _edits(said: Cut, cue: Cue, found: Back) -> Iterator[Edit]:
    """Remove the words that are taken back, or put the words of the correction in their place."""
    solid = said.solid
    if found.put:
        new = said.text[said.start[solid[cue.end]] : said.end[solid[found.put - 1]]]
        start = said.start[solid[found.first]]
        yield Edit(start, said.end[solid[found.last]], new[0].upper() + new[1:] if said.text[start].isupper() else new)
        yield from without(said, range(solid[cue.start - 1] + 1, solid[found.put - 1] + 1))
        return
    gone = list(range(solid[found.first], solid[cue.end]))
    if "or" in cue.atoms or "no" in cue.atoms:
        gone += _trailing(said, cue.end)
    yield from without(said, gone)


def _trailing(said: Cut, at: int) -> list[int]:
    """Return the number of the "rather" that ends a correction, if any: "or the Rhine rather"."""
    for number in range(at + 1, min(at + 7, len(said.said))):
        if said.barrier[number] == STOP:
            return []
        if said.said[number] == "rather":
            after = said.said[number + 1 : number + 2]
            ends = not after or said.barrier[number + 1] != NOTHING or after[0] in words("en", "preposition") - {"than"}
            return [said.solid[number]] if ends else []
    return []
