"""Repair a damaged history: build its index of words anew in place if nothing else is damaged; otherwise keep the file
aside and begin a new one with all rows that can still be read.

The user is not asked: without a history the next dictation would have no row, and a user in the middle of a sentence
cannot decide about a file. Nothing is deleted. Recordings that no row names any more get rows without text, so that
they can be transcribed again; otherwise they would be deleted as leftovers of a kill.

A file beside the history lists what is being read, from before it is moved until all of it has been imported: if a kill
or a full disk ends that, the next attempt continues, and until then no recording is deleted (`unread`).
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, suppress
from datetime import datetime
from enum import Enum, auto
from itertools import batched, chain, count
from pathlib import Path

from desktop.core.errors import DamagedError, HistoryError
from desktop.core.messages import Message, PartList
from desktop.core.types import Outcome
from desktop.encryption.cipher import EncryptionKey
from desktop.history import connection as history_connection
from desktop.history import rows as history_rows
from desktop.history.connection import unread_files, unread_list
from desktop.history.rows import ENTRY_COLUMNS, ENTRY_FIELDS, HistoryEntry, HistoryRow
from desktop.history.schema import (
    WRITE_TIMEOUT_S,
    history_errors,
    open_history,
    prepare_connection,
    rebuild_index,
    start_marker,
)
from desktop.history.store import HistoryStore

logger = logging.getLogger(__name__)

LOST_TEXT_NOTE = Message("recording-words-lost")

MAX_ID = 10_000_000
"""Highest id that is looked for: a thousand dictations a day for 27 years."""

INDEX_DAMAGE = ("malformed inverted index", "fts5: ")
"""How SQLite begins to report damage to the index that words are searched in: older versions, and newer ones, such as
SQLCipher's. A SQLite that is older than `SOUND_SQLITE` does such damage itself."""

IDS_AT_ONCE = 1000
"""So many ids are looked for while a damaged file is open."""

RECORDING_NAME_FORMAT = "%Y%m%d-%H%M%S-%f"
"""The format of recording names, in local time."""


class _Damage(Enum):
    """What is damaged of a history."""

    NONE = auto()
    INDEX = auto()
    """Nothing but the index that words are searched in: all that is in it is in the rows."""
    FILE = auto()


def repair_history(path: Path, recordings: Callable[[], list[Path]], now: datetime) -> HistoryError | None:
    """Keep the damaged file at `path` aside and begin another with its rows; return the message for the user, None if
    it is not damaged, or only its index was, which is built anew. `recordings` returns all recordings. Blocks; raises
    `HistoryError` if that is not possible."""
    history = HistoryStore(path)
    with history_errors(path):
        asides, damage = unread_files(path), _find_damage(path)
        if damage is _Damage.INDEX:
            with suppress(DamagedError, *_unchecked_errors()):  # the rows are damaged too: the next check finds it
                _rebuild_index(path)
            damage = _find_damage(path)
        damaged = damage is not _Damage.NONE
        if not (asides or damaged):
            return None
        with history_connection.exclusive_lock(path):
            if unread_files(path) != asides:  # another process has begun the repair meanwhile
                return None
            file = history_connection.current_file(path)
            if not asides or (damaged and asides[-1].is_file()):  # damaged again before the last file was read
                asides = [*asides, _unused_file(file, now)]
            unread_list(path).write_text("\n".join(aside.name for aside in asides), encoding="utf-8")
            if not asides[-1].is_file():
                _move_aside(file, asides[-1])
            keys = [history_connection.load_key(path, aside) for aside in asides]
        names = tuple(aside.name for aside in asides)
        logger.warning("the history is damaged and is kept as %s", ", ".join(names))
        rows = chain.from_iterable(
            read_readable_entries(aside, key) for aside, key in zip(asides, keys, strict=True) if aside.is_file()
        )
        imported = sum(_add_unless_cleared(history, path, batch) for batch in batched(rows, 200))
        named = {recording.name for recording in history.recording_paths()}
        lost = [_entry_without_text(recording) for recording in sorted(recordings()) if recording.name not in named]
        _add_unless_cleared(history, path, lost)
        is_deleted = not any(aside.exists() for aside in asides)
        start_marker(path).unlink(missing_ok=True)
        unread_list(path).unlink(missing_ok=True)
    logger.warning("%d rows could be read, and %d recordings have no words", imported, len(lost))
    if is_deleted:
        return HistoryError("history-begun-anew-deleted")
    return HistoryError("history-begun-anew", names=PartList(names))


def _add_unless_cleared(history: HistoryStore, path: Path, entries: Iterable[HistoryEntry]) -> int:
    """Add missing entries as `HistoryStore.add_missing`, unless the history was cleared meanwhile: rows read before do
    not come back."""
    with history_connection.shared_lock(path):  # which `delete_damaged_files` waits for
        return history.add_missing(entries) if unread_list(path).exists() else 0


