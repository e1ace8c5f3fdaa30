"""Rules that are always right: spacing, a capital at the start, a mark at the end.

Whisper mostly writes these itself; the rules mend what its windows and other engines leave. They add and remove no
word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from desktop.ports import Context, Polished, Sent
from desktop.speech.text import unspaced

_SPACES = re.compile(r"[ \t\u00a0]+")
_BEFORE_MARK = re.compile(r"(?<=\w) (?=[,.;:!?](?:\s|$))")


def polish(text: str) -> str:
    """`text` with single spaces, a capital first letter and a closing mark; empty stays empty."""
    text = _BEFORE_MARK.sub("", _SPACES.sub(" ", text)).strip()
    if not text:
        return ""
    if text[0].islower() and not _is_written_small(text):
        text = text[0].upper() + text[1:]
    last = text[-1]
    if unspaced(last) and last.isalpha():
        return text + "。"
    return text + "." if last.isalnum() or unicodedata.category(last) in ("Mn", "Mc") else text


def _is_written_small(text: str) -> bool:
    """Whether the first word is a name written so on purpose (iPhone) or an address."""
    first = text.split(maxsplit=1)[0]
    return any(c.isupper() for c in first[1:]) or "@" in first or "://" in first or first.startswith("www.")


class Rules:
    """`ports.Polisher` by rules alone: done at once, so there is nothing to do ahead."""

    def ahead(self, text: str, context: Context) -> None:
        """Nothing: `polish` costs microseconds."""

    async def polish(self, text: str, context: Context, show: Callable[[str], None]) -> Polished:
        """See `polish`."""
        return Polished(polish(text))

    def over(self, context: Context) -> tuple[Sent, ...]:
        """Nothing was begun, and nothing left the machine."""
        return ()


class Verbatim:
    """`ports.Polisher` for those who want the recognizer's own words."""

    def ahead(self, text: str, context: Context) -> None:
        """Nothing to do."""

    async def polish(self, text: str, context: Context, show: Callable[[str], None]) -> Polished:
        """`text` itself."""
        return Polished(text)

    def over(self, context: Context) -> tuple[Sent, ...]:
        """Nothing was begun."""
        return ()
