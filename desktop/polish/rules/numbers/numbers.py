"""Write numbers, dates, times, amounts and addresses as they are typed.

There are two notations. A text that is nothing but such a thing is written as the library wetext writes it
(`english`), for machines: "$18570", "08:40". Within a sentence it is written for readers by our own grammars
(`english`, `chinese`): "$25,000", "3:30 p.m.", and only what is certainly a number is changed: the
library alone turns "wait a second" into "2nd" and "my doctor" into "dr.".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from desktop.polish.rules.edit import RuleContext, RuleEdit
from desktop.polish.rules.languages.language import LANGUAGES as TABLE_LANGUAGES
from desktop.polish.rules.languages.language import base_code
from desktop.polish.rules.languages.numbers import edit_language_numbers
from desktop.polish.rules.numbers import grammar
from desktop.polish.rules.numbers.chinese import edit_chinese_numbers, write_whole_chinese
from desktop.polish.rules.numbers.english import edit_english_numbers, write_whole_english
from desktop.polish.rules.numbers.phrases import number_words

LANGUAGES = frozenset({"en", "zh"})
"""Languages with grammars; those of `desktop.polish.rules.languages` have tables."""

_WORD = re.compile(r"[a-z']+")
_TIME_WITHOUT_COLON = re.compile(r"(?<![\w.,:])(0?[1-9]|1[0-2])[. ]?([0-5]\d)( ?[ap](?:m\b|\.m\b\.?))", re.IGNORECASE)
"""A time that a recognizer wrote in digits without a colon: 3.30 pm, 3 30 p.m, 330 pm."""


def edit_numbers(text: str, context: RuleContext) -> Iterator[RuleEdit]:
    """Write numbers, dates, times, amounts and addresses as they are typed."""
    if (language := base_code(context.language)) in TABLE_LANGUAGES:
        yield from edit_language_numbers(text, language)
    if context.language not in LANGUAGES:
        return
    first, last = len(text) - len(text.lstrip()), len(text.rstrip(" .。\n"))
    has_number_words = not number_words().indicators.isdisjoint(_WORD.findall(text.lower()))
    is_sentence = text[first : first + 1].isupper() and text[last : last + 1] == "."
    if context.language == "zh":
        is_sentence = text[last : last + 1] == "。"
    if new := _write_whole(text[first:last], context.language, has_number_words, is_sentence):
        yield RuleEdit(first, last + (new.endswith(".m.") and text[last : last + 1] == "."), new)
        return
    if context.language == "zh":
        yield from edit_chinese_numbers(text)
    if has_number_words:
        yield from edit_english_numbers(text)
    if context.language == "en":
        for match in _TIME_WITHOUT_COLON.finditer(text):
            yield RuleEdit(*match.span(), f"{match[1]}:{match[2]}{match[3]}{'.' if match[3].endswith('.m') else ''}")


def _write_whole(text: str, language: str, has_number_words: bool, is_sentence: bool) -> str:
    if language == "zh":
        return "" if is_sentence else write_whole_chinese(text)
    return write_whole_english(text, is_sentence) if has_number_words else ""


def load_numbers(languages: Iterable[str] = LANGUAGES) -> None:
    """Load what the rule needs for these languages, `auto` for all, so that no dictation waits for it."""
    number_words()
    for language in {"auto": TABLE_LANGUAGES}.get("".join(languages), TABLE_LANGUAGES.intersection(languages)):
        next(edit_language_numbers(" ", language), None)
    grammar.load_grammars({"auto": LANGUAGES}.get("".join(languages), LANGUAGES.intersection(languages)))
