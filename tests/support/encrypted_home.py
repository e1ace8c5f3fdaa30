"""A home in which what is kept is encrypted, with a keyring of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keyring
from keyring.backend import KeyringBackend

from desktop.core.paths import Paths
from desktop.encryption import keyring as encryption_keyring
from desktop.encryption.keyring import LoadedKeys
from desktop.history import connection, encryption
from desktop.history.recorder import DictationRecorder
from desktop.history.store import HistoryStore


@contextmanager
def asked(backend: KeyringBackend) -> Iterator[None]:
    """While `backend` is the keyring, and no key is remembered from before: as in a process of its own."""
    before, known = keyring.get_keyring(), encryption_keyring.LOADED_KEYS
    keyring.set_keyring(backend)
    encryption_keyring.LOADED_KEYS = LoadedKeys()
    yield
    encryption_keyring.LOADED_KEYS = known
    keyring.set_keyring(before)


def everywhere(folder: Path) -> Paths:
    """A home below `folder`."""
    home = folder / "home"
    return Paths(config=home / "config", data=home / "data", state=home / "state", runtime=folder / "run")


def files(paths: Paths) -> list[Path]:
    """All that lies in it."""
    return [file for file in paths.data.parent.rglob("*") if file.is_file()]


def in_the_clear(paths: Paths, *words: bytes) -> list[str]:
    """The files of the home in which one of `words` stands."""
    return [file.name for file in files(paths) if any(word in file.read_bytes() for word in words)]


def turn(paths: Paths, on: bool) -> None:
    """Have everything encrypted, or nothing."""
    encryption.apply_encryption(paths, lambda: on, DictationRecorder(paths, HistoryStore(paths.history)).spool)


def is_sealed(paths: Paths) -> bool:
    """Whether the history in force is encrypted, by what its file begins with."""
    with connection.exclusive_lock(paths.history):
        return not connection.current_file(paths.history).read_bytes().startswith(b"SQLite format 3")
