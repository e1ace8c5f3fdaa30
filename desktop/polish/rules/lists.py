"""Write spoken lists as lists: "bullet milk bullet eggs", "number one ..., number two ..., number three ...".

A speaker who counts reasons ("first, it is cheap, second, it is good") speaks prose, and prose stays prose. A list is
made only of what is never said in prose: bullets, or numbers with the word "number" before each, or figures with a full
stop, from one upwards without a gap and at least to three, each at the beginning of a clause with words after it. Bare
"one, two, three" and "first, second, third" (第一, 第二, 第三) must also be announced as a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from desktop.core.files import read_package_toml
from desktop.polish.rules.edit import RuleContext, RuleEdit
from desktop.polish.rules.sentences import is_abbreviation
from desktop.polish.rules.tokens import BARE_WORD

_MIN_ITEMS = 3
"""Least number of items of a numbered list."""

_NUMBER_NAMES = "one two three four five six seven eight nine ten".split()  # noqa: SIM905 -- a table
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()  # noqa: SIM905 -- a table
_HAN = "一二三四五六七八九十"

_BULLET = re.compile(r"(?<![\w'’-])bullet(?:[ -]point)?(?![\w'’-])[,.:;]?(?=\s|\Z)", re.IGNORECASE)
_NUMBER = re.compile(
    rf"(?<![\w'’-])(?:number|no\.|#)\s?({'|'.join(_NUMBER_NAMES)}|\d{{1,2}})(?![\w'’-])[,.:;]?(?=\s)", re.IGNORECASE
)
_FIGURE = re.compile(r"(?<![\w'’$€£,.:/-])(\d{1,2})[.)](?=\s+[^\W\d_])")
_COUNTED = re.compile(rf"(?<![\w'’-])({'|'.join(_NUMBER_NAMES)}|\d{{1,2}})[,:](?=\s)", re.IGNORECASE)
_ORDINAL = re.compile(rf"(?<![\w'’-])({'|'.join(_ORDINALS)})(?:ly)?[,:](?=\s)", re.IGNORECASE)
_HAN_ORDINAL = re.compile(rf"第([{_HAN}])(?:点|點|步|项|項)?[，、：,:]")

_CLAUSE_START = re.compile(r"(?:\A|[.,;:!?，。；：！？\n])\s*(?:(?:and|then|finally)\s+)?\Z")
_SPACE_OR_PAUSE = " \t\n,;，；、"
_LOOK_BACK = 24
_SENTENCE_END = re.compile(r"(?:\.\s+|(?<=[!?])\s+|。\s*|(?<=[！？])\s*)(?=\S)")
_CONJOINED = re.compile(r"[\s,;]+(?:and|then|finally)\Z", re.IGNORECASE)


def edit_lists(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Write spoken lists as lines: "- Milk", "1. Buy milk"."""
    for markers in (_bullet_markers(text), *_number_markers(text)):
        if markers:
            yield from _item_edits(text, markers)
            return


@dataclass(frozen=True, slots=True)
class _Marker:
    """`text[start:end]` begins an item that is written after `sign`."""

    start: int
    end: int
    sign: str


def _bullet_markers(text: str) -> list[_Marker]:
    """Return the bullet words that begin an item each; a single one only at a line start, and with "point"."""
    markers = []
    for match in _BULLET.finditer(text):
        before, after = _neighbour_words(text, *match.span())
        begins_clause = _CLAUSE_START.search(text, max(0, match.start() - _LOOK_BACK), match.start()) is not None
        is_plain_word = (before in _load_table()["bullet", "after"] and not begins_clause) or after in _load_table()[
            "bullet", "before"
        ]
        if after and not is_plain_word:
            markers.append(_Marker(*match.span(), "- "))
    ends = [marker.start for marker in markers[1:]] + [len(text)]
    if not markers or not all(
        BARE_WORD.search(text, marker.end, end) for marker, end in zip(markers, ends, strict=True)
    ):
        return []
    text_before, has_point = text[: markers[0].start], "point" in text[markers[0].start : markers[0].end].lower()
    if len(markers) == 1:
        return markers if has_point and text_before.rstrip(" ")[-1:] in ("", "\n", ":") else []
    return markers if has_point or _CLAUSE_START.search(text_before[-_LOOK_BACK:]) or _is_announced(text_before) else []


def _number_markers(text: str) -> Iterator[list[_Marker]]:
    """Yield the markers of each way of numbering, the surest first; each has all of its markers or none."""
    yield _counted_markers(text, _NUMBER, _load_table()["number", "before"])
    yield _counted_markers(text, _FIGURE)
    for pattern in (_COUNTED, _ORDINAL, _HAN_ORDINAL):
        markers = _counted_markers(text, pattern)
        yield markers if markers and _is_announced(text[: markers[0].start]) else []


