"""Whether anybody speaks into a take that goes on by itself, or it was begun by accident, or forgotten.

Words do not tell: many services show none before the end, a model may still be loading, and an engine that has failed
shows none ever, while what is said goes on being kept. The voice detector tells. It is asked once, beside the loop, and
only where no words have come by then, so that a frame costs nothing and most dictations never load it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
from anyio import to_thread

from desktop.ports import FRAME, RATE_HZ, Audio, Frame
from desktop.speech.vad import VoiceActivity
from desktop.speech.windows import Windows, murmurs

logger = logging.getLogger(__name__)

LOST_S = 30.0
"""A locked take in which nobody has spoken for so long was begun by accident, or forgotten."""


BLOCK, BANDS = 8, 8
"""Frames (256 ms) and bands of the spectrum over which a level is taken."""

STEADY_DB = 2.0
"""No level of an even noise is so far from its middle (of white noise 1.5 dB, of a fan 1.9 dB). A whisper is, 12 dB
below white noise and more (4.7 dB), and so is a single word of it (4.3 dB)."""


class Opening:
    """The `frames` of the first `LOST_S` of a take, which are 2 MB, unless there is known to be no speech in them."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self._heard_s = 0.0
        self._spoken = False

    def hear(self, frame: Frame) -> None:
        """Take the next frame."""
        if self._heard_s < LOST_S:
            self._heard_s += len(frame) / RATE_HZ
            self.frames.append(frame)

    async def silent(self) -> bool:
        """Whether nobody has spoken in what was heard. Somebody has where that cannot be told."""
        if not self._spoken:
            try:
                self._spoken = await to_thread.run_sync(spoken, self.frames, abandon_on_cancel=True)
            except Exception:
                logger.exception("whether somebody speaks cannot be told")
                self._spoken = True
            if not self._spoken:
                self.frames = []
        return not self._spoken


def spoken(frames: Sequence[Frame]) -> bool:
    """Whether somebody speaks in `frames`, or whispers over what the room sounds like. Blocks, until the first word."""
    return _heard(frames) and not steady(np.concatenate(frames))


def steady(sound: Audio) -> bool:
    """Whether it is one even noise throughout. Loud white noise is taken for a voice by the detector, for seconds."""
    count = len(sound) // (FRAME * BLOCK) * BLOCK
    frames = sound[: count * FRAME].reshape(count, FRAME) * np.hanning(FRAME)
    power = np.abs(np.fft.rfft(frames))[:, 1:] ** 2
    levels = 10 * np.log10(power.reshape(-1, BLOCK, BANDS, FRAME // 2 // BANDS).mean(axis=(1, 3)) + 1e-12)
    return bool(count and np.abs(levels - np.median(levels, axis=0)).max() < STEADY_DB)


def _heard(frames: Sequence[Frame]) -> bool:
    voice, windows, voices = VoiceActivity(), Windows(), list[float]()
    for frame in frames:
        voices.append(voice(frame))
        windows.hear(voices[-1])
        if windows.speaking is not None:
            return True
    return bool(murmurs(voices))
