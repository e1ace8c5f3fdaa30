"""What has been heard and not yet been taken by a recognizer.

Speech does not wait for a recognizer that is slow, so frames queue, and an hour of them takes 230 MB. What the queue
holds beyond a while lies on the disk already, in the take: it keeps only the place there and reads it back when its
turn comes. The file is opened before it may be discarded, so that what is in it stays readable. Where nothing is
written (a full disk, a private dictation) the frames themselves are kept: words are worth more than memory.

Where two recognizers listen each has an ear: one queue for both, so that the slower costs no more than it would alone.
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
    """Frames in the order in which they were put in, each once for every ear; iterating it is an ear too. Leave it as a
    context."""

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

    def ear(self) -> Ear:
        """All that waits and all that comes, until it is closed. Ask for all ears before any has heard something."""
        ear = Ear(self, self._gone)
        self._ears.append(ear)
        return ear

    def __aiter__(self) -> AsyncIterator[Frame]:
        return self.ear()

    async def at(self, place: int) -> Frame | None:
        """The frame that was put in as number `place`, once it has been; None where it will not come."""
        while place >= self._gone + len(self._waiting):
            if self._closed:
                return None
            await self._news.wait()
        return self._frame(self._waiting[place - self._gone])

    def let_go(self, ear: Ear | None = None) -> None:
        """Keep nothing that every ear has heard; `ear` hears no more."""
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
    """Hears a backlog at its own pace; `heard` is how many frames of all it has heard. Close it if it is to hear no
    more before the end."""

    def __init__(self, backlog: Backlog, heard: int) -> None:
        self.heard = heard
        self._backlog = backlog

    def __aiter__(self) -> Ear:
        return self

    async def __anext__(self) -> Frame:
        await anyio.lowlevel.checkpoint()  # for everything else on the loop
        frame = await self._backlog.at(self.heard)
        if frame is None:
            await self.aclose()
            raise StopAsyncIteration
        self.heard += 1
        self._backlog.let_go()
        return frame

    async def aclose(self) -> None:
        """Hear no more."""
        self._backlog.let_go(self)
