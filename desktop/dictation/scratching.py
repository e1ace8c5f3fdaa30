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

from desktop.core.state import DictationState
from desktop.core.types import Outcome
from desktop.dictation.dependencies import InsertionRequest, SessionDependencies, TurnWaiter
from desktop.dictation.insertion import insert_text
from desktop.dictation.result import SessionResult
from desktop.paste.request import USER_LEFT

UNDONE_NOTE = "The text was taken back."


def is_scratch_phrase(text: str) -> bool:
    """Return whether `text`, without case, punctuation and fillers, is a phrase that undoes the last insertion."""
    phrases, fillers = _load_phrases()
    words = " ".join(word for word in _normalize_phrase(text).split() if word not in fillers)
    return words in phrases or words.strip("".join(one for one in fillers if len(one) == 1)) in phrases


async def insert_or_scratch(
    request: InsertionRequest,
    dependencies: SessionDependencies,
    wait_for_turn: TurnWaiter,
    on_state: Callable[[DictationState], None],
    on_sent: Callable[[], None],
) -> SessionResult:
    """Insert the words, or undo the last insertion, which records no row of its own."""
    if (
        dependencies.scratch is not None
        and request.context.style.mode != "off"
        and is_scratch_phrase(request.transcript.text)
    ):
        if await wait_for_turn(recorded=True) is not None:
            return SessionResult(Outcome.SILENT, target=request.context.target, note=USER_LEFT)
        delivery = await dependencies.scratch(request.context.target)
        if delivery is not None:
            undone = delivery.outcome is Outcome.CANCELLED
            return SessionResult(
                Outcome.SILENT, target=request.context.target, note=UNDONE_NOTE if undone else delivery.note
            )
    return await insert_text(request, dependencies, wait_for_turn, on_state, on_sent)


@cache
def _load_phrases() -> tuple[frozenset[str], frozenset[str]]:
    """Return the phrases of all languages, and the fillers."""
    table = tomllib.loads(files("desktop.dictation").joinpath("scratch.toml").read_text(encoding="utf-8"))
    phrases, fillers = ({one for said in table[name].values() for one in said} for name in ("phrases", "fillers"))
    return frozenset(phrases), frozenset(fillers)


def _normalize_phrase(text: str) -> str:
    """Return `text` in lower case, with spaces for everything that is not a letter."""
    return re.sub(r"[\W\d_]+", " ", text.lower()).strip()
