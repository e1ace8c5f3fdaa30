"""Keep corrections whole: of two that follow one another both are made or none.

"Two, no, three, no, four" is four people or all of what was said, never three or four. And where words change places,
those that go and those that come must be of one kind: "the red car, no, blue".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from desktop.polish.rules.edit import RuleEdit
from desktop.polish.rules.evidence_features import Proposal, alike_kind
from desktop.polish.rules.tokens import STOP, SpokenText, remove_words, word_set
from models.polish.removals import RemovalModel

MAX_LINK_WORDS = 4
"""Most words of a correction that another one follows."""


def whole_corrections(
    spoken: SpokenText, judged: Iterable[tuple[Proposal, float]], model: RemovalModel
) -> list[tuple[Proposal, float]]:
    """Return the corrections, in order, without those of which only a part would be made."""
    made: dict[int, tuple[Proposal, float]] = {}
    for one, confidence in reversed(list(judged)):
        if one.end and not _are_of_one_kind(spoken, one, model):
            continue
        following = _next_cue(spoken, one)
        if following and following not in made:
            continue
        made[one.cue] = one, confidence
    return sorted(made.values())


def _are_of_one_kind(spoken: SpokenText, one: Proposal, model: RemovalModel) -> bool:
    """Return whether words may change places; a pronoun begins a clause of its own."""
    if spoken.words[one.again] in word_set("en", "pronoun"):
        return False
    return alike_kind(spoken, one.first, one.again, model) not in ("", "small", "odd")


def _next_cue(spoken: SpokenText, one: Proposal) -> int:
    """Return where the words of the correction are corrected by the same cue; 0 if they are not."""
    words = spoken.words
    for at in range(one.until + 1 if one.end else one.again + 1, min(one.again + MAX_LINK_WORDS, len(words) - 1)):
        if spoken.barriers[at] == STOP:
            return 0
        if words[at] == words[one.cue]:
            return at
    return 0


def remove_in_turn(spoken: SpokenText, removed: Sequence[tuple[list[int], float]]) -> Iterator[RuleEdit]:
    """Yield the edits that remove the words of corrections, each by itself unless it meets the one before."""
    words: list[int] = []
    sure: dict[int, float] = {}
    edits: list[RuleEdit] = []
    for numbers, confidence in removed:
        sure |= dict.fromkeys(numbers, confidence)
        found = list(remove_words(spoken, numbers, sure))
        if edits and found[0].start < edits[-1].end:
            words += numbers
            edits = list(remove_words(spoken, words, sure))
            continue
        yield from edits
        words, edits = numbers, found
    yield from edits
