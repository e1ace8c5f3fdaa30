"""Record the engine's dictations by the current settings: the row, the recording, and when they expire.

`DictationRecorder` is called with the settings each time and knows no event loop; this is what calls it: for a
dictation that ends, at a start that finds leftovers, by the clock, and when the user resumes a dictation.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import anyio
from anyio import to_thread

from desktop.app.recovery import recover_recordings
from desktop.audio.file import read_audio
from desktop.audio.spool import Spool
from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import LockedError, UserError
from desktop.core.interfaces import Recognizer
from desktop.core.tasks import SpawnTask
from desktop.core.types import Audio, EmotionResult, Outcome, Target
from desktop.history.privacy import is_kept
from desktop.history.recorder import NO_ROW, DictationRecorder
from desktop.history.rows import RESUMABLE_OUTCOMES, HistoryEntry, HistoryRow
from desktop.history.store import HistoryStore
from desktop.settings.schema import Settings
from desktop.settings.store import LoadedSettings

EMOTION_OFF = "off"
"""The setting under which no emotion is detected."""

EXPIRE_INTERVAL_S = 6 * 3600.0
"""Seconds between two expirations."""


class HistoryService:
    """Records in `recorder` by the settings that `loaded` returns; `on_changed` is called when the history has changed.

    `on_unlocked` is called when leftovers of an earlier run can be read now that the keyring is open, `on_locked` when
    an entry is held until it is, `on_recorded` with the row of each dictation that ended; all from any thread.
    """

    def __init__(
        self,
        recorder: DictationRecorder,
        history: HistoryStore,
        loaded: Callable[[], LoadedSettings],
        on_changed: Callable[[], None],
        on_unlocked: Callable[[], None] = lambda: None,
        on_locked: Callable[[], None] = lambda: None,
        on_recorded: Callable[[int], None] = lambda id: None,
    ) -> None:
        self.recorder = recorder
        self._history = history
        self._loaded = loaded
        self._on_changed = on_changed
        self._on_unlocked = on_unlocked
        self._on_locked = on_locked
        self._on_recorded = on_recorded
        self._recovery_lock = anyio.Lock()
        self._has_leftovers = True
        self._running_expirations = 0

    def _settings(self) -> Settings:
        return self._loaded().settings

    @property
    def is_private(self) -> bool:
        """Whether nothing is to be kept."""
        return self._settings().history.private == "on"

    @property
    def is_busy(self) -> bool:
        """Whether an end of the app would lose words that are in memory alone, or cut a recovery."""
        return self.recorder.has_words_in_memory or self._recovery_lock.locked()

    def can_write_words(self) -> bool:
        """Return whether dictated words may be written to a file that is never encrypted. Blocks."""
        loaded = self._loaded()
        return not (self.is_private or loaded.is_safe_mode or self.recorder.is_encrypting(loaded))

    @property
    def spool(self) -> Spool:
        """The spool for a dictation that begins now."""
        return Spool(None) if self.is_private else self.recorder.spool

    def is_kept(self, target: Target) -> bool:
        """Return whether the history keeps dictations into `target`."""
        return not target.is_private and is_kept(self._settings().history, target.app, target.title)

    def is_emotion_enabled(self, target: Target) -> bool:
        """Return whether emotions are detected for `target`."""
        return self._settings().emotion.engine != EMOTION_OFF and self.is_kept(target)

    def record(self, began_private: bool, entry: HistoryEntry, spool_file: SpoolFile, given_to: str = "") -> int:
        """Record a dictation and return the row's id; record nothing if it began `began_private`, whatever the setting
        is now. `given_to` is the program that it was meant for, if one. For a worker thread. Raises `HistoryError`."""
        settings = self._settings().history
        if self._settings().emotion.engine == EMOTION_OFF:  # switched off since the detection
            entry = replace(entry, emotion=None)
        try:
            id = self.recorder.record(
                entry,
                spool_file,
                settings.model_copy(update={"private": "on"}) if began_private else settings,
                given_to,
            )
        except LockedError:
            self._on_locked()
            raise
        self._on_changed()
        if id != NO_ROW:
            self._on_recorded(id)
            self._report_leftovers()
        return id

    def record_resumed(self, row: HistoryRow, entry: HistoryEntry, spool_file: SpoolFile) -> int:
        """Record the result of a resumed dictation in its `row` and return its id. For a worker thread. Raises
        `HistoryError`."""
        id = self.recorder.record_resumed(row, entry, spool_file, self._settings().history)
        self._on_changed()
        if id != NO_ROW:
            self._on_recorded(id)
        return id

    def _report_leftovers(self) -> None:
        if self._has_leftovers and not self._recovery_lock.locked():
            self._on_unlocked()

    def add_emotion(self, id: int, emotion_result: EmotionResult) -> None:
        """Add an emotion that was detected later. For a worker thread. Raises `HistoryError`."""
        self.recorder.add_emotion(
            id,
            replace(emotion_result, emotion=None) if self._settings().emotion.engine == EMOTION_OFF else emotion_result,
        )
        self._on_changed()

    async def load_unfinished(self) -> tuple[HistoryRow, Audio]:
        """Return the newest dictation, if it was cancelled or failed, and its recording. Raises `UserError`."""
        if (unkept := self.recorder.unkept_row) is not None:
            row = await to_thread.run_sync(self.recorder.last)
            if row is not None and row.started_at == unkept.started_at:
                raise UserError("resume-text-not-stored")
            raise UserError("resume-nothing-kept")
        rows = await to_thread.run_sync(self._history.rows)
        last = next((row for row in rows if row.delivery is not Outcome.SILENT), None)
        if last is None or last.audio_path is None or last.delivery not in RESUMABLE_OUTCOMES:
            raise UserError("resume-recording-missing")
        return last, await to_thread.run_sync(read_audio, last.audio_path)

    async def recover(
        self, recognizer: Recognizer, wait_until_idle: Callable[[], Awaitable[None]]
    ) -> list[HistoryEntry]:
        """Recover what an earlier run left into the history and return it. Runs one at a time."""
        async with self._recovery_lock:
            await to_thread.run_sync(self.recorder.repair)
            entries = await recover_recordings(self.recorder, recognizer, self._settings().history, wait_until_idle)
            self._has_leftovers = False  # the rest has another key, or needs the user
        if entries:
            self._on_changed()
        return entries

    async def expire(self) -> None:
        """Delete what has been kept for as long as the settings say. Raises `HistoryError`."""
        self._running_expirations += 1
        try:
            await self.recorder.expire(self._loaded())
        finally:
            self._running_expirations -= 1
        self._on_changed()
        self._report_leftovers()

    async def request_key(self) -> None:
        """Ask for the keyring, unless that is being done, and record what waits for it. Raises `HistoryError`."""
        if not self._running_expirations:
            await self.expire()

    async def run_expiration(self, spawn: SpawnTask) -> None:
        """Expire now and every few hours."""
        while True:
            spawn(self.expire)
            await anyio.sleep(EXPIRE_INTERVAL_S)
