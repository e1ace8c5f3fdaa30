"""What spoken marks need besides their table: Spanish opens its questions and exclamations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from desktop.polish.rules.edit import RuleEdit
from desktop.polish.rules.languages.language import LANGUAGES, base_code, keep_own_edits, load_table
from desktop.polish.rules.languages.mark_words import keep_marks

_OPENING_MARKS = {"?": "¿", "!": "¡"}
_SENTENCE_ENDS, _CLAUSE_ENDS = frozenset(".?!…\n"), frozenset(",;:")
_ALL_ENDS = _SENTENCE_ENDS | _CLAUSE_ENDS
_WORD = re.compile(r"[^\W\d_]+")


def complete_marks(text: str, edits: Iterable[RuleEdit], language: str) -> Iterator[RuleEdit]:
    """Yield the edits that write spoken marks, without those in another language, and with Spanish opening marks."""
    code = base_code(language)
    if code not in LANGUAGES:
        yield from edits
        return
    kept = list(keep_marks(text, list(keep_own_edits(text, edits, code)), code))
    yield from _open_sentences(text, kept) if code == "es" else kept


def _open_sentences(text: str, edits: list[RuleEdit]) -> list[RuleEdit]:
    """Return the edits with an opening mark for each question mark and exclamation mark that they write."""
    opened, inserted = list(edits), []
    continuing = load_table("es")["spoken"]["continuing"].split()
    for edit in edits:  # Hola, coma, ¿Cómo estás?
        word = _WORD.match(text, edit.end + 1) if text[edit.end : edit.end + 1] in ("¿", "¡") else None
        if word and edit.new[:1] in _CLAUSE_ENDS and word.group().lower() in continuing:
            inserted.append(RuleEdit(word.start(), word.start() + 1, word.group()[0].lower()))
    for index, edit in enumerate(edits):
        mark = next((each for each in edit.new if each in _OPENING_MARKS), "")
        if not mark:
            continue
        opening = _OPENING_MARKS[mark]
        start, by = _find_start(text, edits[:index], edit.start, mark)
        between = text[start : edit.start] + "".join(each.new for each in edits[max(by, 0) : index + 1])
        if opening in between or not text[start : edit.start].strip():
            continue
        if by < 0:
            inserted.append(RuleEdit(start, start, opening))
        else:  # the sentence begins after an edit, which may also write its first letter
            new = opened[by].new
            at = len(new) - new[-1].isalpha()
            opened[by] = opened[by]._replace(new=new[:at] + opening + new[at:])
    return opened + inserted


def _find_start(text: str, before: list[RuleEdit], end: int, mark: str) -> tuple[int, int]:
    """Return where the sentence that ends at `end` begins, and the index of the edit that it follows, or -1.

    A question begins at its question word if that stands after a comma.
    """
    starts = [(0, -1, ".")]
    starts += [(at + 1, -1, text[at]) for at in range(end) if text[at] in _ALL_ENDS]
    starts += [(edit.end, index, each) for index, edit in enumerate(before) for each in edit.new if each in _ALL_ENDS]
    first, by = max((at, index) for at, index, each in starts if each in _SENTENCE_ENDS)
    if mark == "?":
        for at, index, each in sorted(starts, reverse=True):
            letter = at - 1 if index >= 0 and before[index].new[-1].isalpha() else at
            word = _WORD.search(text, letter, end)
            if at > first and each in _CLAUSE_ENDS and word and word.group().lower() in _question_words():
                first, by = at, index
                break
    while by < 0 and first < end and text[first].isspace():
        first += 1
    return first, by


@cache
def _question_words() -> frozenset[str]:
    return frozenset(load_table("es")["spoken"]["interrogatives"].split())
