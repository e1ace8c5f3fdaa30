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

from desktop.core.text import language_of
from desktop.paste.joining import CONTINUING
from desktop.polish.rules.edit import Edit, Manner
from desktop.polish.rules.sentence_ends import abbreviated
from desktop.polish.rules.spoken_marks import Mark, Table, table
from desktop.polish.rules.tokens import BARE_WORD

_PAUSES = frozenset(",.;:!?…，。！？；：、")
_STOPS = frozenset(".!?…。！？:：")
_LONGEST = 4
"""Most characters beside a mark that are compared, in a script without spaces."""


def spoken(text: str, manner: Manner) -> Iterator[Edit]:
    """Write spoken marks and layout: new line, question mark, quote ... unquote."""
    marks = table(manner.language or language_of(text) or "en")
    if marks is None or marks.said.search(text) is None:
        return
    found = _found(text, marks)
    _judge(found, marks)
    line = 0
    for chain in _chains([one for one in found if one.sure]):
        start, end = chain[0].left, chain[-1].right
        greets = marks.greeted is not None and marks.greeted.fullmatch(text, line, start) is not None
        new = _written(text, chain, marks.spaced, greets)
        if "\n" in new:
            line = end
        if _goes_on(chain[-1].mark) and (word := BARE_WORD.match(text, end)) and word.group().lower() in CONTINUING:
            yield Edit(start, end + 1, new + text[end].lower())
        else:
            yield Edit(start, end, new)


@dataclass(slots=True)
class _Found:
    """A place where a mark's words are said.

    `left` and `right`: where the text beside it ends and begins again, without pauses. `paused_before`, `paused_after`:
    there is a pause. `stopped_before`: a full stop before it. `starts_sentence_after`: the beginning of a sentence
    after it. `only_marks`: nothing but marks is said. `previous`, `next`: what stands directly beside it. `earlier`:
    the two words before `previous`. `is_mark`: the decision.
    """

    mark: Mark
    start: int
    end: int
    left: int
    right: int
    paused: bool
    pauses: bool
    previous: frozenset[str]
    next: frozenset[str]
    earlier: frozenset[str]
    first: bool
    last: bool
    ended: bool
    closed: bool
    alone: bool = False
    sure: bool = False


def _found(text: str, marks: Table) -> list[_Found]:
    spans = [match.span() for match in marks.said.finditer(text)]
    words = [(word.start(), word.end()) for word in BARE_WORD.finditer(text)] if marks.spaced else []
    starts = [start for start, _ in words]
    found: list[_Found] = []
    for index, (start, end) in enumerate(spans):
        left, right = start, end
        while left and (text[left - 1] in _PAUSES or text[left - 1].isspace()):
            left -= 1
        while right < len(text) and (text[right] in _PAUSES or text[right].isspace()):
            right += 1
        if marks.spaced:
            at = bisect_left(starts, start)
            before = [text[a:b].lower() for a, b in words[max(0, at - 3) : at]]
            after = [text[a:b].lower() for a, b in words[bisect_left(starts, end) :][:1]]
            beside = frozenset(before[-1:]), frozenset(after), frozenset(before[:-1])
        else:
            tails = frozenset(text[max(0, left - count) : left] for count in range(1, _LONGEST + 1))
            heads = frozenset(text[right : right + count] for count in range(1, _LONGEST + 1))
            beside = tails, heads, frozenset()
        chained = index > 0 and found[-1].end == left, index + 1 < len(spans) and spans[index + 1][0] == right
        found.append(
            _Found(
                mark=marks.mark(text[start:end]),
                start=start,
                end=end,
                left=left,
                right=right,
                paused=chained[0] or left == 0 or _has(text[left:start], _PAUSES),
                pauses=chained[1] or right == len(text) or _has(text[end:right], _PAUSES),
                previous=beside[0],
                next=beside[1],
                earlier=beside[2],
                first=left == 0,
                last=right == len(text),
                ended=_has(text[left:start], _STOPS) and not _short(text, left),
                closed=chained[1] or right == len(text) or _has(text[end:right], _STOPS) or text[right].isupper(),
            )
        )
    alone = found[0].first and found[-1].last and all(one.right == other.start for one, other in pairwise(found))
    for one in found:
        one.alone = alone
    return found


def _has(between: str, marks: frozenset[str]) -> bool:
    """Return whether `between` contains one of `marks` or a line break."""
    return not marks.isdisjoint(between) or "\n" in between


