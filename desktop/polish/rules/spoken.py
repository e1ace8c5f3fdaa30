"""Write spoken marks and layout: new line, question mark, quote ... unquote.

The words of a mark may also mean themselves: "a question mark", "the trial period", "colon cancer". The neighbouring
words decide, so the table (`spoken.toml`) has for each mark what it does not follow and what does not follow it; a word
as common as "period" or "dash" must also stand at a pause, or in a text where other marks are spoken. In doubt the word
stays: a missing mark is seen and corrected, a missing word is not seen.

Recognition writes its own commas, stops and capitals around such words, since it hears a pause and no sentence. They go
with the word.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from desktop.core.text import guess_language
from desktop.paste.text_fit import CONTINUING_WORDS
from desktop.polish.rules.edit import RuleContext, RuleEdit
from desktop.polish.rules.languages.marks import complete_marks
from desktop.polish.rules.sentences import is_abbreviation
from desktop.polish.rules.spoken_table import MarkTable, SpokenMark, load_marks
from desktop.polish.rules.tokens import BARE_WORD

_PAUSE_MARKS = frozenset(",.;:!?…，。！？；：、")
_STOP_MARKS = frozenset(".!?…。！？:：")
_MAX_BESIDE = 4
"""Most characters beside a mark that are compared, in a script without spaces."""


def edit_spoken(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Write spoken marks and layout: new line, question mark, quote ... unquote."""
    language = context.language or guess_language(text) or "en"
    marks = load_marks(language)
    if marks is not None and marks.pattern.search(text) is not None:
        yield from complete_marks(text, _write_marks(text, marks), language)


def _write_marks(text: str, marks: MarkTable) -> Iterator[RuleEdit]:
    candidates = _find_candidates(text, marks)
    _decide(candidates, marks)
    line = 0
    for chain in _group_chains([candidate for candidate in candidates if candidate.is_mark]):
        start, end = chain[0].left, chain[-1].right
        greets = marks.greeting is not None and marks.greeting.fullmatch(text, line, start) is not None
        new = _write_chain(text, chain, marks.spaced, greets)
        if "\n" in new:
            line = end
        if (
            _continues(chain[-1].mark)
            and (word := BARE_WORD.match(text, end))
            and word.group().lower() in (marks.continuing or CONTINUING_WORDS)
        ):
            yield RuleEdit(start, end + 1, new + text[end].lower())
        else:
            yield RuleEdit(start, end, new)


