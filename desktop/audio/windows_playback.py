"""Play cues and recordings on Windows by waveOut, without a process.

Importing this on another system raises `OSError`.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

import numpy as np
from anyio import to_thread

from desktop.audio.levels import to_pcm
from desktop.core.errors import UserError
from desktop.core.types import RATE_HZ, Audio
from desktop.platforms.windows.wave_output import WaveOutput


class WaveOutPlayer:
    """`desktop.audio.playback.Player` of Windows."""

    def __init__(self) -> None:
        self._output: WaveOutput | None = None

    def play(self, audio: Audio, on_started: Callable[[], None], on_ended: Callable[[UserError | None], None]) -> None:
        """See `desktop.audio.playback.Player`."""
        self.stop()
        output = self._output = WaveOutput(RATE_HZ)

        def run() -> None:
            played = output.play(to_pcm(audio), lambda: on_started() if self._output is output else None)
            if self._output is output:
                on_ended(None if played else UserError("recording-unplayable"))

        Thread(target=run, name="player", daemon=True).start()

    def stop(self) -> None:
        """Stop playback."""
        output, self._output = self._output, None
        if output is not None:
            output.stop()


async def play_samples(samples: bytes, rate_hz: int) -> bool:
    """Play float32 `samples` and return whether that succeeded; a cancelled one ends."""
    output = WaveOutput(rate_hz)
    pcm = to_pcm(np.frombuffer(samples, np.float32))
    try:
        return await to_thread.run_sync(output.play, pcm, abandon_on_cancel=True)
    finally:
        output.stop()
