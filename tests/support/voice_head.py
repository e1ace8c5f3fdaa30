"""Measures of voices drawn by chance, in the form of `intone emotion --measures`, to train a head without a corpus."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.emotion.training.voice import RAVDESS
from models.emotion.voice_classifier import MEASURE_NAMES

STATES = 512
"""The width of Whisper base's encoder."""

ACTORS, READERS, TAKES = 6, 6, 2


def write_measures(path: Path, seed: int = 1, model: str = "base") -> Path:
    """Write them of actors who express everything twice and readers with four takes each; return `path`. An emotion
    moves the measures in a direction of its own, less than chance moves each take and speaker.
    """
    rng = np.random.default_rng(seed)
    width = STATES + len(MEASURE_NAMES)
    moves = 0.3 * rng.standard_normal((8, width))
    moves[0] = moves[1] = 0  # neutral and calm
    files, measures = [], []
    for actor in range(ACTORS):
        usual = rng.standard_normal(width)
        for emotion in range(8):
            for take in range(TAKES):
                files.append(f"03-01-{emotion + 1:02}-01-01-{take + 1:02}-{actor + 1:02}.flac")
                measures.append(usual + moves[emotion] + rng.standard_normal(width))
    for reader in range(READERS):
        usual = rng.standard_normal(width)
        for take in range(2 * TAKES):
            files.append(f"{reader}-{take}.flac")
            measures.append(usual + rng.standard_normal(width))
    assert {name.split("-")[2] for name in files if name.startswith("03-")} == RAVDESS.keys()
    np.savez_compressed(
        path,
        files=np.array(files),
        models=np.array([model] * len(files)),
        texts=np.array([""] * len(files)),
        seconds=np.full(len(files), 3, np.float32),
        measures=np.array(measures, np.float32),
    )
    return path
