"""One dictation's sound in a file.

It is a line of JSON (when it began, and what else recovery has to know), then the samples as little-endian int16, half
the size of float32 and all that a FLAC keeps. The line is as long as it will ever be, so that `mark` writes over it in
one call, which a kill cannot cut in half. It is written on the engine's loop, unbuffered: a frame is 1 kB into the page
cache, tens of microseconds, and then it survives the process. (A power cut may take the last seconds: syncing each
frame would hold up the loop for longer than a frame lasts.)

Where the history is encrypted, so is a take: the samples as they are written, at the places where they would be, and
the application's name. When it began and how often it was tried stand there in the clear.

A full disk costs the copy, never the dictation: the take is `broken` from there on, and goes on.
"""

from __future__ import annotations

import json
import logging
import math
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop.paths import settle
from desktop.ports import FRAME, RATE_HZ, Audio, Frame
from desktop.problems import HistoryProblem
from desktop.sealing import recorded, seal_key
from desktop.sealing.sealed import Key, Stream, seal, unsealed

logger = logging.getLogger(__name__)

FULL_SCALE = 32768
"""What 1.0 is in int16, as libsndfile has it."""


HEAD = 512
"""Bytes of the first line; older files have a shorter one."""

APP_BYTES = 60
"""Of a sealed application's name, which is as long whatever it is."""

NO_HEAD = (ValueError, KeyError, TypeError, OverflowError, RecursionError)
"""What comes of reading a line that is none of ours."""

