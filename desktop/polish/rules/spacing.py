"""Write spaces: one between words, none before a mark; and Chinese with its own marks and spacing.

Chinese has no spaces between its words, wide marks that carry their own space, and one space beside a word in Latin
letters. Beside figures the spacing of recognition or the previous rule is kept: both 5月 and 5 月 are usual. A single
letter stays where it is (A股, 京A), and so does a unit after its figure (25kg). Recognition that writes no marks in
Chinese writes a space for a pause: between two longer clauses it becomes a comma.

The result between two characters depends on these two alone, so that polishing again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.core.text import HAN, guess_language
from desktop.polish.rules.edit import RuleContext, RuleEdit
from desktop.polish.rules.languages.language import LANGUAGES, UNDETERMINED
from desktop.polish.rules.sentences import is_abbreviation

_HAN = f"\u3400-\u4dbf{HAN}\uf900-\ufaff\U00020000-\U0003ffff"  # without kana
_WIDE_CHARACTERS = "，。！？：；、（）《》「」『』【】〈〉"
_MARKS = ",.;:!?"
_NO_BREAKS = ("\u00a0", "\u202f")
_WIDE_MARKS = dict(zip(",.;:!?", "，。；：！？", strict=True))

_SPACE = re.compile(r"[^\S ][\s]*| [\s]+|\A \Z|\A | \Z|(?<=\w) (?=[,.;:!?](?:\s|\Z))")
_EAST_SPACE = re.compile(rf"\s+|(?<=[{_HAN}])(?=[A-Za-z]{{2}})|(?<=[A-Za-z])(?=[{_HAN}])")
_EAST = re.compile(f"[{_HAN}{_WIDE_CHARACTERS}]")
_AFTER_HAN = re.compile(rf"(?<=[{_HAN}》）」』”])[^\S\n]*(?:([,.;:!?]+)(?![)(\w/,.;:!?])|([,;:!?])(?=\w))")
_BEFORE_HAN = re.compile(rf"(?:(?<=[A-Za-z0-9%)])[^\S\n]*[,;:!?]|(?<=[A-Za-z])[^\S\n]*\.)(?=\s*[{_HAN}])")
_END = re.compile(r"(?<=[A-Za-z0-9%)])[^\S\n]*[.!?](?=\s*\Z)")
_LATIN = re.compile(r"(?<![A-Za-z0-9_.+#-])[A-Za-z]{2}[A-Za-z0-9_.+#-]*")
_AMOUNT = re.compile(r"[A-Z]{3}\d")
_PAUSE = re.compile(rf"(?<=[{_HAN}]{{4}}) (?=[{_HAN}]{{4}})")
_MARKED = re.compile("[,.!?;，。！？；、]")


def edit_spacing(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Write one space between words, none at the ends or before a mark; keep line breaks, at most two.

    In Chinese also write its marks and the space beside Latin letters.
    """
    language = context.language.partition("-")[0] or guess_language(text)
    if _EAST.search(text) is not None:
        yield from _edit_eastern(text, language)
        return
    tight = ",." if language in ("fr", UNDETERMINED) else _MARKS  # French has a space before ; : ! ?
    for match in _SPACE.finditer(text):
        start, end = match.span()
        if match.group() not in _NO_BREAKS or language not in LANGUAGES or start == 0 or end == len(text):
            yield RuleEdit(start, end, _space_between(text, start, end, {}, tight))


def _space_between(text: str, start: int, end: int, wide_marks: dict[int, str], tight: str = _MARKS) -> str:
    """Return what replaces `text[start:end]`, which is only space; `wide_marks` are those written wide, by position."""
    if lines := text.count("\n", start, end):
        return "\n" * min(lines, 2)
    if start == 0 or end == len(text):
        return ""
    left, right = wide_marks.get(start - 1, text[start - 1]), wide_marks.get(end, text[end])
    if left in _WIDE_CHARACTERS or right in _WIDE_CHARACTERS:
        return ""
    word = left.isalnum() or left == "_"
    ends = right in tight and (end + 1 == len(text) or text[end + 1].isspace())
    return "" if word and ends else " "


def _edit_eastern(text: str, language: str) -> Iterator[RuleEdit]:
    chinese = language in ("zh", "yue") or (language not in ("ja", "ko") and guess_language(text) == "zh")
    wide_marks = dict(_find_wide_marks(text)) if chinese else {}
    paused = {match.start() for match in _PAUSE.finditer(text)} if chinese and not _MARKED.search(text) else set[int]()
    beside = _latin_word_edges(text) if language != "ja" else set[int]()
    for at, mark in wide_marks.items():
        yield RuleEdit(at, at + 1, mark)
    for match in _EAST_SPACE.finditer(text):
        start, end = match.span()
        if start == end:
            if start in beside:
                yield RuleEdit(start, end, " ")
        else:
            yield RuleEdit(start, end, "，" if start in paused else _space_between(text, start, end, wide_marks))


def _find_wide_marks(text: str) -> Iterator[tuple[int, str]]:
    """Yield the position and the wide form of the marks of Chinese text that must be wide."""
    for match in _AFTER_HAN.finditer(text):
        group = 1 if match.group(1) else 2
        marks, at = match.group(group), match.start(group)
        if len(marks) == 1 or set(marks) <= set("!?"):
            yield from ((at + index, _WIDE_MARKS[mark]) for index, mark in enumerate(marks))
    for pattern in (_BEFORE_HAN, _END):
        for match in pattern.finditer(text):
            at = match.end() - 1
            if text[at] != "." or not is_abbreviation(text, match.start()):
                yield at, _WIDE_MARKS[text[at]]


def _latin_word_edges(text: str) -> set[int]:
    """Return the positions where a word in Latin letters begins or ends, except at amounts of money."""
    return {at for match in _LATIN.finditer(text) if not _AMOUNT.match(match.group()) for at in match.span()}
