"""Apply the speaker's self-corrections: "at two, no wait, three".

What was taken back goes (`correction_scope` finds it), and so do the cue words (`correction_cues`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.polish.rules import chinese
from desktop.polish.rules.correction_chains import remove_in_turn, whole_corrections
from desktop.polish.rules.correction_cues import CorrectionCue, cue_at, is_fragment_after
from desktop.polish.rules.correction_scope import FINDERS, FINDERS_ACROSS_STOP, MAX_WORDS_SURE, find_scope
from desktop.polish.rules.edit import RuleContext, RuleEdit
from desktop.polish.rules.evidence import judge
from desktop.polish.rules.evidence_features import Proposal
from desktop.polish.rules.tokens import (
    NOTHING,
    STOP,
    SpokenText,
    has_chinese,
    is_number_word,
    remove_words,
    split_words,
    word_set,
)

_HOUR = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_TIME = (
    rf"(?:\d{{1,2}}[.: ]\d{{2}}(?!\d)|(?:\d{{1,4}}|{_HOUR}) ?(?:[ap]\.? ?m\b|o'? ?clock)"
    rf"|(?:{_HOUR}) (?:fifteen|thirty|forty))"
)
_MISHEARD_TIME = re.compile(
    r"\b(it|at|by|until|till|from),? (?:to|too|for|fore|won|ate)[,.]?\s+"
    rf"(?:no,? wait|wait,? no|no,? sorry|sorry|i mean|make that|or rather)[,.]?\s+(?:at )?\$?(?={_TIME})",
    re.IGNORECASE,
)


def edit_repairs(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Remove what the speaker corrected."""
    if has_chinese(text, context.language):
        yield from chinese.edit_chinese_repairs(text, context.removals)
    spoken = split_words(text, context.language)
    if not spoken.is_english:
        return
    yield from edit_misheard_times(text)
    struck_until = 0
    for at in range(len(spoken.words)):
        if struck_end := _struck_end(spoken, at):
            begin = max(struck_until, _sentence_begin(spoken, at - 1))
            yield from remove_words(spoken, range(spoken.word_numbers[begin], spoken.word_numbers[struck_end]))
            struck_until = struck_end
    removed: list[tuple[list[int], float]] = []
    judged = judge(spoken, propose_repairs(spoken, struck_until), context)
    for one, confidence in whole_corrections(spoken, judged, context.load_removal_model()):
        if one.end:
            yield from _move(spoken, one, confidence)
        else:
            removed.append((_removed_words(spoken, one), confidence))
    yield from remove_in_turn(spoken, removed)


def propose_repairs(spoken: SpokenText, begin: int = 0) -> Iterator[Proposal]:
    """Yield what each cue from word `begin` on may take back."""
    at = previous_begin = begin
    while at < len(spoken.words):
        if spoken.barriers[at] == STOP:
            previous_begin, begin = begin, at
        cue = cue_at(spoken, at)
        if cue is None:
            at += 1
            continue
        if at == begin and is_fragment_after(spoken, cue):
            cue = cue._replace(is_sure=True)
        across = at == begin and cue.is_sure and _follows_period(spoken, at)
        if at > begin or across:
            yield from _propose_scopes(spoken, cue, previous_begin if across else begin, across)
        at = cue.end


