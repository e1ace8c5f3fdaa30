"""Keep the audio of one dictation until there is text, to send it again to a new connection or another engine."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator

import anyio
import numpy as np

from desktop.core.tasks import Notifier
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Frame

SAMPLE_BYTES = 2

MIN_AUDIO_S = 0.1
"""Seconds of the shortest audio that OpenAI accepts; it cannot contain a word."""


class PcmBuffer:
    """The audio so far: mono at `RATE_HZ`, signed 16 bits, little-endian, 32 kB a second.

    `ended` is set at the end of speech.
    """

    def __init__(self) -> None:
        self.ended = anyio.Event()
        self._pcm = bytearray()
        self._data_added = Notifier()

    def __len__(self) -> int:
        """Bytes so far."""
        return len(self._pcm)

    @property
    def duration_s(self) -> float:
        """Seconds so far."""
        return bytes_to_seconds(len(self._pcm))

    async def fill(self, speech: AsyncIterable[Frame]) -> None:
        """Append all of `speech`."""
        async for frame in speech:
            self._pcm += (np.clip(frame, -1.0, 1.0) * 32767).astype("<i2").tobytes()
            self._data_added.notify()
        self.ended.set()
        self._data_added.notify()

    async def read_from(self, start: int, min_bytes: int, max_bytes: int) -> bytes:
        """Wait for and return at least `min_bytes` bytes from byte `start` on (fewer at the end), at most `max_bytes`.

        Empty at the end of the audio.
        """
        while len(self._pcm) < start + min_bytes and not self.ended.is_set():
            await self._data_added.wait()
        return bytes(self._pcm[start : start + max_bytes])

    async def frames(self) -> AsyncIterator[Frame]:
        """Yield the audio from its beginning, and on as it is spoken."""
        start = 0
        while chunk := await self.read_from(start, FRAME_SAMPLES * SAMPLE_BYTES, FRAME_SAMPLES * SAMPLE_BYTES):
            start += len(chunk)
            yield np.frombuffer(chunk, dtype="<i2").astype(np.float32) / np.float32(32767)


def bytes_to_seconds(pcm_bytes: int) -> float:
    """Return the seconds of `pcm_bytes` bytes of 16-bit audio at `RATE_HZ`."""
    return pcm_bytes / (SAMPLE_BYTES * RATE_HZ)


def seconds_to_bytes(duration_s: float) -> int:
    """Return the bytes of `duration_s` seconds, in whole samples."""
    return round(duration_s * RATE_HZ) * SAMPLE_BYTES
