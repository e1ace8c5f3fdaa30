"""Transcribe and polish a kept recording again, into its row; paste nothing.

The user requests it in the history: after a failure, or because the engine or the vocabulary has changed. What was
inserted at the time cannot be taken back, so a delivered row keeps its outcome, and a failed one becomes recovered.
"""

from __future__ import annotations

from anyio import to_thread

from desktop.audio.file import frames, read
from desktop.core.errors import Problem
from desktop.core.interfaces import Polisher, Recognizer
from desktop.core.types import Context, Outcome, Target
from desktop.history.history import History
from desktop.history.recorder import UNFINISHED
from desktop.history.row import Row
from desktop.stt.local.patience import patiently

HEARD_AGAIN = "Transcribed again."


async def hear_again(row: Row, recognizer: Recognizer, polisher: Polisher, history: History) -> Row | None:
    """Write what `recognizer` and `polisher` make of the recording of `row` into it, and return it; None if it was
    deleted meanwhile. Raises `UserError` if there is no recording, or no words in it: then the row is unchanged."""
    if row.audio_path is None:
        raise Problem("There is no recording of it any more.", "history.keep_audio_days says how long one is kept.")
    audio = await to_thread.run_sync(read, row.audio_path)
    with patiently():
        words = await recognizer.transcribe(frames(audio), lambda partial: None)
    if not words.text:
        raise Problem("No words were heard in the recording.", "What was there before is kept.")
    context = Context(Target(app=row.app, window=row.window), words.language)
    polished = await polisher.polish(words.text, context, lambda draft: None)
    note = " ".join(filter(None, (HEARD_AGAIN, words.note, polished.note)))
    return await to_thread.run_sync(
        lambda: history.update(
            row.id,
            raw_text=words.text,
            text=polished.text,
            edited=None,
            language=words.language,
            engine=words.engine,
            model=words.model,
            device=words.device,
            decode_s=words.decode_s,
            guards=words.guards,
            delivery=Outcome.RECOVERED if row.delivery in UNFINISHED else row.delivery,
            note=note,
            sent=row.sent + words.sent + polished.sent,
            changed=polished.changed,
        )
    )
