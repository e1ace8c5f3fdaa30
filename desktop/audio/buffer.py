"""Buffer frames between the microphone and slow recognizers, in memory and on disk.

An hour of frames takes 230 MB. Frames that wait beyond a minute are in the spool file already: the buffer keeps only
their offsets there and reads them back in turn. The file is opened before it may be discarded, so that it stays
readable. Where nothing is written (a full disk, a private dictation) the frames themselves are kept: words are worth
more than memory.

Two recognizers read through one reader each from the same queue, so that the slower costs no more than it would alone.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import AsyncIterator

import anyio
import anyio.lowlevel
import numpy as np

from desktop.audio.spool_file import SpoolFile
from desktop.core.locks import open_removable, read_at
from desktop.core.tasks import Notifier
from desktop.core.types import FRAME_SAMPLES, FULL_SCALE, RATE_HZ, Frame

MAX_MEMORY_S = 60.0

type _FilePosition = tuple[int, int]
"""Offset of a frame in the spool file, and its length in bytes."""


class AudioBuffer:
    """A queue of frames in order, each read once by every reader; iterating it makes a reader too. Use as a context."""

    def __init__(self, file: SpoolFile, max_memory_s: float = MAX_MEMORY_S) -> None:
        self._spool_file = file
        self._max_frames = int(max_memory_s * RATE_HZ / FRAME_SAMPLES)
        self._waiting: deque[Frame | _FilePosition] = deque()
        self._dropped = 0
        self._readers: list[AudioBufferReader] = []
        self._memory_frames = 0
        self._file: int | None = None
        self._closed = False
        self._changed = Notifier()

    def __enter__(self) -> AudioBuffer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @property
    def frames_in_memory(self) -> int:
        """The number of frames in memory."""
        return self._memory_frames

    def append(self, frame: Frame, *, is_written: bool) -> None:
        """Append `frame`; `is_written` is whether it was the last thing written to the spool file."""
        position = self._find_position(frame) if is_written and self._memory_frames >= self._max_frames else None
        self._waiting.append(frame if position is None else position)
        self._memory_frames += position is None
        self._changed.notify()

    def close(self) -> None:
        """End the queue: no more frames will come."""
        self._closed = True
        self._changed.notify()

    def open_reader(self) -> AudioBufferReader:
        """Return a reader of all frames until the queue is closed. Create all readers before any has read."""
        reader = AudioBufferReader(self, self._dropped)
        self._readers.append(reader)
        return reader

    def __aiter__(self) -> AsyncIterator[Frame]:
        return self.open_reader()

    async def get_frame(self, number: int) -> Frame | None:
        """Return frame number `number` once it was appended; None if the queue ended before."""
        while number >= self._dropped + len(self._waiting):
            if self._closed:
                return None
            await self._changed.wait()
        return self._read_frame(self._waiting[number - self._dropped])

    def drop_read(self, closed_reader: AudioBufferReader | None = None) -> None:
        """Drop frames that every reader has read; `closed_reader`, if given, reads no more."""
        if closed_reader in self._readers:
            self._readers.remove(closed_reader)
        while self._waiting and self._readers and all(self._dropped < reader.position for reader in self._readers):
            self._memory_frames -= not isinstance(self._waiting.popleft(), tuple)
            self._dropped += 1

    def _find_position(self, frame: Frame) -> _FilePosition | None:
        end, path = self._spool_file.end, self._spool_file.path
        if end is None or path is None:
            return None
        if self._file is None:
            try:
                self._file = open_removable(path, os.O_RDONLY)
            except OSError:
                return None
        return end - 2 * len(frame), 2 * len(frame)

    def _read_frame(self, entry: Frame | _FilePosition) -> Frame:
        if not isinstance(entry, tuple):
            return entry
        assert self._file is not None
        begin, size = entry
        samples = np.frombuffer(self._spool_file.decrypt(read_at(self._file, size, begin), begin), "<i2")
        return samples.astype(np.float32) / np.float32(FULL_SCALE)


class AudioBufferReader:
    """Reads a buffer at its own pace; `position` is the number of frames read. Close it to stop before the end."""

    def __init__(self, buffer: AudioBuffer, position: int) -> None:
        self.position = position
        self._buffer = buffer

    def __aiter__(self) -> AudioBufferReader:
        return self

    async def __anext__(self) -> Frame:
        await anyio.lowlevel.checkpoint()  # lets other tasks run
        frame = await self._buffer.get_frame(self.position)
        if frame is None:
            await self.aclose()
            raise StopAsyncIteration
        self.position += 1
        self._buffer.drop_read()
        return frame

    async def aclose(self) -> None:
        """Stop reading."""
        self._buffer.drop_read(self)
