"""A recording as it is kept: FLAC, or FLAC that is sealed. Both are called `*.flac`, and the first bytes tell which.

So a row's path holds whatever becomes of the setting, and every reader goes through `sound`. A sealed one is made in
memory and written whole: its sound is never on the disk in the clear, not even for a moment.
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

from desktop.paths import private, settle
from desktop.ports import RATE_HZ
from desktop.problems import HistoryProblem, Problem
from desktop.sealing import seal_key
from desktop.sealing.sealed import ID_BYTES, MAGIC, Key, seal, sealed_by, unsealed

_BEGIN = len(MAGIC) + ID_BYTES


def keep(pieces: Iterable[NDArray[np.int16]], to: Path, key: Key | None) -> Path:
    """Encode to the file `to`, sealed where there is a `key`, and return it; for a worker thread.

    Raises `HistoryProblem` when that cannot be written.
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
            os.fsync(file.fileno())  # or a power cut takes it, and the take that it was made from has gone
        part.replace(to)
        settle(to.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise HistoryProblem("The recording could not be kept.", "Make room on the disk.") from error
    return to


def sound(path: Path) -> Path | BinaryIO:
    """What a decoder reads of the file at `path`: the file itself, or what is sealed in it. Blocks. Raises `OSError`,
    and `Problem` where the key cannot be had or the file is damaged."""
    if (id := seal_of(path)) is None:
        return path
    key = seal_key.key(id)
    try:
        return io.BytesIO(unsealed(path.read_bytes(), key))
    except ValueError:
        raise Problem("The recording is damaged.", "Its text is still in the history.") from None


def seal_of(path: Path) -> bytes | None:
    """The id of the key by which a file is sealed; None where it is not. Raises `OSError`."""
    with path.open("rb") as file:
        return sealed_by(file.read(_BEGIN))


def _encode(pieces: Iterable[NDArray[np.int16]], file: BinaryIO) -> None:
    disk = _Disk(file)
    try:
        with soundfile.SoundFile(disk, "w", RATE_HZ, 1, subtype="PCM_16", format="FLAC") as flac:
            for piece in pieces:
                flac.write(piece)
    except (AssertionError, soundfile.SoundFileError):  # its answer to a full disk
        if disk.refused is None:
            raise
    if disk.refused is not None:
        raise disk.refused


class _Disk:
    """A file for libsndfile, which calls it from C, where no exception comes through: `refused` holds the first."""

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
