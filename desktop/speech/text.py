"""How the texts of neighbouring windows become one: a space between words, none where the script has none."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def unspaced(character: str) -> bool:
    """Whether the character belongs to a script that is written without spaces, or is its punctuation."""
    return bool(character) and (
        "\u2e80" <= character <= "\u9fff"
        or "\uf900" <= character <= "\ufaff"
        or "\uff00" <= character <= "\uff60"
        or character >= "\U00020000"
    )


def join(parts: Iterable[str]) -> str:
    """The parts in order; empty ones leave no trace."""
    text = ""
    for part in (part.strip() for part in parts):
        if not part:
            continue
        closing = unicodedata.category(part[0]) in ("Pe", "Po", "Pf")
        tight = not text or unspaced(text[-1]) or unspaced(part[0]) or closing
        text += part if tight else " " + part
    return text
