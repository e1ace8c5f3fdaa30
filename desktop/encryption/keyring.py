"""The encryption key of the history: in the keyring, and in the memory of the process that loaded it.

It is nowhere else: not in the environment, not in the unencrypted file of keys, not in a child process. Beside the
history lies a marker, `history.seal`, with the key's id (which reveals nothing of the key) and whether new data is
encrypted: so a history that cannot be read for want of its key is never taken for a damaged one. Without encryption
there is no marker, and the keyring is not used. Where the marker is lost and an encrypted history exists, which
`history.connection` recognizes by its name, its key is locked until it is found (`UNKNOWN_KEY_ID`).

The key is never deleted or replaced: there may be a copy of the disk that only it decrypts.

A keyring may prompt the user for its password, and that prompt may stay open for hours. So there is one prompt at a
time (`credentials.prompt`), and in a process that does other work (`limit_keyring_wait`) only callers that set
`wait_for_user` wait for it.
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

from desktop.core.errors import CredentialsProblem, HistoryProblem, LockedProblem
from desktop.credentials import store as credentials
from desktop.credentials.prompt import Question
from desktop.encryption.cipher import SECRET_BYTES, Key

NAME = "history"
"""The entry's name in the keyring."""

NEEDED = ("sqlcipher3", "cryptography")

OTHER = (
    "Open the keyring that was in use when it was encrypted; if that is lost, move history.sealed.db and history.seal"
    " away to begin a new history."
)

PATIENCE_S = 2.0
"""Seconds for an unlocked keyring to answer. One that takes longer is prompting the user."""

UNMARKED = b""
"""Replaces the id of the key of a history whose marker is lost: a process that has loaded one key uses that."""

_known: dict[bytes, Key] = {}
"""Loaded keys by id: a keyring may prompt for its password, and a dictation cannot wait for that each time."""

_refused: dict[bytes, HistoryProblem] = {}
"""Errors of the last attempt to load a key, by id. A keyring that is open but lacks the key is not "not open yet"."""

_patience_s: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """The id of the key that encrypts, and whether new data is encrypted."""

    key: bytes
    new: bool


def place(history: Path) -> Path:
    """Return the path of the marker of the history at `history`."""
    return history.with_name(f"{history.stem}.seal")


def mark(history: Path) -> Mark | None:
    """Return the marker of the history at `history`; None where nothing is encrypted.

    Raises `OSError`, `HistoryError`.
    """
    file = place(history)
    try:
        told = json.loads(file.read_text(encoding="ascii"))
        return Mark(bytes.fromhex(told["key"]), bool(told["new"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        remedy = "Copy it back from a backup, or remove it: the keyring's key is then tried."
        raise HistoryProblem(f"{file} does not say how the history is encrypted.", remedy) from error


def put_mark(history: Path, mark: Mark) -> None:
    """Write the marker atomically. Raises `OSError`."""
    file = place(history)
    aside = file.with_suffix(".seal.new")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as new:
        new.write(json.dumps({"key": mark.key.hex(), "new": mark.new}))
        new.flush()
        os.fsync(new.fileno())
    aside.replace(file)


def hold_up_nobody() -> None:
    """Limit waiting for the keyring to `KEYRING_TIMEOUT_S` from now on, except for callers that set `wait_for_user`."""
    global _patience_s
    _patience_s = PATIENCE_S


def known(id: bytes) -> Key:
    """Return the loaded key with this id. Never blocks.

    Raises `LockedError` where it is not loaded, with the error of the last attempt.
    """
    if (found := _known.get(id)) is not None:
        return found
    if id == UNMARKED and len(_known) == 1:
        return next(iter(_known.values()))
    if (why := _refused.get(id)) is not None:
        raise LockedProblem(why.title, why.remedy)
    raise _not_open_yet()


def key(id: bytes, *, patient: bool = False) -> Key:
    """Return the key with this id. Blocks; the keyring may prompt the user for its password. Raises `HistoryError`."""
    if (found := _known.get(id)) is not None:
        return found
    with asking(id):
        if (kept := in_keyring(patient=patient)) is None:
            raise missing()
        if kept.id != id:
            raise LockedProblem("The history is encrypted, and the keyring has another key.", OTHER)
    return remembered(kept)


@contextmanager
def asking(id: bytes) -> Iterator[None]:
    """Record a `HistoryError` raised inside as the error that `find_loaded_key` reports for this id; clear it on
    success."""
    try:
        yield
    except HistoryProblem as problem:
        _refused[id] = problem
        raise
    _refused.pop(id, None)


def remembered(key: Key) -> Key:
    """Hold `key` in this process from now on, and return it."""
    _known[key.id] = key
    _refused.pop(key.id, None)
    return key


def in_keyring(*, patient: bool = False) -> Key | None:
    """Return the key in the keyring; None where there is none. Blocks. Raises `HistoryError`."""
    require()
    try:
        told = _asked.answer(None if patient else _patience_s)
    except TimeoutError:
        raise _not_open_yet() from None
    except CredentialsProblem as problem:
        raise LockedProblem("The history is encrypted, and its key cannot be had.", str(problem)) from None
    with suppress(ValueError):
        if len(secret := bytes.fromhex(told)) == SECRET_BYTES:
            return Key(secret)
    return None


def made() -> Key:
    """Return the key in the keyring, created where there is none. Blocks. Raises `CredentialsError` where it is not
    stored."""
    return _making.answer()


def _made() -> Key:
    told = credentials.secret(NAME)
    if not told:
        told = hexlify(os.urandom(SECRET_BYTES)).decode()
        credentials.keep_secret(NAME, told)
    try:
        return remembered(Key(bytes.fromhex(told)))
    except ValueError:
        raise CredentialsProblem("The keyring has no key under intone/history, but something else.") from None


def require(needed: Sequence[str] = NEEDED) -> None:
    """Raise `HistoryError` where the packages for encryption are not installed."""
    if not all(find_spec(name) for name in needed):
        raise HistoryProblem(
            "The history cannot be encrypted or decrypted here.",
            "SQLCipher is not made for this machine. Encrypt the disk instead.",
        )


def missing() -> LockedProblem:
    """Return the error for a keyring without the key."""
    return LockedProblem("The history is encrypted, and its key is not in the keyring.", OTHER)


def _not_open_yet() -> LockedProblem:
    return LockedProblem(
        "The history is encrypted, and its keyring is not open yet.", "Open it; what you say meanwhile is kept then."
    )


_asked = Question(lambda: credentials.secret(NAME))
_making = Question(_made)
