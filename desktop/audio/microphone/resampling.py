"""Convert a device's audio to one channel at 16 kHz, cut into frames.

A voice may be on the second of two channels alone, and two microphones in opposite phase cancel out, so two channels
are not mixed: the louder one is used. More than two are mixed by the sound server (see
`desktop.audio.microphone.devices`), whose mean makes a voice on one of eight channels 18 dB too soft; it is amplified
to the loudness of their sum, unless that clips.

soxr resamples, with its anti-alias filter, from the device's own rate: requesting 16 kHz fails on some devices and
aliases on others.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import soxr
from numpy.typing import NDArray

from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame

LOUDER_POWER_FACTOR = 4.0
"""Factor of power (6 dB) by which another channel must be louder to be selected.

Voices exceed the noise by more, and two microphones that capture the same voice differ by less.
"""


class ChannelSelector:
    """Selects the loudest channel, kept until another is clearly louder, and the gain that undoes the server's mixing.

    Both are decided for each piece before it is returned, so that the first sound of a voice is not missed.
    """

    def __init__(self, mixed_channels: int = 1) -> None:
        self._channel = 0
        self._gain = float(mixed_channels)

    def select(self, samples: NDArray[np.float32]) -> Audio:
        """Return the selected channel of `samples`, shape (n, channels), with the gain applied."""
        if not len(samples):
            return samples[:, 0]
        power = np.mean(np.square(samples), axis=0)
        loudest = int(np.argmax(power))
        if power[loudest] > LOUDER_POWER_FACTOR * power[self._channel]:
            self._channel = loudest
        selected = samples[:, self._channel]
        self._gain = max(1.0, min(self._gain, 1 / max(1e-9, float(np.abs(selected).max()))))
        return selected * np.float32(self._gain)


class FrameResampler:
    """Resamples a stream from `rate_hz` and cuts it into frames of `FRAME_SAMPLES` samples at `RATE_HZ`."""

    def __init__(self, rate_hz: int) -> None:
        self._resampler = _make_resampler(rate_hz)
        self._pending: Audio = np.zeros(0, np.float32)

    def resample(self, samples: Audio, last: bool = False) -> Iterator[Frame]:
        """Yield the frames that `samples`, shape (n,), complete; with `last` also the rest as a shorter frame."""
        self._append(self._resampler.resample_chunk(samples, last=last))
        while len(self._pending) >= (1 if last else FRAME_SAMPLES):
            frame, self._pending = self._pending[:FRAME_SAMPLES], self._pending[FRAME_SAMPLES:]
            yield frame

    def change_rate(self, rate_hz: int, gap_s: float = 0.0) -> None:
        """Set the rate of the samples that follow, after `gap_s` seconds of silence."""
        self._append(self._resampler.resample_chunk(np.zeros(0, np.float32), last=True))
        self._resampler = _make_resampler(rate_hz)
        self._append(np.zeros(round(gap_s * RATE_HZ), np.float32))

    def _append(self, resampled: Audio) -> None:
        self._pending = np.concatenate([self._pending, resampled])


def _make_resampler(rate_hz: int) -> soxr.ResampleStream:
    return soxr.ResampleStream(rate_hz, RATE_HZ, num_channels=1, dtype="float32")
