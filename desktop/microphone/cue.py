"""The start cue: a soft short tone that says the microphone hears, for whoever waits for it before speaking.

It comes when real sound has arrived, not when a stream was opened, because a headset that wakes up eats what is said
until then. It ends up in the recording, so it must be nothing that a voice could be: one pure tone, shorter than the
shortest word, swelling and fading, which neither the voice activity nor the model takes for speech
(`tests/speech/test_cue.py`).

`pacat`, from the package of `pactl`, plays it from its standard input: a child process can neither hold up nor break
what hears, as an output stream in PortAudio could, which is not thread-safe and hangs with a device that hangs. Where
it cannot be played, nothing happens but that it is counted.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess

import numpy as np

from desktop.ports import Audio

logger = logging.getLogger(__name__)

CUE_HZ, CUE_S, CUE_PEAK = 880.0, 0.06, 0.05
"""Two of Silero's frames long and 26 dB under full scale. Silero gives such tones 0.2 of being a voice at most from
780 Hz on, at any loudness; lower ones, up to 0.5."""

PLAY_S = 2.0
"""A sound server that has not played it by then is no use for a cue."""

CLIENT = "Intone"
"""How the sound server knows the player, which is not turned down with others."""

PLAYER_HZ = 48_000
PLAYER = (
    *("pacat", "--playback", f"--client-name={CLIENT}", "--property=media.role=event", "--latency-msec=20"),
    *(f"--rate={PLAYER_HZ}", "--channels=1", "--format=float32le"),
)


def tone(rate_hz: int) -> Audio:
    """The cue at `rate_hz`: a sine under a raised cosine, so that it begins and ends without a click."""
    time_s = np.arange(round(CUE_S * rate_hz)) / rate_hz
    swell = np.square(np.sin(np.pi * time_s / CUE_S))
    return (CUE_PEAK * swell * np.sin(2 * np.pi * CUE_HZ * time_s)).astype(np.float32)


class Cue:
    """Plays it beside everything else. `missed` counts the times that it could not be played."""

    def __init__(self) -> None:
        self.missed = 0
        self._playing = set[asyncio.Task[None]]()

    def __call__(self) -> None:
        """Begin to play it, from the engine's loop. Never waits, never raises."""
        task = asyncio.get_running_loop().create_task(self._play())
        self._playing.add(task)
        task.add_done_callback(self._playing.discard)

    async def _play(self) -> None:
        try:
            async with asyncio.timeout(PLAY_S):
                played = await _play(tone(PLAYER_HZ).tobytes())
        except OSError:  # there is no `pacat`, or the time is over
            played = False
        self.missed += not played
        if self.missed == 1 and not played:
            logger.warning("start cues that could not be played: %d; no more is said of it", self.missed)


async def _play(samples: bytes) -> bool:
    """Whether `pacat` played them."""
    player = await asyncio.create_subprocess_exec(
        *PLAYER, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        await player.communicate(samples)
        return player.returncode == 0
    finally:
        if player.returncode is None:
            player.kill()
