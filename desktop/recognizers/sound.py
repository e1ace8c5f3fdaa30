"""The sound of one take as a service's engine keeps it: from its first sample until there is text, so that it can be
sent once more, to a new connection or to another engine."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator

import anyio
import numpy as np

from desktop.ports import FRAME, RATE_HZ, Frame

SAMPLE_BYTES = 2

SHORTEST_S = 0.1
"""OpenAI takes nothing shorter, and there is no word in it."""


class Sound:
    """What was heard so far, mono at `RATE_HZ` in signed 16 bits, little-endian: 32 kB a second.

    `over` is set when no more will come.
    """

    def __init__(self) -> None:
        self.over = anyio.Event()
        self._pcm = bytearray()
        self._more = anyio.Event()

    def __len__(self) -> int:
        """Bytes heard so far."""
        return len(self._pcm)

    @property
    def duration_s(self) -> float:
        """Seconds heard so far."""
        return seconds(len(self._pcm))

    async def hear(self, speech: AsyncIterable[Frame]) -> None:
        """Keep all of `speech`."""
        async for frame in speech:
            self._pcm += (np.clip(frame, -1.0, 1.0) * 32767).astype("<i2").tobytes()
            self._tell()
        self.over.set()
        self._tell()

    async def after(self, start: int, least: int, most: int) -> bytes:
        """From byte `start` on at least `least` bytes, or what is left at the end, and at most `most`; waits for them.
        Empty when there is nothing left and nothing will come."""
        while len(self._pcm) < start + least and not self.over.is_set():
            await self._more.wait()
        return bytes(self._pcm[start : start + most])

    async def frames(self) -> AsyncIterator[Frame]:
        """The sound from its beginning, and on as it is spoken."""
        start = 0
        while chunk := await self.after(start, FRAME * SAMPLE_BYTES, FRAME * SAMPLE_BYTES):
            start += len(chunk)
            yield np.frombuffer(chunk, dtype="<i2").astype(np.float32) / np.float32(32767)

    def _tell(self) -> None:
        self._more.set()
        self._more = anyio.Event()


def seconds(pcm_bytes: int) -> float:
    """How long so many bytes of 16-bit sound at `RATE_HZ` last."""
    return pcm_bytes / (SAMPLE_BYTES * RATE_HZ)


def size(duration_s: float) -> int:
    """How many bytes so many seconds have: whole samples."""
    return round(duration_s * RATE_HZ) * SAMPLE_BYTES
