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
from contextlib import closing, suppress
from itertools import batched, chain
from pathlib import Path

from desktop.core.errors import HistoryError
from desktop.core.files import sync_dir
from desktop.core.locks import remove_file, rename_over
from desktop.encryption.cipher import EncryptionKey
from desktop.history import connection as history_connection
from desktop.history.deletion import CONVERTED_SUFFIX, WIPING_SUFFIX, wipe_file
from desktop.history.repair import read_readable_entries
from desktop.history.schema import WRITE_TIMEOUT_S, history_errors, open_history, prepare_connection
from desktop.history.store import HistoryStore

logger = logging.getLogger(__name__)


_COPIED_APPLICATION_ID = 0x1A70DE
"""The `application_id` of a file whose contents are all in the other."""


def convert_history(
    path: Path, key: EncryptionKey, encrypt: bool, on_step: Callable[[str], None] = lambda step: None
) -> None:
    """Encrypt the history at `path` with `key`, or decrypt it. Blocks, half a second for every 10,000 rows. Raises
    `HistoryError`, and then it is unchanged. `on_step` is called with each step, to test what a kill there leaves."""
    files = (path, history_connection.encrypted_file(path))
    old, new = files if encrypt else files[::-1]
    with history_errors(path):
        leftovers = [
            *chain.from_iterable(map(_partial_files, files)),
            *path.parent.glob(f"{path.stem}.*{WIPING_SUFFIX}"),
        ]
        if _existing_files(*files, *leftovers) in ([new], []):
            return  # if there is no file, the marker says which kind will be created
        with history_connection.exclusive_lock(path):
            for file in leftovers:
                _wipe_if_exists(file)
        if _existing_files(*files) == list(files):
            _import_plain_rows(path)
            with history_connection.exclusive_lock(path):
                _remove_old_file(path, overwrite=True)
        if _existing_files(*files) == [new]:
            return
        with open_history(path):
            pass  # migrates it, and checks the key
        with history_connection.exclusive_lock(path):
            if history_connection.current_file(path) == old:
                on_step("copying")
                try:
                    _rename_converted(_copy_converted(old, key, encrypt), new, on_step)
                finally:  # leftovers exist only if that failed
                    for file in _partial_files(old):
                        _wipe_if_exists(file)
            on_step("clearing")
            _remove_old_file(old, overwrite=encrypt, on_step=on_step)
            logger.info("the history is %s now", "encrypted" if encrypt else "not encrypted any more")


def _import_plain_rows(path: Path) -> None:
    """Import the rows of the plain file into the encrypted one, unless it was copied."""
    with (
        history_connection.exclusive_lock(path),
        closing(history_connection.open_database(path, None, WRITE_TIMEOUT_S)) as connection,
    ):
        (copied,) = connection.execute("PRAGMA application_id").fetchone()
    if copied != _COPIED_APPLICATION_ID:
        entries = read_readable_entries(path, None)
        added = sum(HistoryStore(path).add_missing(batch) for batch in batched(entries, 200))
        logger.warning("%d rows of an unencrypted history were imported into the encrypted one beside it", added)


def _existing_files(*files: Path) -> list[Path]:
    return [file for file in files if file.exists()]


def _partial_file(file: Path) -> Path:
    """Return the path where the converted `file` is created."""
    return file.with_name(f"{file.name}{CONVERTED_SUFFIX}")


def _partial_files(file: Path) -> list[Path]:
    """Return that path and those of the files that SQLite keeps beside it."""
    partial = _partial_file(file)
    return [partial.with_name(partial.name + suffix) for suffix in ("", *history_connection.SIDECAR_SUFFIXES)]


def _wipe_if_exists(file: Path) -> None:
    if file.exists():
        wipe_file(file)


def _copy_converted(old: Path, key: EncryptionKey, encrypt: bool) -> Path:
    """Copy everything in `old` into a file of the other kind under a temporary name, and return that file."""
    copy = _partial_file(old)  # not `replace_file`: SQLite writes it, and it is swapped in much later
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    raw = key.derive("table").hex()
    with closing(_connect_sqlcipher(old, None if encrypt else key)) as connection:
        with_key = f"x'{raw}'" if encrypt else ""
        connection.execute(f'ATTACH ? AS other KEY "{with_key}"', (str(copy),))
        try:
            connection.execute("SELECT sqlcipher_export('other')").fetchall()
        except history_connection.database_errors() as error:  # their error codes differ from those of a statement
            raise HistoryError("history-copy-failed", reason=str(error)) from error
        (version,) = connection.execute("PRAGMA main.user_version").fetchone()
        connection.execute(f"PRAGMA other.user_version = {version}")
        counts = [
            connection.execute(f"SELECT count(*), max(id) FROM {name}.dictation").fetchone()[:]
            for name in ("main", "other")
        ]
        connection.execute("DETACH other")
        if encrypt:
            connection.execute(f"PRAGMA application_id = {_COPIED_APPLICATION_ID}")
    if counts[0] != counts[1]:
        raise HistoryError("history-copy-incomplete")
    with closing(_connect_sqlcipher(copy, key if encrypt else None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    return copy


def _connect_sqlcipher(file: Path, key: EncryptionKey | None) -> sqlite3.Connection:
    """Connect by SQLCipher in either case: only it can copy from one kind to the other."""
    if key is not None:
        connection = history_connection.open_database(file, key, WRITE_TIMEOUT_S)
    else:
        from sqlcipher3 import dbapi2

        connection = dbapi2.connect(str(file), timeout=WRITE_TIMEOUT_S, isolation_level=None)
        connection.execute("PRAGMA cipher_log_level = NONE")
    prepare_connection(connection)
    return connection


def _rename_converted(copy: Path, new: Path, on_step: Callable[[str], None]) -> None:
    """Rename `copy` to `new`, without files that SQLite left beside an earlier file of that name."""
    for suffix in history_connection.SIDECAR_SUFFIXES:
        _wipe_if_exists(new.with_name(new.name + suffix))
    with copy.open("r+b") as file:  # Windows syncs only what may be written
        os.fsync(file.fileno())
    on_step("swapping")
    rename_over(copy, new)
    sync_dir(new.parent)


def _remove_old_file(old: Path, *, overwrite: bool, on_step: Callable[[str], None] = lambda step: None) -> None:
    """Remove a database and the files beside it. With `overwrite`, overwrite them under another name first; a file that
    is used as long as it exists must go at once, because half overwritten it would be a damaged one."""
    for file in (old, *(old.with_name(old.name + suffix) for suffix in history_connection.SIDECAR_SUFFIXES)):
        if overwrite and file.exists():
            # A name that is not taken for a history's.
            renamed = file.replace(file.with_name(f"{file.name}{WIPING_SUFFIX}"))
            on_step("wiping")
            wipe_file(renamed)
        else:
            with suppress(FileNotFoundError):
                remove_file(file)
