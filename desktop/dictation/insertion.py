"""Insert a transcript into a window: polish it, wait for earlier sessions, paste it.

This is the second half of `dictation.session`, which passes all that happened before as one value.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import anyio

from desktop.core.interfaces import PastesAroundCursor
from desktop.core.state import DictationState, Pasting, Polishing
from desktop.core.types import Delivery, Outcome, PolishedText, Target
from desktop.dictation.dependencies import InsertionRequest, SessionDependencies, TurnWaiter
from desktop.dictation.result import SessionResult

CURSOR_NOT_MOVED_NOTE = "Here the cursor cannot be moved to its place in the text."


async def insert_text(
    request: InsertionRequest,
    dependencies: SessionDependencies,
    wait_for_turn: TurnWaiter,
    on_state: Callable[[DictationState], None],
    on_sent: Callable[[], None],
) -> SessionResult:
    """Insert the words; `on_sent()` is called as soon as the paste keys are sent, so that the next session may
    follow."""
    transcript, target = request.transcript, request.context.target
    on_state(Polishing(transcript.text, request.new_target))
    polished = await dependencies.polisher.polish(
        transcript.text, request.context, lambda draft: on_state(Polishing(draft, request.new_target))
    )
    text = polished.text
    style, changed, sent_data = request.context.style.name, polished.changes, polished.sent
    if (refusal := await wait_for_turn()) is not None:
        note = " ".join(filter(None, (refusal.note, transcript.note, polished.note, request.microphone_note)))
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
        " ".join(filter(None, (delivery.note, transcript.note, polished.note, request.microphone_note))),
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
    if after and isinstance(paster, PastesAroundCursor):
        return await paster.paste_around(text.removesuffix(after), after, target, on_sent, press_enter)
    delivery = await paster.paste(text, target, on_sent, press_enter)
    note = " ".join(filter(None, (delivery.note, CURSOR_NOT_MOVED_NOTE if after else "")))
    return replace(delivery, note=note)