BLOCK = 900 * FRAME
"""Samples that are read at once: half a minute, and whole frames."""


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a take besides its sound: when it began, the application it is for, whether its text was on its
    way into a window, how often it was tried to transcribe it afterwards, the id of the newest clearing of the history
    that came before it, whether it has the sound of a recording that is kept already and taken up `again`, and whether
    its text is on its way into a window of which nothing is kept (`unkept`)."""

    started_at: datetime
    app: str = ""
    leaving: bool = False
    tries: int = 0
    cleared: str = ""
    again: bool = False
    unkept: bool = False

    def line(self, stream: Stream | None = None) -> bytes:
        """The line that begins the file, sealed where its sound goes through a `stream`."""
        told = {**asdict(self), "started_at": self.started_at.isoformat(), "app": self.app[:60]}
        if stream is not None:
            app = seal(self.app.encode()[:APP_BYTES].ljust(APP_BYTES), stream.key, "app")
            told |= {"app": b64encode(app).decode(), "key": stream.key.id.hex(), "nonce": stream.nonce.hex()}
        return json.dumps(told, ensure_ascii=False).encode().ljust(HEAD - 1)[: HEAD - 1] + b"\n"


class Take:
    """One dictation's audio on disk. `path` is None and `broken` set where there is no writing at all. What is written
    goes through `stream` where there is one."""

    def __init__(self, path: Path | None, head: Head, file: FileIO | None = None, stream: Stream | None = None) -> None:
        self.path = path
        self._stream = stream
        self.head = head
        self.broken = path is None
        self._file = file

    @property
    def started_at(self) -> datetime:
        """When it began."""
        return self.head.started_at

    def mark(self, head: Head) -> None:
        """Note what recovery has to know. Never raises: a note that cannot be written costs no words."""
        if head == self.head or self.path is None:
            return
        self.head = head
        try:
            with self.path.open("r+b", buffering=0) as file:
                line = file.readline()
                if len(line) == HEAD:
                    stream = _stream(line)
                    file.seek(0)
                    file.write(head.line(stream))
                    return
                sound = file.read()
            self._begin_anew(sound)
        except OSError as error:
            logger.warning("a note on a recording could not be written: %s", error.strerror)
        except HistoryProblem as problem:
            logger.warning("a note on a recording could not be written: %s", problem)

    def _begin_anew(self, sound: bytes) -> None:
        """Give a file of an older Intone a line that can be written over."""
        assert self.path is not None
        part = self.path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(self.head.line(self._stream) + sound)
            file.flush()
            os.fsync(file.fileno())  # what it replaces may be the only copy
        part.replace(self.path)
        settle(self.path.parent)

    def write(self, frame: Frame) -> None:
        """Append `frame`. Never raises for want of space."""
        self.append(np.clip(np.rint(frame * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype("<i2").tobytes())

    def begin(self) -> None:
        """Write the line that begins it."""
        self._write(lambda file: self.head.line(self._stream))

    def append(self, data: bytes) -> None:
        """Write samples at once, unless that failed before."""
        self._write(lambda file: data if self._stream is None else self._stream.through(data, file.tell() - HEAD))

    def opened(self, data: bytes, at: int) -> bytes:
        """The samples that `data` is, which was read from the place `at` of the file."""
        return data if self._stream is None else self._stream.through(data, at - HEAD)

    def _write(self, made: Callable[[FileIO], bytes]) -> None:
        if self.broken or self._file is None:
            return
        try:
            data = made(self._file)
            self.broken = self._file.write(data) != len(data)
        except OSError as error:
            self.broken = True
            logger.warning("the recording is no longer kept on disk: %s", error.strerror)

    @property
    def end(self) -> int | None:
        """Where the next frame would begin in the file, in bytes; None where nothing is written (any more)."""
        return None if self.broken or self._file is None else self._file.tell()

    def close(self) -> None:
        """Write no more."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def audio(self, longest_s: float = math.inf) -> Audio:
        """What was written, without a sample that was cut in half; no more than the first `longest_s` seconds."""
        whole = np.empty(int(min(self._count(), longest_s * RATE_HZ)), np.float32)
        done = 0
        for block in self.blocks():
            some = block[: len(whole) - done]
            whole[done : done + len(some)] = some
            done += len(some)
            if done == len(whole):
                break
        return whole[:done]

    def blocks(self) -> Iterator[Audio]:
        """The same, half a minute at a time: an hour takes 230 MB at once."""
        for piece in self._blocks():
            yield piece.astype(np.float32) / np.float32(FULL_SCALE)

    @property
    def empty(self) -> bool:
        """Whether nothing was heard, or nothing could be written."""
        return self._count() == 0

    def keep(self, to: Path, key: Key | None = None) -> Path:
        """Encode to the FLAC file `to`, sealed where there is a `key`, and return it; for a worker thread. The take
        stays until it is discarded. Raises `HistoryProblem` when that cannot be written."""
        return recorded.keep(self._blocks(), to, key)

    def discard(self) -> None:
        """Remove it: its words are safe, or not wanted. It is empty from then on. Never raises: where a file cannot be
        removed, its sound can."""
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
        """Bytes on the disk; none where there is no file any more."""
        try:
            return self.path.stat().st_size if self.path is not None else 0
        except FileNotFoundError:
            return 0

    def _count(self) -> int:
        """How many samples were written; none where somebody has taken the file away."""
        if self.path is None:
            return 0
        try:
            with self.path.open("rb") as file:
                begin = len(file.readline())
                return (os.fstat(file.fileno()).st_size - begin) // 2
        except FileNotFoundError:
            return 0

    def _blocks(self) -> Iterator[NDArray[np.int16]]:
        if self._count() == 0:
            return
        assert self.path is not None
        with self.path.open("rb") as file:
            stream = _stream(file.readline())
            at = 0
            while len(data := file.read(2 * BLOCK)) > 1:
                plain = data if stream is None else stream.through(data, at)
                at += len(data)
                yield np.frombuffer(plain, "<i2", count=len(data) // 2)

    def seal(self, key: Key | None) -> None:
        """Have what nobody writes to any more sealed by `key`, or in the clear where that is None. Raises `OSError`,
        and `HistoryProblem` where its own key cannot be had."""
        assert self.path is not None
        with self.path.open("rb") as file:
            before = _stream(line := file.readline())
            if (before is None) == (key is None) or not line.endswith(b"\n"):
                return
            sound = file.read()
        stream = None if key is None else Stream.begun(key)
        sound = (before or stream).through(sound, 0)  # type: ignore[union-attr]
        self._stream = stream
        self._begin_anew(sound)


def read(path: Path) -> Take:
    """The take in `path`; a header that was not written any more is replaced by the file's own time. Raises
    `HistoryProblem` where its key cannot be had."""
    with path.open("rb") as file:
        line = file.readline(HEAD)
    stream = _stream(line)
    try:
        told = json.loads(line)
        head = Head(_moment(told["started_at"]))
        head = replace(head, app=_app(told, stream), leaving=bool(told["leaving"]), tries=int(told["tries"]))
        head = replace(head, cleared=str(told.get("cleared", "")), again=bool(told.get("again")))
        head = replace(head, unkept=bool(told.get("unkept")))
    except NO_HEAD:
        head = Head(_began(line, path))
    return Take(path, head, stream=stream)


def read_open_head(path: Path) -> Head:
    """Read what stands in the clear in the head of the take in `path`, which needs no key. Raises `OSError`."""
    with path.open("rb") as file:
        line = file.readline(HEAD)
    try:
        told = json.loads(line)
        return Head(_moment(told["started_at"]), cleared=str(told.get("cleared", "")))
    except NO_HEAD:
        return Head(_began(line, path))


def _stream(line: bytes) -> Stream | None:
    """What the sound after this line goes through. Raises `HistoryProblem` where the key cannot be had."""
    try:
        told = json.loads(line)
        id, nonce = bytes.fromhex(told["key"]), bytes.fromhex(told["nonce"])
    except NO_HEAD:
        return None
    return Stream(seal_key.key(id), nonce)


def _app(told: dict[str, Any], stream: Stream | None) -> str:
    if stream is None:
        return str(told["app"])
    return unsealed(b64decode(told["app"]), stream.key, "app").rstrip().decode(errors="ignore")


def _moment(told: str) -> datetime:
    """The moment; one that does not say in which zone is the machine's, so that all can be compared."""
    moment = datetime.fromisoformat(told)
    return moment if moment.utcoffset() is not None else moment.astimezone()


def _began(line: bytes, path: Path) -> datetime:
    """When it began, by a line that says no more than that, or by the file."""
    try:
        return _moment(json.loads(line)["started_at"])
    except NO_HEAD:
        return datetime.fromtimestamp(path.stat().st_mtime).astimezone()
