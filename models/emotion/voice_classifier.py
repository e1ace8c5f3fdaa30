"""Measure how something is said, apart from the words: pitch, loudness, spectral tilt, pace and pauses. Pure numpy.

The measures are few and named, since they also show a user and a language model what was measured ("higher than usual,
fast"). Pitch is the strongest peak of the normalised autocorrelation of 40 ms (Rabiner, IEEE ASSP 25, 1977); pace is
the rate of loudness peaks, one per syllable.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.emotion.labels import Floats

RATE_HZ = 16_000
FRAME, HOP, SIZE = 640, 160, 1024
"""Samples per frame (40 ms) and between frames (10 ms), and points of the spectrum."""

LOWEST_HZ, HIGHEST_HZ = 75.0, 450.0
"""Range of the pitch of voices in Hz, from low male voices to calling children."""

VOICED = 0.45
"""Least autocorrelation peak of a frame that has a pitch."""

QUIET_DB, SILENT_DB = 25.0, -85.0
"""A frame this far below the loudest is silent; a recording whose loudest frame is below the second is only silence."""

NEAR = 0.9
"""Share of the highest peak from which a pitch one or two octaves higher is taken: a period's multiples peak too."""

NAMES = (
    *("pitch", "pitch_spread", "pitch_low", "pitch_high", "pitch_range", "pitch_rise", "pitch_jumps"),
    *("loud", "loud_spread", "loud_range", "loud_peak", "loud_rise", "loud_jumps"),
    *("tilt", "tilt_spread", "bright", "bright_spread", "clear", "clear_spread", "voiced"),
    *("pace", "pauses", "longest_pause"),
)
"""The measures in order: pitch in semitones above 100 Hz, loudness in dB of full scale, tilt in dB (below against above
1 kHz), brightness in octaves above 1 kHz, pace in syllables per second, pauses as a share, the longest in seconds.
"""


def measured(audio: Floats) -> Floats:
    """Return the measures of a recording, mono at `RATE_HZ`, shape (len(NAMES),); zeros for one without sound."""
    if len(audio) < 3 * FRAME:
        return np.zeros(len(NAMES), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(audio, FRAME)[::HOP] * np.hanning(FRAME).astype(np.float32)
    power = np.abs(np.fft.rfft(frames, SIZE)).astype(np.float32) ** 2
    energy = power.mean(1)
    loud = 10 * np.log10(energy + 1e-9)
    speaks = loud > loud.max() - QUIET_DB
    if speaks.sum() < 3 or loud.max() < SILENT_DB:
        return np.zeros(len(NAMES), np.float32)
    pitch, clear = _pitch(power)
    has = speaks & (clear > VOICED)
    semitones = 12 * np.log2(pitch[has] / 100) if has.sum() > 2 else np.zeros(3, np.float32)
    hz = np.fft.rfftfreq(SIZE, 1 / RATE_HZ)
    said = power[speaks]
    tilt = 10 * np.log10((said[:, hz < 1000].sum(1) + 1e-9) / (said[:, hz >= 1000].sum(1) + 1e-9))
    bright = np.log2((said @ hz + 1e-9) / (said.sum(1) + 1e-9) / 1000)
    spoken = loud[speaks]
    first, last = np.flatnonzero(speaks)[[0, -1]]
    inside = speaks[first : last + 1]
    low, high = np.percentile(semitones, (10, 90))
    return np.array(
        [
            *(semitones.mean(), semitones.std(), low, high, high - low, _rise(semitones), _jumps(semitones)),
            *(spoken.mean(), spoken.std(), np.ptp(np.percentile(spoken, (10, 90))), spoken.max()),
            *(_rise(spoken), _jumps(spoken)),
            *(tilt.mean(), tilt.std(), bright.mean(), bright.std(), clear[speaks].mean(), clear[speaks].std()),
            has.sum() / speaks.sum(),
            *(_syllables(loud[first : last + 1]) / (len(inside) * HOP / RATE_HZ), 1 - inside.mean()),
            _longest(~inside) * HOP / RATE_HZ,
        ],
        np.float32,
    )


def _pitch(power: Floats) -> tuple[Floats, Floats]:
    """Return the pitch of each frame in Hz and how clear it is, from 0 to 1."""
    correlation = np.fft.irfft(power)
    correlation = correlation / (correlation[:, :1] + 1e-9)
    window = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(FRAME), SIZE)) ** 2)
    correlation = correlation / np.maximum(window / window[0], 0.1)
    shortest, longest = int(RATE_HZ / HIGHEST_HZ), int(RATE_HZ / LOWEST_HZ)
    among = correlation[:, shortest:longest]
    peaks = np.zeros(among.shape, bool)
    peaks[:, 1:-1] = (among[:, 1:-1] >= among[:, :-2]) & (among[:, 1:-1] > among[:, 2:])
    near = peaks & (among >= NEAR * among.max(1, keepdims=True))
    at = np.where(near.any(1), near.argmax(1), among.argmax(1))
    return (RATE_HZ / (at + shortest)).astype(np.float32), among.max(1).clip(0, 1).astype(np.float32)


def _rise(values: Floats) -> float:
    """Return how much the second half lies above the first."""
    half = len(values) // 2
    return float(values[half:].mean() - values[:half].mean())


def _jumps(values: Floats) -> float:
    return float(np.abs(np.diff(values)).mean())


def _syllables(loud: Floats) -> int:
    """Return the number of peaks of the smoothed loudness that stand out by 2 dB."""
    smooth = np.convolve(loud, np.hanning(11) / np.hanning(11).sum(), "same")
    inner = smooth[1:-1]
    peaks = np.flatnonzero((inner > smooth[:-2]) & (inner >= smooth[2:])) + 1
    count, last = 0, float(-SIZE)
    floor = smooth.max() - QUIET_DB
    for before, peak in zip([0, *peaks[:-1]], peaks, strict=True):
        valley = smooth[before:peak].min()
        if smooth[peak] > floor and smooth[peak] - valley > 2 and peak - last > 8:
            count, last = count + 1, float(peak)
    return count


def _longest(true: NDArray[np.bool_]) -> int:
    """Return the length of the longest run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], true.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0
