"""Classify which of `LABELS` a recording sounds like, compared with the speaker's usual voice.

Beside the encoder's states, what counts is how something is said, apart from the words: pitch, loudness, spectral tilt,
pace and pauses. These measures are few and named, since they also show a user and a language model what was measured
("higher than usual, fast").
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from models.emotion.labels import LABELS, Floats

RATE_HZ = 16_000
FRAME_SAMPLES, HOP_SAMPLES, SPECTRUM_POINTS = 640, 160, 1024
"""Samples per frame (40 ms) and between frames (10 ms), and points of the spectrum."""

MIN_PITCH_HZ, MAX_PITCH_HZ = 75.0, 450.0
"""Range of the pitch of voices in Hz, from low male voices to calling children."""

MIN_VOICED_PEAK = 0.45
"""Least autocorrelation peak of a frame that has a pitch."""

QUIET_DB, SILENT_DB = 25.0, -85.0
"""A frame this far below the loudest is silent; a recording whose loudest frame is below the second is only silence."""

NEAR_PEAK_SHARE = 0.9
"""Share of the highest peak from which a pitch one or two octaves higher is taken: a period's multiples peak too."""

MEASURE_NAMES = (
    *("pitch", "pitch_spread", "pitch_low", "pitch_high", "pitch_range", "pitch_rise", "pitch_jumps"),
    *("loud", "loud_spread", "loud_range", "loud_peak", "loud_rise", "loud_jumps"),
    *("tilt", "tilt_spread", "bright", "bright_spread", "clear", "clear_spread", "voiced"),
    *("pace", "pauses", "longest_pause"),
)
"""The measures in order: pitch in semitones above 100 Hz, loudness in dB of full scale, tilt in dB (below against above
1 kHz), brightness in octaves above 1 kHz, pace in syllables per second, pauses as a share, the longest in seconds.
"""

TYPICAL_WEIGHT = 10
"""Number of recordings from which a speaker's own mean counts as much as the typical one.

Fewer make the first recording too important; more leave too much of a microphone in (RAVDESS, six folds: .77 with 4 to
10 in any order of the recordings, .66 without when all of one emotion come together).
"""

MIN_UPDATE_WEIGHT = 0.03
"""Least weight of a new recording in that mean, reached after about thirty: it follows a cold, and a new room, within a
day or two, but not an emotion of ten recordings (RAVDESS with all of one emotion together: .76, .74 at .05).
"""

NEUTRAL_SHARE = 0.6
"""Assumed share of neutral speech, as far as is known."""


@dataclass(frozen=True, slots=True)
class VoiceClassifier:
    """Weights (n, 7) over a recording's n measures, from which the speaker's usual values are subtracted.

    A classifier belongs to the model whose encoder it was trained on: another model's states mean something else.

    The measures are the mean of the encoder's states and the prosody, in this order. `spread` (n,) is how much each
    differs between recordings, `typical` (n,) its usual value. `temperature` calibrates the scores.
    """

    spread: Floats
    typical: Floats
    weights: Floats
    biases: Floats
    temperature: float

    @classmethod
    def load(cls, path: Path) -> VoiceClassifier:
        """Load a file that `save` wrote. Raises `OSError` if it cannot be read, `ValueError` if it is none."""
        content = path.read_bytes()
        try:
            with np.load(BytesIO(content)) as arrays:
                spread, typical, weights, biases, heat = (
                    arrays[name].astype(np.float32) for name in ("spread", "typical", "weights", "biases", "heat")
                )
        except (EOFError, KeyError, OSError, TypeError, RuntimeError, BadZipFile, zlib.error) as error:
            raise ValueError(f"not a voice classifier: {error!r}") from error
        count = spread.size
        found = [each.shape for each in (spread, typical, weights, biases, heat)]
        if found != [(count,), (count,), (count, len(LABELS)), (len(LABELS),), ()]:
            raise ValueError(f"not a voice classifier: arrays of {found}")
        if not all(np.isfinite(each).all() for each in (spread, typical, weights, biases, heat)):
            raise ValueError("not a voice classifier: not all values are finite")
        if not (spread > 0).all() or not heat > 0:
            raise ValueError("not a voice classifier: a spread or the temperature is not positive")
        return cls(spread, typical, weights, biases, float(heat))

    def save(self, path: Path) -> None:
        """Write it, in half precision."""
        np.savez_compressed(
            path,
            spread=self.spread.astype(np.float16),
            typical=self.typical.astype(np.float16),
            weights=self.weights.astype(np.float16),
            biases=self.biases,
            heat=np.float32(self.temperature),
        )

    def scores(self, measures: Floats, mean: Floats, count: int) -> Floats:
        """Return the logit of each label, shape (7,), for a recording of a speaker whose mean over `count` recordings
        is `mean`.
        """
        difference = measures - usual_measures(mean, count, self.typical)
        scores: Floats = difference / self.spread @ self.weights + self.biases
        return scores / np.float32(self.temperature)


def update_mean(mean: Floats, count: int, measures: Floats) -> Floats:
    """Return the running mean over `count` recordings, updated with one more."""
    share = np.float32(max(MIN_UPDATE_WEIGHT, 1 / (count + 1)))
    updated: Floats = (mean + share * (measures - mean)).astype(np.float32)
    return updated


def usual_measures(mean: Floats, count: int | NDArray[np.int64], typical: Floats) -> Floats:
    """Return a speaker's usual measures: the mean of `count` recordings, drawn towards the typical values."""
    usual: Floats = (count * mean + TYPICAL_WEIGHT * typical) / (count + TYPICAL_WEIGHT)
    return usual


