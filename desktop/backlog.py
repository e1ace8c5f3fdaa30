"""What has been heard and not yet been taken by a recognizer.

Speech does not wait for a recognizer that is slow, so frames queue, and an hour of them takes 230 MB. What the queue
holds beyond a while lies on the disk already, in the take: it keeps only the place there and reads it back when its
turn comes. The file is opened before it may be discarded, so that what is in it stays readable. Where nothing is
written (a full disk, a private dictation) the frames themselves are kept: words are worth more than memory.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import AsyncIterator

import anyio
import anyio.lowlevel
import numpy as np

from desktop.ports import FRAME, RATE_HZ, Frame
from desktop.spool import FULL_SCALE, Take

IN_MEMORY_S = 60.0

type _Place = tuple[int, int]
"""Where a frame begins in the take's file and how many bytes it has."""


class Backlog:
    """Frames in the order in which they were put in, each once; iterate it once. Leave it as a context."""

    def __init__(self, take: Take, in_memory_s: float = IN_MEMORY_S) -> None:
        self._take = take
        self._most = int(in_memory_s * RATE_HZ / FRAME)
        self._waiting: deque[Frame | _Place] = deque()
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
        """How many frames wait in memory."""
        return self._frames

    def put(self, frame: Frame, *, written: bool) -> None:
        """Have `frame` wait; `written` where it is the last thing that was written to the take."""
        place = self._place(frame) if written and self._frames >= self._most else None
        self._waiting.append(frame if place is None else place)
        self._frames += place is None
        self._tell()

    def close(self) -> None:
        """No more frames will come."""
        self._closed = True
        self._tell()

    async def __aiter__(self) -> AsyncIterator[Frame]:
        """What waits and what comes, until it is closed."""
        while True:
            while self._waiting:
                await anyio.lowlevel.checkpoint()  # for everything else on the loop
                yield self._next()
            if self._closed:
                return
            await self._news.wait()

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

    def _next(self) -> Frame:
        first = self._waiting.popleft()
        if not isinstance(first, tuple):
            self._frames -= 1
            return first
        assert self._file is not None
        begin, size = first
        samples = np.frombuffer(self._take.opened(os.pread(self._file, size, begin), begin), "<i2")
        return samples.astype(np.float32) / np.float32(FULL_SCALE)

    def _tell(self) -> None:
        news, self._news = self._news, anyio.Event()
        news.set()
