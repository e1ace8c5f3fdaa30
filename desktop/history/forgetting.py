"""What goes from the history, and in which order.

Rows go before their recordings do: a row never names a file that is not there, whenever the process is killed, and
`Memory.expire` finds a recording that no row names. The words go from the write-ahead log at once.

What was kept aside of a damaged history has the same words. It goes as a whole (`asides`), since there is no deleting
in a damaged file: where everything is forgotten, and when the newest in it is too old. So has the copy that a kill left
while the history was being encrypted or decrypted: from that one the rows would be taken in again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection

from desktop.history import connecting
from desktop.history.schema import problems, unindexed
from desktop.problems import HistoryProblem

type Opened = Callable[[], AbstractContextManager[Connection]]

RETRY_DAYS = 1
"""How long a failed dictation can be tried again at least."""

AGED = "(id < ? AND (started_s <= ? OR (started_s > ? AND id < ?)))"
"""Whether a row is old, by its date and by its neighbours: a clock that is wrong for an hour dates what is said then
years back or ahead, and ids only grow. What came after something young is young; what is dated ahead of now and came
before something old is old."""

UNFINISHED = "delivery IN ('failed', 'cancelled', 'recovered')"

ALL = "TRUE"

_ZEROS = bytes(1 << 20)

NEVER = 2**62
"""An id that no row has."""

WIPING, OTHER = ".wiping", ".other"
"""What ends the name of a file that is being overwritten, and of the other kind of a history that is being made; a kill
may leave either half done."""

MANY = 100
"""More rows than this may have the index made anew."""


def forget(opened: Opened, where: str, values: Sequence[object]) -> int:
    """Delete those rows and their recordings; how many rows they were."""
    with opened() as connection:
        return _forget(connection, where, values)


def everything(opened: Opened, path: Path) -> int:
    """Delete all rows and recordings of the history at `path`, what was kept aside of damaged ones and copies of it;
    how many rows they were. What is aside goes first, or what is being read of it would be there again. Raises
    `HistoryProblem`."""
    in_the_way: HistoryProblem | None = None
    while True:
        try:
            asides(path)
        except HistoryProblem as problem:
            in_the_way = problem
        with opened() as connection:  # while which no damaged one is put aside
            if in_the_way is None and (_asides(path) or _copies(path)):
                continue
            count = _forget(connection, ALL, ())
        if in_the_way is not None:
            raise in_the_way
        return count


def asides(path: Path, until: datetime | None = None) -> None:
    """Overwrite and remove what was kept aside of damaged histories at `path`: all of it, with copies of the whole one,
    or what has not been written to since `until`. One whose rows are still to be taken in is not too old. Raises
    `HistoryProblem`."""
    with problems(path):
        if until is not None and (not _asides(path) or connecting.unread(path)):
            return
        if not _asides(path) and not _copies(path):
            return
        with connecting.alone(path):
            connecting.note(path).unlink(missing_ok=True)
            for file in _asides(path) + (_copies(path) if until is None else []):
                if until is None or file.stat().st_mtime <= until.timestamp():
                    wipe(file)


def _forget(connection: Connection, where: str, values: Sequence[object]) -> int:
    connection.execute("BEGIN IMMEDIATE")
    with unindexed(connection) if _worth_it(connection, where, values) else nullcontext():
        sql = f"DELETE FROM dictation WHERE {where} RETURNING audio_path"
        gone = [name for (name,) in connection.execute(sql, values)]
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # or the words stay in the log while anyone reads
    _remove(Path(name) for name in gone if name is not None)
    return len(gone)


def wipe(file: Path) -> None:
    """Remove a file that was in the clear, its bytes first. Raises `OSError`."""
    with file.open("r+b", buffering=0) as old:
        for begin in range(0, size := os.fstat(old.fileno()).st_size, len(_ZEROS)):
            old.write(_ZEROS[: size - begin])
        os.fsync(old.fileno())
    file.unlink()


def _asides(path: Path) -> list[Path]:
    """Them, with what SQLite keeps beside each."""
    kinds = (path, connecting.sealed_name(path))
    return [file for kind in kinds for file in path.parent.glob(f"{kind.stem}.damaged-*") if file.is_file()]


def _copies(path: Path) -> list[Path]:
    """What a kill left of a history that was being encrypted or decrypted, beside the one that is in force."""
    sealed = connecting.sealed_name(path)
    tables = [table.with_name(table.name + OTHER) for table in (path, sealed)]
    if sealed.exists():
        tables.append(path)
    left = [table.with_name(table.name + end) for table in tables for end in ("", *connecting.BESIDE)]
    return [file for file in (*left, *path.parent.glob(f"{path.stem}.*{WIPING}")) if file.is_file()]


def emotions(connection: Connection) -> int:
    """As `History.forget_emotions`."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DELETE FROM voice_baseline")
    had = "emotion IS NOT NULL OR emotion_user IS NOT NULL"
    with unindexed(connection) if _worth_it(connection, had, ()) else nullcontext():
        gone = connection.execute(f"UPDATE dictation SET emotion = NULL, emotion_user = NULL WHERE {had}")
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return gone.rowcount


