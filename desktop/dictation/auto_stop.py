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
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame
from desktop.stt.segmenter import Segmenter, find_faint_speech

logger = logging.getLogger(__name__)

SILENCE_TIMEOUT_S = 30.0
"""Seconds without speech after which a locked recording counts as started by accident or forgotten."""

FRAMES_PER_BLOCK, SPECTRUM_BANDS = 8, 8
"""Frames (256 ms) and spectrum bands over which a level is averaged."""

STEADY_NOISE_DB = 2.0
"""Greatest distance of an even noise's level from its median, in dB (white noise 1.5 dB, a fan 1.9 dB). A whisper
exceeds it even 12 dB and more below white noise (4.7 dB), and so does a single whispered word (4.3 dB)."""


class SilenceDetector:
    """Collects the frames of the first `SILENCE_TIMEOUT_S` of a recording (2 MB) until they are known to hold no
    speech. `heard_s` are the seconds of all frames."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.heard_s = 0.0
        self._has_speech = False

    def add_frame(self, frame: Frame) -> None:
        """Add the next frame."""
        if self.heard_s < SILENCE_TIMEOUT_S:
            self.frames.append(frame)
        self.heard_s += len(frame) / RATE_HZ

    async def is_silent(self) -> bool:
        """Return whether no speech was heard; False if that cannot be determined."""
        if not self._has_speech:
            try:
                self._has_speech = await to_thread.run_sync(has_speech, self.frames, abandon_on_cancel=True)
            except Exception:
                logger.exception("voice detection failed")
                self._has_speech = True
            if not self._has_speech:
                self.frames = []
        return not self._has_speech


def has_speech(frames: Sequence[Frame]) -> bool:
    """Return whether `frames` hold speech or a whisper above the room's noise. Blocks, until the first word."""
    return _has_voice(frames) and not is_steady_noise(np.concatenate(frames))


def is_steady_noise(audio: Audio) -> bool:
    """Return whether `audio` is one even noise. The voice detector takes loud white noise for a voice, for seconds."""
    count = len(audio) // (FRAME_SAMPLES * FRAMES_PER_BLOCK) * FRAMES_PER_BLOCK
    frames = audio[: count * FRAME_SAMPLES].reshape(count, FRAME_SAMPLES) * np.hanning(FRAME_SAMPLES)
    power = np.abs(np.fft.rfft(frames))[:, 1:] ** 2
    levels = 10 * np.log10(
        power.reshape(-1, FRAMES_PER_BLOCK, SPECTRUM_BANDS, FRAME_SAMPLES // 2 // SPECTRUM_BANDS).mean(axis=(1, 3))
        + 1e-12
    )
    return bool(count and np.abs(levels - np.median(levels, axis=0)).max() < STEADY_NOISE_DB)


def _has_voice(frames: Sequence[Frame]) -> bool:
    detector, segmenter, probabilities = VoiceActivity(), Segmenter(), list[float]()
    for frame in frames:
        probabilities.append(detector(frame))
        segmenter.add_frame(probabilities[-1])
        if segmenter.open_phrase is not None:
            return True
    return bool(find_faint_speech(probabilities))