def _propose_scopes(spoken: SpokenText, cue: CorrectionCue, begin: int, across: bool) -> Iterator[Proposal]:
    """Yield what the cue may take back of the words from `begin`: what has the signs of it, and anything near."""
    kind = "across" if across else "repair"
    note = f"{cue.is_sure:d}{cue.is_set_off:d}{cue.is_literal:d}"
    typical: int | None = None
    if not cue.is_literal and (scope := find_scope(spoken, cue, begin, FINDERS_ACROSS_STOP if across else FINDERS)):
        typical = None if scope.replacement_end else scope.first
        first, last, end = scope
        yield Proposal(f"moved:{kind}" if end else kind, first, cue.start, cue.end, True, last, end, note)
    if cue.phrases in (("or",), ("rather",), ("well",)) or (cue.is_literal and not cue.is_set_off):
        return
    words = spoken.words
    for first in range(max(begin, cue.start - MAX_WORDS_SURE), cue.start):
        cuts_number = first > begin and is_number_word(words[first]) and is_number_word(words[first - 1])
        is_same = words[first : cue.start] == words[cue.end : cue.end + cue.start - first]
        if first != typical and not cuts_number and (cue.is_sure or not is_same):
            yield Proposal(kind, first, cue.start, cue.end, False, note=note)


def _sentence_begin(spoken: SpokenText, at: int) -> int:
    while at and spoken.barriers[at] != STOP:
        at -= 1
    return at


def edit_misheard_times(text: str) -> Iterator[RuleEdit]:
    """Remove times that were taken back and misheard as words, with their cue: "let's meet it too, no wait, 3.30 p.m.".

    Small numbers sound like small words, and a recognizer that has not heard the correction yet chooses the words. If a
    time of day follows a sure cue, a time was taken back too, so that "it too" before it can only be "at two".
    """
    for match in _MISHEARD_TIME.finditer(text):
        before = match[1].lower()
        yield RuleEdit(match.start(), match.end(), "at " if before == "it" else f"{match[1]} ")


def _struck_end(spoken: SpokenText, at: int) -> int:
    """Return the end of a "scratch that" between two sentences, which strikes out the one before; else 0."""
    end = at + 2
    is_separate = at > 0 and end < len(spoken.words) and _follows_period(spoken, at) and _follows_period(spoken, end)
    return end if is_separate and spoken.words[at:end] in (["scratch", "that"], ["strike", "that"]) else 0


def _follows_period(spoken: SpokenText, at: int) -> bool:
    """Return whether a full stop ends the sentence before word `at`: at two. No, wait, three."""
    before = spoken.word_numbers[at] - 1
    return before >= 0 and spoken.text[spoken.end[before] : spoken.start[before + 1]].strip() == "."


def _move(spoken: SpokenText, proposal: Proposal, confidence: float) -> Iterator[RuleEdit]:
    """Put the words of the correction in the place of those that are taken back."""
    numbers, text = spoken.word_numbers, spoken.text
    new = text[spoken.start[numbers[proposal.again]] : spoken.end[numbers[proposal.end - 1]]]
    start = spoken.start[numbers[proposal.first]]
    new = new[0].upper() + new[1:] if text[start].isupper() else new
    yield RuleEdit(start, spoken.end[numbers[proposal.last]], new, confidence)
    moved = range(numbers[proposal.cue - 1] + 1, numbers[proposal.end - 1] + 1)
    yield from remove_words(spoken, moved, dict.fromkeys(moved, confidence))


def _removed_words(spoken: SpokenText, proposal: Proposal) -> list[int]:
    """Return the numbers of the words that are taken back, and of those that say so."""
    numbers = spoken.word_numbers
    removed = list(range(numbers[proposal.first], numbers[proposal.again]))
    if {"or", "no"} & set(spoken.words[proposal.cue : proposal.again]):
        removed += _trailing_words(spoken, proposal.again)
    return removed


def _trailing_words(spoken: SpokenText, at: int) -> list[int]:
    """Return the number of the "rather" that ends a correction, if any: "or the Rhine rather"."""
    for number in range(at + 1, min(at + 7, len(spoken.words))):
        if spoken.barriers[number] == STOP:
            return []
        if spoken.words[number] == "rather":
            after = spoken.words[number + 1 : number + 2]
            is_last = (
                not after
                or spoken.barriers[number + 1] != NOTHING
                or after[0] in word_set("en", "preposition") - {"than"}
            )
            return [spoken.word_numbers[number]] if is_last else []
    return []
