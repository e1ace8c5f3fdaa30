"""Write numbers, dates, times, amounts and addresses as they are typed.

There are two notations. A text that is nothing but such a thing is written as the library wetext writes it
(`numbers.english`), for machines: "$18570", "08:40". Within a sentence it is written for readers by our own grammars
(`numbers.english`, `numbers.chinese`): "$25,000", "3:30 p.m.", and only what is certainly a number is changed: the
library alone turns "wait a second" into "2nd" and "my doctor" into "dr.".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from desktop.polish.rules.edit import Edit, Manner
from desktop.polish.rules.numbers import grammar as library
from desktop.polish.rules.numbers.chinese import chinese, chinese_whole
from desktop.polish.rules.numbers.english import english
from desktop.polish.rules.numbers.phrases import words
from desktop.polish.rules.numbers.whole import whole

LANGUAGES = frozenset({"en", "zh"})

_WORD = re.compile(r"[a-z']+")
_DIGITS = re.compile(r"(?<![\w.,:])(0?[1-9]|1[0-2])[. ]?([0-5]\d)( ?[ap](?:m\b|\.m\b\.?))", re.IGNORECASE)
"""A time that a recognizer wrote in digits without a colon: 3.30 pm, 3 30 p.m, 330 pm."""


def numbers(text: str, manner: Manner) -> Iterator[Edit]:
    """Write numbers, dates, times, amounts and addresses as they are typed."""
    if manner.language not in LANGUAGES:
        return
    first, last = len(text) - len(text.lstrip()), len(text.rstrip(" .。\n"))
    told = not words().telling.isdisjoint(_WORD.findall(text.lower()))
    if new := _whole(text[first:last], manner.language, told):
        yield Edit(first, last + (new.endswith(".m.") and text[last : last + 1] == "."), new)
        return
    if manner.language == "zh":
        yield from chinese(text)
    if told:
        yield from english(text)
    if manner.language == "en":
        for match in _DIGITS.finditer(text):
            yield Edit(*match.span(), f"{match[1]}:{match[2]}{match[3]}{'.' if match[3].endswith('.m') else ''}")


def _whole(text: str, language: str, told: bool) -> str:
    if language == "zh":
        return chinese_whole(text)
    return whole(text) if told else ""


def load(languages: Iterable[str] = LANGUAGES) -> None:
    """Load what the rule needs for these languages, `auto` for all, so that no dictation waits for it."""
    words()
    library.load({"auto": LANGUAGES}.get("".join(languages), LANGUAGES.intersection(languages)))
