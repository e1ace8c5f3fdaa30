"""Play cues and recordings on Windows by waveOut, without a process.

Importing this on another system raises `OSError`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

import numpy as np

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


class CueOutput:
    """Plays cues, each in a thread that may hang with its loudspeaker: it then keeps neither the engine's loop nor the
    app's end, and until it is free no other cue is played."""

    def __init__(self) -> None:
        self._given_up: list[Thread] = []

    async def play(self, samples: bytes, rate_hz: int) -> bool:
        """Play float32 `samples` and return whether that succeeded; a cancelled one ends."""
        self._given_up = [thread for thread in self._given_up if thread.is_alive()]
        if self._given_up:
            return False
        output, loop = WaveOutput(rate_hz), asyncio.get_running_loop()
        is_played: asyncio.Future[bool] = loop.create_future()

        def settle(result: bool) -> None:
            if not is_played.done():
                is_played.set_result(result)

        def run() -> None:
            result = output.play(to_pcm(np.frombuffer(samples, np.float32)))
            with suppress(RuntimeError):  # the app has ended
                loop.call_soon_threadsafe(settle, result)

        thread = Thread(target=run, name="cue", daemon=True)
        thread.start()
        try:
            return await is_played
        except asyncio.CancelledError:
            self._given_up.append(thread)
            raise
        finally:
            output.stop()


CUE_OUTPUT = CueOutput()
"""The output of this process, because what hangs is the machine's loudspeaker."""
