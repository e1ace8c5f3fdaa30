"""Insert a polished text with the cursor at its place, and recognize "scratch that", which undoes that."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import cache

from desktop.core.files import read_package_toml
from desktop.core.interfaces import Paster, PasterCapability
from desktop.core.messages import Message, join_notes
from desktop.core.types import PasteResult, PolishedText, Target

CURSOR_NOT_MOVED_NOTE = Message("cursor-not-movable")
UNDONE_NOTE = Message("text-taken-back")

_MARKS = re.compile(r"""[\s.,;:!?…'"‘’“”„«»‹›¿¡–—。，、；：！？「」『』-]+""")
"""What recognizers write around words, and users do not say. All else is said: digits, signs, symbols."""


async def paste_polished(
    paster: Paster, polished: PolishedText, target: Target, on_sent: Callable[[], None], press_enter: bool
) -> PasteResult:
    """Paste the text and leave the cursor at its place within it, as `Paster.paste`."""
    text, after = polished.text, polished.text_after_cursor
    if after and PasterCapability.PLACE_CURSOR in paster.capabilities:
        return await paster.paste_around(text.removesuffix(after), after, target, on_sent, press_enter)
    result = await paster.paste(text, target, on_sent, press_enter)
    return replace(result, notes=join_notes(result.notes, (CURSOR_NOT_MOVED_NOTE,) if after else ()))


def is_scratch_phrase(text: str) -> bool:
    """Return whether `text`, without case, punctuation and fillers, is a phrase of `scratch.toml`, which undoes the
    last insertion."""
    return is_phrase_alone(text, _load_phrases()[0])


def is_phrase_alone(text: str, phrases: Collection[str]) -> bool:
    """Return whether `text`, without case, punctuation and the fillers of `scratch.toml`, is one of `phrases`."""
    _, fillers = _load_phrases()
    words = " ".join(word for word in normalize_phrase(text).split() if word not in fillers)
    return words in phrases or words.strip("".join(filler for filler in fillers if len(filler) == 1)) in phrases


@cache
def _load_phrases() -> tuple[frozenset[str], frozenset[str]]:
    """Return the phrases of all languages, and the fillers."""
    table = read_package_toml("desktop.dictation", "scratch.toml")
    phrases, fillers = ({text for texts in table[name].values() for text in texts} for name in ("phrases", "fillers"))
    return frozenset(phrases), frozenset(fillers)


def normalize_phrase(text: str) -> str:
    """Return `text` in lower case, with a space for punctuation alone: a sign such as "%" is a word, as a digit is."""
    return _MARKS.sub(" ", text.lower()).strip()
