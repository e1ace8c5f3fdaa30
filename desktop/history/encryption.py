"""Make the stored data match `history.encrypted`: encrypted, or decrypted again.

Steps: the key is stored in the keyring, and read back; the marker beside the history says that new data is encrypted;
then the history's file, the recordings one by one, damaged histories that were set aside, and what a crash has left.
When decrypting the marker goes last. Each step is atomic, and the state of the files is examined instead of a record of
what was done: so it continues where a kill, a full disk or a locked keyring ended it, and meanwhile both kinds can be
read. Without a keyring nothing changes.

A damaged history that was set aside is encrypted as a file and not as a database: to examine one, switch this off
first. One that was encrypted when it was damaged stays so.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from desktop.audio.spool import Spool
from desktop.core.errors import CredentialsProblem, LockedProblem, Problem, SettingsProblem
from desktop.core.paths import Paths
from desktop.encryption import keyring as seal_key
from desktop.encryption import recordings as recorded
from desktop.encryption.cipher import Key, seal, unsealed
from desktop.encryption.keyring import Mark
from desktop.history import connection as connecting
from desktop.history.convert import convert
from desktop.history.schema import problems
from desktop.settings import store as settings
from desktop.settings.schema import Keeping
from desktop.settings.untold import Opened

logger = logging.getLogger(__name__)

SETTING = "history.encrypted"


def begin(paths: Paths) -> None:
    """Encrypt new data from now on. Blocks; the keyring may prompt the user for its password.

    Raises `UserError` where that is not possible, and then nothing has changed.
    """
    seal_key.require()
    with problems(paths.history), connecting.turn(paths.history, "key.lock"):  # or another process makes another key
        found = seal_key.mark(paths.history)
        table = connecting.sealed_name(paths.history)
        if found is None and table.exists():  # with a new key it would look damaged
            with seal_key.asking(seal_key.UNMARKED):
                kept = seal_key.in_keyring(patient=True)
                with connecting.shared(paths.history):
                    connecting.mark(paths.history, table, kept)
        elif found is None:
            seal_key.put_mark(paths.history, Mark(seal_key.made().id, new=True))
        elif not found.new:
            seal_key.put_mark(paths.history, Mark(seal_key.key(found.key, patient=True).id, new=True))


def in_the_way(paths: Paths) -> Problem | None:
    """Return why stored data is not encrypted or cannot be read although that is chosen; None where all is well.

    Where no keyring stores the key the setting is reset, unless something is encrypted already: the reset would decrypt
    it. Blocks as `start_encryption` does.
    """
    if settings.load(paths.settings).settings.history.encrypted != "on":
        return None
    try:
        begin(paths)
    except CredentialsProblem as problem:
        if not _sealed(paths):
            with suppress(SettingsProblem):
                settings.reset(paths.settings, SETTING)
        return problem
    except Problem as problem:
        return problem
    try:
        connecting.key_for_new(paths.history)
    except Problem as problem:
        return problem
    return None


def is_wanted(history: Path, keeping: Keeping) -> bool:
    """Return whether the data beside the history at `history` should be encrypted.

    As the setting says; where the file does not say so for certain, as the data is now. Raises `OSError`,
    `HistoryError`.
    """
    if keeping.encrypted == "on" or isinstance(keeping, Opened):
        return keeping.encrypted == "on"
    found = seal_key.mark(history)
    return connecting.sealed_name(history).exists() if found is None else found.new


def bring_about(
    paths: Paths, chosen: Callable[[], bool], spool: Spool, between: Callable[[], None] = lambda: None
) -> None:
    """Encrypt everything, or decrypt everything, as `is_chosen` returns when its turn comes; one caller at a time.
    Blocks.

    `on_step` is called now and then and may raise, which ends the work until the next time. Raises `UserError`.
    """
    with problems(paths.history):
        if not chosen() and not _sealed(paths):
            return
        with connecting.turn(paths.history, "sealing.lock"):
            wanted = chosen()
            key = _key(paths, wanted)
            if key is not None:
                convert(paths.history, key, wanted)
                _turn_files(paths, key if wanted else None, spool, between)
                if not wanted:
                    seal_key.place(paths.history).unlink(missing_ok=True)


def _sealed(paths: Paths) -> bool:
    """Return whether anything may be encrypted."""
    return seal_key.place(paths.history).exists() or connecting.sealed_name(paths.history).exists()


def _key(paths: Paths, wanted: bool) -> Key | None:
    """Return the key, after the marker is set for new data; None where nothing is or should be encrypted."""
    mark = seal_key.mark(paths.history)
    if wanted and (mark is None or not mark.new):
        begin(paths)
        mark = seal_key.mark(paths.history)
    if not _sealed(paths):
        return None
    if mark is not None:
        key: Key | None = seal_key.key(mark.key, patient=True)
    else:
        with connecting.shared(paths.history):
            key = connecting.key(paths.history, connecting.table(paths.history))
    if key is not None and not wanted:
        seal_key.put_mark(paths.history, Mark(key.id, new=False))
    return key


def _turn_files(paths: Paths, key: Key | None, spool: Spool, between: Callable[[], None]) -> None:
    for part in (*paths.history.parent.glob(f"{paths.history.stem}.damaged-*.part"), *paths.spool.glob("*.part")):
        part.unlink(missing_ok=True)  # left by an attempt that was killed
    count = 0
    for file in _files(paths):
        between()
        with suppress(FileNotFoundError):
            count += _turned(paths, file, key)
    if count:
        logger.info("%d files are %s now", count, "encrypted" if key else "not encrypted any more")
    for take in spool.leftovers():
        between()
        with suppress(FileNotFoundError):  # it has moved to the history meanwhile
            take.seal(key)


def _files(paths: Paths) -> Iterator[Path]:
    """Yield the recordings, newest last, and the unencrypted damaged histories that were set aside."""
    audio = sorted(paths.audio.glob("*.flac")) if paths.audio.is_dir() else []
    aside = sorted(paths.history.parent.glob(f"{paths.history.stem}.damaged-*"))
    being_read = connecting.unread(paths.history)
    yield from (
        file for file in (*audio, *aside) if file.is_file() and file.suffix != ".part" and file not in being_read
    )


def _turned(paths: Paths, file: Path, key: Key | None) -> bool:
    """Encrypt the file with `key`, or decrypt it where that is None; return whether it changed. Raises `OSError`."""
    by = recorded.seal_of(file)
    if (by is None) == (key is None):
        return False
    data = file.read_bytes()
    if key is not None:
        data = seal(data, key)
    else:
        assert by is not None
        try:
            data = unsealed(data, seal_key.key(by))
        except (ValueError, LockedProblem):
            logger.warning("a file that cannot be opened stays encrypted")
            return False
    part = file.with_name(f"{file.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as new:
            new.write(data)
            new.flush()
            os.fsync(new.fileno())
        with connecting.alone(paths.history):  # a deletion holds the history open; the file must not reappear after it
            times = file.stat()
            os.utime(part, ns=(times.st_atime_ns, times.st_mtime_ns))
            part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return True
