"""Detect that nothing is said in a hands-free recording, because it was started by accident or forgotten.

Missing words prove nothing: many services show none before the end, a model may still be loading, and a failed engine
never shows any while the recording continues. The voice detector decides. It runs once, beside the event loop, and only
if no words have come by then, so that a frame costs nothing and most dictations never load it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
from anyio import to_thread

from desktop.audio.vad import VoiceActivity
from desktop.core.types import FRAME, RATE_HZ, Audio, Frame
from desktop.stt.local.segmenter import Windows, murmurs

logger = logging.getLogger(__name__)

LOST_S = 30.0
"""Seconds without speech after which a locked recording counts as started by accident or forgotten."""


BLOCK, BANDS = 8, 8
"""Frames (256 ms) and spectrum bands over which a level is averaged."""

STEADY_DB = 2.0
"""Greatest distance of an even noise's level from its median, in dB (white noise 1.5 dB, a fan 1.9 dB). A whisper
exceeds it even 12 dB and more below white noise (4.7 dB), and so does a single whispered word (4.3 dB)."""


class Opening:
    """Collects the frames of the first `SILENCE_TIMEOUT_S` of a recording (2 MB) until they are known to hold no
    speech."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self._heard_s = 0.0
        self._spoken = False

    def hear(self, frame: Frame) -> None:
        """Add the next frame."""
        if self._heard_s < LOST_S:
            self._heard_s += len(frame) / RATE_HZ
            self.frames.append(frame)

    async def silent(self) -> bool:
        """Return whether no speech was heard; False if that cannot be determined."""
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
    """Return whether `frames` hold speech or a whisper above the room's noise. Blocks, until the first word."""
    return _heard(frames) and not steady(np.concatenate(frames))


def steady(sound: Audio) -> bool:
    """Return whether `audio` is one even noise. The voice detector takes loud white noise for a voice, for seconds."""
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
