"""Find where the words of a mark mean themselves in German, French and Spanish, though they are written as one.

The table of a language (`desktop.polish.rules.spoken_table`) looks at what stands directly beside a mark; here are the
questions that need the clause: the second half of a negation (French "ne ... point"), a verb ("que mi hijo coma"), what
is spoken about ("er sagte Komma"), and a line with a number or a name. In doubt the words stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from desktop.polish.rules.edit import RuleEdit
from desktop.polish.rules.languages.cardinals import is_number_begin, number_words
from desktop.polish.rules.languages.language import load_table, small_words

MAX_PHRASE = 80
"""Most characters of a phrase that are looked at."""

MAX_CLAUSE_WORDS = 4
"""Most words between a conjunction and its verb."""

MAX_SAYING_WORDS = 3
"""Most words of a sentence that says no more than that the mark is said: "il a dit point"."""

_INNER_MARKS, _END_MARKS = frozenset(",;:"), frozenset(".?!…")
_WORD = re.compile(r"[^\W\d_]+")
_BREAK = re.compile(r"[.?!…\n,;:]")
_SPACES = " \t\u00a0\u202f"


def keep_marks(text: str, edits: Sequence[RuleEdit], language: str) -> Iterator[RuleEdit]:
    """Yield those of `edits` that write marks, without the words that mean themselves."""
    begin = 0
    for edit in edits:
        said = _WORD.findall(text[edit.start : edit.end].lower())
        only = len(edits) == 1
        begin = max(begin, _clause_start(text, begin, edit.start))
        if _begins_with_word(text, edit, said, begin, language):
            edit = _shorten(text, edit)
        elif (
            _ends_noun_phrase(text, edit, said, language)
            or _is_verb(text, edit, said, begin, language, only)
            or _is_spoken_about(text, edit, said, language, only)
            or _is_named_line(text, edit, said, language, only)
        ):
            continue
        if edit.new and not _ends_in_inner_mark(text, edit, begin, language):
            yield edit
            begin = edit.end


def _clause_start(text: str, begin: int, end: int) -> int:
    """Return where the clause that ends at `end` begins."""
    return max((match.end() for match in _BREAK.finditer(text, begin, end)), default=begin)


def _begins_with_word(text: str, edit: RuleEdit, said: Sequence[str], begin: int, language: str) -> bool:
    """Return whether the first word of a row of marks is none: "que coma coma", "je n'en veux point point"."""
    table = load_table(language)["spoken"]
    if said[:1] and said[0] in table.get("negations", "").split() and said[1:2] != ["d"]:
        return _is_negated(text[begin : edit.start].lower(), table)
    if len(said) < 2 or said[0] not in table["inner"].split():
        return False
    is_ended = edit.new[:1] in _INNER_MARKS and edit.new[1:2] in _END_MARKS
    return is_ended or said[1] == said[0]


def _is_negated(clause: str, table: Mapping[str, Any]) -> bool:
    """Return whether the last negation of a clause lacks its second half."""
    words = _WORD.findall(clause)
    begins = [at for at, word in enumerate(words) if word in table["negating"].split()]
    return bool(begins) and frozenset(words[begins[-1] :]).isdisjoint(table["negated"].split())


def _shorten(text: str, edit: RuleEdit) -> RuleEdit:
    """Return an edit without its first word, and without the mark of that; its `new` is empty if nothing is left."""
    words = list(_WORD.finditer(text, edit.start, edit.end))
    start, rest = words[0].end(), [word.group().lower() for word in words[1:]]
    if not rest:
        return RuleEdit(edit.start, edit.end, "")
    if rest == ["virgule"]:
        return RuleEdit(start, edit.end, f",{edit.new.lstrip(_SPACES)[1:]}" if edit.end < len(text) else "")
    is_doubled = rest[0] == words[0].group().lower()
    return RuleEdit(start, edit.end, edit.new if is_doubled else edit.new[1:])


def _ends_in_inner_mark(text: str, edit: RuleEdit, begin: int, language: str) -> bool:
    """Return whether a text would end in a comma or a colon, and is no greeting."""
    if edit.end < len(text) or edit.new.strip(_SPACES) == "" or not frozenset(edit.new.strip(_SPACES)) <= _INNER_MARKS:
        return False
    first = _WORD.search(text, begin, edit.start)
    return first is None or first.group().lower() not in load_table(language)["spoken"]["greeting"].split()


def _ends_noun_phrase(text: str, edit: RuleEdit, said: Sequence[str], language: str) -> bool:
    """Return whether the words of a common mark end a noun phrase with an adjective: "der entscheidende Punkt"."""
    table = load_table(language)["spoken"]
    if not said or said[0] not in table.get("common", "").split():
        return False
    words = text[max(0, edit.start - MAX_PHRASE) : edit.start].split()
    determiners, endings = table["determiners"].split(), tuple(table["endings"].split())
    for determiner, word in zip(reversed(words[:-1]), reversed(words), strict=False):
        if not word.islower() or not word.endswith(endings) or word in small_words(language):
            return False
        if determiner.lower() in determiners:
            return True
    return False


def _is_verb(text: str, edit: RuleEdit, said: Sequence[str], begin: int, language: str, only: bool) -> bool:
    """Return whether the words of a mark are a verb after its conjunction: "que mi hijo coma".

    Beside other marks they are only if nothing but a subject of two words stands between.
    """
    table = load_table(language)["spoken"]
    if not said or said[0] not in table.get("verbs", "").split():
        return False
    clauses = table["clauses"].split()
    words = _WORD.findall(text[max(0, edit.start - MAX_PHRASE) : edit.start].lower())
    if only:
        return not frozenset(words[-MAX_CLAUSE_WORDS:]).isdisjoint(clauses)
    words = _WORD.findall(text[max(begin, edit.start - MAX_PHRASE) : edit.start].lower())
    return words[-3:-2] != [] and words[-3] in clauses and words[-2] in table["determiners"].split()


def _is_spoken_about(text: str, edit: RuleEdit, said: Sequence[str], language: str, only: bool) -> bool:
    """Return whether a word of saying or writing stands before the words of the only mark of a text.

    After "said", a comma goes on with what was said, a colon with the speech itself, and a full stop may end it.
    """
    table = load_table(language)["spoken"]
    before, mark = (
        _WORD.findall(text[max(0, edit.start - MAX_PHRASE) : edit.start].lower()),
        edit.new.strip(_SPACES)[:1],
    )
    if not only or not said or before[-1:] == [] or before[-1] not in table["spoken_about"].split():
        return False
    if text[edit.start : edit.start + 1] != " ":
        return False
    after = _WORD.search(text, edit.end - edit.new[-1:].isalpha())
    if mark == "," and after is not None:
        return after.group().lower() not in table["reported"].split()
    if mark in _END_MARKS:
        return len(_WORD.findall(text[_clause_start(text, 0, edit.start) : edit.start])) <= MAX_SAYING_WORDS
    return mark == ";"


def _is_named_line(text: str, edit: RuleEdit, said: Sequence[str], language: str, only: bool) -> bool:
    """Return whether a new line without a pause is a line: "à la ligne quatre", "à la ligne d'arrivée"."""
    table = load_table(language)["spoken"]
    phrase, after = table.get("lines", ""), text[edit.end :]
    if not phrase or " ".join(said) != phrase or not after or _BREAK.search(text[edit.start : edit.end]):
        return False
    word = re.match(r"[\w'’-]+", after.lower())
    if word is None or edit.start == 0:
        return False
    head, apostrophe, _ = word.group().replace("’", "'").partition("'")
    if head[0].isdigit() or is_number_begin(number_words(language), head) or (apostrophe and head == "d"):
        return True
    is_begin = bool(apostrophe) or word.group() in table["begins"].split() or text[edit.end].isupper()
    return only and not is_begin
