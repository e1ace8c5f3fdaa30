"""What is kept of a dictation, and for how long: its row, its audio, and what a crash left of it.

The one place where the history, the folder of recordings and the spool meet, so that the order holds in which nothing
is lost: the recording is written, then the row that names it, and only then is the spooled take let go. Deleting goes
the other way round, so that a row never names a recording that is not there; a recording that no row names is what a
kill in between has left, and goes at the next look.

What is not to be kept (private mode, excluded applications, windows for passwords and private ones) is never written:
`unkept` holds the newest such dictation for as long as the app runs, for pasting it again.
"""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from anyio import to_thread

from desktop.audio_file import frames
from desktop.history import Entry, History, Row
from desktop.paste.applications import is_one_of
from desktop.paths import Paths
from desktop.ports import Felt, Outcome, Recognizer
from desktop.problems import Problem
from desktop.sensitive import is_sensitive
from desktop.settings_tree import Keeping
from desktop.spool import Spool, Take

logger = logging.getLogger(__name__)

UNFINISHED = (Outcome.CANCELLED, Outcome.FAILED, Outcome.RECOVERED)
"""Endings whose recording is the only copy of the words: kept for a day even by those who keep none."""


NOWHERE = 0
"""The id of what has no row."""

OURS = re.compile(r"\d{8}-\d{6}-\d{6}\.flac(\.part)?")
"""The names that recordings are given."""

ORPHAN_S = 3600.0
"""How old a recording without a row is before it goes."""


def keeps(keeping: Keeping, app: str, window: str = "") -> bool:
    """Whether anything is kept of what is said to `app`, in the window of that title."""
    if keeping.private == "on" or is_one_of(app, keeping.exclude):
        return False
    return keeping.sensitive == "on" or not is_sensitive(app, window)


class Memory:
    """Keeps rows and recordings. `remember`, `remember_again` and `felt` are for worker threads and raise
    `HistoryProblem`; the first two return the row's id."""

    def __init__(self, paths: Paths, history: History) -> None:
        self.spool = Spool(paths.spool)
        self._audio = paths.audio
        self._history = history
        self.unkept: Row | None = None

    def remember(self, entry: Entry, take: Take, keeping: Keeping) -> int:
        """Add the dictation, with its recording where one is to be kept. `NOWHERE` where it is not to be kept."""
        if not keeps(keeping, entry.app, entry.window):
            self.unkept = Row(id=NOWHERE, **{name: getattr(entry, name) for name in Entry.__dataclass_fields__})
            take.discard()
            return NOWHERE
        self.unkept = None
        kept = None
        if (keeping.keep_audio_days or entry.delivery in UNFINISHED) and not take.empty:
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
        if id == NOWHERE:
            return
        if (row := self._history.get(id)) is not None:
            self._history.update(id, emotion=felt.emotion, sent=row.sent + felt.sent)

    def newest(self) -> Row | None:
        """The newest dictation that has a text, of the last fifty, kept or not. Blocks."""
        if self.unkept is not None and self.unkept.text:
            return self.unkept
        return next((row for row in self._history.rows() if row.text), None)

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
                await to_thread.run_sync(self.remember, entry, take, Keeping())
            except Problem as problem:
                logger.warning("a recording could not be recovered, and is kept: %s", problem.title)

    async def expire(self, keeping: Keeping) -> None:
        """Delete what is to be kept no longer. Raises `HistoryProblem`."""
        await to_thread.run_sync(self._expire, keeping, datetime.now(UTC))

    def _expire(self, keeping: Keeping, now: datetime) -> None:
        if keeping.keep_text_days:
            self._history.expire_text(keeping.keep_text_days, now)
        self._history.expire_audio(keeping.keep_audio_days, now)
        if keeping.max_audio_mb:
            self._history.fit_audio(keeping.max_audio_mb * 1_000_000, now)
        self._sweep(now)

    def _sweep(self, now: datetime) -> None:
        """Delete recordings that no row names. What is new may be about to get its row."""
        named = self._history.recordings()
        for path in self._audio.iterdir() if self._audio.is_dir() else ():
            if OURS.fullmatch(path.name) and path not in named:
                with suppress(FileNotFoundError):
                    if now.timestamp() - path.stat().st_mtime > ORPHAN_S:
                        path.unlink()
