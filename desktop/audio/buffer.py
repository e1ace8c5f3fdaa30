"""Buffer frames between the microphone and slow recognizers, in memory and on disk.

An hour of frames takes 230 MB. What waits beyond a minute is in the spool file already: the buffer keeps only its
offset there and reads it back in turn. The file is opened before it may be discarded, so that it stays readable. Where
nothing is written (a full disk, a private dictation) the frames themselves are kept: words are worth more than memory.

Two recognizers read through one reader each from the same queue, so that the slower costs no more than it would alone.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import AsyncIterator

import anyio
import anyio.lowlevel
import numpy as np

from desktop.audio.take import FULL_SCALE, Take
from desktop.core.types import FRAME, RATE_HZ, Frame

IN_MEMORY_S = 60.0

type _Place = tuple[int, int]
"""Offset of a frame in the spool file, and its length in bytes."""


class Backlog:
    """A queue of frames in order, each read once by every reader; iterating it makes a reader too. Use as a context."""

    def __init__(self, take: Take, in_memory_s: float = IN_MEMORY_S) -> None:
        self._take = take
        self._most = int(in_memory_s * RATE_HZ / FRAME)
        self._waiting: deque[Frame | _Place] = deque()
        self._gone = 0
        self._ears: list[Ear] = []
        self._frames = 0
        self._file: int | None = None
        self._closed = False
        self._news = anyio.Event()

    def __enter__(self) -> Backlog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @property
    def in_memory(self) -> int:
        """The number of frames in memory."""
        return self._frames

    def put(self, frame: Frame, *, written: bool) -> None:
        """Append `frame`; `is_written` is whether it was the last thing written to the spool file."""
        place = self._place(frame) if written and self._frames >= self._most else None
        self._waiting.append(frame if place is None else place)
        self._frames += place is None
        self._tell()

    def close(self) -> None:
        """End the queue: no more frames will come."""
        self._closed = True
        self._tell()

    def ear(self) -> Ear:
        """Return a reader of all frames until the queue is closed. Create all readers before any has read."""
        ear = Ear(self, self._gone)
        self._ears.append(ear)
        return ear

    def __aiter__(self) -> AsyncIterator[Frame]:
        return self.ear()

    async def at(self, place: int) -> Frame | None:
        """Return frame number `place` once it was appended; None if the queue ended before."""
        while place >= self._gone + len(self._waiting):
            if self._closed:
                return None
            await self._news.wait()
        return self._frame(self._waiting[place - self._gone])

    def let_go(self, ear: Ear | None = None) -> None:
        """Drop frames that every reader has read; `closed_reader`, if given, reads no more."""
        if ear in self._ears:
            self._ears.remove(ear)
        while self._waiting and self._ears and all(self._gone < one.heard for one in self._ears):
            self._frames -= not isinstance(self._waiting.popleft(), tuple)
            self._gone += 1

    def _place(self, frame: Frame) -> _Place | None:
        end, path = self._take.end, self._take.path
        if end is None or path is None:
            return None
        if self._file is None:
            try:
                self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                return None
        return end - 2 * len(frame), 2 * len(frame)

    def _frame(self, one: Frame | _Place) -> Frame:
        if not isinstance(one, tuple):
            return one
        assert self._file is not None
        begin, size = one
        samples = np.frombuffer(self._take.opened(os.pread(self._file, size, begin), begin), "<i2")
        return samples.astype(np.float32) / np.float32(FULL_SCALE)

    def _tell(self) -> None:
        news, self._news = self._news, anyio.Event()
        news.set()


class Ear:
    """Reads a buffer at its own pace; `position` is the number of frames read. Close it to stop before the end."""

    def __init__(self, backlog: Backlog, heard: int) -> None:
        self.heard = heard
        self._backlog = backlog

    def __aiter__(self) -> Ear:
        return self

    async def __anext__(self) -> Frame:
        await anyio.lowlevel.checkpoint()  # lets other tasks run
        frame = await self._backlog.at(self.heard)
        if frame is None:
            await self.aclose()
            raise StopAsyncIteration
        self.heard += 1
        self._backlog.let_go()
        return frame

    async def aclose(self) -> None:
        """Stop reading."""
        self._backlog.let_go(self)
