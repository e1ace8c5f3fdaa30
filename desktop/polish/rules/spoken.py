"""Write spoken marks and layout: new line, question mark, quote ... unquote.

The words of a mark may also mean themselves: "a question mark", "the trial period", "colon cancer". The neighbouring
words decide, so the table (`spoken.toml`) has for each mark what it does not follow and what does not follow it; a word
as common as "period" or "dash" must also stand at a pause, or in a text where other marks are spoken. In doubt the word
stays: a missing mark is seen and corrected, a missing word is not seen.

Recognition writes its own commas, stops and capitals around such words, since it hears a pause and no sentence. They go
with the word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from desktop.core.text import guess_language
from desktop.paste.text_fit import CONTINUING_WORDS
from desktop.polish.rules.edit import RuleContext, RuleEdit
from desktop.polish.rules.languages.marks import complete_marks
from desktop.polish.rules.sentences import is_abbreviation
from desktop.polish.rules.spoken_evidence import MarkCandidate, is_at_pause, is_plain_word
from desktop.polish.rules.spoken_table import MarkTable, SpokenMark, load_marks
from desktop.polish.rules.tokens import BARE_WORD

_PAUSE_MARKS = frozenset(",.;:!?…，。！？；：、")
_STOP_MARKS = frozenset(".!?…。！？:：")
_OPENING, _CLOSING = frozenset("(["), frozenset(")]")
_CLAUSE_MARKS = _PAUSE_MARKS | {"\n"}
_MAX_BESIDE = 4
"""Most characters beside a mark that are compared, in a script without spaces."""

_MARK_IN_BRACKETS = re.compile(r" \([^\w\s]")
_SHORT_OPTION = re.compile(r" [^\W\d_]{1,2}\b")
_WORD_BETWEEN = re.compile(r"[ -][^\W\d_]{2,}[ -]?")


def edit_spoken(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Write spoken marks and layout: new line, question mark, quote ... unquote."""
    language = context.language or guess_language(text) or "en"
    marks = load_marks(language)
    if marks is not None and marks.pattern.search(text) is not None:
        yield from complete_marks(text, _write_marks(text, marks), language)


def _write_marks(text: str, marks: MarkTable) -> Iterator[RuleEdit]:
    candidates = _find_candidates(text, marks)
    _decide(text, candidates, marks)
    _join_options(text, candidates)
    line = 0
    for chain in _group_chains([candidate for candidate in candidates if candidate.is_mark]):
        start, end = chain[0].left, chain[-1].right
        greeting = marks.greeting and marks.greeting.fullmatch(text, line, start)
        greets = greeting is not None and greeting["bare"] is None
        new = _write_chain(text, chain, marks.spaced, greets)
        if "\n" in new:
            line = end
        if (
            _continues(chain[-1].mark)
            and (word := BARE_WORD.match(text, end))
            and word.group().lower() in (marks.continuing or CONTINUING_WORDS)
            and not word.group()[1:].isupper()
        ):
            yield RuleEdit(start, end + 1, new + text[end].lower())
        else:
            yield RuleEdit(start, end, new)


