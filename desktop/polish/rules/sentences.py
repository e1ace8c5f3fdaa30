"""Write a capital at the start and a mark at the end, as the style of the place wants.

A text that is nothing but a number, amount, time or address gets no full stop, since it goes into a cell or a field:
one that recognition wrote is removed. A list gets none either, since its items are no sentences. If the style wants no
capital or no mark, nothing is made lower case, since that would be a guess about names; but a single sentence loses the
full stop that recognition wrote, which is usual in a chat and needed in a terminal.

A question mark is given only to a sentence that can only be a question, and one that is there is never changed:
recognition heard the intonation, this rule did not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from desktop.core.text import language_of
from desktop.polish.rules.edit import Edit, Manner
from desktop.polish.rules.sentence_ends import abbreviated, bare, closes, is_han, words
from desktop.vocabulary.vocabulary import Vocabulary

_FIRST = re.compile(r"""^[ \t]*(?:(?:[-*•]|\d{1,3}[.)])[ \t]+)?["“‘«(\[¿¡]*([^\W\d_])""", re.MULTILINE)
_AFTER = re.compile(r"""([.!?])[ \t]+["“‘«(\[¿¡]*([^\W\d_])""")
_I = re.compile(r"(?<![\w.'’/@_-])i(?=['’](?:m|ll|ve|d)\b|(?![\w'’/@_=+*)\]-]|\.\w))")
_LOOP = re.compile(r"for i in\b", re.IGNORECASE)
_ITEM = re.compile(r"\s*(?:[-*•]|\d{1,3}[.)])\s")
_TOKEN = re.compile(r"\S+")
_INSIDE = re.compile(r"[.!?。！？…]\s*\S")
_SMALL = re.compile(r"[@_/\\=#]|://|\w\.\w|.[A-Z]|\(\)|.\d")
_LINE_WORDS, _LINE_HAN = 5, 8
"""Least words of a line within a text that is taken for a sentence, or characters in a script without spaces."""

_LONGEST = 80
"""Most characters of a user's term that are compared."""

_LIST_LINES = 3
"""Number of short lines that make a list, whose last line ends no sentence."""


def sentences(text: str, manner: Manner) -> Iterator[Edit]:
    """Write a capital first letter and a final mark."""
    if not (start := len(text) - len(text.lstrip())) < (end := len(text.rstrip())):
        return
    alone = bare(text[start : end - 1] if text[end - 1] in ".。" else text[start:end]) and not abbreviated(
        text, end - 1
    )
    if manner.style.capital and not alone:
        yield from _capitals(text, manner)
    if alone or not manner.style.closing:
        yield from _unclosed(text, start, end, alone)
    else:
        yield from _closed(text, manner)


def _capitals(text: str, manner: Manner) -> Iterator[Edit]:
    """Capitalize the first letters of sentences and lines, and "I"."""
    for match in _FIRST.finditer(text):
        yield from _capital(text, match.start(1), manner.vocabulary)
    for match in _AFTER.finditer(text):
        at = match.start(1)
        ellipsis = text[max(0, at - 2) : at].rstrip().endswith(".")
        if match.group(2).islower() and (text[at] != "." or not (ellipsis or abbreviated(text, at))):
            yield from _capital(text, match.start(2), manner.vocabulary)
    if " i" in text and _language(text, manner) == "en":
        for match in _I.finditer(text):
            if not _LOOP.match(text, max(0, match.start() - 4)):
                yield Edit(*match.span(), "I")


def _capital(text: str, at: int, own: Vocabulary) -> Iterator[Edit]:
    """Capitalize the letter at `at`, unless its word is written small as a name, a user's term, or an address."""
    letter = text[at]
    # no word begins with ß or a ligature, and Georgian has no capitals in sentences
    if not letter.islower() or len(letter.upper()) > 1 or "\u10d0" <= letter <= "\u10ff":
        return
    token = _TOKEN.match(text, at)
    word = token.group() if token else letter
    if not _SMALL.search(word) and not own.begins(text[at : at + _LONGEST]):
        yield Edit(at, at + 1, letter.upper())


def _unclosed(text: str, start: int, end: int, alone: bool) -> Iterator[Edit]:
    """Remove the full stop of a single sentence."""
    last = text[end - 1]
    before = text[end - 2 : end - 1]
    if last not in ".。" or before.isspace() or before in ("", ".", "…", "。") or "\n" in text[start:end]:
        return
    if (alone or not _INSIDE.search(text, start, end - 1)) and not abbreviated(text, end - 1):
        yield Edit(end - 1, end, "")


def _closed(text: str, manner: Manner) -> Iterator[Edit]:
    """Write a mark at the end of the text, and of each line that is a sentence."""
    lines = [match.span() for match in re.finditer(r"[^\n]*\S", text)]
    short = sum(not _long(text[start:end]) for start, end in lines)
    for start, end in lines:
        line = text[start:end]
        last = (start, end) == lines[-1]
        if not closes(line[-1]) or _ITEM.match(line) or bare(line.strip()):
            continue
        if _long(line) or (last and (len(lines) < _LIST_LINES or short < len(lines))):
            yield Edit(end, end, _mark(line, _language(text, manner)))


def _long(line: str) -> bool:
    return line.count(" ") + 1 >= _LINE_WORDS or (not line.isascii() and sum(map(is_han, line)) >= _LINE_HAN)


def _mark(line: str, language: str) -> str:
    """Return the mark for a line that has none."""
    last = line[-1]
    if is_han(last) or (language == "zh" and any(map(is_han, line))):
        return "？" if _asks_in_chinese(line) else "。"
    if language == "hi" or "DEVANAGARI" in unicodedata.name(last, ""):
        return "।"
    return "?" if language == "en" and _asks(line) else "."


_ENDS = re.compile("[.!?…。！？]")
_CLEFT = re.compile(r"(?:\b(?:is|was|are)\b|'s\b).*\b(?:is|was|are|isn't|wasn't)\b")
_ASKED = 25
"""Most words of a sentence that is taken for a question."""


def _asks(line: str) -> bool:
    """Return whether the last sentence of an English line can only be a question."""
    sentence = _ENDS.split(line)[-1]
    said = sentence.lower().replace("’", "'").split()
    if not 2 < len(said) <= _ASKED or "," in sentence:
        return False
    first, second = said[0], said[1]
    if first in words("turned", "question"):
        ordered = first in ("do", "did", "have") and second in ("it", "this", "that")
        return second in words("pronouns", "question") and not ordered
    if first == "how" and second in words("manner", "question"):
        return not words("auxiliaries", "question").isdisjoint(said[2:5]) and not _CLEFT.search(" ".join(said))
    asked = first in words("wh", "question") and (second in words("auxiliaries", "question") or first.endswith("'s"))
    return asked and first not in ("when", "whose", "which") and not _CLEFT.search(" ".join(said))


_HAN_WHAT = re.compile("什么|什麼|怎么|怎麼|谁|誰|哪|为什么|為什麼|多少|几|幾|还是|還是|如何|何时")


def _asks_in_chinese(line: str) -> bool:
    """Return whether a line ends as Chinese questions do: with 吗, or with 呢 after a question word or after few
    characters.
    """
    if line[-1] in "吗嗎":
        return True
    clause = re.split(r"[，。！？；,.!?;\s]", line)[-1]
    return line[-1] == "呢" and (_HAN_WHAT.search(clause) is not None or len(clause) <= 3)


def _language(text: str, manner: Manner) -> str:
    return manner.language.partition("-")[0] or language_of(text)
