"""From what a device gives to what everything downstream is made for: one channel, 16 kHz, frames.

A voice may be on the second of two channels alone, and two microphones in opposite phase cancel out, so two channels
are not mixed: the louder one is heard. More than two are mixed by the sound server (`devices` says why), whose mean
makes a voice on one of eight 18 dB too soft; it is made as loud as their sum, as long as that is not too loud.

Resampling is soxr's, with its anti-alias filter, from the device's own rate: asking a device for 16 kHz fails on some
and aliases on others.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import soxr
from numpy.typing import NDArray

from desktop.ports import FRAME, RATE_HZ, Audio, Frame

LOUDER = 4.0
"""By how many times the power (6 dB) another channel must be louder to be heard instead. Voices lead the noise by more,
and two microphones that hear the same voice differ by less."""


class Voice:
    """Where the voice is in what a device gives: the loudest channel, kept until another one is clearly louder, and as
    loud as it was among the `mixed` channels of which one was made. Both are decided for each piece before it is heard,
    so that the first sound of a voice is not missed."""

    def __init__(self, mixed: int = 1) -> None:
        self._channel = 0
        self._gain = float(mixed)

    def hear(self, samples: NDArray[np.float32]) -> Audio:
        """What to hear of `samples`, shape (n, channels)."""
        if not len(samples):
            return samples[:, 0]
        power = np.mean(np.square(samples), axis=0)
        loudest = int(np.argmax(power))
        if power[loudest] > LOUDER * power[self._channel]:
            self._channel = loudest
        heard = samples[:, self._channel]
        self._gain = max(1.0, min(self._gain, 1 / max(1e-9, float(np.abs(heard).max()))))
        return heard * np.float32(self._gain)


class Cutter:
    """Sound at `rate_hz` as it comes, to frames of `FRAME` samples at `RATE_HZ`."""

    def __init__(self, rate_hz: int) -> None:
        self._resampler = _resampler(rate_hz)
        self._pending: Audio = np.zeros(0, np.float32)

    def cut(self, samples: Audio, last: bool = False) -> Iterator[Frame]:
        """The frames that `samples`, shape (n,), make whole; with `last` also what is left, as a shorter one."""
        self._pend(self._resampler.resample_chunk(samples, last=last))
        while len(self._pending) >= (1 if last else FRAME):
            frame, self._pending = self._pending[:FRAME], self._pending[FRAME:]
            yield frame

    def change(self, rate_hz: int, gap_s: float = 0.0) -> None:
        """What comes next is at `rate_hz`, after `gap_s` of silence."""
        self._pend(self._resampler.resample_chunk(np.zeros(0, np.float32), last=True))
        self._resampler = _resampler(rate_hz)
        self._pend(np.zeros(round(gap_s * RATE_HZ), np.float32))

    def _pend(self, resampled: Audio) -> None:
        self._pending = np.concatenate([self._pending, resampled])


def _resampler(rate_hz: int) -> soxr.ResampleStream:
    return soxr.ResampleStream(rate_hz, RATE_HZ, num_channels=1, dtype="float32")
