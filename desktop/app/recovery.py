"""Turn recordings that have no words into rows: those that an earlier run left, and kept ones on the user's request.

Nothing is pasted. Recordings are transcribed at low priority, so that no dictation waits.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

from anyio import to_thread

from desktop.audio.file import iterate_frames, read_audio
from desktop.audio.spool_file import SpoolFile
from desktop.audio.vad import VoiceActivity
from desktop.core.errors import HistoryError, RecognizerError, UserError
from desktop.core.interfaces import Polisher, Recognizer
from desktop.core.messages import Message, join_notes
from desktop.core.state import DictationState, Done, Failed
from desktop.core.types import RATE_HZ, DictationContext, Frame, Outcome, Target, Transcript
from desktop.history.recorder import UNFINISHED_OUTCOMES, DictationRecorder
from desktop.history.rows import HistoryEntry, HistoryRow, transcript_columns
from desktop.history.store import HistoryStore
from desktop.polish.styles import Styles
from desktop.settings.schema import HistorySettings
from desktop.stt.cloud.chunking import ChunkCutter, join_transcripts
from desktop.stt.local.client import low_priority
from desktop.stt.silence import find_missed_speech

logger = logging.getLogger(__name__)

MAX_TRIES = 2
"""How often a leftover is tried: one that fails twice may crash the recognizer."""

MAX_PIECE_S = 300.0
"""Maximum seconds of a piece."""

MAYBE_INSERTED_NOTE = Message("text-maybe-inserted")

TRANSCRIBED_AGAIN_NOTE = Message("transcribed-again")

GIVEN_UP_ERROR = RecognizerError("recovery-given-up")


async def recover_recordings(
    recorder: DictationRecorder,
    recognizer: Recognizer,
    settings: HistorySettings,
    wait_until_idle: Callable[[], Awaitable[None]],
) -> list[HistoryEntry]:
    """Add what an earlier run left in the spool to the history, and return the new entries.

    A leftover has one of four causes. Its row exists already, because a kill came between the two: the file is dropped.
    Its text was being pasted: it may be in a window, and the row says so. It was tried `MAX_TRIES` times without
    success: it becomes a failed row with its recording, and the user decides. Or it is simply what was being said.
    Anything that began before everything was cleared is dropped.

    `wait_until_idle` returns while no dictation is running. A leftover is transcribed only then, in pieces of a few
    minutes, read from the disk half a minute at a time: an hour of it needs little memory and delays no dictation.
    """
    entries: list[HistoryEntry] = []
    await to_thread.run_sync(recorder.drop_cleared)
    for spool_file in await to_thread.run_sync(recorder.spool.find_leftovers):
        try:
            header = spool_file.header
            is_done = (
                header.again  # a resumed dictation still has its recording
                or recorder.is_cleared(header)
                or header.unkept
                or await to_thread.run_sync(recorder.has_row, spool_file)
            )
            entry = None if is_done else await _recover_entry(spool_file, recognizer, wait_until_idle)
            if entry is None:
                spool_file.discard()
                continue
            # It did not begin in private mode: there would be no spool file.
            public_settings = settings.model_copy(update={"private": "off"})
            if await to_thread.run_sync(recorder.record_leftover, entry, spool_file, public_settings):
                entries.append(entry)
        except HistoryError as problem:
            logger.warning("a recording could not be recorded in the history, and is kept: %s", problem)
            spool_file.update_header(replace(spool_file.header, tries=0))
        except (UserError, OSError) as problem:
            logger.warning("a recording could not be recovered, and is kept: %s", problem)
        except Exception:
            logger.exception("a recording could not be recovered, and is kept")
    return entries


def recovered_state(entry: HistoryEntry) -> DictationState:
    """Return the state that shows the user a recovered entry."""
    if entry.delivery is Outcome.FAILED:
        return Failed(
            GIVEN_UP_ERROR
            if GIVEN_UP_ERROR.message in entry.notes
            else RecognizerError("reported-messages", messages=entry.notes)
        )
    return Done(entry.delivery, entry.text, (MAYBE_INSERTED_NOTE,) if MAYBE_INSERTED_NOTE in entry.notes else ())


async def transcribe_again(
    row: HistoryRow, recognizer: Recognizer, polisher: Polisher, history: HistoryStore, styles: Styles
) -> HistoryRow | None:
    """Transcribe and polish the recording of `row` again, into that row, and return it; None if it was deleted
    meanwhile. Raises `UserError` if there is no recording, or no words in it: then the row is unchanged.

    The user requests it after a failure, or because the engine or the vocabulary has changed. What was inserted at the
    time stays in its window, so a delivered row keeps its outcome, and a failed one becomes recovered. Its style is the
    one that the row names, else that of its window among `styles`.
    """
    if row.audio_path is None:
        raise UserError("recording-gone")
    audio = await to_thread.run_sync(read_audio, row.audio_path)
    with low_priority():
        transcript = await recognizer.transcribe(iterate_frames(audio), lambda partial: None)
    if not transcript.text:
        raise UserError("recording-without-words")
    target = Target(app=row.app, title=row.window)
    style = styles.styles.get(row.style) or styles.style_for(target)[0]
    context = DictationContext(target, transcript.language, style=style)
    polished = await polisher.polish(transcript.text, context, lambda draft: None)
    notes = join_notes((TRANSCRIBED_AGAIN_NOTE,), transcript.notes, polished.notes)
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
            notes=notes,
            sent=row.sent + transcript.sent + polished.sent,
            changed=polished.changes,
        )
    )


async def _recover_entry(
    spool_file: SpoolFile, recognizer: Recognizer, wait_until_idle: Callable[[], Awaitable[None]]
) -> HistoryEntry | None:
    """Return the entry of a leftover, None if nothing was said in it. Raises any error before the last try."""
    tries = spool_file.header.tries
    if tries >= MAX_TRIES:
        return _failed_entry(spool_file)
    spool_file.update_header(replace(spool_file.header, tries=tries + 1))
    try:
        with low_priority():
            transcript = await _transcribe_pieces(spool_file, recognizer, wait_until_idle)
    except Exception:  # any error: a recording that fails twice is given up
        if tries + 1 < MAX_TRIES:
            raise
        return _failed_entry(spool_file)
    except BaseException:  # the app ends, which is not the recording's fault
        spool_file.update_header(replace(spool_file.header, tries=tries))
        raise
    if not transcript.text:
        problem = await find_missed_speech(transcript, spool_file.read_blocks())
        return None if problem is None else _failed_entry(spool_file, problem)
    return HistoryEntry(
        started_at=spool_file.started_at,
        app=spool_file.header.app,
        text=transcript.text,
        delivery=Outcome.RECOVERED,
        notes=join_notes((MAYBE_INSERTED_NOTE,) if spool_file.header.leaving else (), transcript.notes),
        **transcript_columns(transcript),
    )


def _failed_entry(spool_file: SpoolFile, problem: UserError = GIVEN_UP_ERROR) -> HistoryEntry:
    """Return the entry of a recording that is given up; the recording is kept with it."""
    duration_s = sum(len(block) for block in spool_file.read_blocks()) / RATE_HZ
    notes = (problem.message, MAYBE_INSERTED_NOTE) if spool_file.header.leaving else (problem.message,)
    return HistoryEntry(
        started_at=spool_file.started_at,
        app=spool_file.header.app,
        duration_s=duration_s,
        delivery=Outcome.FAILED,
        notes=notes,
    )


async def _transcribe_pieces(
    spool_file: SpoolFile, recognizer: Recognizer, wait_until_idle: Callable[[], Awaitable[None]]
) -> Transcript:
    """Return the transcript of the whole recording, piece after piece."""
    frames, cutter, voice = _frames_while_idle(spool_file, wait_until_idle), ChunkCutter(MAX_PIECE_S), VoiceActivity()
    transcripts: list[Transcript] = []
    is_finished = False

    async def read_piece() -> AsyncIterator[Frame]:
        nonlocal is_finished
        async for frame in frames:
            yield frame
            if cutter.add_frame(voice(frame) if cutter.is_near_limit else 1.0):
                return
        is_finished = True

    while not is_finished:
        transcripts.append(await recognizer.transcribe(read_piece(), lambda partial: None))
    return join_transcripts(transcripts)


async def _frames_while_idle(
    spool_file: SpoolFile, wait_until_idle: Callable[[], Awaitable[None]]
) -> AsyncIterator[Frame]:
    """Yield the recording's frames while no dictation is running."""
    blocks = spool_file.read_blocks()
    while (block := await to_thread.run_sync(next, blocks, None)) is not None:
        async for frame in iterate_frames(block):
            await wait_until_idle()
            yield frame
