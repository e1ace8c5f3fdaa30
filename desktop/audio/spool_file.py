"""Write and read the file of one recording (`docs/adr/0005`).

It is a line of JSON (start time and other facts for recovery), then the samples as little-endian int16. The line has a
fixed length, so that `update_header` overwrites it in one call, which a kill cannot cut in half. Frames are written on
the engine's loop, unbuffered and not synced.

With an encrypted history, samples are encrypted as they are written, at the same offsets, and so is the application's
name. Start time and number of attempts are not encrypted.

On a full disk only this copy is lost: the file is `broken` from there on, and the dictation goes on.
"""

from __future__ import annotations

import json
import logging
import math
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop.core.errors import HistoryError
from desktop.core.files import sync_dir, write_file
from desktop.core.types import FRAME_SAMPLES, FULL_SCALE, RATE_HZ, Audio, Frame
from desktop.encryption import keyring, recordings
from desktop.encryption.cipher import EncryptionKey, StreamCipher, decrypt_bytes, encrypt_bytes

logger = logging.getLogger(__name__)

HEADER_BYTES = 512
"""Bytes of the header line; older files have a shorter one."""

APP_BYTES = 60
"""Bytes of an application's name before encryption, padded so that its length is hidden."""

HEADER_ERRORS = (ValueError, KeyError, TypeError, OverflowError, RecursionError)
"""Errors raised while parsing a line that is no valid header."""

BLOCK_SAMPLES = 900 * FRAME_SAMPLES
"""Samples read at a time: half a minute, in whole frames."""


@dataclass(frozen=True, slots=True)
class SpoolHeader:
    """What is known of a recording besides its audio.

    - `started_at`: when the dictation began.
    - `app`: the target application.
    - `leaving`: whether its text was being inserted into a window.
    - `tries`: how often recovery tried to transcribe it.
    - `cleared`: the id of the newest clearing of the history before it.
    - `again`: whether its audio is a resumed recording that is stored already.
    - `unkept`: whether its text is being inserted into a window of which nothing is kept.
    """

    started_at: datetime
    app: str = ""
    leaving: bool = False
    tries: int = 0
    cleared: str = ""
    again: bool = False
    unkept: bool = False

    def to_line(self, cipher: StreamCipher | None = None) -> bytes:
        """Return the header line of the file, with the application's name encrypted if there is a `cipher`."""
        fields = {**asdict(self), "started_at": self.started_at.isoformat(), "app": self.app[:60]}
        if cipher is not None:
            app = encrypt_bytes(self.app.encode()[:APP_BYTES].ljust(APP_BYTES), cipher.key, "app")
            fields |= {"app": b64encode(app).decode(), "key": cipher.key.id.hex(), "nonce": cipher.nonce.hex()}
        return json.dumps(fields, ensure_ascii=False).encode().ljust(HEADER_BYTES - 1)[: HEADER_BYTES - 1] + b"\n"


