"""Record dictations: the row, the recording, and what a crash left of them; delete them when they expire.

The history, the folder of recordings and the spool meet only here, so that the safe order holds (`docs/adr/0005`): the
recording is written, then the row that names it, and only then is the spool file dropped; deleting goes the other way
round. A recording that no row names is left by a kill in between, and is deleted at the next expiration; a spool file
whose row exists is dropped by `desktop.app.recovery`.

Dictations that are not to be kept (private mode, excluded applications, password and private windows) are never
written: `unkept_row` holds the newest of them in memory, for pasting it again. What was inserted last, kept or not, is
known in memory, too: an undo removes that, and it need not be the newest row.

If the history cannot be written, because its keyring is locked or the disk is full, and the recording is not on disk
either, the entry is held in memory alone, and gets its row when the keyring is open, or with the first dictation that
can be recorded.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Unpack, cast

from anyio import from_thread, to_thread

from desktop.audio.spool import Spool
from desktop.audio.spool_file import SpoolFile, SpoolHeader
from desktop.core.errors import DamagedError, HistoryError, LockedError, UserError
from desktop.core.messages import Message, join_notes
from desktop.core.paths import Paths
from desktop.core.types import EmotionResult, Outcome
from desktop.history import connection, encryption
from desktop.history.clearing import is_before_clearing, last_clearing
from desktop.history.pending import PendingEntries
from desktop.history.privacy import is_kept
from desktop.history.repair import RECORDING_NAME_FORMAT, repair_history
from desktop.history.retention import ClockGuard, delete_expired
from desktop.history.rows import HistoryEntry, HistoryRow, RowChanges, find_resumed_changes
from desktop.history.schema import history_errors
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings
from desktop.settings.store import LoadedSettings

logger = logging.getLogger(__name__)

UNFINISHED_OUTCOMES = (Outcome.CANCELLED, Outcome.FAILED, Outcome.RECOVERED)
"""Outcomes whose recording is the only copy of the words: kept for a day even if recordings are not kept."""

MAX_SPOOL_BYTES = 2_000_000_000
"""Maximum bytes of all recordings that could never be transcribed: 17 hours. The oldest are deleted."""

NO_ROW = 0
"""The id of a dictation without a row."""

NO_RECORDING_NOTE = Message("history-unwritable-then")

INSERTED_OUTCOMES = (Outcome.INSERTED, Outcome.UNCONFIRMED)
"""Outcomes after which the text is in its window."""


class DictationRecorder:
    """Records rows and recordings. `record`, `record_resumed` and `add_emotion` are for worker threads and raise
    `HistoryError`; the first two return the row's id. `on_problem` is called with a problem of the history."""

    def __init__(
        self, paths: Paths, history: HistoryStore, on_problem: Callable[[UserError], None] = lambda problem: None
    ) -> None:
        key = partial(connection.load_key_for_new, paths.history, wait=False)
        self.spool = Spool(paths.spool, key, lambda: clearing.id if (clearing := last_clearing(paths.history)) else "")
        self._paths = paths
        self._audio_folder = paths.audio
        self._history_path = paths.history
        self._clock_guard = ClockGuard(paths.clock)
        self._history = history
        self._is_encryption_wanted: Callable[[], bool] = lambda: False
        self._reported_problems: set[Message] = set()
        self._pending = PendingEntries(paths.history)
        self._on_problem = on_problem
        self.unkept_row: HistoryRow | None = None
        self._inserted: HistoryRow | None = None
        self._last_resumed: tuple[datetime, HistoryRow] | None = None
        self._known_clearing = last_clearing(paths.history)

    def record(self, entry: HistoryEntry, spool_file: SpoolFile, settings: HistorySettings, given_to: str = "") -> int:
        """Add the dictation, with its recording if one is to be kept. Return `NO_ROW` if it is not to be kept: the
        window decides that, also where the words were meant for a program, `given_to`, whose name the row has."""
        is_entry_kept = is_kept(settings, entry.app, entry.window)
        is_command = entry.delivery is Outcome.SILENT  # about the newest text, and none itself
        if given_to:
            entry = replace(entry, app=given_to, window="")
        else:
            self._note_inserted(_row_without_id(entry))
        if not is_entry_kept:
            self.unkept_row = self.unkept_row if is_command else _row_without_id(entry)
            spool_file.discard()
            return NO_ROW
        try:
            self._require_key()  # otherwise this and all that wait for the row would wait for the keyring's prompt
            self._add_pending()  # first, as rows are in the order of speaking
            id = self._add(self._with_recording(entry, spool_file, settings))
        except HistoryError as problem:
            if entry.delivery is Outcome.REFUSED and not (entry.text or entry.raw_text):
                return NO_ROW  # a password field
            if entry.text:
                self.unkept_row = _row_without_id(entry)
            if spool_file.is_empty or (spool_file.broken and entry.text):  # the next start finds nothing, or no more
                if not (entry.text or entry.raw_text):
                    raise problem.with_nothing_kept() from problem
                self._pending.add(replace(entry, notes=join_notes(entry.notes, (NO_RECORDING_NOTE,)), audio_path=None))
            raise
        self.unkept_row = self.unkept_row if is_command else None
        if self._inserted is not None and self.inserted_at == entry.started_at:
            self._inserted = replace(self._inserted, id=id)
        spool_file.discard()
        self._clock_guard.check_if_due(datetime.now(UTC).timestamp())
        return id

    @property
    def has_words_in_memory(self) -> bool:
        """Return whether words of a dictation are in this process alone: they would end with it."""
        return self.unkept_row is not None or len(self._pending) > 0

    @property
    def has_words_to_lose(self) -> bool:
        """Return whether words are in this process alone that the user has nowhere: those of the unkept dictation are
        in the window that they were for, once inserted."""
        row = self.unkept_row
        is_missing = row is not None and bool(row.text or row.raw_text) and row.delivery is not Outcome.INSERTED
        return is_missing or len(self._pending) > 0

    def _require_key(self) -> None:
        """Raise `LockedError` if the key of the history is not known yet, or `HistoryError`."""
        with history_errors(self._history_path):
            connection.require_key(self._history_path)

    def _add(self, entry: HistoryEntry) -> int:
        try:
            return self._history.add(entry).id
        except DamagedError:
            self.repair(entry.audio_path)
            return self._history.add(entry).id

    def _add_pending(self) -> None:
        """Write the rows of the pending entries. Raises `HistoryError` if that is still not possible."""
        self._pending.write_all(self._add, self._on_pending_written)

    def _on_pending_written(self, entry: HistoryEntry) -> None:
        if self.unkept_row is not None and self.unkept_row.started_at == entry.started_at:
            self.unkept_row = None

    def is_cleared(self, header: SpoolHeader) -> bool:
        """Return whether a spool file of an earlier run began before everything was cleared. Blocks."""
        return is_before_clearing(header.started_at, header.cleared, last_clearing(self._history_path))

    def drop_cleared(self) -> bool:
        """Drop what was said before everything was cleared and is not in the history: spool files, pending entries, and
        the text for pasting again. Return whether there was a clearing since the last call. Blocks. Never raises."""
        self._pending.drop_cleared()
        known, self._known_clearing = self._known_clearing, last_clearing(self._history_path)
        if known != self._known_clearing:
            if self.unkept_row is not None and is_before_clearing(self.unkept_row.started_at, "", self._known_clearing):
                self.unkept_row = None
            if self._inserted is not None and is_before_clearing(self._inserted.started_at, "", self._known_clearing):
                self._inserted = None
            if self._last_resumed is not None and is_before_clearing(self._last_resumed[0], "", self._known_clearing):
                self._last_resumed = None
        try:
            self.spool.remove(self.is_cleared)
        except OSError as error:
            logger.warning("a recording from before everything was cleared could not be removed: %s", error.strerror)
        return known != self._known_clearing

    def record_leftover(self, entry: HistoryEntry, spool_file: SpoolFile, settings: HistorySettings) -> bool:
        """Record the spool file of an earlier run, as `record`. False if nothing is kept of its application, or
        everything was cleared meanwhile: a clearing is stored first and rows are deleted after that, so it is checked
        again once the row exists."""
        id = NO_ROW if self.is_cleared(spool_file.header) else self.record(entry, spool_file, settings)
        if not self.is_cleared(spool_file.header):
            return id != NO_ROW
        spool_file.discard()
        if id != NO_ROW:
            self._history.delete(id)
        return False

    def _with_recording(self, entry: HistoryEntry, spool_file: SpoolFile, settings: HistorySettings) -> HistoryEntry:
        """Return the entry with its recording, if one is to be kept. A recording that cannot be written loses no
        row that has the words."""
        if not (settings.keep_audio_days or entry.delivery in UNFINISHED_OUTCOMES) or spool_file.is_empty:
            return entry
        try:
            file = self._audio_folder / f"{entry.started_at:{RECORDING_NAME_FORMAT}}.flac"
            saved = spool_file.save_flac(file, connection.load_key_for_new(self._history_path))
        except HistoryError as problem:
            if entry.delivery in UNFINISHED_OUTCOMES:
                raise
            note = Message("problem-title", problem=problem.message)
            return replace(entry, notes=join_notes(entry.notes, (note,)))
        return replace(entry, audio_path=saved)

    def repair(self, new_recording: Path | None = None) -> HistoryError | None:
        """If the history is damaged, keep it aside and begin another; call `on_problem` with the problem and return it.
        The recording `new_recording` is about to get its row. Blocks."""
        problem = repair_history(
            self._history_path,
            lambda: [path for path in self._recordings() if path != new_recording],
            datetime.now(UTC),
        )
        if problem is not None:
            self._on_problem(problem)
        return problem

    def _recordings(self) -> list[Path]:
        return (
            [path for path in self._audio_folder.iterdir() if path.suffix == ".flac"]
            if self._audio_folder.is_dir()
            else []
        )

    def record_resumed(
        self, row: HistoryRow, entry: HistoryEntry, spool_file: SpoolFile, settings: HistorySettings | None = None
    ) -> int:
        """Write the result of a resumed dictation into its row. Without a text the row keeps its words, unless there
        are more now, and can be resumed once more. The window is left out if nothing is kept of dictations into it. A
        text that cannot be written can still be pasted again."""
        try:
            try:
                id = self._update_resumed_row(row, entry, settings)
            except DamagedError:
                self.repair()
                id = self._update_resumed_row(row, entry, settings)
        except Exception:
            if entry.text:
                self._last_resumed = datetime.now(UTC), _row_without_id(entry)
                self.unkept_row = replace(_row_without_id(entry), started_at=row.started_at)
                self._note_inserted(self.unkept_row)
            raise
        if entry.text:
            self._last_resumed = datetime.now(UTC), _row_without_id(entry)
            self.unkept_row = self._last_resumed[1] if id == NO_ROW else None
            self._note_inserted(self.unkept_row or replace(_row_without_id(entry), id=id, started_at=row.started_at))
        spool_file.discard()
        return id

    def _update_resumed_row(self, old_row: HistoryRow, entry: HistoryEntry, settings: HistorySettings | None) -> int:
        if (row := self._history.find_again(old_row)) is None:
            return NO_ROW
        is_target_kept = settings is None or is_kept(settings, entry.app, entry.window)
        self._history.update(row.id, **find_resumed_changes(row, entry, is_target_kept=is_target_kept))
        return row.id

    def _note_inserted(self, row: HistoryRow) -> None:
        if row.text and row.delivery in INSERTED_OUTCOMES:
            self._inserted = row

    @property
    def inserted_at(self) -> datetime | None:
        """When the dictation began that was inserted last into a window, in this run; None if there is none."""
        return None if self._inserted is None else self._inserted.started_at

    def inserted(self) -> HistoryRow | None:
        """Return the dictation that was inserted last into a window, in this run, as it reads by now; None if there is
        none, or it was deleted. Blocks."""
        return None if self._inserted is None else self.reload(self._inserted)

    def reload(self, row: HistoryRow) -> HistoryRow | None:
        """Return the dictation of `row` as it reads by now, in the history or in memory; None if it was deleted.
        Blocks."""
        if self.unkept_row is not None and self.unkept_row.started_at == row.started_at:
            return self.unkept_row
        with suppress(HistoryError):
            self._require_key()
            if (found := self._history.find_again(row)) is not None:
                return found
            if row.id != NO_ROW:
                return None
        return self._inserted if self._inserted is not None and self.inserted_at == row.started_at else row

    def update(self, row: HistoryRow, **changes: Unpack[RowChanges]) -> None:
        """Write what became of the text of `row`, or note it where that is held in memory. Blocks. Raises
        `HistoryError`."""
        if row.id != NO_ROW:
            self._history.update(row.id, **changes)
            return
        values = cast(dict[str, Any], changes)
        if self._inserted is not None and self.inserted_at == row.started_at:
            self._inserted = replace(self._inserted, **values)
        self._pending.update(row.started_at, values)
        if self.unkept_row is not None and self.unkept_row.started_at == row.started_at:
            if values.get("delivery") is Outcome.CANCELLED:  # the user took it back, and does not miss it
                del values["delivery"]
            self.unkept_row = replace(self.unkept_row, **values)

    def add_emotion(self, id: int, emotion_result: EmotionResult) -> None:
        """Add the emotion, and what left the machine for it, to a row that may have been deleted meanwhile."""
        if id == NO_ROW:
            return
        if (row := self._history.get(id)) is not None:
            self._history.update(id, emotion=emotion_result.emotion, sent=row.sent + emotion_result.sent)

    def newest(self) -> HistoryRow | None:
        """Return the newest dictation that has a text, of the last fifty, kept or not. Blocks."""
        if self.unkept_row is not None and self.unkept_row.text:
            return self.unkept_row
        return next((row for row in self._history.rows() if row.text), None)

    def last(self) -> HistoryRow | None:
        """Return the newest row; None if it cannot be read without its key. Blocks. Raises `HistoryError`."""
        with suppress(LockedError):
            self._require_key()
            return self._history.last()
        return None

    def rows_since(self, moment: datetime) -> list[HistoryRow]:
        """Return the known dictations with a text since `moment`: the newest fifty that began since, kept or not, and
        the last resumed one. Blocks."""
        rows: list[HistoryRow] = []
        with suppress(LockedError):
            self._require_key()
            rows.extend(self._history.rows(since=moment))
        if self.unkept_row is not None and self.unkept_row.started_at >= moment:
            rows.append(self.unkept_row)
        if self._last_resumed is not None and self._last_resumed[0] >= moment:
            rows.append(self._last_resumed[1])
        return [row for row in rows if row.text]

    def has_row(self, spool_file: SpoolFile) -> bool:
        """Return whether the dictation has its row: a kill came before its spool file was dropped. Blocks."""
        return self._history.has_dictation_at(spool_file.started_at)

    async def expire(self, loaded: LoadedSettings, now: datetime | None = None) -> None:
        """Delete what has expired, except in safe mode (`desktop.settings.safety`) or after a jump of the clock
        (`desktop.history.retention`); encrypt or decrypt the rest as the settings say; write pending entries.

        Only this waits for the keyring's prompt, however long; that ends when the task is cancelled. Raises
        `HistoryError`.
        """
        self._is_encryption_wanted = lambda: encryption.should_encrypt(self._history_path, loaded)
        await to_thread.run_sync(self._apply_encryption)
        await to_thread.run_sync(self._require_key)  # raises rather than prompt again
        with suppress(HistoryError):  # on a full disk, expiring may make room
            await to_thread.run_sync(self._add_pending)
        try:
            await to_thread.run_sync(self._delete_expired, loaded, now or datetime.now(UTC))
        except DamagedError:
            if await to_thread.run_sync(self.repair) is None:
                raise

    def is_encrypting(self, loaded: LoadedSettings) -> bool:
        """Return whether dictations are, or are to be, encrypted; True if that is unknown. Blocks."""
        try:
            return encryption.should_encrypt(self._history_path, loaded)
        except (OSError, HistoryError):
            return True

    def _apply_encryption(self) -> None:
        """Encrypt or decrypt as the settings say; report an error once, not every few hours."""
        try:
            encryption.apply_encryption(
                self._paths, lambda: self._is_encryption_wanted(), self.spool, from_thread.check_cancelled
            )
        except UserError as problem:
            logger.warning("stored data could not be encrypted or decrypted: %s", problem)
            if problem.message not in self._reported_problems:
                self._reported_problems.add(problem.message)
                self._on_problem(problem)

    def _delete_expired(self, loaded: LoadedSettings, now: datetime) -> None:
        self.drop_cleared()
        if loaded.is_safe_mode:
            logger.info("nothing expires in safe mode")
            return
        if deleted := self.spool.shrink(MAX_SPOOL_BYTES):
            logger.warning("%d old recordings that could not be transcribed were deleted", deleted)
        if not self._clock_guard.is_trusted(now.timestamp(), self._newest_time):
            logger.info("nothing expires: the clock is not trusted yet")
            return
        delete_expired(self._history, self._history_path, self._audio_folder, loaded.settings.history, now)
        if self._paths.bench_results.exists():
            from desktop.history.bench_results import keep_results

            with history_errors(self._paths.bench_results):
                keep_results(self._paths.bench_results, self._history.recording_paths)

    def _newest_time(self) -> float | None:
        """Return the time of the newest dictation, which has passed."""
        newest = self._history.last()
        return None if newest is None else newest.started_at.timestamp()


def _row_without_id(entry: HistoryEntry) -> HistoryRow:
    return HistoryRow(id=NO_ROW, **{name: getattr(entry, name) for name in HistoryEntry.__dataclass_fields__})
