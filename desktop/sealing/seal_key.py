"""The key of what is sealed: in the keyring, and in the memory of the process that asked for it.

Nowhere else: not in the environment, not in the file of keys that nothing encrypts, not with a child process. Beside
the history lies a mark, `history.seal`, with the key's id (which tells nothing of the key) and whether what is new is
to be sealed: a history that cannot be read for want of its key is told from a damaged one, and never taken for it.
There is no mark where nothing is sealed, and the keyring is not asked. Where the mark is gone and an encrypted history
is still there, which `connecting` tells by its name, its key is locked until it is found (`UNMARKED`).

The key is never deleted, nor replaced: there may be a copy of the disk that only it opens.

A keyring may ask the person for its password, and that prompt may stay open for hours. So it is asked by one at a time
(`prompting`), and where other things go on in the process (`hold_up_nobody`) only who is `patient` waits for it.
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

from desktop import credentials
from desktop.problems import CredentialsProblem, HistoryProblem, LockedProblem
from desktop.sealing.prompting import Question
from desktop.sealing.sealed import SECRET_BYTES, Key

NAME = "history"
"""The entry's name in the keyring."""

NEEDED = ("sqlcipher3", "cryptography")

OTHER = (
    "Open the keyring that was in use when it was encrypted; if that is lost, move history.sealed.db and history.seal"
    " away to begin a new history."
)

PATIENCE_S = 2.0
"""How long an open keyring may take to answer. One that has not by then asks the person."""

UNMARKED = b""
"""Stands for the id of the key of a history whose mark is gone: a process that has one key takes it for that."""

_known: dict[bytes, Key] = {}
"""By their ids: a keyring may ask for its password, and a dictation cannot wait for that each time."""

_refused: dict[bytes, HistoryProblem] = {}
"""What was in the way when it was asked for last. A keyring that is open and has no such key is not "not open yet"."""

_patience_s: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """By which key things are sealed, and whether new ones are."""

    key: bytes
    new: bool


def place(history: Path) -> Path:
    """Where the mark of the history at `history` is."""
    return history.with_name(f"{history.stem}.seal")


def mark(history: Path) -> Mark | None:
    """The mark of the history at `history`; None where nothing is sealed. Raises `OSError`, `HistoryProblem`."""
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
    """Write it, whole or not at all. Raises `OSError`."""
    file = place(history)
    aside = file.with_suffix(".seal.new")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as new:
        new.write(json.dumps({"key": mark.key.hex(), "new": mark.new}))
        new.flush()
        os.fsync(new.fileno())
    aside.replace(file)


def hold_up_nobody() -> None:
    """From now on who needs a key and is not `patient` waits `PATIENCE_S` for the keyring, and no more."""
    global _patience_s
    _patience_s = PATIENCE_S


def known(id: bytes) -> Key:
    """The key with this id, where this process has it. Never blocks. Raises `LockedProblem` where it has not, with what
    was in the way when it was asked for last."""
    if (found := _known.get(id)) is not None:
        return found
    if id == UNMARKED and len(_known) == 1:
        return next(iter(_known.values()))
    if (why := _refused.get(id)) is not None:
        raise LockedProblem(why.title, why.remedy)
    raise _not_open_yet()


def key(id: bytes, *, patient: bool = False) -> Key:
    """The key with this id. Blocks, and the person may be asked for the keyring's password. Raises `HistoryProblem`."""
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
    """What is in the way here is what `known` says of this id from now on."""
    try:
        yield
    except HistoryProblem as problem:
        _refused[id] = problem
        raise
    _refused.pop(id, None)


def remembered(key: Key) -> Key:
    """`key`, which this process has from now on."""
    _known[key.id] = key
    _refused.pop(key.id, None)
    return key


def in_keyring(*, patient: bool = False) -> Key | None:
    """The key in the keyring; None where there is none. Blocks. Raises `HistoryProblem`."""
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
    """The key in the keyring, made where there is none. Blocks. Raises `CredentialsProblem` where nobody keeps it."""
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
    """Raise `HistoryProblem` where the packages that seal are not here."""
    if not all(find_spec(name) for name in needed):
        raise HistoryProblem(
            "The history cannot be encrypted or decrypted here.",
            "SQLCipher is not made for this machine. Encrypt the disk instead.",
        )


def missing() -> LockedProblem:
    """What to say where the keyring has no key."""
    return LockedProblem("The history is encrypted, and its key is not in the keyring.", OTHER)


def _not_open_yet() -> LockedProblem:
    return LockedProblem(
        "The history is encrypted, and its keyring is not open yet.", "Open it; what you say meanwhile is kept then."
    )


_asked = Question(lambda: credentials.secret(NAME))
_making = Question(_made)
