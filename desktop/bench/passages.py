"""Compose passages of speech of any length from recordings, with their beginning and end known to a frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop.audio.file import read_audio
from desktop.core.errors import UserError
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio

VOICED_RATIO = 0.03
"""Share of the loudest frame's root mean square from which a frame is voiced: 30 dB below it."""

LEAD_S = 0.3
"""Seconds from the key press to the first word."""

PAUSE_RANGE_S = (0.3, 1.2)
"""Range in seconds of the pauses between recordings: from one within a sentence to one between two thoughts."""

FADE_SAMPLES = RATE_HZ // 125
"""Samples (8 ms) at the end of a recording that fade out, so that a cut makes no click."""

END_SEARCH_S = 0.5
"""Seconds before the end of a passage that would be too long, in which its quietest frame, most likely between two
words, becomes its end."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Sound to be spoken in one go: the first word begins at `onset_s`, the last ends at `end_s`."""

    audio: Audio
    onset_s: float
    end_s: float


def load_speech(files: Sequence[Path]) -> list[Audio]:
    """Load the speech of each file, without the silence around it. Raises `UserError` where there is none."""
    if not files:
        raise UserError("bench-release-speech-missing")
    speech = []
    for file in files:
        audio = read_audio(file)
        first, last = find_speech(audio)
        if first == last:
            raise UserError("bench-file-without-speech", path=str(file))
        speech.append(audio[first:last])
    return speech


def find_speech(audio: Audio) -> tuple[int, int]:
    """Return the first and last sample of speech, including whole voiced frames; equal where all is silent.

    A latency from "the end of speech" is only as good as that end is known, so it is found in the sound itself: the
    last frame louder than 30 dB below the loudest, the bound below which the microphone's own rule never takes sound
    for speech. The soft end of a final consonant may lie below it, by some hundredths of a second.
    """
    frames = audio[: len(audio) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    levels = np.sqrt(np.mean(np.square(frames), axis=1))
    voiced = np.flatnonzero(levels > VOICED_RATIO * levels.max()) if len(levels) else levels
    return (int(voiced[0]) * FRAME_SAMPLES, (int(voiced[-1]) + 1) * FRAME_SAMPLES) if len(voiced) else (0, 0)


class PassageGenerator:
    """Generates passages from `speech`; each recording is used once before any repeats. The same seed gives the same
    passages."""

    def __init__(self, speech: Sequence[Audio], seed: int) -> None:
        self._speech = speech
        self._random = np.random.default_rng(seed)
        self._recordings = self._shuffle_forever()

    def create_passage(self, length_s: float) -> Passage:
        """Create a passage whose last word ends at most `length_s` after its first one began."""
        length = round(length_s * RATE_HZ)
        parts: list[Audio] = []
        count = 0
        while count < length:
            piece = next(self._recordings)
            gap = round(self._random.uniform(*PAUSE_RANGE_S) * RATE_HZ) if parts else 0
            parts += [np.zeros(gap, np.float32), _fade_out(piece)]
            count += gap + len(parts[-1])
        speech = np.concatenate(parts)
        first, last = find_speech(speech[: _find_quiet_end(speech, length)])
        return Passage(
            np.concatenate([np.zeros(round(LEAD_S * RATE_HZ), np.float32), _fade_out(speech[first:last])]),
            onset_s=LEAD_S,
            end_s=LEAD_S + (last - first) / RATE_HZ,
        )

    def _shuffle_forever(self) -> Iterator[Audio]:
        while True:
            for index in self._random.permutation(len(self._speech)):
                yield self._speech[index]


def _find_quiet_end(speech: Audio, length: int) -> int:
    """Return where to end speech that may be longer than `length`: at the quietest frame before it."""
    frames = np.arange(max(0, length - round(END_SEARCH_S * RATE_HZ)), length - FRAME_SAMPLES + 1, FRAME_SAMPLES)
    energies = [float(np.square(speech[start : start + FRAME_SAMPLES]).sum()) for start in frames]
    return (
        int(frames[int(np.argmin(energies))]) + FRAME_SAMPLES // 2 if len(frames) and len(speech) > length else length
    )


def _fade_out(piece: Audio) -> Audio:
    """Return `piece` with its last samples faded out."""
    faded = piece.copy()
    count = min(FADE_SAMPLES, len(faded))
    faded[len(faded) - count :] *= np.linspace(1, 0, count, dtype=np.float32)
    return faded
