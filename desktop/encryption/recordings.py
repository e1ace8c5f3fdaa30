"""Stored recordings: FLAC, or encrypted FLAC. Both are named `*.flac`; the first bytes tell which.

So a row's path stays valid whatever becomes of the setting, and every reader uses `open_recording`. An encrypted one is
encoded in memory and written whole: its audio is never on the disk unencrypted, not even for a moment.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
from numpy.typing import NDArray

from desktop.core.errors import HistoryProblem, Problem
from desktop.core.paths import private, settle
from desktop.core.types import RATE_HZ
from desktop.encryption import keyring as seal_key
from desktop.encryption.cipher import ID_BYTES, MAGIC, Key, seal, sealed_by, unsealed

_BEGIN = len(MAGIC) + ID_BYTES


def keep(pieces: Iterable[NDArray[np.int16]], to: Path, key: Key | None) -> Path:
    """Encode int16 blocks to the file `path`, encrypted where there is a `key`, and return it. For a worker thread.

    Raises `HistoryError` when it cannot be written.
    """
    part = to.parent / f"{to.name}.part"
    try:
        private(to.parent)
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            if key is None:
                _encode(pieces, file)
            else:
                made = io.BytesIO()
                _encode(pieces, made)
                file.write(seal(made.getbuffer(), key))
            file.flush()
            os.fsync(file.fileno())  # otherwise a power cut loses it, and its spool file is already deleted
        part.replace(to)
        settle(to.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise HistoryProblem("The recording could not be kept.", "Make room on the disk.") from error
    return to


def sound(path: Path) -> Path | BinaryIO:
    """Return what a decoder reads: the file at `path` itself, or its decrypted content. Blocks.

    Raises `OSError`, and `UserError` where the key is not available or the file is damaged.
    """
    if (id := seal_of(path)) is None:
        return path
    key = seal_key.key(id)
    try:
        return io.BytesIO(unsealed(path.read_bytes(), key))
    except ValueError:
        raise Problem("The recording is damaged.", "Its text is still in the history.") from None


def seal_of(path: Path) -> bytes | None:
    """Return the id of the key that a file is encrypted with; None where it is not. Raises `OSError`."""
    with path.open("rb") as file:
        return sealed_by(file.read(_BEGIN))


def _encode(pieces: Iterable[NDArray[np.int16]], file: BinaryIO) -> None:
    disk = _Disk(file)
    try:
        with soundfile.SoundFile(disk, "w", RATE_HZ, 1, subtype="PCM_16", format="FLAC") as flac:
            for piece in pieces:
                flac.write(piece)
    except (AssertionError, soundfile.SoundFileError):  # what it raises when the disk is full
        if disk.refused is None:
            raise
    if disk.refused is not None:
        raise disk.refused


class _Disk:
    """A file for libsndfile, which calls it from C, where exceptions do not propagate. `first_error` is the first."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.refused: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            self.refused = self.refused or error
        return len(data)

    def read(self, count: int) -> bytes:
        return self._file.read(count)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()
