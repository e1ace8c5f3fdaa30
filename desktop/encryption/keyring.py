"""The encryption key of the history: in the keyring, and in the memory of the process that loaded it.

It is nowhere else: not in the environment, not in the unencrypted file of keys, not in a child process. Beside the
history lies a marker, `history.seal`, with the key's id (which reveals nothing of the key) and whether new data is
encrypted: so a history that cannot be read for want of its key is never taken for a damaged one. Without encryption
there is no marker, and the keyring is not used. Where the marker is lost and an encrypted history exists, which
`desktop.history.connection` recognizes by its name, its key is locked until it is found (`UNKNOWN_KEY_ID`).

The key is never deleted or replaced: there may be a copy of the disk that only it decrypts.

A keyring may prompt the user for its password, and that prompt may stay open for hours. So there is one prompt at a
time (`desktop.credentials.prompt`), and in a process that does other work (`LoadedKeys.limit_wait`) only callers that
set `wait_for_user` wait for it.
"""

from __future__ import annotations

import json
import os
from binascii import hexlify
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from desktop.core.errors import CredentialsError, HistoryError, LockedError
from desktop.core.files import write_file
from desktop.credentials import store
from desktop.credentials.prompt import SharedPrompt
from desktop.encryption.cipher import SECRET_BYTES, EncryptionKey

KEYRING_ENTRY = "history"
"""The entry's name in the keyring."""

REQUIRED_PACKAGES = ("sqlcipher3", "cryptography")

KEYRING_TIMEOUT_S = 2.0
"""Seconds for an unlocked keyring to answer. One that takes longer is prompting the user."""

UNKNOWN_KEY_ID = b""
"""Replaces the id of the key of a history whose marker is lost: a process that has loaded one key uses that."""


@dataclass(frozen=True, slots=True)
class EncryptionMarker:
    """The id of the key that encrypts, and whether new data is encrypted."""

    key_id: bytes
    encrypts_new: bool


def marker_path(history: Path) -> Path:
    """Return the path of the marker of the history at `history`."""
    return history.with_name(f"{history.stem}.seal")


def read_marker(history: Path) -> EncryptionMarker | None:
    """Return the marker of the history at `history`; None where nothing is encrypted.

    Raises `OSError`, `HistoryError`.
    """
    path = marker_path(history)
    try:
        values = json.loads(path.read_text(encoding="ascii"))
        return EncryptionMarker(bytes.fromhex(values["key"]), bool(values["new"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise HistoryError("history-marker-damaged", path=str(path)) from error


def write_marker(history: Path, marker: EncryptionMarker) -> None:
    """Write the marker atomically. Raises `OSError`."""
    values = {"key": marker.key_id.hex(), "new": marker.encrypts_new}
    write_file(marker_path(history), json.dumps(values), sync=True)


class LoadedKeys:
    """The keys that a process has loaded, and how it waits for the keyring."""

    def __init__(self) -> None:
        self._keys: dict[bytes, EncryptionKey] = {}
        self._errors: dict[bytes, HistoryError] = {}
        self._timeout_s: float | None = None
        self._read_prompt = SharedPrompt(lambda: store.read_secret(KEYRING_ENTRY))
        self._create_prompt = SharedPrompt(self._create)

    def limit_wait(self) -> None:
        """Limit waiting for the keyring to `KEYRING_TIMEOUT_S` from now on, except for callers that set
        `wait_for_user`."""
        self._timeout_s = KEYRING_TIMEOUT_S

    def find(self, id: bytes) -> EncryptionKey:
        """Return the loaded key with this id. Never blocks.

        Raises `LockedError` where it is not loaded, with the error of the last attempt: a keyring that is open but
        lacks the key is not "not open yet".
        """
        if (key := self._keys.get(id)) is not None:
            return key
        if id == UNKNOWN_KEY_ID and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        if (error := self._errors.get(id)) is not None:
            raise LockedError.of(error.message)
        raise _keyring_closed_error()

    def load(self, id: bytes, *, wait_for_user: bool = False) -> EncryptionKey:
        """Return the key with this id. Blocks; the keyring may prompt the user for its password. Raises
        `HistoryError`."""
        if (key := self._keys.get(id)) is not None:
            return key
        with self.record_error(id):
            if (stored := self.read_keyring(wait_for_user=wait_for_user)) is None:
                raise missing_key_error()
            if stored.id != id:
                raise LockedError("history-key-different")
        return self.remember(stored)

    @contextmanager
    def record_error(self, id: bytes) -> Iterator[None]:
        """Record a `HistoryError` raised inside as the error that `find` reports for this id; clear it on success."""
        try:
            yield
        except HistoryError as problem:
            self._errors[id] = problem
            raise
        self._errors.pop(id, None)

    def remember(self, key: EncryptionKey) -> EncryptionKey:
        """Hold `key` in this process from now on, and return it."""
        self._keys[key.id] = key
        self._errors.pop(key.id, None)
        return key

    def read_keyring(self, *, wait_for_user: bool = False) -> EncryptionKey | None:
        """Return the key in the keyring; None where there is none. Blocks. Raises `HistoryError`."""
        require_packages()
        try:
            text = self._read_prompt.ask(None if wait_for_user else self._timeout_s)
        except TimeoutError:
            raise _keyring_closed_error() from None
        except CredentialsError as problem:
            raise LockedError("history-key-unavailable", problem=(problem.message,)) from None
        with suppress(ValueError):
            if len(secret := bytes.fromhex(text)) == SECRET_BYTES:
                return EncryptionKey(secret)
        return None

    def create(self) -> EncryptionKey:
        """Return the key in the keyring, created where there is none. Blocks. Raises `CredentialsError` where it is not
        stored."""
        return self._create_prompt.ask()

    def _create(self) -> EncryptionKey:
        text = store.read_secret(KEYRING_ENTRY)
        if not text:
            text = hexlify(os.urandom(SECRET_BYTES)).decode()
            store.store_secret(KEYRING_ENTRY, text)
        try:
            return self.remember(EncryptionKey(bytes.fromhex(text)))
        except ValueError:
            raise CredentialsError("history-key-invalid") from None


def require_packages(packages: Sequence[str] = REQUIRED_PACKAGES) -> None:
    """Raise `HistoryError` where the packages for encryption are not installed."""
    if not all(find_spec(name) for name in packages):
        raise HistoryError("history-encryption-unsupported")


def missing_key_error() -> LockedError:
    """Return the error for a keyring without the key."""
    return LockedError("history-key-missing")


def _keyring_closed_error() -> LockedError:
    return LockedError("history-keyring-closed")


LOADED_KEYS = LoadedKeys()
"""The keys of this process. A keyring may prompt for its password, and a dictation cannot wait for that each time."""
