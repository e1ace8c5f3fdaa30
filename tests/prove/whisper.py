"""Whispered speech, synthetic: real clips whose voice is taken out and replaced by breath.

Each 25 ms are taken apart by linear prediction (order 18) into the mouth's resonances and what excites them; the
resonances are then excited by white noise of the same energy, so there is no pitch any more, and tilted by 6 dB an
octave towards the high notes, since a whisper lacks the low ones. A real whisper also moves its formants and is slower;
results on these are therefore called synthetic.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from desktop.bench.clock import SkippingClock
from desktop.core.types import RATE_HZ, Audio
from tests.prove.heard import at_pace, counts, rate, recogniser, said
from tests.prove.record import Line, Run, tell
from tests.prove.recordings import clips, recorded, sound

ORDER = 18
FRAME, HOP = 400, 200
"""25 ms, half of it new."""

TILT = 0.85
"""Of the first-order high pass: 6 dB an octave from about 400 Hz."""

_FFT = 2048
"""Long enough for the resonances to die away, since the filter is applied by spectrum."""


def predictor(frames: np.ndarray) -> np.ndarray:
    """Coefficients a of A(z) = 1 + a1 z^-1 + ... of each windowed frame, float64[n, ORDER + 1] (Levinson-Durbin)."""
    spectra = np.abs(np.fft.rfft(frames, _FFT)) ** 2
    r = np.fft.irfft(spectra)[:, : ORDER + 1]
    r[:, 0] = r[:, 0] * 1.0001 + 1e-12  # a noise floor of -40 dB keeps it stable
    a = np.zeros((len(frames), ORDER + 1))
    a[:, 0] = 1
    error = r[:, 0].copy()
    for order in range(1, ORDER + 1):
        k = -(a[:, :order] * r[:, order:0:-1]).sum(axis=1) / error
        a[:, 1 : order + 1] += k[:, None] * a[:, order - 1 :: -1][:, :order]
        error *= 1 - k**2
    return a


def whispered(audio: Audio, rng: np.random.Generator) -> Audio:
    """The clip as if it were whispered, at the loudness it had."""
    window = np.sqrt(np.hanning(FRAME + 1)[:FRAME])
    padded = np.pad(audio.astype(np.float64), (HOP, FRAME + HOP))
    starts = np.arange(0, len(padded) - FRAME, HOP)
    frames = padded[starts[:, None] + np.arange(FRAME)] * window
    noise = rng.standard_normal(len(padded))[starts[:, None] + np.arange(FRAME)] * window
    shaped = np.fft.irfft(np.fft.rfft(noise, _FFT) / np.fft.rfft(predictor(frames), _FFT))
    energy = (frames**2).sum(axis=1) / np.maximum((shaped**2).sum(axis=1), 1e-20)
    out = np.zeros(len(padded) + _FFT)
    for start, frame in zip(starts, shaped * np.sqrt(energy)[:, None], strict=True):
        out[start : start + _FFT] += frame
    tilted = out[HOP : HOP + len(audio)] - TILT * out[HOP - 1 : HOP - 1 + len(audio)]
    tilted *= np.sqrt((audio.astype(np.float64) ** 2).mean() / (tilted**2).mean())
    return recorded(tilted * min(1, 0.99 / np.abs(tilted).max()))


def prove(run: Run) -> dict[str, Any]:
    """Dictate each clip of the set `en`, voiced and whispered; `run.limit` is how many clips."""
    return at_pace(_prove, run)


async def _prove(run: Run, clock: SkippingClock) -> dict[str, Any]:
    chosen = clips(("en",))
    chosen = chosen[: run.upto(len(chosen))]
    voiced: list[Line] = []
    breathed: list[Line] = []
    async with recogniser(run.model) as model:
        for number, clip in enumerate(chosen):

            async def as_it_is(clip: Any = clip) -> Line:
                return counts(clip.text, await said(model, clock, sound(clip)))

            async def as_whisper(clip: Any = clip, number: int = number) -> Line:
                rng = np.random.default_rng([run.seed, 5, number])
                return counts(clip.text, await said(model, clock, whispered(sound(clip), rng)))

            voiced.append(await run.lines.once(f"{clip.path.stem} voiced", as_it_is))
            breathed.append(await run.lines.once(f"{clip.path.stem} whispered", as_whisper))
            tell(f"whisper: {number + 1}/{len(chosen)}", "\r")
    return {
        "made": f"synthetic: noise-excited LPC of order {ORDER} at {RATE_HZ} Hz",
        "dictations": len(chosen),
        "reference_words": sum(line["words"] for line in voiced),
        "empty": sum(not line["heard"] for line in breathed),
        "wer": rate(breathed),
        "wer_voiced": rate(voiced),
        "ok": all(line["heard"] for line in breathed),
    }