class SpoolFile:
    """One recording on disk.

    `path` is None and `broken` set if nothing can be written. `cipher` encrypts it, if given.
    """

    def __init__(
        self, path: Path | None, header: SpoolHeader, file: FileIO | None = None, cipher: StreamCipher | None = None
    ) -> None:
        self.path = path
        self._cipher = cipher
        self.header = header
        self.broken = path is None
        self._file = file

    @property
    def started_at(self) -> datetime:
        """When the dictation began."""
        return self.header.started_at

    def update_header(self, header: SpoolHeader) -> None:
        """Update the header on disk. Never raises: a header that cannot be written loses no words."""
        if header == self.header or self.path is None:
            return
        self.header = header
        try:
            with self.path.open("r+b", buffering=0) as file:
                line = file.readline()
                if len(line) == HEADER_BYTES:
                    cipher = _make_cipher(line)
                    file.seek(0)
                    file.write(header.to_line(cipher))
                    return
                audio = file.read()
            self._rewrite(audio)
        except OSError as error:
            logger.warning("a note on a recording could not be written: %s", error.strerror)
        except HistoryError as problem:
            logger.warning("a note on a recording could not be written: %s", problem)

    def _rewrite(self, audio: bytes) -> None:
        """Rewrite a file of an older Intone with a header line of fixed length."""
        assert self.path is not None
        # The file it replaces may be the only copy: hence `sync`.
        write_file(self.path, self.header.to_line(self._cipher) + audio, sync=True)
        sync_dir(self.path.parent)

    def write(self, frame: Frame) -> None:
        """Append `frame`. Never raises for lack of space."""
        self.append(np.clip(np.rint(frame * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype("<i2").tobytes())

    def write_header(self) -> None:
        """Write the header line."""
        self._write(lambda file: self.header.to_line(self._cipher))

    def append(self, data: bytes) -> None:
        """Write samples at once, unless writing failed before."""
        self._write(lambda file: data if self._cipher is None else self._cipher.apply(data, file.tell() - HEADER_BYTES))

    def decrypt(self, data: bytes, offset: int) -> bytes:
        """Decrypt `data` that was read at offset `offset` of the file."""
        return data if self._cipher is None else self._cipher.apply(data, offset - HEADER_BYTES)

    def _write(self, make_data: Callable[[FileIO], bytes]) -> None:
        if self.broken or self._file is None:
            return
        try:
            data = make_data(self._file)
            self.broken = self._file.write(data) != len(data)
        except OSError as error:
            self.broken = True
            logger.warning("the recording is no longer kept on disk: %s", error.strerror)

    @property
    def end(self) -> int | None:
        """The file offset of the next frame in bytes; None if writing stopped."""
        return None if self.broken or self._file is None else self._file.tell()

    def close(self) -> None:
        """Stop writing and close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def read_audio(self, max_s: float = math.inf) -> Audio:
        """Return the samples as float32, shape (n,): the first `max_s` seconds at most, without a truncated
        sample."""
        samples = np.empty(int(min(self._count_samples(), max_s * RATE_HZ)), np.float32)
        done = 0
        for block in self.read_blocks():
            part = block[: len(samples) - done]
            samples[done : done + len(part)] = part
            done += len(part)
            if done == len(samples):
                break
        return samples[:done]

    def read_blocks(self) -> Iterator[Audio]:
        """Yield the samples as float32 in blocks of half a minute: an hour takes 230 MB at once."""
        for block in self._read_int16_blocks():
            yield block.astype(np.float32) / np.float32(FULL_SCALE)

    @property
    def is_empty(self) -> bool:
        """Whether there are no samples."""
        return self._count_samples() == 0

    def save_flac(self, path: Path, key: EncryptionKey | None = None) -> Path:
        """Encode to the FLAC file `path`, encrypted if there is a `key`, and return its path. The recording stays.

        Call from a worker thread. Raises `HistoryError` if it cannot be written.
        """
        return recordings.write_recording(self._read_int16_blocks(), path, key)

    def discard(self) -> None:
        """Remove the file because its words are stored, or not wanted.

        Never raises: a file that cannot be removed is emptied.
        """
        self.close()
        path, self.path = self.path, None
        if path is None:
            return
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            logger.warning("a recording could not be removed, and is emptied: %s", error.strerror)
            with suppress(OSError):
                os.truncate(path, 0)

    @property
    def size(self) -> int:
        """Bytes on disk; 0 without a file."""
        try:
            return self.path.stat().st_size if self.path is not None else 0
        except FileNotFoundError:
            return 0

    def _count_samples(self) -> int:
        """Return the number of samples written; 0 if the file was removed."""
        if self.path is None:
            return 0
        try:
            with self.path.open("rb") as file:
                begin = len(file.readline())
                return (os.fstat(file.fileno()).st_size - begin) // 2
        except FileNotFoundError:
            return 0

    def _read_int16_blocks(self) -> Iterator[NDArray[np.int16]]:
        if self._count_samples() == 0:
            return
        assert self.path is not None
        with self.path.open("rb") as file:
            cipher = _make_cipher(file.readline())
            offset = 0
            while len(data := file.read(2 * BLOCK_SAMPLES)) > 1:
                plain = data if cipher is None else cipher.apply(data, offset)
                offset += len(data)
                yield np.frombuffer(plain, "<i2", count=len(data) // 2)

    def set_encryption(self, key: EncryptionKey | None) -> None:
        """Encrypt a file that is not being written with `key`, or decrypt it if that is None.

        Raises `OSError`, and `HistoryError` if its own key is unavailable.
        """
        assert self.path is not None
        with self.path.open("rb") as file:
            before = _make_cipher(line := file.readline())
            if (before is None) == (key is None) or not line.endswith(b"\n"):
                return
            audio = file.read()
        cipher = None if key is None else StreamCipher.create(key)
        audio = (before or cipher).apply(audio, 0)  # type: ignore[union-attr]
        self._cipher = cipher
        self._rewrite(audio)


def open_spool_file(path: Path) -> SpoolFile:
    """Open the recording in `path`; an incomplete header is replaced by the file's modification time.

    Raises `HistoryError` if its key is unavailable.
    """
    with path.open("rb") as file:
        line = file.readline(HEADER_BYTES)
    cipher = _make_cipher(line)
    try:
        fields = json.loads(line)
        header = SpoolHeader(
            _parse_time(fields["started_at"]),
            app=_decrypt_app(fields, cipher),
            leaving=bool(fields["leaving"]),
            tries=int(fields["tries"]),
            cleared=str(fields.get("cleared", "")),
            again=bool(fields.get("again")),
            unkept=bool(fields.get("unkept")),
        )
    except HEADER_ERRORS:
        header = SpoolHeader(_find_start(line, path))
    return SpoolFile(path, header, cipher=cipher)


def read_open_header(path: Path) -> SpoolHeader:
    """Return the unencrypted header fields of the recording in `path`; needs no key. Raises `OSError`."""
    with path.open("rb") as file:
        line = file.readline(HEADER_BYTES)
    try:
        fields = json.loads(line)
        return SpoolHeader(_parse_time(fields["started_at"]), cleared=str(fields.get("cleared", "")))
    except HEADER_ERRORS:
        return SpoolHeader(_find_start(line, path))


def _make_cipher(line: bytes) -> StreamCipher | None:
    """Return the cipher for the audio after this header line, None if it is not encrypted.

    Raises `HistoryError` if the key is unavailable.
    """
    try:
        fields = json.loads(line)
        id, nonce = bytes.fromhex(fields["key"]), bytes.fromhex(fields["nonce"])
    except HEADER_ERRORS:
        return None
    return StreamCipher(keyring.LOADED_KEYS.load(id), nonce)


def _decrypt_app(fields: dict[str, Any], cipher: StreamCipher | None) -> str:
    if cipher is None:
        return str(fields["app"])
    return decrypt_bytes(b64decode(fields["app"]), cipher.key, "app").rstrip().decode(errors="ignore")


def _parse_time(text: str) -> datetime:
    """Parse a time; one without a zone is in the machine's, so that all can be compared."""
    time = datetime.fromisoformat(text)
    try:
        return time if time.utcoffset() is not None else time.astimezone()
    except OSError as error:  # Windows, before 1970
        raise ValueError(text) from error


def _find_start(line: bytes, path: Path) -> datetime:
    """Return the start time from a header with nothing else valid, or else from the file."""
    try:
        return _parse_time(json.loads(line)["started_at"])
    except HEADER_ERRORS:
        return datetime.fromtimestamp(path.stat().st_mtime).astimezone()
