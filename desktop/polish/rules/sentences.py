"""Write a capital at the start and a mark at the end, as the style of the place wants.

A text that is nothing but a number, amount, time or address gets no full stop, since it goes into a cell or a field:
one that recognition wrote is removed. A list gets none either, since its items are no sentences. If the style wants no
capital or no mark, nothing is made lower case, since that would be a guess about names; but a single sentence loses the
full stop that recognition wrote, which is usual in a chat and needed in a terminal. A question mark is given only to a
sentence that can only be a question, and one that is there is never changed: recognition heard the intonation, this
rule did not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

from desktop.core.files import read_package_toml
from desktop.core.text import HAN, guess_language, is_unspaced
from desktop.polish.rules.edit import RuleContext, RuleEdit
from desktop.vocabulary.vocabulary import Vocabulary

_LINE_START = re.compile(r"""^[ \t]*(?:(?:[-*•]|\d{1,3}[.)])[ \t]+)?["“‘«(\[¿¡]*([^\W\d_])""", re.MULTILINE)
_SENTENCE_START = re.compile(r"""([.!?])[ \t]+["“‘«(\[¿¡]*([^\W\d_])""")
_I = re.compile(r"(?<![\w.'’/@_-])i(?=['’](?:m|ll|ve|d)\b|(?![\w'’/@_=+*)\]-]|\.\w))")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NEXT = re.compile(r"(?P<mark>[\s.,;:!?]*)(?P<word>[^\W_]*)")
_OTHER_LETTER = re.compile(r"\s+(?:and|or)\s+[b-hj-z]\b", re.IGNORECASE)
_LOOK_ROUND = 30
_LIST_ITEM = re.compile(r"\s*(?:[-*•]|\d{1,3}[.)])\s")
_TOKEN = re.compile(r"\S+")
_MARK_INSIDE = re.compile(r"[.!?。！？…]\s*\S")
_KEEPS_CASE = re.compile(r"[@_/\\=#]|://|\w\.\w|.[A-Z]|\(\)|.\d")

_MIN_LINE_WORDS, _MIN_LINE_HAN = 5, 8
"""Least words of a line within a text that is taken for a sentence, or characters in a script without spaces."""

_PICTURE_SELECTOR = "\ufe0f"
"""The last character of many emoji."""

_MAX_TERM = 80
"""Most characters of a user's term that are compared."""

_MIN_LIST_LINES = 3
"""Number of short lines that make a list, whose last line ends no sentence."""


