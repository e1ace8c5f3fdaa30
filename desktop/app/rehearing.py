"""Transcribe and polish a kept recording again, into its row; paste nothing.

The user requests it in the history: after a failure, or because the engine or the vocabulary has changed. What was
inserted at the time cannot be taken back, so a delivered row keeps its outcome, and a failed one becomes recovered.
"""

from __future__ import annotations

from anyio import to_thread

from desktop.audio.file import iterate_frames, read_audio
from desktop.core.errors import UserError
from desktop.core.interfaces import Polisher, Recognizer
from desktop.core.types import DictationContext, Outcome, Target
from desktop.history.history import HistoryStore
from desktop.history.recorder import UNFINISHED_OUTCOMES
from desktop.history.row import HistoryRow
from desktop.stt.local.patience import low_priority

TRANSCRIBED_AGAIN_NOTE = "Transcribed again."


async def transcribe_again(
    row: HistoryRow, recognizer: Recognizer, polisher: Polisher, history: HistoryStore
) -> HistoryRow | None:
    """Write what `recognizer` and `polisher` make of the recording of `row` into it, and return it; None if it was
    deleted meanwhile. Raises `UserError` if there is no recording, or no words in it: then the row is unchanged."""
    if row.audio_path is None:
        raise UserError("There is no recording of it any more.", "history.keep_audio_days says how long one is kept.")
    audio = await to_thread.run_sync(read_audio, row.audio_path)
    with low_priority():
        transcript = await recognizer.transcribe(iterate_frames(audio), lambda partial: None)
    if not transcript.text:
        raise UserError("No words were heard in the recording.", "What was there before is kept.")
    context = DictationContext(Target(app=row.app, title=row.window), transcript.language)
    polished = await polisher.polish(transcript.text, context, lambda draft: None)
    note = " ".join(filter(None, (TRANSCRIBED_AGAIN_NOTE, transcript.note, polished.note)))
    return await to_thread.run_sync(
        lambda: history.update(
            row.id,
            raw_text=transcript.text,
            text=polished.text,
            edited=None,
            language=transcript.language,
            engine=transcript.engine,
            model=transcript.model,
            device=transcript.device,
            decode_s=transcript.decode_s,
            guards=transcript.guards,
            delivery=Outcome.RECOVERED if row.delivery in UNFINISHED_OUTCOMES else row.delivery,
            note=note,
            sent=row.sent + transcript.sent + polished.sent,
            changed=polished.changes,
        )
    )