def log_prior(neutral: float) -> Floats:
    """Return what to add to logits that assume equally frequent labels, if neutral has the share `neutral`."""
    prior: Floats = np.log(np.array([neutral, *[(1 - neutral) / 6] * 6], np.float32) * 7)
    return prior


def softmax(scores: Floats) -> Floats:
    """Return the probabilities of logits, along the last axis."""
    odds = np.exp(scores - scores.max(-1, keepdims=True))
    share: Floats = odds / odds.sum(-1, keepdims=True)
    return share


def measure_prosody(audio: Floats) -> Floats:
    """Return the measures of a recording, mono at `RATE_HZ`, shape (len(MEASURE_NAMES),); zeros for one without sound.

    Pitch is the strongest peak of the normalised autocorrelation of 40 ms (Rabiner, IEEE ASSP 25, 1977); pace is the
    rate of loudness peaks, one per syllable.
    """
    if len(audio) < 3 * FRAME_SAMPLES:
        return np.zeros(len(MEASURE_NAMES), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(audio, FRAME_SAMPLES)[::HOP_SAMPLES] * np.hanning(
        FRAME_SAMPLES
    ).astype(np.float32)
    power = np.abs(np.fft.rfft(frames, SPECTRUM_POINTS)).astype(np.float32) ** 2
    energy = power.mean(1)
    loud = 10 * np.log10(energy + 1e-9)
    is_speech = loud > loud.max() - QUIET_DB
    if is_speech.sum() < 3 or loud.max() < SILENT_DB:
        return np.zeros(len(MEASURE_NAMES), np.float32)
    pitch, clear = _find_pitch(power)
    is_voiced = is_speech & (clear > MIN_VOICED_PEAK)
    semitones = 12 * np.log2(pitch[is_voiced] / 100) if is_voiced.sum() > 2 else np.zeros(3, np.float32)
    hz = np.fft.rfftfreq(SPECTRUM_POINTS, 1 / RATE_HZ)
    speech_power = power[is_speech]
    tilt = 10 * np.log10((speech_power[:, hz < 1000].sum(1) + 1e-9) / (speech_power[:, hz >= 1000].sum(1) + 1e-9))
    bright = np.log2((speech_power @ hz + 1e-9) / (speech_power.sum(1) + 1e-9) / 1000)
    spoken = loud[is_speech]
    first, last = np.flatnonzero(is_speech)[[0, -1]]
    inside = is_speech[first : last + 1]
    low, high = np.percentile(semitones, (10, 90))
    return np.array(
        [
            *(
                semitones.mean(),
                semitones.std(),
                low,
                high,
                high - low,
                _half_difference(semitones),
                _mean_step(semitones),
            ),
            *(spoken.mean(), spoken.std(), np.ptp(np.percentile(spoken, (10, 90))), spoken.max()),
            *(_half_difference(spoken), _mean_step(spoken)),
            *(tilt.mean(), tilt.std(), bright.mean(), bright.std(), clear[is_speech].mean(), clear[is_speech].std()),
            is_voiced.sum() / is_speech.sum(),
            *(_count_syllables(loud[first : last + 1]) / (len(inside) * HOP_SAMPLES / RATE_HZ), 1 - inside.mean()),
            _longest_run(~inside) * HOP_SAMPLES / RATE_HZ,
        ],
        np.float32,
    )


def _find_pitch(power: Floats) -> tuple[Floats, Floats]:
    """Return the pitch of each frame in Hz and how clear it is, from 0 to 1."""
    correlation = np.fft.irfft(power)
    correlation = correlation / (correlation[:, :1] + 1e-9)
    window = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(FRAME_SAMPLES), SPECTRUM_POINTS)) ** 2)
    correlation = correlation / np.maximum(window / window[0], 0.1)
    shortest, longest = int(RATE_HZ / MAX_PITCH_HZ), int(RATE_HZ / MIN_PITCH_HZ)
    candidates = correlation[:, shortest:longest]
    peaks = np.zeros(candidates.shape, bool)
    peaks[:, 1:-1] = (candidates[:, 1:-1] >= candidates[:, :-2]) & (candidates[:, 1:-1] > candidates[:, 2:])
    near = peaks & (candidates >= NEAR_PEAK_SHARE * candidates.max(1, keepdims=True))
    period = np.where(near.any(1), near.argmax(1), candidates.argmax(1))
    return (RATE_HZ / (period + shortest)).astype(np.float32), candidates.max(1).clip(0, 1).astype(np.float32)


def _half_difference(values: Floats) -> float:
    """Return how much the second half lies above the first."""
    half = len(values) // 2
    return float(values[half:].mean() - values[:half].mean())


def _mean_step(values: Floats) -> float:
    return float(np.abs(np.diff(values)).mean())


def _count_syllables(loud: Floats) -> int:
    """Return the number of peaks of the smoothed loudness that stand out by 2 dB."""
    smooth = np.convolve(loud, np.hanning(11) / np.hanning(11).sum(), "same")
    inner = smooth[1:-1]
    peaks = np.flatnonzero((inner > smooth[:-2]) & (inner >= smooth[2:])) + 1
    count, last = 0, float(-SPECTRUM_POINTS)
    floor = smooth.max() - QUIET_DB
    for before, peak in zip([0, *peaks[:-1]], peaks, strict=True):
        valley = smooth[before:peak].min()
        if smooth[peak] > floor and smooth[peak] - valley > 2 and peak - last > 8:
            count, last = count + 1, float(peak)
    return count


def _longest_run(true: NDArray[np.bool_]) -> int:
    """Return the length of the longest run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], true.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0