@dataclass(slots=True)
class _MarkCandidate:
    """A place where a mark's words are said.

    `left` and `right`: where the text beside it ends and begins again, without pauses. `paused_before`, `paused_after`:
    there is a pause. `stopped_before`: a full stop before it. `starts_sentence_after`: the beginning of a sentence
    after it. `only_marks`: nothing but marks is said. `previous`, `next`: what stands directly beside it. `earlier`:
    the two words before `previous`. `is_mark`: the decision.
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
    earlier: frozenset[str]
    first: bool
    last: bool
    stopped_before: bool
    starts_sentence_after: bool
    only_marks: bool = False
    is_mark: bool = False


def _find_candidates(text: str, marks: MarkTable) -> list[_MarkCandidate]:
    spans = [match.span() for match in marks.pattern.finditer(text)]
    words = [(word.start(), word.end()) for word in BARE_WORD.finditer(text)] if marks.spaced else []
    starts = [start for start, _ in words]
    candidates: list[_MarkCandidate] = []
    for index, (start, end) in enumerate(spans):
        left, right = start, end
        while left and (text[left - 1] in _PAUSE_MARKS or text[left - 1].isspace()):
            left -= 1
        while right < len(text) and (text[right] in _PAUSE_MARKS or text[right].isspace()):
            right += 1
        if marks.spaced:
            at = bisect_left(starts, start)
            before = [text[a:b].lower() for a, b in words[max(0, at - 3) : at]]
            after = [text[a:b].lower() for a, b in words[bisect_left(starts, end) :][:1]]
            neighbours = frozenset(before[-1:]), frozenset(after), frozenset(before[:-1])
        else:
            tails = frozenset(text[max(0, left - count) : left] for count in range(1, _MAX_BESIDE + 1))
            heads = frozenset(text[right : right + count] for count in range(1, _MAX_BESIDE + 1))
            neighbours = tails, heads, frozenset()
        chained = index > 0 and candidates[-1].end == left, index + 1 < len(spans) and spans[index + 1][0] == right
        candidates.append(
            _MarkCandidate(
                mark=marks.mark_for(text[start:end]),
                start=start,
                end=end,
                left=left,
                right=right,
                paused_before=chained[0] or left == 0 or _contains_any(text[left:start], _PAUSE_MARKS),
                paused_after=chained[1] or right == len(text) or _contains_any(text[end:right], _PAUSE_MARKS),
                previous=neighbours[0],
                next=neighbours[1],
                earlier=neighbours[2],
                first=left == 0,
                last=right == len(text),
                stopped_before=_contains_any(text[left:start], _STOP_MARKS) and not _is_abbreviated(text, left),
                starts_sentence_after=chained[1]
                or right == len(text)
                or _contains_any(text[end:right], _STOP_MARKS)
                or text[right].isupper(),
            )
        )
    only_marks = (
        candidates[0].first
        and candidates[-1].last
        and all(candidate.right == other.start for candidate, other in pairwise(candidates))
    )
    for candidate in candidates:
        candidate.only_marks = only_marks
    return candidates


def _contains_any(between: str, marks: frozenset[str]) -> bool:
    """Return whether `between` contains one of `marks` or a line break."""
    return not marks.isdisjoint(between) or "\n" in between


def _decide(candidates: Sequence[_MarkCandidate], marks: MarkTable) -> None:
    """Set `is_mark` of each candidate that is the mark."""
    for candidate in candidates:
        candidate.is_mark = not candidate.mark.needs_pause and not _is_plain_word(candidate, marks, habit_known=False)
    _drop_unpaired(candidates)
    for habit_known in (False, True):  # the marks at a pause show the habit for the others
        if (
            habit_known
            and not any(candidate.is_mark for candidate in candidates)
            and not _has_two_dashes(candidates, marks)
        ):
            return
        for candidate in candidates:
            if (
                not candidate.is_mark
                and candidate.mark.kind not in ("open", "close")
                and not _is_plain_word(candidate, marks, habit_known)
            ):
                candidate.is_mark = not candidate.mark.needs_pause or _is_at_pause(candidate, marks, habit_known)


def _is_at_pause(candidate: _MarkCandidate, marks: MarkTable, habit_known: bool) -> bool:
    """Return whether it stands at a pause; with the habit known, between two clauses or words is enough."""
    if candidate.mark.kind == "dash":
        return habit_known or (candidate.paused_before and candidate.paused_after)
    begins = candidate.starts_sentence_after or not marks.begins.isdisjoint(candidate.next)
    if habit_known and candidate.mark.opens_list:
        begins = begins or not any(word.endswith(("s", "x")) for word in candidate.next)  # no adjective of its noun
    return begins and (habit_known or candidate.paused_before or candidate.paused_after)


def _has_two_dashes(candidates: Sequence[_MarkCandidate], marks: MarkTable) -> bool:
    """Return whether there are two dashes, which show the habit as well as other marks."""
    return (
        sum(
            candidate.mark.needs_pause
            and candidate.mark.kind == "dash"
            and not _is_plain_word(candidate, marks, habit_known=True)
            for candidate in candidates
        )
        > 1
    )


def _is_plain_word(candidate: _MarkCandidate, marks: MarkTable, habit_known: bool) -> bool:
    """Return whether its words mean themselves, by what stands beside them."""
    mark = candidate.mark
    if mark.kind in ("mark", "dash", "join") and candidate.first:
        return not (candidate.only_marks and mark.kind == "mark")  # said alone, it is a mark
    if mark.kind in ("dash", "join") and (
        candidate.last or (_is_spelled(candidate.previous, marks) and _is_spelled(candidate.next, marks))
    ):
        return True
    if mark.numbers and _is_number(candidate.previous, mark) and _is_number(candidate.next, mark):
        return True  # a decimal comma
    if not candidate.paused_after and not mark.before.isdisjoint(candidate.next):
        return True
    if mark.plain_after_stop and candidate.stopped_before and not (habit_known or candidate.only_marks):
        return True
    if candidate.paused_before:
        return False
    determined = marks.determiners | marks.pronouns
    owned = any(word.endswith(("'s", "’s")) for word in candidate.previous)
    if owned or not (mark.after if mark.opens_list else marks.determiners | mark.after).isdisjoint(candidate.previous):
        return True
    if not marks.pronouns.isdisjoint(candidate.previous) and not (habit_known and candidate.paused_after):
        return True
    kind = not (marks.adjectives | mark.kinds).isdisjoint(candidate.previous)
    return kind and not determined.isdisjoint(candidate.earlier)


def _is_number(beside: frozenset[str], mark: SpokenMark) -> bool:
    """Return whether a neighbour is a number."""
    return any(word[0].isdigit() or word in mark.numbers for word in beside)


def _is_spelled(beside: frozenset[str], marks: MarkTable) -> bool:
    """Return whether a neighbour is part of a number or spelled out."""
    return any(len(word) == 1 or word[0].isdigit() or word in marks.spelled for word in beside)


def _drop_unpaired(candidates: Sequence[_MarkCandidate]) -> None:
    """Drop the marks of a pair whose other half is missing."""
    opened: dict[str, list[_MarkCandidate]] = defaultdict(list)
    for candidate in candidates:
        if candidate.mark.kind == "open" and candidate.is_mark:
            candidate.is_mark = False
            opened[candidate.mark.pair].append(candidate)
        elif candidate.mark.kind == "close":
            other = opened[candidate.mark.pair].pop() if candidate.is_mark and opened[candidate.mark.pair] else None
            candidate.is_mark = other is not None and other.right < candidate.start
            if other is not None and candidate.is_mark:
                other.is_mark = True


def _group_chains(candidates: Sequence[_MarkCandidate]) -> Iterator[list[_MarkCandidate]]:
    """Yield groups of candidates with nothing but pauses between them."""
    chain: list[_MarkCandidate] = []
    for candidate in candidates:
        if chain and chain[-1].right != candidate.start:
            yield chain
            chain = []
        chain.append(candidate)
    if chain:
        yield chain


def _write_chain(text: str, chain: Sequence[_MarkCandidate], spaced: bool, greets: bool) -> str:
    """Return what replaces a chain and the pauses around it."""
    first, last = chain[0], chain[-1]
    new = _remaining_pauses(text[first.left : first.start], first.mark.kind, greets) or (
        "." if _is_abbreviated(text, first.left) else ""
    )
    for candidate in chain:
        write = candidate.mark.write
        match candidate.mark.kind:
            case "mark" if not new.endswith(write):
                new += write
            case "line":
                new = (new + (write.lstrip(",") if new.endswith(",") else write)).replace("\n\n\n", "\n\n")
            case "open":
                new += (" " if spaced and (first.left or new) and not new.endswith("\n") else "") + write
            case "dash":
                new += f" {write} " if write == "–" else write
            case "close" | "join":
                new += write
    after = "".join(text[last.end : last.right].split())
    if last.mark.kind == "close":
        ended = len(new) > 1 and new[-2] in _STOP_MARKS and after[:1] in (".", "?", "!", "。")
        new += after[1:] if ended else after
    lines = min(text.count("\n", last.end, last.right), 2) if last.right < len(text) else 0
    if last.mark.kind in ("mark", "close") and last.right < len(text):
        new += "\n" * lines or (" " if spaced else "")
    return new


def _is_abbreviated(text: str, at: int) -> bool:
    """Return whether a full stop at `at` belongs to an abbreviation."""
    return text[at : at + 1] == "." and is_abbreviation(text, at)


def _remaining_pauses(between: str, kind: str, greets: bool) -> str:
    """Return those of the pauses before a chain that stay."""
    pauses = "".join(between.split())
    if kind == "open" or (kind == "line" and greets):
        return pauses
    return "".join(candidate for candidate in pauses if candidate in _STOP_MARKS) if kind in ("line", "close") else ""


def _continues(mark: SpokenMark) -> bool:
    """Return whether the sentence continues after the mark."""
    return mark.kind in ("dash", "join") or mark.write in (",", ";")