def _judge(found: Sequence[_Found], marks: Table) -> None:
    """Set `is_mark` of each candidate that is the mark."""
    for one in found:
        one.sure = not one.mark.weak and not _itself(one, marks, habit=False)
    _pair(found)
    for habit in (False, True):  # the marks at a pause show the habit for the others
        if habit and not any(one.sure for one in found) and not _dashed(found, marks):
            return
        for one in found:
            if not one.sure and one.mark.kind not in ("open", "close") and not _itself(one, marks, habit):
                one.sure = not one.mark.weak or _rests(one, marks, habit)


def _rests(one: _Found, marks: Table, habit: bool) -> bool:
    """Return whether it stands at a pause; with the habit known, between two clauses or words is enough."""
    if one.mark.kind == "dash":
        return habit or (one.paused and one.pauses)
    begins = one.closed or not marks.begins.isdisjoint(one.next)
    return begins and (habit or one.paused or one.pauses)


def _dashed(found: Sequence[_Found], marks: Table) -> bool:
    """Return whether there are two dashes, which show the habit as well as other marks."""
    return sum(one.mark.weak and one.mark.kind == "dash" and not _itself(one, marks, habit=True) for one in found) > 1


def _itself(one: _Found, marks: Table, habit: bool) -> bool:
    """Return whether its words mean themselves, by what stands beside them."""
    mark = one.mark
    if mark.kind in ("mark", "dash", "join") and one.first:
        return not (one.alone and mark.kind == "mark")  # said alone, it is a mark
    if mark.kind in ("dash", "join") and (one.last or (_spelled(one.previous, marks) and _spelled(one.next, marks))):
        return True
    if not one.pauses and not mark.before.isdisjoint(one.next):
        return True
    if mark.stressed and one.ended and not (habit or one.alone):
        return True
    if one.paused:
        return False
    determined = marks.determiners | marks.pronouns
    owned = any(word.endswith(("'s", "’s")) for word in one.previous)
    if owned or not (marks.determiners | mark.after).isdisjoint(one.previous):
        return True
    if not marks.pronouns.isdisjoint(one.previous) and not (habit and one.pauses):
        return True
    kind = not (marks.adjectives | mark.kinds).isdisjoint(one.previous)
    return kind and not determined.isdisjoint(one.earlier)


def _spelled(beside: frozenset[str], marks: Table) -> bool:
    """Return whether a neighbour is part of a number or spelled out."""
    return any(len(word) == 1 or word[0].isdigit() or word in marks.spelled for word in beside)


def _pair(found: Sequence[_Found]) -> None:
    """Drop the marks of a pair whose other half is missing."""
    opened: dict[str, list[_Found]] = defaultdict(list)
    for one in found:
        if one.mark.kind == "open" and one.sure:
            one.sure = False
            opened[one.mark.pair].append(one)
        elif one.mark.kind == "close":
            other = opened[one.mark.pair].pop() if one.sure and opened[one.mark.pair] else None
            one.sure = other is not None and other.right < one.start
            if other is not None and one.sure:
                other.sure = True


def _chains(found: Sequence[_Found]) -> Iterator[list[_Found]]:
    """Yield groups of candidates with nothing but pauses between them."""
    chain: list[_Found] = []
    for one in found:
        if chain and chain[-1].right != one.start:
            yield chain
            chain = []
        chain.append(one)
    if chain:
        yield chain


def _written(text: str, chain: Sequence[_Found], spaced: bool, greets: bool) -> str:
    """Return what replaces a chain and the pauses around it."""
    first, last = chain[0], chain[-1]
    new = _kept(text[first.left : first.start], first.mark.kind, greets) or ("." if _short(text, first.left) else "")
    for one in chain:
        write = one.mark.write
        match one.mark.kind:
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
        ended = len(new) > 1 and new[-2] in _STOPS and after[:1] in (".", "?", "!", "。")
        new += after[1:] if ended else after
    lines = min(text.count("\n", last.end, last.right), 2) if last.right < len(text) else 0
    if last.mark.kind in ("mark", "close") and last.right < len(text):
        new += "\n" * lines or (" " if spaced else "")
    return new


def _short(text: str, at: int) -> bool:
    """Return whether a full stop at `at` belongs to an abbreviation."""
    return text[at : at + 1] == "." and abbreviated(text, at)


def _kept(between: str, kind: str, greets: bool) -> str:
    """Return those of the pauses before a chain that stay."""
    pauses = "".join(between.split())
    if kind == "open" or (kind == "line" and greets):
        return pauses
    return "".join(one for one in pauses if one in _STOPS) if kind in ("line", "close") else ""


def _goes_on(mark: Mark) -> bool:
    """Return whether the sentence continues after the mark."""
    return mark.kind in ("dash", "join") or mark.write in (",", ";")
