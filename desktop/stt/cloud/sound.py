"""Keep the audio of one dictation until there is text, to send it again to a new connection or another engine."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator

import anyio
import numpy as np

from desktop.core.types import FRAME, RATE_HZ, Frame

SAMPLE_BYTES = 2

SHORTEST_S = 0.1
"""Seconds of the shortest audio that OpenAI accepts; it cannot contain a word."""


class Sound:
    """The audio so far: mono at `RATE_HZ`, signed 16 bits, little-endian, 32 kB a second.

    `ended` is set at the end of speech.
    """

    def __init__(self) -> None:
        self.over = anyio.Event()
        self._pcm = bytearray()
        self._more = anyio.Event()

    def __len__(self) -> int:
        """Bytes so far."""
        return len(self._pcm)

    @property
    def duration_s(self) -> float:
        """Seconds so far."""
        return seconds(len(self._pcm))

    async def hear(self, speech: AsyncIterable[Frame]) -> None:
        """Append all of `speech`."""
        async for frame in speech:
            self._pcm += (np.clip(frame, -1.0, 1.0) * 32767).astype("<i2").tobytes()
            self._tell()
        self.over.set()
        self._tell()

    async def after(self, start: int, least: int, most: int) -> bytes:
        """Wait for and return at least `min_bytes` bytes from byte `start` on (fewer at the end), at most `max_bytes`.

        Empty at the end of the audio.
        """
        while len(self._pcm) < start + least and not self.over.is_set():
            await self._more.wait()
        return bytes(self._pcm[start : start + most])

    async def frames(self) -> AsyncIterator[Frame]:
        """Yield the audio from its beginning, and on as it is spoken."""
        start = 0
        while chunk := await self.after(start, FRAME * SAMPLE_BYTES, FRAME * SAMPLE_BYTES):
            start += len(chunk)
            yield np.frombuffer(chunk, dtype="<i2").astype(np.float32) / np.float32(32767)

    def _tell(self) -> None:
        self._more.set()
        self._more = anyio.Event()


def seconds(pcm_bytes: int) -> float:
    """Return the seconds of `pcm_bytes` bytes of 16-bit audio at `RATE_HZ`."""
    return pcm_bytes / (SAMPLE_BYTES * RATE_HZ)


def size(duration_s: float) -> int:
    """Return the bytes of `duration_s` seconds, in whole samples."""
    return round(duration_s * RATE_HZ) * SAMPLE_BYTES