def _counted_markers(text: str, pattern: re.Pattern[str], plain_before: frozenset[str] = frozenset()) -> list[_Marker]:
    """Return markers from one upwards, each at the beginning of a clause with words after it."""
    markers: list[_Marker] = []
    for match in pattern.finditer(text):
        number = _number_value(match.group(1).lower())
        if number != len(markers) + 1:
            continue
        begins_clause = _CLAUSE_START.search(text, max(0, match.start() - _LOOK_BACK), match.start()) is not None
        is_unmarked = pattern is _NUMBER and not any(mark in text for mark in ",.;:!?")
        before_capital = (
            pattern is _COUNTED and text[match.end() : match.end() + 3].lstrip()[:1].isupper()
        )  # "My list 1, Buy milk 2, Call mom"
        if not begins_clause and not is_unmarked and not before_capital:
            continue
        is_empty = markers and not BARE_WORD.search(text, markers[-1].end, match.start())
        if is_empty or _neighbour_words(text, *match.span())[1] in plain_before:
            return []
        markers.append(_Marker(*match.span(), f"{number}. "))
    is_complete = len(markers) >= _MIN_ITEMS and BARE_WORD.search(text, markers[-1].end)
    return markers if is_complete else []


def _number_value(number: str) -> int:
    if number.isdigit():
        return int(number)
    return next(names.index(number) + 1 for names in (_NUMBER_NAMES, _ORDINALS, _HAN) if number in names)


def _is_announced(text_before: str) -> bool:
    """Return whether the sentence before a list announces it."""
    last = re.split(r"[.!?。！？]\s*(?=\S)", text_before.rstrip())[-1]
    words = {word.lower() for word in BARE_WORD.findall(last)}
    return not words.isdisjoint(_load_table()["lead", "said"]) or any(
        word in last for word in _load_table()["lead", "han"]
    )


def _item_edits(text: str, markers: Sequence[_Marker]) -> Iterator[RuleEdit]:
    """Write each item on its own line, with a capital and without the mark that separated it from the next."""
    for index, marker in enumerate(markers):
        start = len(text[: marker.start].rstrip(_SPACE_OR_PAUSE))
        if index and (joined := _CONJOINED.search(text, markers[index - 1].end, start)):
            start = joined.start()
        if index and text[start - 1 : start] == "." and _is_single_sentence(text[markers[index - 1].end : start - 1]):
            start -= 1
        before = "\n" if start else ""
        if index == 0 and start and text[start - 1] not in ":：.!?。！？\n":
            before = ":\n"
        end = marker.end
        while end < len(text) and (text[end].isspace() or text[end] in _SPACE_OR_PAUSE):
            end += 1
        yield RuleEdit(start, min(end + 1, len(text)), f"{before}{marker.sign}{text[end : end + 1].upper()}")
    end = len(text.rstrip())
    line_end = text.find("\n", markers[-1].end, end)
    end = end if line_end < 0 else len(text[:line_end].rstrip())
    if after := _end_of_last_item(text, markers, end):
        yield RuleEdit(after.start(), after.end(), "\n\n")
    elif text[end - 1 : end] in (".", ",", ";", "。") and _is_single_sentence(text[markers[-1].end : end - 1]):
        yield RuleEdit(end - 1, end, "")


def _end_of_last_item(text: str, markers: Sequence[_Marker], end: int) -> re.Match[str] | None:
    """Return what stands between the last item and sentences after the list: more than one, where no other item has."""
    items = [text[marker.end : following.start] for marker, following in pairwise(markers)]
    if not items or not all(_is_single_sentence(item.rstrip(_SPACE_OR_PAUSE + ".!?。！？")) for item in items):
        return None
    first = BARE_WORD.search(text, markers[-1].end, end)
    ends = _SENTENCE_END.finditer(text, first.end(), end) if first else ()
    return next(
        (match for match in ends if text[match.start()] != "." or not is_abbreviation(text, match.start())), None
    )


def _is_single_sentence(item: str) -> bool:
    """Return whether an item is at most one sentence, so that it needs no full stop."""
    return not re.search(r"[.!?。！？](?:\s|\Z)", item)


def _neighbour_words(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words before and after in lower case; empty if there is none."""
    before = BARE_WORD.findall(text[max(0, start - _LOOK_BACK) : start])
    after = BARE_WORD.search(text, end)
    return before[-1].lower() if before else "", after.group().lower() if after else ""


@cache
def _load_table() -> Mapping[tuple[str, str], frozenset[str]]:
    table = read_package_toml("desktop.polish.rules", "lists.toml")
    return {(part, name): frozenset(words.split()) for part, lists in table.items() for name, words in lists.items()}
