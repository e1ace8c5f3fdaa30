"""Measure how loud a sound is in steps of 10 ms, and which of them are louder than the noise around. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from desktop.core.types import RATE_HZ, Audio

type Levels = npt.NDArray[np.float32]

LEVEL_STEP_S = 0.01
"""Seconds of a measurement of loudness."""

QUIET_SHARE, MAX_QUIET_SHARE = 0.08, 0.35
"""Share of the loud level (95 % of a sound is below it) below which it is quiet; a noise floor that is higher counts
as quiet up to the second."""

SMOOTHED_STEPS = 3
"""Steps over which the level is smoothed before it is compared."""


def measure_levels(audio: Audio) -> Levels:
    """Return the root mean square of each `LEVEL_STEP_S` of `audio`."""
    step = round(LEVEL_STEP_S * RATE_HZ)
    padded = np.pad(audio, (0, -len(audio) % step))
    return np.sqrt(np.mean(padded.reshape(-1, step) ** 2, axis=1))


def smooth_levels(levels: Levels, count: int) -> Levels:
    """Return `levels` as means of `count` steps around each."""
    return np.convolve(levels, np.full(count, 1 / count, np.float32), "same")[: len(levels)]


def find_loud_steps(audio: Audio) -> npt.NDArray[np.bool_]:
    """Return whether each `LEVEL_STEP_S` of `audio`, which is not empty, is louder than its noise."""
    levels = smooth_levels(measure_levels(audio), SMOOTHED_STEPS)
    loud, floor = (float(np.quantile(levels, share)) for share in (0.95, 0.1))
    return levels > max(QUIET_SHARE * loud, min(2 * floor, MAX_QUIET_SHARE * loud))
