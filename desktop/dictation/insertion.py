"""Insert a transcript into a window: polish it, wait for earlier sessions, paste it. Or undo, on "scratch that".

This is the second half of `dictation.session`, which passes all that happened before as one `InsertionRequest`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import anyio

from desktop.core.files import read_package_toml
from desktop.core.interfaces import PasterCapability
from desktop.core.state import DictationState, Pasting, Polishing
from desktop.core.text import join_notes
from desktop.core.types import Delivery, Outcome, PolishedText, Target
from desktop.dictation.dependencies import InsertionRequest, SessionDependencies, TurnWaiter
from desktop.dictation.result import SessionResult
from desktop.paste.request import USER_LEFT

CURSOR_NOT_MOVED_NOTE = "Here the cursor cannot be moved to its place in the text."
UNDONE_NOTE = "The text was taken back."


async def insert_or_scratch(
    request: InsertionRequest,
    dependencies: SessionDependencies,
    wait_for_turn: TurnWaiter,
    on_state: Callable[[DictationState], None],
    on_sent: Callable[[], None],
) -> SessionResult:
    """Insert the words by `insert_text`, or undo the last insertion if they are a phrase that says so.

    This is undo by voice, with the same refusals; it records no row of its own. The words are text if Intone inserted
    nothing there a moment ago, and always with polish off.
    """
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


async def insert_text(
    request: InsertionRequest,
    dependencies: SessionDependencies,
    wait_for_turn: TurnWaiter,
    on_state: Callable[[DictationState], None],
    on_sent: Callable[[], None],
) -> SessionResult:
    """Polish the words, wait for the session's turn, and paste them. `on_state` is called with each state to show,
    `on_sent()` as soon as the paste keys are sent, so that the next session may follow."""
    transcript, target = request.transcript, request.context.target
    on_state(Polishing(transcript.text, request.new_target))
    polished = await dependencies.polisher.polish(
        transcript.text, request.context, lambda draft: on_state(Polishing(draft, request.new_target))
    )
    text = polished.text
    style, changed, sent_data = request.context.style.name, polished.changes, polished.sent
    if (refusal := await wait_for_turn()) is not None:
        note = join_notes(refusal.note, transcript.note, polished.note, request.microphone_note)
        return SessionResult(
            refusal.outcome, transcript, text, target, note, sent=sent_data, style=style, changes=changed
        )
    began = time.monotonic()
    on_state(Pasting(text, request.new_target))
    with anyio.CancelScope(shield=True):
        delivery = await _paste_polished(polished, target, dependencies, on_sent, request.press_enter)
    if delivery.outcome is Outcome.INSERTED:
        dependencies.on_inserted(text, target)
    return SessionResult(
        delivery.outcome,
        transcript,
        text,
        target,
        join_notes(delivery.note, transcript.note, polished.note, request.microphone_note),
        release_to_text_ms=(began - request.released_at) * 1000,
        paste_ms=(time.monotonic() - began) * 1000,
        sent=sent_data,
        style=style,
        changes=changed,
    )


async def _paste_polished(
    polished: PolishedText,
    target: Target,
    dependencies: SessionDependencies,
    on_sent: Callable[[], None],
    press_enter: bool,
) -> Delivery:
    """Paste the text and leave the cursor at its place within it."""
    paster, text, after = dependencies.paster, polished.text, polished.text_after_cursor
    if after and PasterCapability.PLACE_CURSOR in paster.capabilities:
        return await paster.paste_around(text.removesuffix(after), after, target, on_sent, press_enter)
    delivery = await paster.paste(text, target, on_sent, press_enter)
    note = join_notes(delivery.note, CURSOR_NOT_MOVED_NOTE if after else "")
    return replace(delivery, note=note)


def is_scratch_phrase(text: str) -> bool:
    """Return whether `text`, without case, punctuation and fillers, is a phrase of `scratch.toml`, which undoes the
    last insertion."""
    phrases, fillers = _load_phrases()
    words = " ".join(word for word in _normalize_phrase(text).split() if word not in fillers)
    return words in phrases or words.strip("".join(filler for filler in fillers if len(filler) == 1)) in phrases


@cache
def _load_phrases() -> tuple[frozenset[str], frozenset[str]]:
    """Return the phrases of all languages, and the fillers."""
    table = read_package_toml("desktop.dictation", "scratch.toml")
    phrases, fillers = ({text for texts in table[name].values() for text in texts} for name in ("phrases", "fillers"))
    return frozenset(phrases), frozenset(fillers)


def _normalize_phrase(text: str) -> str:
    """Return `text` in lower case, with spaces for everything that is not a letter."""
    return re.sub(r"[\W\d_]+", " ", text.lower()).strip()
