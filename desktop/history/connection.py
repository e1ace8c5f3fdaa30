"""Find the history's file and open it: plain SQLite, or encrypted by SQLCipher (`docs/adr/0008`).

The name tells: `history.db`, or `history.sealed.db`, which is used if both exist. Converting one to the other is a
rename of a finished file, so after a kill at any moment one of them is whole.

Every user of the file holds `history.lock` shared; a process that converts it or moves it away holds it exclusively.
SQLite's own locks would not do: they are on a file that is about to lose its name. The lock is the kernel's, and ends
with the process that holds it.
"""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from desktop.core.errors import HistoryError, LockedError
from desktop.core.locks import SharedLock
from desktop.core.paths import make_private_dir
from desktop.encryption import keyring
from desktop.encryption.cipher import EncryptionKey

SIDECAR_SUFFIXES = ("-wal", "-shm", "-journal")
"""Suffixes of the files that SQLite keeps beside a database."""

SOUND_SQLITE = (3, 46, 1)
"""In older versions FTS5's secure deletion damages its index where a row is changed or deleted; Python 3.13.2 for
Windows brings 3.45.3."""

_UNWRITABLE_ERRORS = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT)


def encrypted_file(path: Path) -> Path:
    """Return the name of the history at `path` if it is encrypted."""
    return path.with_suffix(f".sealed{path.suffix}")


def is_encrypted(file: Path) -> bool:
    """Return whether a file is encrypted, by its name; also for one kept aside."""
    return ".sealed." in file.name


def current_file(path: Path) -> Path:
    """Return the file that is used for the history at `path`, or will be created. Call under the lock. Raises
    `HistoryError`."""
    encrypted = encrypted_file(path)
    if encrypted.exists():
        return encrypted
    marker = None if path.exists() else keyring.read_marker(path)
    return encrypted if marker is not None and marker.encrypts_new else path


def load_key(path: Path, file: Path) -> EncryptionKey | None:
    """Return the key for `file`, the file of the history at `path`; None if it needs none. May block for the keyring.
    Raises `HistoryError`."""
    if not is_encrypted(file):
        return None
    if (marker := keyring.read_marker(path)) is not None:
        return keyring.LOADED_KEYS.load(marker.key_id)
    with keyring.LOADED_KEYS.record_error(keyring.UNKNOWN_KEY_ID):
        return mark_encrypted(path, file, keyring.LOADED_KEYS.read_keyring())


def load_key_for_new(path: Path, *, wait: bool = True) -> EncryptionKey | None:
    """Return the key that encrypts new recordings of the history at `path`; None if they are not encrypted. Blocks for
    the keyring as `LoadedKeys.load` does, unless `wait` is false or no marker names the key: then a key that this
    process does not have yet is an error. Raises `HistoryError`."""
    try:
        marker = keyring.read_marker(path)
        if marker is None and encrypted_file(path).exists():
            return keyring.LOADED_KEYS.find(keyring.UNKNOWN_KEY_ID)
    except OSError as error:
        marker_file = keyring.marker_path(path)
        raise HistoryError("file-unreadable-owner", path=str(marker_file), reason=str(error.strerror)) from error
    if marker is None or not marker.encrypts_new:
        return None
    return keyring.LOADED_KEYS.load(marker.key_id) if wait else keyring.LOADED_KEYS.find(marker.key_id)


def mark_encrypted(path: Path, file: Path, key: EncryptionKey | None) -> EncryptionKey:
    """Mark `file`, the file of the history at `path`, as encrypted by the key `key` in the keyring, and return the key.
    Raises `HistoryError` if it is not."""
    if key is None:
        raise keyring.missing_key_error()
    if not _is_key_of(file, key):  # another key or a damaged file: without the marker it is not known which
        raise LockedError("history-key-wrong")
    keyring.write_marker(path, keyring.EncryptionMarker(key.id, encrypts_new=True))
    return keyring.LOADED_KEYS.remember(key)


def require_key(path: Path) -> None:
    """Raise `LockedError` if the history at `path` is encrypted by a key that this process does not have yet. Does not
    use the keyring. Raises `OSError`, `HistoryError`."""
    with shared_lock(path):
        if is_encrypted(current_file(path)):
            marker = keyring.read_marker(path)
            keyring.LOADED_KEYS.find(keyring.UNKNOWN_KEY_ID if marker is None else marker.key_id)


