"""Encrypt the history's file, or decrypt it, with everything in it.

The other file is created aside, whole, under `exclusive_lock`: writers wait meanwhile and then write into the new one.
The names tell which of two files is used, so a kill at any moment leaves one that is whole, and the next attempt
removes the leftovers. A plain file is overwritten before it is removed; whether the disk keeps an older copy of those
blocks is up to the disk.

If both exist, the plain one may also belong to an older Intone, which did not know the other and began a new one. So a
copied file is marked inside; of an unmarked one the rows are imported before it is removed.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import batched
from pathlib import Path

from desktop.core.errors import HistoryProblem
from desktop.core.paths import settle
from desktop.encryption.cipher import Key
from desktop.history import connection as connecting
from desktop.history.deletion import OTHER, WIPING, wipe
from desktop.history.history import History
from desktop.history.repair import readable
from desktop.history.schema import WAIT_S, opened, prepare, problems

logger = logging.getLogger(__name__)

COPY_AGAIN = "Nothing was changed; make room on the disk, then start Intone anew."

_COPIED = 0x1A70DE
"""The `application_id` of a file whose contents are all in the other."""


def convert(path: Path, key: Key, sealed: bool, at: Callable[[str], None] = lambda step: None) -> None:
    """Encrypt the history at `path` with `key`, or decrypt it. Blocks, half a second for every 10,000 rows. Raises
    `HistoryError`, and then it is unchanged. `on_step` is called with each step, to test what a kill there leaves."""
    tables = (path, connecting.sealed_name(path))
    old, wanted = tables if sealed else tables[::-1]
    with problems(path):
        left = [*map(_aside, tables), *path.parent.glob(f"{path.stem}.*{WIPING}")]
        if _there(*tables, *left) in ([wanted], []):
            return  # if there is no file, the mark says which kind will be created
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
            pass  # migrates it, and checks the key
        with connecting.alone(path):
            if connecting.table(path) == old:
                at("copying")
                try:
                    _swap(_copied(old, key, sealed), wanted, at)
                finally:  # leftovers exist only if that failed
                    _wipe_if_there(_aside(old))
            at("clearing")
            _clear(old, wiped=sealed, at=at)
            logger.info("the history is %s now", "encrypted" if sealed else "not encrypted any more")


def _take_in(path: Path) -> None:
    """Import the rows of the plain file into the encrypted one, unless it was copied."""
    with connecting.alone(path), closing(connecting.connect(path, None, WAIT_S)) as connection:
        (copied,) = connection.execute("PRAGMA application_id").fetchone()
    if copied != _COPIED:
        added = sum(History(path).take_in(some) for some in batched(readable(path, None), 200))
        logger.warning("%d rows were in a history beside the encrypted one, and are in that now", added)


def _there(*files: Path) -> list[Path]:
    return [file for file in files if file.exists()]


def _aside(table: Path) -> Path:
    """Return the path where the converted `file` is created."""
    return table.with_name(f"{table.name}{OTHER}")


def _wipe_if_there(file: Path) -> None:
    if file.exists():
        wipe(file)


def _copied(old: Path, key: Key, sealed: bool) -> Path:
    """Copy everything in `old` into a file of the other kind under a temporary name, and return it."""
    other = _aside(old)
    os.close(os.open(other, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    raw = key.of("table").hex()
    with closing(_connected(old, None if sealed else key)) as connection:
        with_key = f"x'{raw}'" if sealed else ""
        connection.execute(f'ATTACH ? AS other KEY "{with_key}"', (str(other),))
        try:
            connection.execute("SELECT sqlcipher_export('other')").fetchall()
        except connecting.errors() as error:  # their error codes differ from those of a statement
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
    """Connect by SQLCipher in either case: only it can copy from one kind to the other."""
    if key is not None:
        connection = connecting.connect(file, key, WAIT_S)
    else:
        from sqlcipher3 import dbapi2

        connection = dbapi2.connect(str(file), timeout=WAIT_S, isolation_level=None)
        connection.execute("PRAGMA cipher_log_level = NONE")
    prepare(connection)
    return connection


def _swap(other: Path, wanted: Path, at: Callable[[str], None]) -> None:
    """Rename `other` to `new`, without files that SQLite left beside an earlier file of that name."""
    for end in connecting.BESIDE:
        _wipe_if_there(wanted.with_name(wanted.name + end))
    with other.open("rb") as file:
        os.fsync(file.fileno())
    at("swapping")
    other.replace(wanted)
    settle(wanted.parent)


def _clear(old: Path, *, wiped: bool, at: Callable[[str], None] = lambda step: None) -> None:
    """Remove a database and the files beside it. With `overwrite`, overwrite them under another name first; a file that
    is used as long as it exists must go at once, because half overwritten it would be a damaged one."""
    for file in (old, *(old.with_name(old.name + end) for end in connecting.BESIDE)):
        if wiped and file.exists():
            wiping = file.replace(file.with_name(f"{file.name}{WIPING}"))  # a name that is not taken for a history's
            at("wiping")
            wipe(wiping)
        else:
            file.unlink(missing_ok=True)
