"""Noise of a given colour, and the noise floor of a given recording."""

from __future__ import annotations

import numpy as np

from desktop.core.types import RATE_HZ, Audio

WHITE, PINK, BROWN = 0.0, 1.0, 2.0
"""Exponents n of a power spectrum 1/f^n."""

LOWEST_HZ = 20.0
"""Below it the spectrum stays flat: a microphone hears nothing there, and 1/f has no end."""

_FRAME, _HOP = 512, 256


def coloured(rng: np.random.Generator, samples: int, exponent: float) -> np.ndarray:
    """Gaussian noise with a power spectrum 1/f^exponent and a mean square of 1, float64[samples]."""
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    spectrum *= np.maximum(np.fft.rfftfreq(samples, 1 / RATE_HZ), LOWEST_HZ) ** (-exponent / 2)
    shaped = np.fft.irfft(spectrum, samples)
    return np.asarray(shaped / np.sqrt((shaped**2).mean()))


def band(rng: np.random.Generator, samples: int, low_hz: float, high_hz: float) -> np.ndarray:
    """Noise between two frequencies, falling by 12 dB an octave beyond them, with a mean square of 1."""
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    hz = np.maximum(np.fft.rfftfreq(samples, 1 / RATE_HZ), 1.0)
    spectrum *= np.minimum(1.0, np.minimum(hz / low_hz, high_hz / hz) ** 2)
    shaped = np.fft.irfft(spectrum, samples)
    return np.asarray(shaped / np.sqrt((shaped**2).mean()))


def floor_of(audio: Audio, samples: int, rng: np.random.Generator) -> np.ndarray:
    """Noise that sounds like the recording when nobody speaks in it, float64[samples].

    Gaussian noise given the mean power spectrum of the recording's quietest tenth (32 ms frames). Made rather than
    copied, because a pause of a short clip is too short to fill a gap and heard as a rhythm when it is repeated.
    """
    starts = range(0, max(1, len(audio) - _FRAME + 1), _HOP)
    frames = np.stack([np.pad(audio[s : s + _FRAME], (0, max(0, s + _FRAME - len(audio)))) for s in starts])
    window = np.sqrt(np.hanning(_FRAME + 1)[:_FRAME])
    spectra = np.abs(np.fft.rfft(frames * window)) ** 2
    quiet = np.argsort(spectra.sum(axis=1))[: max(4, len(spectra) // 10)]
    gains = np.sqrt(spectra[quiet].mean(axis=0) / (window**2).sum())
    count = samples // _HOP + 2
    white = rng.standard_normal((count + 1) * _HOP)
    out = np.zeros((count + 1) * _HOP)
    for start in range(0, count * _HOP, _HOP):
        made = np.fft.irfft(np.fft.rfft(white[start : start + _FRAME] * window) * gains, _FRAME)
        out[start : start + _FRAME] += made * window
    return out[_HOP : _HOP + samples]
