"""Decide whether the words of a mark mean themselves, by what stands beside them.

The same questions are asked for every mark: does it follow what a noun follows (a determiner, a preposition, "the
word"), does it go on as a noun does ("of", "key"), did recognition hear the end of a sentence behind it and no pause
before it? A text in which another mark is sure has the habit of spoken marks, and there only the first of these counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.polish.rules.numbers.phrases import number_words
from desktop.polish.rules.sentences import sentence_words
from desktop.polish.rules.spoken_table import MarkTable, SpokenMark

_ALTERNATIVES = frozenset({"and", "or"})
_SLASHES = frozenset({"slash", "backslash"})
_BE = frozenset({"is", "was"})


@dataclass(slots=True)
class MarkCandidate:
    """A place where a mark's words are said.

    `left` and `right`: where the text beside it ends and begins again, without pauses. `paused_before`, `paused_after`:
    there is a pause. `stopped_before`: a full stop before it. `stopped_after`: recognition wrote its own end of a
    sentence behind it, and no further mark is said. `starts_sentence_after`: the beginning of a sentence after it.
    `only_marks`: nothing but marks is said. `previous`, `next`: what stands directly beside it. `earlier`: the two
    words before `previous`, `later`: the word after `next`. `clause`: the first two words of its clause. `greets`: what
    stands before it greets or takes leave. `in_marked_text`: recognition wrote marks. `enclosed`: it stands in
    brackets. `listed`: another mark is named beside it, behind a comma. `next_mark`: the kind of a mark that follows
    directly. `is_mark`: the decision.
    """

    mark: SpokenMark
    start: int
    end: int
    left: int
    right: int
    paused_before: bool
    paused_after: bool
    previous: frozenset[str]
    next: frozenset[str]
    earlier: Sequence[str]
    later: str
    clause: Sequence[str]
    first: bool
    last: bool
    stopped_before: bool
    stopped_after: bool
    starts_sentence_after: bool
    greets: bool
    in_marked_text: bool
    enclosed: bool
    listed: bool
    next_mark: str
    only_marks: bool = False
    is_mark: bool = False


def is_plain_word(candidate: MarkCandidate, marks: MarkTable, habit_known: bool) -> bool:
    """Return whether its words mean themselves; `habit_known`: another mark of the text is sure."""
    mark, habit = candidate.mark, habit_known
    if mark.kind in ("mark", "dash", "join") and candidate.first:
        return not (candidate.only_marks and mark.kind == "mark")  # said alone, it is a mark
    if candidate.enclosed or _is_of_number(candidate, marks) or _is_decimal(candidate):
        return True
    if not habit and (
        candidate.listed or (mark.kind == "join" and (candidate.paused_before or candidate.paused_after))
    ):
        return True
    if not habit and mark.doubtful and candidate.in_marked_text and not candidate.paused_before:
        return True
    if not _ALTERNATIVES.isdisjoint(mark.before & candidate.next):
        return True
    if not candidate.paused_after:
        if not (mark.before.isdisjoint(candidate.next) and marks.before.isdisjoint(candidate.next)):
            return True
        is_continued = not (mark.continued.isdisjoint(candidate.next) and marks.continued.isdisjoint(candidate.next))
        if is_continued and not (habit or candidate.greets or _joins(candidate, marks)):
            return True
    is_named = mark.needs_pause and mark.kind == "mark" and candidate.next_mark == "mark"
    if is_named and not candidate.paused_before and marks.closed.isdisjoint(candidate.previous):
        return True  # "the trial period comma"
    if not (habit or marks.spaced or candidate.greets) and mark.inner and candidate.last:
        return True  # no text ends in a comma
    if mark.plain_after_stop and candidate.stopped_before and not (habit or candidate.only_marks):
        return True
    if candidate.paused_before:
        return False
    return _is_noun_after(candidate, marks, habit) or (not habit and _ends_as_noun(candidate, marks))


def is_at_pause(candidate: MarkCandidate, marks: MarkTable, habit_known: bool) -> bool:
    """Return whether it stands at a pause; with the habit known, between two clauses or words is enough."""
    if candidate.mark.kind == "dash":
        return habit_known or (candidate.paused_before and candidate.paused_after)
    begins = candidate.starts_sentence_after or not marks.begins.isdisjoint(candidate.next)
    if habit_known and candidate.mark.opens_list:
        begins = begins or not any(word.endswith(("s", "x")) for word in candidate.next)  # no adjective of its noun
    return begins and (habit_known or candidate.paused_before or candidate.paused_after)


def _joins(candidate: MarkCandidate, marks: MarkTable) -> bool:
    """Return whether it stands between a clause and an "and" that goes on with it: no list of the names of marks."""
    return (
        candidate.mark.write in (",", ";")
        and not (candidate.paused_before or _ALTERNATIVES.isdisjoint(candidate.next))
        and marks.particles.isdisjoint(candidate.previous)
        and candidate.later not in marks.marks
    )


def _is_of_number(candidate: MarkCandidate, marks: MarkTable) -> bool:
    """Return whether a dash, a hyphen or a colon belongs to a number or an address."""
    mark = candidate.mark
    if mark.kind in ("dash", "join", "option"):
        is_last = candidate.last or (mark.kind == "option" and candidate.paused_after)
        return is_last or (_is_spelled(candidate.previous, marks) and _is_spelled(candidate.next, marks))
    if mark.write != ":" or candidate.paused_before or candidate.paused_after:
        return False
    if not (marks.hosts.isdisjoint(candidate.previous) and _SLASHES.isdisjoint(candidate.next)):
        return True
    if candidate.later in _SLASHES and "dot" in candidate.earlier:
        return True  # "git at example dot com colon owner slash name"
    if not _is_number(candidate.next, marks):
        return False
    is_heading = (
        candidate.earlier[-1:] and candidate.earlier[-1] in number_words().sets["labels"] and candidate.later != ""
    )
    return "dot" in candidate.earlier or (_is_number(candidate.previous, marks) and not is_heading)


def _is_spelled(beside: frozenset[str], marks: MarkTable) -> bool:
    """Return whether a neighbour is part of a number or spelled out."""
    return any(len(word) == 1 or word[0].isdigit() or word in marks.spelled for word in beside)


def _is_number(beside: frozenset[str], marks: MarkTable) -> bool:
    return any(word[0].isdigit() or word in marks.spelled - _SLASHES - {"dot"} for word in beside)


def _is_decimal(candidate: MarkCandidate) -> bool:
    """Return whether it is a decimal comma between two numbers."""
    numbers = candidate.mark.numbers
    return bool(numbers) and all(
        any(word[0].isdigit() or word in numbers for word in beside) for beside in (candidate.previous, candidate.next)
    )


def _is_noun_after(candidate: MarkCandidate, marks: MarkTable, habit: bool) -> bool:
    """Return whether what stands before it makes it a noun, or something spoken about."""
    mark, previous = candidate.mark, candidate.previous
    is_asked = mark.write in ("?", "？") and (_asks(candidate) or not marks.asked.isdisjoint(previous))
    is_answer = len(candidate.clause) == 1 and "no" in previous
    determiners = mark.after if mark.opens_list else marks.determiners | mark.after
    if not determiners.isdisjoint(previous) and not is_answer:
        return True
    if any(word.endswith(("'s", "’s")) for word in previous):
        return True
    ends_clause = candidate.paused_after or (habit and mark.inner)
    ends_clause = (habit and ends_clause) if marks.spaced else (habit or ends_clause)
    if not marks.pronouns.isdisjoint(previous) and not ends_clause:
        return True
    if not is_asked and not marks.after.isdisjoint(previous):
        return True
    if not habit and not is_asked and mark.kind not in ("open", "close", "option"):
        if not marks.mentions.isdisjoint(previous):
            return True
        ends_none = mark.inner or mark.needs_pause or mark.kind == "line"
        if ends_none and candidate.in_marked_text and not marks.particles.isdisjoint(previous):
            return True
    if not mark.units.isdisjoint(previous) and _is_number(frozenset(candidate.earlier[-1:]), marks):
        return candidate.earlier[-1] not in ("one", "1")  # a 12 year period; but: one year period
    kinds = marks.adjectives | mark.kinds | (mark.edges if not _BE.isdisjoint(candidate.next) else set())
    is_kind = not kinds.isdisjoint(previous) and not is_asked
    is_determined = _is_determined(candidate, marks)
    if not marks.closed.isdisjoint(previous):  # a much later period; but: we can do that later period
        before = [word for word in candidate.earlier if word != "much"]
        is_determined = not marks.determiners.isdisjoint(before[-1:])
    return is_kind and not (habit and mark.inner) and is_determined


def _ends_as_noun(candidate: MarkCandidate, marks: MarkTable) -> bool:
    """Return whether it ends a sentence or a noun phrase, and no text ends in such a mark."""
    mark = candidate.mark
    if mark.inner or mark.kind == "line":
        return candidate.last and candidate.stopped_after
    if marks.continuing:  # in German, French and Spanish no noun stands before that of the mark: le train point
        return False
    if not mark.needs_pause or mark.kind == "dash" or not marks.closed.isdisjoint(candidate.previous):
        return False
    return candidate.stopped_after or _is_determined(candidate, marks)


def _is_determined(candidate: MarkCandidate, marks: MarkTable) -> bool:
    return "one" in candidate.earlier or not (marks.determiners | marks.pronouns).isdisjoint(candidate.earlier)


def _asks(candidate: MarkCandidate) -> bool:
    """Return whether its clause begins as a question that lacks nothing: "what did he say", but not "how do I say"."""
    wh, turned = sentence_words("wh", "question"), sentence_words("turned", "question")
    first, second = (*candidate.clause, "", "")[:2]
    if first in ("and", "but", "so"):
        first, second = second, ""
    return (first in wh and first != "how") or (first in turned and second in sentence_words("pronouns", "question"))
