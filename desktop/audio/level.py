"""The loudness of a frame, for level meters."""

from __future__ import annotations

import math

import numpy as np

from desktop.core.types import Frame

METER_QUIET_DB, METER_LOUD_DB = -60.0, -12.0
"""The meter's ends in dB: a quiet room, and speech close to a headset."""


def compute_level(frame: Frame) -> float:
    """Return the frame's loudness in [0, 1], linear in decibels between `METER_QUIET_DB` and `METER_LOUD_DB`."""
    power = float(np.mean(np.square(frame))) if len(frame) else 0.0
    return min(1.0, max(0.0, (10 * math.log10(power + 1e-12) - METER_QUIET_DB) / (METER_LOUD_DB - METER_QUIET_DB)))
