"""The history's file, encrypted or in the clear again, with all that is in it.

The other file is made aside, whole, while nobody has the history open (`connecting.alone`): who wants to write a row
waits meanwhile, and then writes it into the new one. Which of two files is in force is told by their names, so a kill
at any moment leaves one that is whole, and the next attempt clears away what was left. What was in the clear is
overwritten before it is removed; whether the disk keeps an older copy of those blocks is the disk's affair.

Where both are there, the one in the clear may also be an older Intone's, which knew of no other and began anew. So one
that was copied says so in itself, and of one that does not, the rows are taken in before it goes.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import batched
from pathlib import Path

from desktop.history import History, connecting
from desktop.history.forgetting import OTHER, WIPING, wipe
from desktop.history.mending import readable
from desktop.history.schema import WAIT_S, opened, prepare, problems
from desktop.paths import settle
from desktop.problems import HistoryProblem
from desktop.sealing.sealed import Key

logger = logging.getLogger(__name__)

COPY_AGAIN = "Nothing was changed; make room on the disk, then start Intone anew."

_COPIED = 0x1A70DE
"""The `application_id` of a file of which all is in the other."""


def convert(path: Path, key: Key, sealed: bool, at: Callable[[str], None] = lambda step: None) -> None:
    """Have the history at `path` encrypted by `key`, or not. Blocks, half a second for every 10,000 rows. Raises
    `HistoryProblem`, and then it is as it was. `at` is told each step, for those who want to see what a kill there
    leaves."""
    tables = (path, connecting.sealed_name(path))
    old, wanted = tables if sealed else tables[::-1]
    with problems(path):
        left = [*map(_aside, tables), *path.parent.glob(f"{path.stem}.*{WIPING}")]
        if _there(*tables, *left) in ([wanted], []):
            return  # where there is none, the mark says what will be made
        with connecting.alone(path):
            for file in left:
                _wipe_if_there(file)
        if _there(*tables) == list(tables):
            _take_in(path)
            with connecting.alone(path):
                _clear(path, wiped=True)
        if _there(*tables) == [wanted]:
            return
        with opened(path):
            pass  # up to date, and not of another key
        with connecting.alone(path):
            if connecting.table(path) == old:
                at("copying")
                try:
                    _swap(_copied(old, key, sealed), wanted, at)
                finally:  # of which something is left only where that failed
                    _wipe_if_there(_aside(old))
            at("clearing")
            _clear(old, wiped=sealed, at=at)
            logger.info("the history is %s now", "encrypted" if sealed else "not encrypted any more")


def _take_in(path: Path) -> None:
    """Have the rows of the file in the clear in the encrypted one, unless it was copied."""
    with connecting.alone(path), closing(connecting.connect(path, None, WAIT_S)) as connection:
        (copied,) = connection.execute("PRAGMA application_id").fetchone()
    if copied != _COPIED:
        added = sum(History(path).take_in(some) for some in batched(readable(path, None), 200))
        logger.warning("%d rows were in a history beside the encrypted one, and are in that now", added)


def _there(*files: Path) -> list[Path]:
    return [file for file in files if file.exists()]


def _aside(table: Path) -> Path:
    """Where the other kind of `table` is made."""
    return table.with_name(f"{table.name}{OTHER}")


def _wipe_if_there(file: Path) -> None:
    if file.exists():
        wipe(file)


def _copied(old: Path, key: Key, sealed: bool) -> Path:
    """A file with all that is in `old`, of the other kind and without a name yet that anybody looks for."""
    other = _aside(old)
    os.close(os.open(other, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    raw = key.of("table").hex()
    with closing(_connected(old, None if sealed else key)) as connection:
        with_key = f"x'{raw}'" if sealed else ""
        connection.execute(f'ATTACH ? AS other KEY "{with_key}"', (str(other),))
        try:
            connection.execute("SELECT sqlcipher_export('other')").fetchall()
        except connecting.errors() as error:  # which it gives another number than a statement's
            raise HistoryProblem(f"The history could not be copied ({error}).", COPY_AGAIN) from error
        (version,) = connection.execute("PRAGMA main.user_version").fetchone()
        connection.execute(f"PRAGMA other.user_version = {version}")
        counts = [
            connection.execute(f"SELECT count(*), max(id) FROM {name}.dictation").fetchone()[:]
            for name in ("main", "other")
        ]
        connection.execute("DETACH other")
        if sealed:
            connection.execute(f"PRAGMA application_id = {_COPIED}")
    if counts[0] != counts[1]:
        raise HistoryProblem(
            "Not every dictation could be copied.", "Nothing was changed; export the history, then try again."
        )
    with closing(_connected(other, key if sealed else None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    return other


def _connected(file: Path, key: Key | None) -> sqlite3.Connection:
    """By SQLCipher in either case, which alone can copy from one kind to the other."""
    if key is not None:
        connection = connecting.connect(file, key, WAIT_S)
    else:
        from sqlcipher3 import dbapi2

        connection = dbapi2.connect(str(file), timeout=WAIT_S, isolation_level=None)
        connection.execute("PRAGMA cipher_log_level = NONE")
    prepare(connection)
    return connection


def _swap(other: Path, wanted: Path, at: Callable[[str], None]) -> None:
    """Give `other` the name of `wanted`, beside which SQLite must find nothing of an earlier file of that name."""
    for end in connecting.BESIDE:
        _wipe_if_there(wanted.with_name(wanted.name + end))
    with other.open("rb") as file:
        os.fsync(file.fileno())
    at("swapping")
    other.replace(wanted)
    settle(wanted.parent)


def _clear(old: Path, *, wiped: bool, at: Callable[[str], None] = lambda step: None) -> None:
    """Remove a table and what SQLite keeps beside it. One that is in force as long as it is there goes at once: half
    overwritten it would be a damaged one."""
    for file in (old, *(old.with_name(old.name + end) for end in connecting.BESIDE)):
        if wiped and file.exists():
            wiping = file.replace(file.with_name(f"{file.name}{WIPING}"))  # a name that nobody takes for a history's
            at("wiping")
            wipe(wiping)
        else:
            file.unlink(missing_ok=True)
