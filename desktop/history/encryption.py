"""Make the stored data match `history.encrypted`: encrypted, or decrypted again (`docs/adr/0008`).

Steps: the key is stored in the keyring, and read back; the marker beside the history says that new data is encrypted;
then the history's file, the recordings one by one, damaged histories that were set aside, and what a crash has left.
When decrypting the marker goes last. Each step is atomic and the state of the files is examined, so it continues where
a kill, a full disk or a locked keyring ended it, and meanwhile both kinds can be read. Without a keyring nothing
changes.

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
from desktop.core.errors import CredentialsError, LockedError, SettingsError, UserError
from desktop.core.locks import rename_over
from desktop.core.paths import Paths
from desktop.encryption import keyring, recordings
from desktop.encryption.cipher import EncryptionKey, decrypt_bytes, encrypt_bytes
from desktop.encryption.keyring import EncryptionMarker
from desktop.history import connection
from desktop.history.convert import convert_history
from desktop.history.schema import history_errors
from desktop.settings.live import LiveSettings, load_in_force
from desktop.settings.store import LoadedSettings

logger = logging.getLogger(__name__)

SETTING_KEY = "history.encrypted"


def start_encryption(paths: Paths) -> None:
    """Encrypt new data from now on. Blocks; the keyring may prompt the user for its password.

    Raises `UserError` where that is not possible, and then nothing has changed.
    """
    keyring.require_packages()
    # Without the lock, another process could create another key.
    with history_errors(paths.history), connection.file_lock(paths.history, "key.lock"):
        marker = keyring.read_marker(paths.history)
        encrypted = connection.encrypted_file(paths.history)
        if marker is None and encrypted.exists():  # with a new key it would look damaged
            with keyring.LOADED_KEYS.record_error(keyring.UNKNOWN_KEY_ID):
                stored_key = keyring.LOADED_KEYS.read_keyring(wait_for_user=True)
                with connection.shared_lock(paths.history):
                    connection.mark_encrypted(paths.history, encrypted, stored_key)
        elif marker is None:
            keyring.write_marker(paths.history, EncryptionMarker(keyring.LOADED_KEYS.create().id, encrypts_new=True))
        elif not marker.encrypts_new:
            key = keyring.LOADED_KEYS.load(marker.key_id, wait_for_user=True)
            keyring.write_marker(paths.history, EncryptionMarker(key.id, encrypts_new=True))


def find_encryption_problem(paths: Paths) -> UserError | None:
    """Return why stored data is not encrypted or cannot be read although that is chosen; None where all is well.

    Where no keyring stores the key the setting is reset, unless something is encrypted already: the reset would decrypt
    it. Blocks as `start_encryption` does.
    """
    if load_in_force(paths).settings.history.encrypted != "on":
        return None
    try:
        start_encryption(paths)
    except CredentialsError as problem:
        if not _may_be_encrypted(paths):
            with suppress(SettingsError):
                LiveSettings(paths).reset_setting(SETTING_KEY)
        return problem
    except UserError as problem:
        return problem
    try:
        connection.load_key_for_new(paths.history)
    except UserError as problem:
        return problem
    return None


def should_encrypt(history: Path, loaded: LoadedSettings) -> bool:
    """Return whether the data beside the history at `history` should be encrypted.

    As the setting says; where it may not be decrypted, as the data is now. Raises `OSError`, `HistoryError`.
    """
    if loaded.settings.history.encrypted == "on":
        return True
    if loaded.may_decrypt:
        return False
    marker = keyring.read_marker(history)
    return connection.encrypted_file(history).exists() if marker is None else marker.encrypts_new


def apply_encryption(
    paths: Paths, is_chosen: Callable[[], bool], spool: Spool, on_step: Callable[[], None] = lambda: None
) -> None:
    """Encrypt everything, or decrypt everything, as `is_chosen` returns when its turn comes; one caller at a time.
    Blocks.

    `on_step` is called now and then and may raise, which ends the work until the next time. Raises `UserError`.
    """
    with history_errors(paths.history):
        if not is_chosen() and not _may_be_encrypted(paths):
            return
        with connection.file_lock(paths.history, "sealing.lock"):
            encrypting = is_chosen()
            key = _find_key(paths, encrypting)
            if key is not None:
                convert_history(paths.history, key, encrypting)
                if encrypting and paths.bench_results.exists():
                    from desktop.history.bench_results import forget_plain_results

                    forget_plain_results(paths.bench_results)
                _convert_files(paths, key if encrypting else None, spool, on_step)
                if not encrypting:
                    keyring.marker_path(paths.history).unlink(missing_ok=True)


def _may_be_encrypted(paths: Paths) -> bool:
    """Return whether anything may be encrypted."""
    return keyring.marker_path(paths.history).exists() or connection.encrypted_file(paths.history).exists()


def _find_key(paths: Paths, encrypting: bool) -> EncryptionKey | None:
    """Return the key, after the marker is set for new data; None where nothing is or should be encrypted."""
    marker = keyring.read_marker(paths.history)
    if encrypting and (marker is None or not marker.encrypts_new):
        start_encryption(paths)
        marker = keyring.read_marker(paths.history)
    if not _may_be_encrypted(paths):
        return None
    if marker is not None:
        key: EncryptionKey | None = keyring.LOADED_KEYS.load(marker.key_id, wait_for_user=True)
    else:
        with connection.shared_lock(paths.history):
            key = connection.load_key(paths.history, connection.current_file(paths.history))
    if key is not None and not encrypting:
        keyring.write_marker(paths.history, EncryptionMarker(key.id, encrypts_new=False))
    return key


def _convert_files(paths: Paths, key: EncryptionKey | None, spool: Spool, on_step: Callable[[], None]) -> None:
    for part in (*paths.history.parent.glob(f"{paths.history.stem}.damaged-*.part"), *paths.spool.glob("*.part")):
        part.unlink(missing_ok=True)  # left by an attempt that was killed
    count = 0
    for file in _iterate_files(paths):
        on_step()
        with suppress(FileNotFoundError):
            count += _convert_file(paths, file, key)
    if count:
        logger.info("%d files are %s now", count, "encrypted" if key else "not encrypted any more")
    for spool_file in spool.find_leftovers():
        on_step()
        with suppress(FileNotFoundError):  # it has moved to the history meanwhile
            spool_file.set_encryption(key)


def _iterate_files(paths: Paths) -> Iterator[Path]:
    """Yield the recordings, newest last, and the unencrypted damaged histories that were set aside."""
    audio = sorted(paths.audio.glob("*.flac")) if paths.audio.is_dir() else []
    aside = sorted(paths.history.parent.glob(f"{paths.history.stem}.damaged-*"))
    being_read = connection.unread_files(paths.history)
    yield from (
        file for file in (*audio, *aside) if file.is_file() and file.suffix != ".part" and file not in being_read
    )


def _convert_file(paths: Paths, file: Path, key: EncryptionKey | None) -> bool:
    """Encrypt the file with `key`, or decrypt it where that is None; return whether it changed. Raises `OSError`."""
    key_id = recordings.read_key_id(file)
    if (key_id is None) == (key is None):
        return False
    data = file.read_bytes()
    if key is not None:
        data = encrypt_bytes(data, key)
    else:
        assert key_id is not None
        try:
            data = decrypt_bytes(data, keyring.LOADED_KEYS.load(key_id))
        except (ValueError, LockedError):
            logger.warning("a file that cannot be opened stays encrypted")
            return False
    part = file.with_name(f"{file.name}.part")  # not `replace_file`: the lock is held for the replacement alone
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as new:
            new.write(data)
            new.flush()
            os.fsync(new.fileno())
        # A deletion holds the history open: the file must not reappear after it.
        with connection.exclusive_lock(paths.history):
            times = file.stat()
            os.utime(part, ns=(times.st_atime_ns, times.st_mtime_ns))
            rename_over(part, file)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return True