def expire_text(opened: Opened, days: int, now: datetime) -> int:
    """As `History.expire_text`."""
    with opened() as connection:
        values = _aged(connection, days, now)
    return forget(opened, AGED, values)


def expire_audio(opened: Opened, days: int, now: datetime) -> int:
    """As `History.expire_audio`."""
    where = f"CASE WHEN {UNFINISHED} THEN {AGED} ELSE {AGED} END"
    with opened() as connection:
        failed, others = (_aged(connection, kept, now) for kept in (max(days, RETRY_DAYS), days))
        aged = recorded(connection, where, (*failed, *others))
        spared = {id for id, _ in recorded(connection, UNFINISHED)}
        return _silence(connection, [(id, path) for id, path in aged if not (id in spared and _new(path, now))])


def fit_audio(opened: Opened, size: int, now: datetime) -> int:
    """As `History.fit_audio`."""
    gone: list[tuple[int, Path]] = []
    with opened() as connection:
        left = sum(_size(path) for _, path in recorded(connection))
        old = _aged(connection, RETRY_DAYS, now)
        for id, path in recorded(connection, f"({AGED} OR NOT {UNFINISHED})", old):
            if left <= size:
                break
            left -= _size(path)
            gone.append((id, path))
        return _silence(connection, gone)


def recorded(connection: Connection, where: str = "TRUE", values: Sequence[object] = ()) -> list[tuple[int, Path]]:
    """The rows that have a recording, oldest first."""
    sql = f"SELECT id, audio_path FROM dictation WHERE audio_path IS NOT NULL AND {where} ORDER BY id"
    return [(id, Path(name)) for id, name in connection.execute(sql, values)]


def _aged(connection: Connection, days: int, now: datetime) -> tuple[float, ...]:
    """The values for `AGED`."""
    old, at = (now - timedelta(days=days)).timestamp(), now.timestamp()
    sql = "SELECT coalesce(min(id), ?) FROM dictation WHERE started_s > ? AND started_s <= ?"
    young: int = connection.execute(sql, (NEVER, old, at)).fetchone()[0]
    sql = "SELECT coalesce(max(id), 0) FROM dictation WHERE started_s <= ? AND id < ?"
    newest_old: int = connection.execute(sql, (old, young)).fetchone()[0]
    return (young, old, at, newest_old)


def _silence(connection: Connection, gone: Sequence[tuple[int, Path]]) -> int:
    connection.execute("BEGIN IMMEDIATE")
    without = "UPDATE dictation SET audio_path = NULL WHERE id = ? AND audio_path = ?"
    connection.executemany(without, [(id, str(path)) for id, path in gone])
    connection.execute("COMMIT")
    _remove(path for _, path in gone)
    return len(gone)


def _worth_it(connection: Connection, where: str, values: Sequence[object]) -> bool:
    """Whether so many are touched that the index is better made anew: a row costs that 50 us, a deletion 2 ms. Where
    all go, none needs to be readable."""
    if where == ALL:
        return True
    going: int = connection.execute(f"SELECT count(*) FROM dictation WHERE {where}", values).fetchone()[0]
    if going <= MANY:
        return False
    of: int = connection.execute("SELECT count(*) FROM dictation").fetchone()[0]
    return going > of / 40


def _new(recording: Path, now: datetime) -> bool:
    """Whether it was written within `RETRY_DAYS`: what a crash left may be found long after it was spoken."""
    try:
        return 0 <= now.timestamp() - recording.stat().st_mtime < RETRY_DAYS * 24 * 3600
    except OSError:
        return False


def _size(recording: Path) -> int:
    try:
        return recording.stat().st_size
    except FileNotFoundError:
        return 0


def _remove(recordings: Iterable[Path]) -> None:
    """Delete what can be; then raise what was in the way of another."""
    failed: OSError | None = None
    for recording in recordings:
        try:
            recording.unlink(missing_ok=True)
        except OSError as error:
            failed = error
    if failed is not None:
        raise failed
