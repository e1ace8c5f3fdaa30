"""A capital at the start and a mark at the end, as the style of the place has them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from desktop.polish.rules.edit import Edit, Manner
from desktop.speech.text import unspaced


def sentences(text: str, manner: Manner) -> Iterator[Edit]:
    """A capital first letter and a closing mark."""
    if not text:
        return
    own = manner.vocabulary.begins(text)
    if manner.style.capital and text[0].islower() and not own and not _is_written_small(text):
        yield Edit(0, 1, text[0].upper())
    last, end = text[-1], len(text)
    if not manner.style.closing:
        return
    if unspaced(last) and last.isalpha():
        yield Edit(end, end, "。")
    elif last.isalnum() or unicodedata.category(last) in ("Mn", "Mc"):
        yield Edit(end, end, ".")


def _is_written_small(text: str) -> bool:
    """Whether the first word is a name written so on purpose (iPhone) or an address."""
    first = text.split(maxsplit=1)[0]
    return any(c.isupper() for c in first[1:]) or "@" in first or "://" in first or first.startswith("www.")
