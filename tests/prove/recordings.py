"""Real speech with its words, from a folder that is no part of the project.

`INTONE_DATA` names the folder; beside the checkout it is `../shared/data`. Its `manifest.tsv` has one clip a line, and
its licences do not let the clips be kept here. Clips are mono FLAC at 16 kHz.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from desktop.core.types import RATE_HZ, Audio
from tests.prove.record import ROOT

SETS = ("en", "en-l2", "long")

ACTED_FOLDER = "emotion/voice/ravdess"

ACTIVE_DB = 25.0
"""A frame that lies less than this below the loud ones belongs to speech (pauses lie 30 dB and more below)."""


class Absent(Exception):
    """There are no recordings here; its text says where they were looked for."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording of one sentence or a few. `speaker` is as much of its name as one reader's recordings share."""

    path: Path
    kind: str
    speaker: str
    text: str
    seconds: float


def find_folder() -> Path:
    """The folder of the recordings. Raises `Absent`."""
    root = Path(os.environ.get("INTONE_DATA", ROOT.parent / "shared/data"))
    if not (root / "manifest.tsv").is_file():
        raise Absent(f"no recordings: {root} has no manifest.tsv (INTONE_DATA names another folder)")
    return root


def clips(kinds: Sequence[str] = SETS) -> list[Clip]:
    """The clips of these sets in the manifest's order. Raises `Absent`."""
    root = find_folder()
    with (root / "manifest.tsv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["path"].startswith("speech/")]
    found = []
    for row in rows:
        path = root / row["path"]
        kind = path.parent.name
        if kind in kinds:
            speaker = path.stem[:5] if kind == "en-l2" else path.stem.split("-")[0]
            found.append(Clip(path, kind, speaker, row["text"], soundfile.info(path).duration))
    return found


def acted() -> list[Clip]:
    """The clips of actors who say the same two sentences many times, in the manifest's order. Raises `Absent`."""
    root = find_folder()
    with (root / "manifest.tsv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["path"].startswith(ACTED_FOLDER)]
    return [
        Clip(path := root / row["path"], row["emotion"], path.stem[-2:], row["text"], float(row["seconds"]))
        for row in rows
    ]


def sound(clip: Clip) -> Audio:
    """Its samples as recorded."""
    audio, rate_hz = soundfile.read(clip.path, dtype="float32")
    assert (rate_hz, audio.ndim) == (RATE_HZ, 1), clip.path
    return np.asarray(audio)


FRAME = 320
"""Samples (20 ms) of which a mean square is taken."""


def power(audio: Audio, length: int = FRAME) -> np.ndarray:
    """Mean square of each frame of `length` samples, float64[n]."""
    whole = audio[: len(audio) // length * length].astype(np.float64).reshape(-1, length)
    return np.asarray((whole**2).mean(axis=1))


def speech_power(audio: Audio) -> float:
    """Mean square of the frames in which somebody speaks."""
    frames = power(audio)
    return float(frames[frames > np.percentile(frames, 95) * 10 ** (-ACTIVE_DB / 10)].mean())


def recorded(audio: np.ndarray) -> Audio:
    """What a microphone of 16 bits gives of it: rounded, and cut off at full scale."""
    steps = np.clip(np.round(np.asarray(audio, np.float64) * 32768), -32768, 32767)
    return (steps / 32768).astype(np.float32)
