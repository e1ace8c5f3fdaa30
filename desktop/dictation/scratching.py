"""Undo the last insertion when the user says only "scratch that".

This is `undo` by voice, with the same refusals. Words are inserted by `insert_text` unless they are one of the phrases
(`scratch.toml`) and Intone inserted something there a moment ago. With polish off, words are always text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from desktop.core.state import State
from desktop.core.types import Outcome
from desktop.dictation.dependencies import Parts, Said, Turn
from desktop.dictation.insertion import write
from desktop.dictation.result import Ending
from desktop.paste.request import LEFT

UNDONE = "The text was taken back."


def scratches(text: str) -> bool:
    """Return whether `text`, without case, punctuation and fillers, is a phrase that undoes the last insertion."""
    phrases, fillers = _table()
    words = " ".join(word for word in _plain(text).split() if word not in fillers)
    return words in phrases or words.strip("".join(one for one in fillers if len(one) == 1)) in phrases


async def write_or_scratch(
    said: Said, parts: Parts, turn: Turn, draw: Callable[[State], None], sent: Callable[[], None]
) -> Ending:
    """Insert the words, or undo the last insertion, which records no row of its own."""
    if parts.scratch is not None and said.context.style.mode != "off" and scratches(said.words.text):
        if await turn(remembered=True) is not None:
            return Ending(Outcome.SILENT, target=said.context.target, note=LEFT)
        delivery = await parts.scratch(said.context.target)
        if delivery is not None:
            undone = delivery.outcome is Outcome.CANCELLED
            return Ending(Outcome.SILENT, target=said.context.target, note=UNDONE if undone else delivery.note)
    return await write(said, parts, turn, draw, sent)


@cache
def _table() -> tuple[frozenset[str], frozenset[str]]:
    """Return the phrases of all languages, and the fillers."""
    read = tomllib.loads(files("desktop.dictation").joinpath("scratch.toml").read_text(encoding="utf-8"))
    phrases, fillers = ({one for said in read[name].values() for one in said} for name in ("phrases", "fillers"))
    return frozenset(phrases), frozenset(fillers)


def _plain(text: str) -> str:
    """Return `text` in lower case, with spaces for everything that is not a letter."""
    return re.sub(r"[\W\d_]+", " ", text.lower()).strip()