def unread_files(path: Path) -> list[Path]:
    """Return the damaged files of the history at `path` whose rows are not imported yet.

    A file may be listed before it is moved aside. Raises `OSError`.
    """
    try:
        names = unread_list(path).read_text(encoding="utf-8").split("\n")
    except (FileNotFoundError, ValueError):
        return []
    return [path.with_name(name) for name in names if name.startswith(path.stem) and "/" not in name]


def unread_list(path: Path) -> Path:
    """Return the path of the file that lists the `unread_files`."""
    return path.with_name(f"{path.stem}.unread")


def open_database(
    file: Path, key: EncryptionKey | None, timeout_s: float, *, must_exist: bool = False
) -> sqlite3.Connection:
    """Open a connection in which every statement is its own transaction unless one is begun. With a `key`, and where
    Python's SQLite is too old, it is SQLCipher's, which supports all that is used here, has its own exceptions
    (`database_errors`), and writes nothing to standard error. With `must_exist`, a missing file is not created."""
    name = f"{file.absolute().as_uri()}?mode=rw" if must_exist else str(file)
    if key is None and (sqlite3.sqlite_version_info >= SOUND_SQLITE or find_spec("sqlcipher3") is None):
        plain = sqlite3.connect(name, timeout=timeout_s, autocommit=True, uri=must_exist)
        plain.row_factory = sqlite3.Row
        plain.text_factory = _decode_text
        return plain
    from sqlcipher3 import dbapi2

    connection: sqlite3.Connection = dbapi2.connect(name, timeout=timeout_s, isolation_level=None, uri=must_exist)
    connection.row_factory = dbapi2.Row
    connection.text_factory = _decode_text
    connection.execute("PRAGMA cipher_log_level = NONE")
    if key is not None:
        connection.execute(f"PRAGMA key = \"x'{key.derive('table').hex()}'\"")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def database_errors() -> tuple[type[sqlite3.DatabaseError], ...]:
    """Return the exceptions that connections raise. They have a `sqlite_errorcode`."""
    return tuple(module.DatabaseError for module in _loaded_modules())


def operational_errors() -> tuple[type[sqlite3.DatabaseError], ...]:
    """Return those of `database_errors` that damaged names in a file look like."""
    return tuple(module.OperationalError for module in _loaded_modules())


@contextmanager
def shared_lock(path: Path) -> Iterator[None]:
    """Hold the shared lock: the history at `path` is not converted or moved meanwhile."""
    with file_lock(path, "lock", is_shared=True):
        yield


@contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Hold the exclusive lock: no process has the history at `path` open. Waits for those that do, which takes
    milliseconds."""
    with file_lock(path, "lock"):
        yield


@contextmanager
def file_lock(path: Path, name: str, *, is_shared: bool = False) -> Iterator[None]:
    """Hold the lock of that name beside the history at `path`."""
    try:
        lock = SharedLock(make_private_dir(path.parent) / f"{path.stem}.{name}")
    except OSError as error:
        if error.errno not in _UNWRITABLE_ERRORS or not is_shared:
            raise
        yield  # where no lock can be created, the file cannot be replaced either
        return
    try:
        try:
            lock.lock(is_shared=is_shared)
        except OSError:
            if not is_shared:  # some file systems have no locks: nothing is converted there
                raise
        yield
    finally:
        lock.close()


def _loaded_modules() -> tuple[Any, ...]:
    """Return the modules whose connections may be open."""
    loaded = sys.modules.get("sqlcipher3.dbapi2")
    return (sqlite3,) if loaded is None else (sqlite3, loaded)


def _decode_text(data: bytes) -> str:
    """Decode a text; a flipped bit that makes it invalid loses one character."""
    return str(data, "utf-8", "replace")


def _is_key_of(file: Path, key: EncryptionKey) -> bool:
    connection = open_database(file, key, 1.0)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except database_errors() as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_NOTADB:
            raise
        return False
    finally:
        connection.close()
    return True
