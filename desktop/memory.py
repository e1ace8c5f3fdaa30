"""What is kept of a dictation, and for how long: its row, its audio, and what a crash left of it.

The one place where the history, the folder of recordings and the spool meet, so that the order holds in which nothing
is lost: the recording is written, then the row that names it, and only then is the spooled take let go.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime

from anyio import to_thread

from desktop.audio_file import frames
from desktop.history import Entry, History, Row
from desktop.paths import Paths
from desktop.ports import Felt, Outcome, Recognizer
from desktop.problems import Problem
from desktop.spool import Spool, Take

logger = logging.getLogger(__name__)

UNFINISHED = (Outcome.CANCELLED, Outcome.FAILED, Outcome.RECOVERED)
"""Endings whose recording is the only copy of the words: kept for a day even by those who keep none."""


class Memory:
    """Keeps rows and recordings. `remember`, `remember_again` and `felt` are for worker threads and raise
    `HistoryProblem`; the first two return the row's id."""

    def __init__(self, paths: Paths, history: History) -> None:
        self.spool = Spool(paths.spool)
        self._audio = paths.audio
        self._history = history

    def remember(self, entry: Entry, take: Take, keep_days: int) -> int:
        """Add the dictation, with its recording where one is to be kept."""
        kept = None
        if (keep_days or entry.delivery in UNFINISHED) and not take.empty:
            kept = take.keep(self._audio / f"{entry.started_at:%Y%m%d-%H%M%S-%f}.flac")
        row = self._history.add(replace(entry, audio_path=kept))
        take.discard()
        return row.id

    def remember_again(self, row: Row, entry: Entry, take: Take) -> int:
        """Write what came of a dictation that was taken up again into the row that it had."""
        self._history.update(
            row.id,
            raw_text=entry.raw_text,
            text=entry.text,
            language=entry.language,
            engine=entry.engine,
            model=entry.model,
            device=entry.device,
            decode_s=entry.decode_s,
            release_to_text_ms=entry.release_to_text_ms,
            paste_ms=entry.paste_ms,
            delivery=entry.delivery,
            note=entry.note,
            emotion=entry.emotion,
            guards=entry.guards,
            sent=row.sent + entry.sent,
            style=entry.style,
            changed=entry.changed,
        )
        take.discard()
        return row.id

    def felt(self, id: int, felt: Felt) -> None:
        """Add the emotion, and what left the machine for it, to a row that may have been deleted meanwhile."""
        if (row := self._history.get(id)) is not None:
            self._history.update(id, emotion=felt.emotion, sent=row.sent + felt.sent)

    async def recover(self, recognizer: Recognizer) -> None:
        """Transcribe what an earlier run was hearing when it ended, and put it into the history to be found there."""
        for take in await to_thread.run_sync(self.spool.leftovers):
            try:
                audio = await to_thread.run_sync(take.audio)
                words = await recognizer.transcribe(frames(audio), lambda partial: None)
                if not words.text:
                    take.discard()
                    continue
                entry = Entry(
                    started_at=take.started_at,
                    raw_text=words.text,
                    text=words.text,
                    language=words.language,
                    duration_s=words.duration_s,
                    engine=words.engine,
                    model=words.model,
                    delivery=Outcome.RECOVERED,
                    decode_s=words.decode_s,
                    device=words.device,
                    guards=words.guards,
                    note=words.note,
                    sent=words.sent,
                )
                await to_thread.run_sync(self.remember, entry, take, 1)
            except Problem as problem:
                logger.warning("a recording could not be recovered, and is kept: %s", problem.title)

    async def expire(self, keep_days: int) -> None:
        """Delete the recordings that are older than `keep_days`. Raises `HistoryProblem`."""
        await to_thread.run_sync(self._history.expire_audio, keep_days, datetime.now(UTC))