def edit_sentences(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Write a capital first letter and a final mark."""
    if not (start := len(text) - len(text.lstrip())) < (end := len(text.rstrip())):
        return
    is_bare = is_bare_value(
        text[start : end - 1] if text[end - 1] in ".。" else text[start:end]
    ) and not is_abbreviation(text, end - 1)
    if context.style.capital and not is_bare:
        yield from _edit_capitals(text, context)
    if is_bare or not context.style.closing:
        yield from _remove_full_stop(text, start, end, is_bare)
    else:
        yield from _add_marks(text, context)


def _edit_capitals(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Capitalize the first letters of sentences and lines, and "I"."""
    for match in _LINE_START.finditer(text):
        yield from _capitalize(text, match.start(1), context.vocabulary)
    for match in _SENTENCE_START.finditer(text):
        at = match.start(1)
        ellipsis = text[max(0, at - 2) : at].rstrip().endswith(".")
        if text[at] == "." and text[at - 1].isdigit() and _language_of(text, context) == "de":
            continue  # an ordinal: am 3. und 4. März
        if match.group(2).islower() and (text[at] != "." or not (ellipsis or is_abbreviation(text, at))):
            yield from _capitalize(text, match.start(2), context.vocabulary)
    if " i" in text and _language_of(text, context) == "en":
        for match in _I.finditer(text):
            if not _is_variable(text, *match.span()):
                yield RuleEdit(*match.span(), "I")


def _is_variable(text: str, start: int, end: int) -> bool:
    """Return whether a lone "i" is the name of a variable or a letter, by the words beside it.

    Recognition that writes capitals writes the pronoun large, so that there a small one must look like the pronoun.
    """
    before = [word.lower() for word in _WORD.findall(text[max(0, start - _LOOK_ROUND) : start])][-2:]
    after = _NEXT.match(text, end)
    mark, following = (after["mark"].strip(" "), after["word"].lower()) if after else ("", "")
    if len(following) == 1 and following not in "ai":
        return True  # i, j and k
    if following in ("and", "or") and _OTHER_LETTER.match(text, end):
        return True
    if not before or "\n" in mark:
        return False
    names, verbs = sentence_words("names", "letter"), sentence_words("verbs", "letter")
    if before[-1] in names or (before[-1] in ("and", "or", "than", "by") and len(before) > 1 and len(before[0]) == 1):
        return True
    if following in sentence_words("after", "letter") or ((mark or not following) and before[-1] in verbs):
        return True
    return text[:1].isupper() and following not in sentence_words("said", "letter") and before[-1] in verbs


def _capitalize(text: str, at: int, vocabulary: Vocabulary) -> Iterator[RuleEdit]:
    """Capitalize the letter at `at`, unless its word is written small as a name, a user's term, or an address."""
    letter = text[at]
    # no word begins with ß or a ligature, and Georgian has no capitals in sentences
    if not letter.islower() or len(letter.upper()) > 1 or "\u10d0" <= letter <= "\u10ff":
        return
    token = _TOKEN.match(text, at)
    word = token.group() if token else letter
    if not _KEEPS_CASE.search(word) and not vocabulary.begins_with_term(text[at : at + _MAX_TERM]):
        yield RuleEdit(at, at + 1, letter.upper())


def _remove_full_stop(text: str, start: int, end: int, is_bare: bool) -> Iterator[RuleEdit]:
    """Remove the full stop of a single sentence."""
    last = text[end - 1]
    before = text[end - 2 : end - 1]
    if last not in ".。" or before.isspace() or before in ("", ".", "…", "。") or "\n" in text[start:end]:
        return
    if (is_bare or not _MARK_INSIDE.search(text, start, end - 1)) and not is_abbreviation(text, end - 1):
        yield RuleEdit(end - 1, end, "")


def _add_marks(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Write a mark at the end of the text, and of each line that is a sentence."""
    lines = [match.span() for match in re.finditer(r"[^\n]*\S", text)]
    short_count = sum(not _is_sentence_line(text[start:end]) for start, end in lines)
    for start, end in lines:
        line = text[start:end]
        is_last = (start, end) == lines[-1]
        if not lacks_mark(line[-1]) or _LIST_ITEM.match(line) or is_bare_value(line.strip()):
            continue
        if _is_sentence_line(line) or (is_last and (len(lines) < _MIN_LIST_LINES or short_count < len(lines))):
            yield RuleEdit(end, end, _final_mark(line, _language_of(text, context)))


def _is_sentence_line(line: str) -> bool:
    return line.count(" ") + 1 >= _MIN_LINE_WORDS or (
        not line.isascii() and sum(map(is_unspaced_letter, line)) >= _MIN_LINE_HAN
    )


def _final_mark(line: str, language: str) -> str:
    """Return the mark for a line that has none."""
    last = line[-1]
    if is_unspaced_letter(last) or (language == "zh" and any(map(is_unspaced_letter, line))):
        return "？" if _is_chinese_question(line) else "。"
    if language == "hi" or "DEVANAGARI" in unicodedata.name(last, ""):
        return "।"
    return "?" if language == "en" and _is_question(line) else "."


_SENTENCE_MARKS = re.compile("[.!?…。！？]")
_CLEFT = re.compile(r"(?:\b(?:is|was|are)\b|'s\b).*\b(?:is|was|are|isn't|wasn't)\b")

_MAX_QUESTION_WORDS = 25
"""Most words of a sentence that is taken for a question."""


def _is_question(line: str) -> bool:
    """Return whether the last sentence of an English line can only be a question."""
    sentence = _SENTENCE_MARKS.split(line)[-1]
    words = sentence.lower().replace("’", "'").split()
    if not 2 < len(words) <= _MAX_QUESTION_WORDS or "," in sentence:
        return False
    first, second = words[0], words[1]
    if first in sentence_words("turned", "question"):
        is_order = first in ("do", "did", "have") and second in ("it", "this", "that")
        return second in sentence_words("pronouns", "question") and not is_order
    if first == "how" and second in sentence_words("manner", "question"):
        return not sentence_words("auxiliaries", "question").isdisjoint(words[2:5]) and not _CLEFT.search(
            " ".join(words)
        )
    is_question_opening = first in sentence_words("wh", "question") and (
        second in sentence_words("auxiliaries", "question") or first.endswith("'s")
    )
    return is_question_opening and first not in ("when", "whose", "which") and not _CLEFT.search(" ".join(words))


_HAN_QUESTION_WORDS = re.compile("什么|什麼|怎么|怎麼|谁|誰|哪|为什么|為什麼|多少|几|幾|还是|還是|如何|何时")


def _is_chinese_question(line: str) -> bool:
    """Return whether a line ends as Chinese questions do: with 吗, or with 呢 after a question word or after few
    characters.
    """
    if line[-1] in "吗嗎":
        return True
    clause = re.split(r"[，。！？；,.!?;\s]", line)[-1]
    return line[-1] == "呢" and (_HAN_QUESTION_WORDS.search(clause) is not None or len(clause) <= 3)


def _language_of(text: str, context: RuleContext) -> str:
    return context.language.partition("-")[0] or guess_language(text)


_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\Z")
_INITIAL = re.compile(r"(?<![^\W_])[A-HJ-Z]\Z")
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")

_MAX_ABBREVIATION = 16
"""Characters of the longest abbreviation."""


def is_abbreviation(text: str, at: int) -> bool:
    """Return whether the full stop at `text[at]` belongs to an abbreviation (p.m., Mr., J. Smith), as far as the table
    (`sentences.toml`) has it.
    """
    before = text[max(0, at - _MAX_ABBREVIATION) : at]
    if _DOTTED.search(before) or _INITIAL.search(before):
        return True
    word = _LAST_WORD.search(before)
    return word is not None and word.group().lower() in sentence_words("abbreviations")


_FIGURE = re.compile(rf"[^\w\s]*[^\W\d_{HAN}]{{0,3}}\d[\d.,:/%°~²³€$£¥–+=*×-]*[^\W\d_{HAN}]{{0,3}}\d*[^\w\s]{{0,2}}")
_PROGRAM_NAME = re.compile(r"[\w.+-]*(?:@|://|www\.|localhost:|\w\.\w|_|\w/|\\|--|\(\)|[a-z][A-Z])")
_STREET = re.compile(r"\d+\w?(?:[ ,.]+[A-Z0-9#][\w'’.#-]*){2,12}")
_HAN_FIGURE = re.compile(
    r"(?:上午|下午|中午|早上|晚上|凌晨|公元|零下|第|[-+±约約])?[¥￥$€£]?\d[\d.,:/~%°–-]*"
    r"(?:[年月日号號时時点點分秒半块塊毛角元圆钱錢万萬亿億千百兆度米里克斤吨噸公升平方岁歲两人钟鐘小毫厘摄攝氏美欧歐港英镑鎊民币幣\d.,:/]"
    r"|[个個件张張只隻本条條台臺份位名次天周週页頁层層楼樓届屆倍杯瓶盒箱袋包辆輛](?!\d))*[a-zA-Z/²³°%]{0,5}"
)
_PLATE = re.compile(rf"[{HAN}][A-Z][A-Z0-9]{{4,6}}")
_HAN_STREET = re.compile(
    rf"(?![{HAN}\d]*?[我你您他她它们們住在去到是从從找])[{HAN}\d]{{2,20}}[路街道巷弄]\d+[号號](?:\d+|[室楼樓层層单單元号號栋棟座])*"
)

_MAX_BARE = 120
"""Most characters of a text that may be no sentence."""


def is_bare_value(text: str) -> bool:
    """Return whether `text`, without space or full stop at its ends, is nothing but a number, an amount, a date, a
    time, an address or a name in a program; a Chinese sentence with a number is none of them.
    """
    if not text or len(text) > _MAX_BARE or text[-1] in ".。" or text[-1].isspace() or "\n" in text:
        return False
    if any(pattern.fullmatch(text) for pattern in (_HAN_FIGURE, _PLATE, _HAN_STREET)):
        return True
    tokens = text.split()
    if len(tokens) == 1 and text.isascii() and _PROGRAM_NAME.match(text):
        return True
    units = sentence_words("units")
    figures = [bool(_FIGURE.fullmatch(token)) for token in tokens]
    if any(figures) and all(
        is_figure or token.strip(".,/").lower() in units for token, is_figure in zip(tokens, figures, strict=True)
    ):
        return True
    later_words = {token.strip(".,").lower() for token in tokens[1:]}
    return _STREET.fullmatch(text) is not None and not later_words.isdisjoint(sentence_words("streets"))


def lacks_mark(character: str) -> bool:
    """Return whether a sentence that ends in this character still needs a mark."""
    is_combining = unicodedata.category(character) in ("Mn", "Mc") and character != _PICTURE_SELECTOR
    return character.isalnum() or character in "%°€£¥$™®" or is_combining


def is_unspaced_letter(character: str) -> bool:
    """Return whether a character is a letter of a script without spaces."""
    return is_unspaced(character) and character.isalpha()


@cache
def sentence_words(name: str, part: str = "") -> frozenset[str]:
    """Return a list of `sentences.toml`, of its section `part`."""
    section = _sentence_tables()[part] if part else _sentence_tables()
    return frozenset(section[name].split())


@cache
def _sentence_tables() -> dict[str, Any]:
    return read_package_toml("desktop.polish.rules", "sentences.toml")
