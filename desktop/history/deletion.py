"""Delete rows and recordings from the history, in the order that survives a kill.

Rows are deleted before their recordings: a row never names a missing file, whenever the process is killed, and
`DictationRecorder.expire` finds a recording that no row names. The text leaves the write-ahead log at once.

A damaged history that was kept aside has the same text. It is deleted as a whole (`delete_damaged_files`), because
nothing can be deleted inside a damaged file: when everything is deleted, and when its newest row is too old. The same
holds for the copy that a kill left while the history was being encrypted or decrypted: its rows would be imported
again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection

from desktop.core.errors import HistoryError
from desktop.core.locks import remove_file
from desktop.history import connection as history_connection
from desktop.history.schema import history_errors, without_index

type OpenHistory = Callable[[], AbstractContextManager[Connection]]

RETRY_DAYS = 1
"""Days that a failed dictation can be tried again at least."""

AGED_SQL = "(id < ? AND (started_s <= ? OR (started_s > ? AND id < ?)))"
"""Whether a row is old, by its date and by its neighbours: a clock that is wrong for an hour dates rows years back or
ahead, and ids only grow. A row after a young one is young; a row dated ahead of now and before an old one is old."""

UNFINISHED_SQL = "delivery IN ('failed', 'cancelled', 'recovered')"

ALL_ROWS_SQL = "TRUE"

UNUSED_ID = 2**62
"""An id that no row has."""

WIPING_SUFFIX, CONVERTED_SUFFIX = ".wiping", ".other"
"""Suffixes of a file that is being overwritten, and of a converted history that is being created; a kill may leave
either."""

MIN_ROWS_FOR_REINDEX = 100
"""Rows above which the index may be rebuilt."""

_ZEROS = bytes(1 << 20)


def delete_rows(open_history: OpenHistory, where: str, values: Sequence[object]) -> int:
    """Delete those rows and their recordings; return how many rows."""
    with open_history() as connection:
        return _delete_rows(connection, where, values)


def delete_everything(open_history: OpenHistory, path: Path) -> int:
    """Delete all rows and recordings of the history at `path`, its damaged files kept aside and its copies; return how
    many rows. The files aside are deleted first, or rows that are being read from them would come back. Raises
    `HistoryError`."""
    problem_aside: HistoryError | None = None
    while True:
        try:
            delete_damaged_files(path)
        except HistoryError as problem:
            problem_aside = problem
        with open_history() as connection:  # no damaged file is put aside meanwhile
            if problem_aside is None and (_damaged_files(path) or _leftover_copies(path)):
                continue
            count = _delete_rows(connection, ALL_ROWS_SQL, ())
        if problem_aside is not None:
            raise problem_aside
        return count


def delete_damaged_files(path: Path, until: datetime | None = None) -> None:
    """Overwrite and remove the damaged histories kept aside at `path`: all of them, with copies of the whole one, or
    those not written to since `until`. A file whose rows are not imported yet is not too old. Raises `HistoryError`."""
    with history_errors(path):
        if until is not None and (not _damaged_files(path) or history_connection.unread_files(path)):
            return
        if not _damaged_files(path) and not _leftover_copies(path):
            return
        with history_connection.exclusive_lock(path):
            history_connection.unread_list(path).unlink(missing_ok=True)
            for file in _damaged_files(path) + (_leftover_copies(path) if until is None else []):
                if until is None or file.stat().st_mtime <= until.timestamp():
                    wipe_file(file)


def delete_all_emotions(connection: Connection) -> int:
    """Delete all emotions, as `HistoryStore.delete_emotions`."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DELETE FROM voice_baseline")
    where = "emotion IS NOT NULL OR emotion_user IS NOT NULL"
    with without_index(connection) if _is_reindex_faster(connection, where, ()) else nullcontext():
        updated = connection.execute(f"UPDATE dictation SET emotion = NULL, emotion_user = NULL WHERE {where}")
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return updated.rowcount


def expire_text(open_history: OpenHistory, days: int, now: datetime) -> int:
    """Delete old dictations, as `HistoryStore.expire_text`."""
    with open_history() as connection:
        aged = _aged_values(connection, days, now)
    return delete_rows(open_history, AGED_SQL, aged)


def expire_audio(open_history: OpenHistory, days: int, now: datetime) -> int:
    """Delete old recordings, as `HistoryStore.expire_audio`."""
    where = f"CASE WHEN {UNFINISHED_SQL} THEN {AGED_SQL} ELSE {AGED_SQL} END"
    with open_history() as connection:
        unfinished_values = _aged_values(connection, max(days, RETRY_DAYS), now)
        aged = recorded_rows(connection, where, (*unfinished_values, *_aged_values(connection, days, now)))
        unfinished = {id for id, _ in recorded_rows(connection, UNFINISHED_SQL)}
        return _delete_recordings(
            connection, [(id, path) for id, path in aged if not (id in unfinished and _is_new(path, now))]
        )


