"""Insert a transcript into a window: polish it, wait for earlier sessions, paste it.

This is the second half of `dictation.session`, which passes all that happened before as one value.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import anyio

from desktop.core.interfaces import PastesAround
from desktop.core.state import Pasting, Polishing, State
from desktop.core.types import Delivery, Outcome, Polished, Target
from desktop.dictation.dependencies import Parts, Said, Turn
from desktop.dictation.result import Ending

UNMOVED = "Here the cursor cannot be moved to its place in the text."


async def write(
    said: Said,
    parts: Parts,
    turn: Turn,
    draw: Callable[[State], None],
    sent: Callable[[], None],
) -> Ending:
    """Insert the words; `on_sent()` is called as soon as the paste keys are sent, so that the next session may
    follow."""
    words, target = said.words, said.context.target
    draw(Polishing(words.text, said.into))
    polished = await parts.polisher.polish(words.text, said.context, lambda draft: draw(Polishing(draft, said.into)))
    text = polished.text
    style, changed, sent_away = said.context.style.name, polished.changed, polished.sent
    if (refused := await turn()) is not None:
        note = " ".join(filter(None, (refused.note, words.note, polished.note, said.note)))
        return Ending(refused.outcome, words, text, target, note, sent=sent_away, style=style, changed=changed)
    began = time.monotonic()
    draw(Pasting(text, said.into))
    with anyio.CancelScope(shield=True):
        delivery = await _paste(polished, target, parts, sent, said.enter)
    if delivery.outcome is Outcome.INSERTED:
        parts.inserted(text, target)
    return Ending(
        delivery.outcome,
        words,
        text,
        target,
        " ".join(filter(None, (delivery.note, words.note, polished.note, said.note))),
        release_to_text_ms=(began - said.released_at) * 1000,
        paste_ms=(time.monotonic() - began) * 1000,
        sent=sent_away,
        style=style,
        changed=changed,
    )


async def _paste(polished: Polished, target: Target, parts: Parts, sent: Callable[[], None], enter: bool) -> Delivery:
    """Paste the text and leave the cursor at its place within it."""
    paster, text, after = parts.paster, polished.text, polished.after
    if after and isinstance(paster, PastesAround):
        return await paster.paste_around(text.removesuffix(after), after, target, sent, enter)
    delivery = await paster.paste(text, target, sent, enter)
    note = " ".join(filter(None, (delivery.note, UNMOVED if after else "")))
    return replace(delivery, note=note)
