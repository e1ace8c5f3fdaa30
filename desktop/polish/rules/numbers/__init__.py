"""Numbers, dates, times, amounts and addresses as they are typed.

Two ways of writing. A text that is nothing but such a thing is written as the library wetext writes it (`whole`), for
machines: "$18570", "08:40". Within a sentence it is written for readers by grammars of our own (`english`, `chinese`):
"$25,000", "3:30 p.m.", and nothing is touched that is not certainly a number: the library alone turns "wait a second"
into "2nd" and "my doctor" into "dr.".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.polish.rules.edit import Edit, Manner
from desktop.polish.rules.numbers.english import english
from desktop.polish.rules.numbers.phrases import words
from desktop.polish.rules.numbers.whole import whole

_WORD = re.compile(r"[a-z]+")


def numbers(text: str, manner: Manner) -> Iterator[Edit]:
    """Numbers, dates, times, amounts and addresses as they are typed."""
    if manner.language == "en" and not words().numeric.isdisjoint(_WORD.findall(text.lower())):
        first = len(text) - len(text.lstrip())
        last = len(text.rstrip(" .\n"))
        if new := whole(text[first:last]):
            yield Edit(first, last, new)
            return
        yield from english(text)
