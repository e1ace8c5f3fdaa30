"""Repair a damaged history: keep it aside and begin a new one with all rows that can still be read.

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
from dataclasses import fields
from datetime import datetime
from itertools import batched, chain, count
from pathlib import Path

from desktop.core.errors import DamagedProblem, HistoryProblem
from desktop.core.types import Outcome
from desktop.encryption.cipher import Key
from desktop.history import connection as connecting
from desktop.history import rows as columns
from desktop.history.connection import note, unread
from desktop.history.history import History
from desktop.history.row import Entry, Row
from desktop.history.schema import WAIT_S, begun, opened, prepare, problems

logger = logging.getLogger(__name__)

UNNAMED = "The history was damaged, and the words of this recording are gone. Transcribe it again."

_NAMES = [field.name for field in fields(Entry)]

MOST_IDS = 10_000_000
"""Highest id that is looked for: a thousand dictations a day for 27 years."""

NAMED = "%Y%m%d-%H%M%S-%f"
"""The format of recording names, in local time."""


def begin_anew(path: Path, recordings: Callable[[], list[Path]], now: datetime) -> HistoryProblem | None:
    """Keep the damaged file at `path` aside and begin another with its rows; return what to tell the user, None if it
    is not damaged. `recordings` returns all recordings. Blocks; raises `HistoryError` if that is not possible."""
    history = History(path)
    with problems(path):
        asides, damaged = unread(path), _is_damaged(path)
        if not (asides or damaged):
            return None
        with connecting.alone(path):
            if unread(path) != asides:  # another process has begun the repair meanwhile
                return None
            table = connecting.table(path)
            if not asides or (damaged and asides[-1].is_file()):  # damaged again before the last file was read
                asides = [*asides, _name(table, now)]
            note(path).write_text("\n".join(aside.name for aside in asides), encoding="utf-8")
            if not asides[-1].is_file():
                _move(table, asides[-1])
            keys = [connecting.key(path, aside) for aside in asides]
        names = ", ".join(aside.name for aside in asides)
        logger.warning("the history is damaged and is kept as %s", names)
        rows = chain.from_iterable(readable(*kept) for kept in zip(asides, keys, strict=True) if kept[0].is_file())
        taken = sum(_take_in(history, path, some) for some in batched(rows, 200))
        named = {recording.name for recording in history.recordings()}
        lost = [_unnamed(recording) for recording in sorted(recordings()) if recording.name not in named]
        _take_in(history, path, lost)
        forgotten = not any(aside.exists() for aside in asides)
        begun(path).unlink(missing_ok=True)
        note(path).unlink(missing_ok=True)
    logger.warning("%d rows could be read, and %d recordings have no words", taken, len(lost))
    if forgotten:
        return HistoryProblem(
            "The history was damaged, and a new one was begun.", "The old one was deleted with everything else."
        )
    return HistoryProblem(
        f"The history was damaged, and a new one was begun. The old one is kept as {names}.",
        "What could be read of it is in the new one.",
    )


def _take_in(history: History, path: Path, entries: Iterable[Entry]) -> int:
    """Add missing entries as `HistoryStore.add_missing`, unless the history was cleared meanwhile: rows read before do
    not come back."""
    with connecting.shared(path):  # which `delete_damaged_files` waits for
        return history.take_in(entries) if note(path).exists() else 0


def _is_damaged(path: Path) -> bool:
    """Return whether the file is not as SQLite writes it, or a text in it is invalid and could not be deleted any more;
    100,000 rows take a second to check. Damage to the names in it looks like a bug of ours (`OperationalError`)."""
    try:
        with opened(path) as connection:
            found: str = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            texts = " || ' ' || ".join(f"ifnull({name}, '')" for name in _NAMES)
            connection.text_factory = bytes
            for (text,) in connection.execute(f"SELECT {texts} FROM dictation"):
                text.decode()
    except DamagedProblem:
        return True
    except (sqlite3.OperationalError, UnicodeDecodeError) as error:
        logger.warning("the history cannot be looked at: %s", type(error).__name__)
        return True
    return found != "ok"


def _name(table: Path, now: datetime) -> Path:
    """Return a name that is not used yet."""
    name = f"{table.stem}.damaged-{now:%Y%m%d-%H%M%S}"
    return next(
        file
        for more in count()
        if not (file := table.with_name(f"{name}{f'-{more}' if more else ''}{table.suffix}")).exists()
    )


def _move(table: Path, aside: Path) -> None:
    """Rename the file and those that SQLite keeps beside it. The file goes last: its log must not be left to the next
    file of that name."""
    try:
        for end in (*connecting.BESIDE, ""):
            with suppress(FileNotFoundError):
                table.with_name(table.name + end).rename(aside.with_name(aside.name + end))
    except OSError as error:
        raise HistoryProblem(f"{table} cannot be moved ({error.strerror}).", "Move it away yourself.") from error


def readable(path: Path, key: Key | None) -> Iterator[Entry]:
    """Yield the rows that can be read. Each is selected by itself, because a scan ends at damage."""
    with suppress(*connecting.errors()), ExitStack() as stack:
        connection = stack.enter_context(closing(_connected(path, key)))
        for id in range(1, _last(connection) + 1):
            try:
                found = connection.execute("SELECT * FROM dictation WHERE id = ?", (id,)).fetchone()
                if found is not None and (row := _row(found)) is not None:
                    yield Entry(**{name: getattr(row, name) for name in _NAMES})
            except connecting.errors():  # SQLCipher reads no page after an error
                stack.close()
                connection = stack.enter_context(closing(_connected(path, key)))
            except columns.UNREADABLE:
                continue


def _row(found: sqlite3.Row) -> Row | None:
    """Return what can be read of a row if it still has text or a recording."""
    with suppress(*columns.UNREADABLE):
        return columns.row(found)
    row = columns.shown(found)
    return row if row.text or row.raw_text or row.audio_path is not None else None


def _connected(path: Path, key: Key | None) -> sqlite3.Connection:
    connection = connecting.connect(path, key, WAIT_S, there=True)
    prepare(connection)
    return connection


def _last(connection: sqlite3.Connection) -> int:
    """Return the highest possible id; a damaged one would cause very many selects."""
    told: list[int] = []
    for question in ("SELECT seq FROM sqlite_sequence WHERE name = 'dictation'", "SELECT max(id) FROM dictation"):
        with suppress(*connecting.errors(), TypeError, ValueError):
            told.append(int(connection.execute(question).fetchone()[0]))
    return min([*told, MOST_IDS]) if told else 0


def _unnamed(recording: Path) -> Entry:
    """Return an entry for a recording whose text is lost."""
    try:
        began = datetime.strptime(recording.stem, NAMED).astimezone()
    except ValueError:
        began = datetime.fromtimestamp(recording.stat().st_mtime).astimezone()
    return Entry(started_at=began, delivery=Outcome.FAILED, note=UNNAMED, audio_path=recording)
