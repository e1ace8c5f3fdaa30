"""Write and open stored recordings: FLAC, or encrypted FLAC. Both are named `*.flac`; the first bytes tell which.

So a row's path stays valid whatever becomes of the setting, and every reader uses `open_recording`. An encrypted one is
encoded in memory and written whole: its audio is never on the disk unencrypted, not even for a moment.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
from numpy.typing import NDArray

from desktop.core.errors import HistoryError, UserError
from desktop.core.files import replace_file, sync_dir
from desktop.core.paths import make_private_dir
from desktop.core.types import RATE_HZ
from desktop.encryption import keyring
from desktop.encryption.cipher import KEY_ID_BYTES, MAGIC, EncryptionKey, decrypt_bytes, encrypt_bytes, parse_key_id

_HEADER_BYTES = len(MAGIC) + KEY_ID_BYTES


def write_recording(blocks: Iterable[NDArray[np.int16]], path: Path, key: EncryptionKey | None) -> Path:
    """Encode int16 blocks to the file `path`, encrypted where there is a `key`, and return it. For a worker thread.

    Raises `HistoryError` when it cannot be written.
    """
    try:
        make_private_dir(path.parent)
        # Without `sync` a power cut loses it, and its spool file is already deleted.
        with replace_file(path, sync=True) as file:
            if key is None:
                _encode(blocks, file)
            else:
                encoded = io.BytesIO()
                _encode(blocks, encoded)
                file.write(encrypt_bytes(encoded.getbuffer(), key))
        sync_dir(path.parent)
    except OSError as error:
        raise HistoryError("recording-unwritable") from error
    return path


def open_recording(path: Path) -> Path | BinaryIO:
    """Return what a decoder reads: the file at `path` itself, or its decrypted content. Blocks.

    Raises `OSError`, and `UserError` where the key is not available or the file is damaged.
    """
    if (id := read_key_id(path)) is None:
        return path
    key = keyring.LOADED_KEYS.load(id)
    try:
        return io.BytesIO(decrypt_bytes(path.read_bytes(), key))
    except ValueError:
        raise UserError("recording-damaged") from None


def read_key_id(path: Path) -> bytes | None:
    """Return the id of the key that a file is encrypted with; None where it is not. Raises `OSError`."""
    with path.open("rb") as file:
        return parse_key_id(file.read(_HEADER_BYTES))


def _encode(blocks: Iterable[NDArray[np.int16]], file: BinaryIO) -> None:
    disk = _ErrorCapturingFile(file)
    try:
        with soundfile.SoundFile(disk, "w", RATE_HZ, 1, subtype="PCM_16", format="FLAC") as flac:
            for block in blocks:
                flac.write(block)
    except (AssertionError, soundfile.SoundFileError):  # what it raises when the disk is full
        if disk.first_error is None:
            raise
    if disk.first_error is not None:
        raise disk.first_error


class _ErrorCapturingFile:
    """A file for libsndfile, which calls it from C, where exceptions do not propagate. `first_error` is the first."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.first_error: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            self.first_error = self.first_error or error
        return len(data)

    def read(self, count: int) -> bytes:
        return self._file.read(count)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()