def _find_damage(path: Path) -> _Damage:
    """Return what is not as SQLite writes it; an invalid text is damage too, as it could not be deleted any more.
    100,000 rows take a second to check. Damage to the names in it looks like a bug of ours (`OperationalError`). Raises
    `HistoryError` if it cannot be checked."""
    try:
        with open_history(path) as connection:
            check_result: str = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if check_result.startswith(INDEX_DAMAGE):
                return _Damage.INDEX
            texts = " || ' ' || ".join(f"ifnull({name}, '')" for name in ENTRY_COLUMNS)
            connection.text_factory = bytes
            for (text,) in connection.execute(f"SELECT {texts} FROM dictation"):
                text.decode()
    except DamagedError:
        return _Damage.FILE
    except _unchecked_errors() as error:
        logger.warning("the history cannot be checked: %s", type(error).__name__)
        return _Damage.FILE
    return _Damage.NONE if check_result == "ok" else _Damage.FILE


def _rebuild_index(path: Path) -> None:
    """Build the index anew in place, 25 us for each row. Others that use the history wait meanwhile: for SQLite's lock
    they would wait `WRITE_TIMEOUT_S` at most. Raises `HistoryError`, and then nothing has changed."""
    with history_errors(path), ExitStack() as stack:
        with suppress(OSError):  # some file systems have no locks
            stack.enter_context(history_connection.exclusive_lock(path))
        file = history_connection.current_file(path)
        connection = stack.enter_context(closing(_connect_existing(file, history_connection.load_key(path, file))))
        logger.warning("the index of the history is built anew")
        rebuild_index(connection)


def _unchecked_errors() -> tuple[type[Exception], ...]:
    """Return what a check ends with where names or texts are damaged."""
    return (*history_connection.operational_errors(), UnicodeDecodeError)


def _unused_file(damaged: Path, now: datetime) -> Path:
    """Return a name that is not used yet."""
    name = f"{damaged.stem}.damaged-{now:%Y%m%d-%H%M%S}"
    return next(
        file
        for number in count()
        if not (file := damaged.with_name(f"{name}{f'-{number}' if number else ''}{damaged.suffix}")).exists()
    )


def _move_aside(file: Path, aside: Path) -> None:
    """Rename the file and those that SQLite keeps beside it. The file goes last: its log must not be left to the next
    file of that name."""
    try:
        for suffix in (*history_connection.SIDECAR_SUFFIXES, ""):
            with suppress(FileNotFoundError):
                file.with_name(file.name + suffix).rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise HistoryError("history-unmovable", path=str(file), reason=str(error.strerror)) from error


def read_readable_entries(path: Path, key: EncryptionKey | None) -> Iterator[HistoryEntry]:
    """Yield the rows that can be read. The file is closed in between: Windows deletes none that is open, and the user
    may delete everything meanwhile."""
    for ids in batched(range(1, _highest_id(path, key) + 1), IDS_AT_ONCE):
        for record in _read_records(path, key, ids):
            with suppress(*history_rows.UNREADABLE_ERRORS):
                if (row := _parse_useful_row(record)) is not None:
                    yield HistoryEntry(**{name: getattr(row, name) for name in ENTRY_FIELDS})


def _read_records(path: Path, key: EncryptionKey | None, ids: Iterable[int]) -> list[sqlite3.Row]:
    """Return those of the rows `ids` that can be read. Each is selected by itself, because a scan ends at damage."""
    records = list[sqlite3.Row]()
    with suppress(*history_connection.database_errors()), ExitStack() as stack:
        connection = stack.enter_context(closing(_connect_existing(path, key)))
        for id in ids:
            try:
                records += connection.execute("SELECT * FROM dictation WHERE id = ?", (id,)).fetchall()
            except history_connection.database_errors():  # SQLCipher reads no page after an error
                stack.close()
                connection = stack.enter_context(closing(_connect_existing(path, key)))
            except history_rows.UNREADABLE_ERRORS:
                continue
    return records


def _parse_useful_row(record: sqlite3.Row) -> HistoryRow | None:
    """Return what can be read of a row if it still has text or a recording."""
    with suppress(*history_rows.UNREADABLE_ERRORS):
        return history_rows.parse_row(record)
    row = history_rows.parse_readable_row(record)
    return row if row.text or row.raw_text or row.audio_path is not None else None


def _connect_existing(path: Path, key: EncryptionKey | None) -> sqlite3.Connection:
    connection = history_connection.open_database(path, key, WRITE_TIMEOUT_S, must_exist=True)
    prepare_connection(connection)
    return connection


def _highest_id(path: Path, key: EncryptionKey | None) -> int:
    """Return the highest possible id: a damaged one may be too low, or would cause very many selects. Each candidate is
    read by a connection of its own: SQLCipher reads no page after an error."""
    candidates: list[int] = []
    for sql in ("SELECT seq FROM sqlite_sequence WHERE name = 'dictation'", "SELECT max(id) FROM dictation"):
        with (
            suppress(*history_connection.database_errors(), TypeError, ValueError),
            closing(_connect_existing(path, key)) as connection,
        ):
            candidates.append(int(connection.execute(sql).fetchone()[0]))
    default = MAX_ID if candidates else 0
    return max((id for id in candidates if id <= MAX_ID), default=default)


def _entry_without_text(recording: Path) -> HistoryEntry:
    """Return an entry for a recording whose text is lost."""
    try:
        started_at = datetime.strptime(recording.stem, RECORDING_NAME_FORMAT).astimezone()
    except ValueError:
        started_at = datetime.fromtimestamp(recording.stat().st_mtime).astimezone()
    return HistoryEntry(started_at=started_at, delivery=Outcome.FAILED, notes=(LOST_TEXT_NOTE,), audio_path=recording)