def _find_candidates(text: str, marks: MarkTable) -> list[MarkCandidate]:
    spans = marks.find(text)
    words = [(word.start(), word.end()) for word in BARE_WORD.finditer(text)] if marks.spaced else []
    starts = [start for start, _ in words]
    in_marked_text = not _PAUSE_MARKS.isdisjoint(text)
    said = [marks.mark_for(text[start:end]) for start, end in spans]
    listed = {
        index + at
        for index in range(len(spans) - 1)
        if said[index].kind == said[index + 1].kind == "mark" and text[spans[index][1] : spans[index + 1][0]] == ", "
        for at in (0, 1)
    }
    candidates: list[MarkCandidate] = []
    for index, (start, end) in enumerate(spans):
        left, right = start, end
        while left and (text[left - 1] in _PAUSE_MARKS or text[left - 1].isspace()):
            left -= 1
        while right < len(text) and (text[right] in _PAUSE_MARKS or text[right].isspace()):
            right += 1
        clause_start = left
        while clause_start > spans[index - 1][1] * (index > 0) and text[clause_start - 1] not in _CLAUSE_MARKS:
            clause_start -= 1
        before, after, opening = list[str](), list[str](), list[str]()
        if marks.spaced:
            at, first = bisect_left(starts, start), bisect_left(starts, clause_start)
            before = [text[a:b].lower() for a, b in words[max(first, at - 3) : at]]
            beyond = bisect_left(starts, end)
            after = [text[a:b].lower() for a, b in words[beyond : beyond + 2]]
            opening = [text[a:b].lower().replace("’", "'") for a, b in words[first : min(at, first + 2)]]
            neighbours = frozenset(before[-1:]), frozenset(after[:1])
        else:
            tails = frozenset(text[max(0, left - count) : left] for count in range(1, _MAX_BESIDE + 1))
            heads = frozenset(text[right : right + count] for count in range(1, _MAX_BESIDE + 1))
            neighbours = tails, heads
        chained = index > 0 and candidates[-1].end == left, index + 1 < len(spans) and spans[index + 1][0] == right
        greeting = marks.greeting and marks.greeting.fullmatch(text, clause_start, left)
        stopped_after = not chained[1] and _contains_any(text[end:right], _STOP_MARKS)
        candidates.append(
            MarkCandidate(
                mark=said[index],
                start=start,
                end=end,
                left=left,
                right=right,
                paused_before=chained[0] or left == 0 or _contains_any(text[left:start], _PAUSE_MARKS),
                paused_after=chained[1] or right == len(text) or _contains_any(text[end:right], _PAUSE_MARKS),
                previous=neighbours[0],
                next=neighbours[1],
                earlier=before[:-1],
                later=after[1] if len(after) > 1 else "",
                clause=opening,
                first=left == 0,
                last=right == len(text),
                stopped_before=_contains_any(text[left:start], _STOP_MARKS) and not _is_abbreviated(text, left),
                stopped_after=stopped_after,
                starts_sentence_after=chained[1] or right == len(text) or stopped_after or text[right].isupper(),
                greets=greeting is not None,
                in_marked_text=in_marked_text,
                enclosed=text[start - 1 : start] in _OPENING
                or text[end : end + 1] in _CLOSING
                or _MARK_IN_BRACKETS.match(text, end) is not None,
                listed=index in listed,
                next_mark=said[index + 1].kind if chained[1] else "",
            )
        )
    only_marks = bool(candidates) and (
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


def _decide(text: str, candidates: Sequence[MarkCandidate], marks: MarkTable) -> None:
    """Set `is_mark` of each candidate that is the mark."""
    for candidate in candidates:
        candidate.is_mark = not candidate.mark.needs_pause and not is_plain_word(candidate, marks, habit_known=False)
    _drop_unpaired(text, candidates)
    for habit_known in (False, True):  # the marks at a pause show the habit for the others
        if (
            habit_known
            and not any(candidate.is_mark and candidate.mark.kind != "option" for candidate in candidates)
            and not _has_two_dashes(candidates, marks)
            and not _ends_with_second(candidates, marks)
        ):
            return
        for candidate in candidates:
            if (
                not candidate.is_mark
                and candidate.mark.kind not in ("open", "close")
                and not is_plain_word(candidate, marks, habit_known)
            ):
                candidate.is_mark = not candidate.mark.needs_pause or is_at_pause(candidate, marks, habit_known)


def _join_options(text: str, candidates: Sequence[MarkCandidate]) -> None:
    """Make a dash after the first word of an option a part of it, and one before few letters another option: "dash dash
    dry dash run", "dash m".
    """
    for option in candidates:
        if option.mark.kind == "option" and not text[option.right : option.right + 1].isalnum():
            option.is_mark = False
    for option, dash in pairwise(candidates):
        if (
            option.mark.kind == "option"
            and option.is_mark
            and dash.mark.kind == "dash"
            and _WORD_BETWEEN.fullmatch(text, option.end, dash.start)
            and _WORD_BETWEEN.match(text, dash.end)
        ):
            dash.mark, dash.is_mark = SpokenMark("join", "-"), True
    if any(option.mark.kind == "option" and option.is_mark for option in candidates):
        for dash in candidates:
            if dash.mark.kind == "dash" and not dash.is_mark and _SHORT_OPTION.match(text, dash.end):
                dash.mark, dash.is_mark = SpokenMark("option", "-"), True


def _has_two_dashes(candidates: Sequence[MarkCandidate], marks: MarkTable) -> bool:
    """Return whether there are two dashes, which show the habit as well as other marks."""
    return (
        sum(
            candidate.mark.needs_pause
            and candidate.mark.kind == "dash"
            and not is_plain_word(candidate, marks, habit_known=True)
            for candidate in candidates
        )
        > 1
    )


def _ends_with_second(candidates: Sequence[MarkCandidate], marks: MarkTable) -> bool:
    """Return whether the text ends in a closing mark and another one before it: neither is sure, both together are."""
    likely = [
        candidate
        for candidate in candidates
        if candidate.mark.kind in ("mark", "line")
        and marks.mentions.isdisjoint(candidate.previous)
        and not is_plain_word(candidate, marks, habit_known=True)
    ]
    return len(likely) > 1 and likely[-1].last and not likely[-1].mark.inner


def _drop_unpaired(text: str, candidates: Sequence[MarkCandidate]) -> None:
    """Drop the marks of a pair whose other half is missing."""
    opened: dict[str, list[MarkCandidate]] = defaultdict(list)
    for candidate in candidates:
        if candidate.mark.kind == "open" and candidate.is_mark:
            candidate.is_mark = False
            opened[candidate.mark.pair].append(candidate)
        elif candidate.mark.kind == "close":
            other = opened[candidate.mark.pair].pop() if candidate.is_mark and opened[candidate.mark.pair] else None
            content = text[other.end : candidate.start].strip(" ,.").lower() if other is not None else ""
            candidate.is_mark = content not in ("", "and", "or")
            if other is not None and candidate.is_mark:
                other.is_mark = True


def _group_chains(candidates: Sequence[MarkCandidate]) -> Iterator[list[MarkCandidate]]:
    """Yield groups of candidates with nothing but pauses between them."""
    chain: list[MarkCandidate] = []
    for candidate in candidates:
        if chain and chain[-1].right != candidate.start:
            yield chain
            chain = []
        chain.append(candidate)
    if chain:
        yield chain


def _write_chain(text: str, chain: Sequence[MarkCandidate], spaced: bool, greets: bool) -> str:
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
            case "option":
                new += (" " if first.left or new else "") + write
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
