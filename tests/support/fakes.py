"""Short fakes of what the machine provides."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame


class FileRecording:
    """Gives its audio frame by frame as far as its microphone's gate lets it, at speaking pace if asked."""

    device = "File"
    problem = None
    notes = ()
    preroll_s = 0.0

    def __init__(self, audio: Audio, gate: anyio.Event, realtime: bool) -> None:
        self._audio, self._gate, self._realtime = audio, gate, realtime
        self._stopped = anyio.Event()

    def stop(self, at: float) -> None:
        self._stopped.set()

    async def __aiter__(self) -> AsyncIterator[Frame]:
        begun = anyio.current_time()
        await self._gate.wait()
        for start in range(0, len(self._audio), FRAME_SAMPLES):
            if self._realtime:
                await anyio.sleep_until(begun + (start + FRAME_SAMPLES) / RATE_HZ)
            if self._stopped.is_set():
                return
            yield self._audio[start : start + FRAME_SAMPLES]
        await self._stopped.wait()


class FileMicrophone:
    """Hears `audio` in each take, once `gate` is open; after its end it says nothing more until stopped."""

    def __init__(self, audio: Audio, *, realtime: bool = False, gate: anyio.Event | None = None) -> None:
        self._audio, self._realtime = audio, realtime
        self.gate = gate or anyio.Event()
        self.open_takes = 0
        if gate is None:
            self.gate.set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[FileRecording]:
        self.open_takes += 1
        try:
            yield FileRecording(self._audio, self.gate, self._realtime)
        finally:
            self.open_takes -= 1
