"""Compose speech of any length from recordings, with its beginning and end known to a frame.

A latency from "the end of speech" is only as good as that end is known, so it is found in the sound itself: the last
frame louder than 30 dB below the loudest, the bound below which the microphone's own rule never takes sound for speech.
The soft end of a final consonant may lie below it, by some hundredths of a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop.audio.file import read
from desktop.core.errors import Problem
from desktop.core.types import FRAME, RATE_HZ, Audio

VOICED = 0.03
"""Share of the loudest frame's root mean square from which a frame is voiced: 30 dB below it."""

LEAD_S = 0.3
"""Seconds from the key press to the first word."""

GAP_S = (0.3, 1.2)
"""Range in seconds of the pauses between recordings: from one within a sentence to one between two thoughts."""

FADE = RATE_HZ // 125
"""Samples (8 ms) at the end of a recording that fade out, so that a cut makes no click."""

DIP_S = 0.5
"""Seconds before the end of a passage that would be too long, in which its quietest frame, most likely between two
words, becomes its end."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Sound to be spoken in one go: the first word begins at `onset_s`, the last ends at `end_s`."""

    audio: Audio
    onset_s: float
    end_s: float


def pieces(files: Sequence[Path]) -> list[Audio]:
    """Load the speech of each file, without the silence around it. Raises `UserError` where there is none."""
    if not files:
        raise Problem(
            "There is no speech to measure with.", "Give recordings of speech, for example: intone bench release *.flac"
        )
    found = []
    for file in files:
        audio = read(file)
        first, last = voiced(audio)
        if first == last:
            raise Problem(f"{file} holds no speech.", "Give recordings of speech.")
        found.append(audio[first:last])
    return found


def voiced(audio: Audio) -> tuple[int, int]:
    """Return where speech begins and ends, in samples, voiced frames inside. Equal where all is silent."""
    whole = audio[: len(audio) // FRAME * FRAME].reshape(-1, FRAME)
    levels = np.sqrt(np.mean(np.square(whole), axis=1))
    loud = np.flatnonzero(levels > VOICED * levels.max()) if len(levels) else levels
    return (int(loud[0]) * FRAME, (int(loud[-1]) + 1) * FRAME) if len(loud) else (0, 0)


class Passages:
    """Generates passages from `speech`; each recording is used once before any repeats. The same seed gives the same
    passages."""

    def __init__(self, speech: Sequence[Audio], seed: int) -> None:
        self._speech = speech
        self._random = np.random.default_rng(seed)
        self._next = self._shuffled()

    def next(self, length_s: float) -> Passage:
        """Create a passage whose last word ends at most `length_s` after its first one began."""
        wanted = round(length_s * RATE_HZ)
        parts: list[Audio] = []
        have = 0
        while have < wanted:
            piece = next(self._next)
            gap = round(self._random.uniform(*GAP_S) * RATE_HZ) if parts else 0
            parts += [np.zeros(gap, np.float32), _faded(piece)]
            have += gap + len(parts[-1])
        speech = np.concatenate(parts)
        first, last = voiced(speech[: _dip(speech, wanted)])
        return Passage(
            np.concatenate([np.zeros(round(LEAD_S * RATE_HZ), np.float32), _faded(speech[first:last])]),
            onset_s=LEAD_S,
            end_s=LEAD_S + (last - first) / RATE_HZ,
        )

    def _shuffled(self) -> Iterator[Audio]:
        while True:
            for index in self._random.permutation(len(self._speech)):
                yield self._speech[index]


def _dip(speech: Audio, wanted: int) -> int:
    """Return where to end speech that may be longer than `length`: at the quietest frame before it."""
    frames = np.arange(max(0, wanted - round(DIP_S * RATE_HZ)), wanted - FRAME + 1, FRAME)
    energies = [float(np.square(speech[start : start + FRAME]).sum()) for start in frames]
    return int(frames[int(np.argmin(energies))]) + FRAME // 2 if len(frames) and len(speech) > wanted else wanted


def _faded(piece: Audio) -> Audio:
    """Return `piece` with its last samples faded out."""
    faded = piece.copy()
    count = min(FADE, len(faded))
    faded[len(faded) - count :] *= np.linspace(1, 0, count, dtype=np.float32)
    return faded