def limit_audio(open_history: OpenHistory, max_bytes: int, now: datetime) -> int:
    """Delete recordings above a total size, as `HistoryStore.limit_audio`."""
    excess: list[tuple[int, Path]] = []
    with open_history() as connection:
        total_bytes = sum(_file_size(path) for _, path in recorded_rows(connection))
        old = _aged_values(connection, RETRY_DAYS, now)
        for id, path in recorded_rows(connection, f"({AGED_SQL} OR NOT {UNFINISHED_SQL})", old):
            if total_bytes <= max_bytes:
                break
            total_bytes -= _file_size(path)
            excess.append((id, path))
        return _delete_recordings(connection, excess)


def recorded_rows(connection: Connection, where: str = "TRUE", values: Sequence[object] = ()) -> list[tuple[int, Path]]:
    """Return the rows that have a recording, oldest first."""
    sql = f"SELECT id, audio_path FROM dictation WHERE audio_path IS NOT NULL AND {where} ORDER BY id"
    return [(id, Path(name)) for id, name in connection.execute(sql, values)]


def wipe_file(file: Path) -> None:
    """Overwrite a plain file and remove it. Raises `OSError`."""
    with file.open("r+b", buffering=0) as old:
        for begin in range(0, size := os.fstat(old.fileno()).st_size, len(_ZEROS)):
            old.write(_ZEROS[: size - begin])
        os.fsync(old.fileno())
    remove_file(file)


def _delete_rows(connection: Connection, where: str, values: Sequence[object]) -> int:
    connection.execute("BEGIN IMMEDIATE")
    with without_index(connection) if _is_reindex_faster(connection, where, values) else nullcontext():
        sql = f"DELETE FROM dictation WHERE {where} RETURNING audio_path"
        deleted = [name for (name,) in connection.execute(sql, values)]
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # otherwise the text stays in the log during a read
    _remove_files(Path(name) for name in deleted if name is not None)
    return len(deleted)


def _delete_recordings(connection: Connection, recordings: Sequence[tuple[int, Path]]) -> int:
    connection.execute("BEGIN IMMEDIATE")
    sql = "UPDATE dictation SET audio_path = NULL WHERE id = ? AND audio_path = ?"
    connection.executemany(sql, [(id, str(path)) for id, path in recordings])
    connection.execute("COMMIT")
    _remove_files(path for _, path in recordings)
    return len(recordings)


def _remove_files(recordings: Iterable[Path]) -> None:
    """Delete all that can be deleted; then raise the last error."""
    failed: OSError | None = None
    for recording in recordings:
        try:
            with suppress(FileNotFoundError):
                remove_file(recording)
        except OSError as error:
            failed = error
    if failed is not None:
        raise failed


def _damaged_files(path: Path) -> list[Path]:
    """Return the damaged files, with those that SQLite keeps beside each."""
    kinds = (path, history_connection.encrypted_file(path))
    return [file for kind in kinds for file in path.parent.glob(f"{kind.stem}.damaged-*") if file.is_file()]


def _leftover_copies(path: Path) -> list[Path]:
    """Return what a kill left of a history that was being converted, beside the one that is used."""
    encrypted = history_connection.encrypted_file(path)
    copies = [file.with_name(file.name + CONVERTED_SUFFIX) for file in (path, encrypted)]
    if encrypted.exists():
        copies.append(path)
    suffixes = ("", *history_connection.SIDECAR_SUFFIXES)
    candidates = [copy.with_name(copy.name + suffix) for copy in copies for suffix in suffixes]
    candidates += path.parent.glob(f"{path.stem}.*{WIPING_SUFFIX}")
    return [file for file in candidates if file.is_file()]


def _aged_values(connection: Connection, days: int, now: datetime) -> tuple[float, ...]:
    """Return the values for `AGED_SQL`."""
    old_s, now_s = (now - timedelta(days=days)).timestamp(), now.timestamp()
    sql = "SELECT coalesce(min(id), ?) FROM dictation WHERE started_s > ? AND started_s <= ?"
    young: int = connection.execute(sql, (UNUSED_ID, old_s, now_s)).fetchone()[0]
    sql = "SELECT coalesce(max(id), 0) FROM dictation WHERE started_s <= ? AND id < ?"
    newest_old: int = connection.execute(sql, (old_s, young)).fetchone()[0]
    return (young, old_s, now_s, newest_old)


def _is_reindex_faster(connection: Connection, where: str, values: Sequence[object]) -> bool:
    """Return whether so many rows are affected that rebuilding the index is faster: it costs 50 us a row, a deletion 2
    ms. If all rows go, none needs to be readable."""
    if where == ALL_ROWS_SQL:
        return True
    affected: int = connection.execute(f"SELECT count(*) FROM dictation WHERE {where}", values).fetchone()[0]
    if affected <= MIN_ROWS_FOR_REINDEX:
        return False
    total: int = connection.execute("SELECT count(*) FROM dictation").fetchone()[0]
    return affected > total / 40


def _is_new(recording: Path, now: datetime) -> bool:
    """Return whether the recording was written within `RETRY_DAYS`: what a crash left may be found long after it was
    spoken."""
    try:
        return 0 <= now.timestamp() - recording.stat().st_mtime < RETRY_DAYS * 24 * 3600
    except OSError:
        return False


def _file_size(recording: Path) -> int:
    try:
        return recording.stat().st_size
    except FileNotFoundError:
        return 0
