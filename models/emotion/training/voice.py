"""Train the head for voices: `python -m models.emotion.training.voice MEASURES`, a file that
`intone emotion --measures` has written, of RAVDESS (files by its own names) and of plain read speech (LibriSpeech,
speechocean762).

The app measures, since a head must see what the app will show it: the same windows of speech, the same encoder.

Acted speech alone makes a head that hears an emotion in every second sentence that anybody reads aloud: actors who play
"neutral" in one studio are not how people sound. Read speech of others, as so many more neutral takes of a small
weight, takes that away and costs nothing on the acted.

Six folds of speakers, of both kinds, judge what no fold has heard. Each take is given beside the running mean of its
speaker's takes up to it, as in the app, in an order drawn by chance and in that of the names, in which all of one
emotion come together.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.emotion import LABELS, Floats
from models.emotion.training.logistic import Ints, fit
from models.emotion.training.scoring import ece, uar
from models.emotion.voice_head import NEUTRAL, VoiceHead, prior, softmax, usual

RAVDESS = {"01": "neutral", "02": "neutral", "03": "joy", "04": "sadness", "05": "anger", "06": "fear"} | {
    "07": "disgust",
    "08": "surprise",
}
"""Its emotions by the third number of a file's name; calm counts as neutral."""

L2 = 0.2
"""More of it than is best for the acted takes (.77 to .76 in any order) lets a third fewer readers sound moved."""
FOLDS = 6

READ = 0.15
"""What all read takes weigh together beside the acted."""

LESS_NEUTRAL = 0.9
"""Taken off the score of neutral, which is what the read takes add to it: the acted takes are told apart best so."""

HEADS = Path(__file__).parents[1] / "heads"


def main() -> None:
    """Measure, train, judge and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("measures", type=Path, nargs="+", help="one file or several, of which all are taken")
    parser.add_argument("--name", default="base", help="the model's")
    arguments = parser.parse_args()
    files = [np.load(path) for path in arguments.measures]
    stems = [Path(name).stem for file in files for name in file["files"]]
    first = np.argsort([not stem.startswith("03-") for stem in stems], kind="stable")
    measures = np.concatenate([file["measures"] for file in files])[first]
    stems = [stems[at] for at in first]
    is_read = np.array([not stem.startswith("03-") for stem in stems])
    labels = np.array([label(stem) for stem in stems])
    names = [reader(stem) for stem in stems]
    _, speakers = np.unique(names, return_inverse=True)
    spread = measures[~is_read].std(0) + 1e-6
    typical = measures[~is_read].mean(0)
    own = np.stack([measures[speakers == speaker].mean(0) for speaker in speakers])
    given = {order: np.zeros((len(labels), 7), np.float32) for order in ("drawn", "sorted")}
    means = {order: running(measures, speakers, typical, order) for order in given}
    chance = np.random.default_rng(1)
    kinds = [chance.permutation(np.unique(speakers[kind])) for kind in (~is_read, is_read)]
    for fold in zip(*(np.array_split(these, FOLDS) for these in kinds), strict=True):
        held = np.isin(speakers, np.concatenate(fold))
        weights, biases = train(measures[~held], own[~held], labels[~held], is_read[~held], spread)
        for order, mean in means.items():
            given[order][held] = (measures[held] - mean[held]) / spread @ weights + biases
    heat = coolest(given["drawn"][~is_read], labels[~is_read])
    figures: dict[str, float] = {
        f"uar_{order}": round(uar(scores[~is_read].argmax(1), labels[~is_read]), 4) for order, scores in given.items()
    }
    figures["ece"] = round(ece(softmax(given["drawn"][~is_read] / heat), labels[~is_read]), 4)
    as_shipped = softmax(given["drawn"][is_read] / heat + prior(NEUTRAL))
    figures["read_is_neutral"] = round(float((as_shipped.argmax(1) == 0).mean()), 4)
    surely_not = (as_shipped.argmax(1) != 0) & (as_shipped.max(1) >= 0.7)
    figures["read_is_surely_not"] = round(float(surely_not.mean()), 4)
    figures |= {"acted": int((~is_read).sum()), "read": int(is_read.sum()), "speakers": len(np.unique(speakers))}
    weights, biases = train(measures, own, labels, is_read, spread)
    path = HEADS / f"voice-{arguments.name}-ravdess-1.npz"
    VoiceHead(spread, typical, weights, biases, heat).save(path)
    path.with_suffix(".json").write_text(json.dumps(figures | {"bytes": path.stat().st_size}, indent=2) + "\n")
    print(json.dumps(figures))  # noqa: T201 - a script


def label(stem: str) -> int:
    """What a file of that name expresses: RAVDESS has it in the third number, read speech nothing."""
    return LABELS.index(RAVDESS[stem.split("-")[2]]) if stem.startswith("03-") else 0


def reader(stem: str) -> str:
    """Who speaks in it: RAVDESS has it in the last number, LibriSpeech before the first dash, speechocean762 in the
    first five digits."""
    if stem.startswith("03-"):
        return stem.split("-")[6]
    return stem.partition("-")[0] if "-" in stem else stem[:5]


def running(measures: Floats, speakers: Ints, typical: Floats, order: str) -> Floats:
    """For each take what is usual for its speaker, as far as the takes up to it tell, in that order."""
    chance = np.random.default_rng(0)
    found = np.zeros_like(measures)
    for speaker in np.unique(speakers):
        takes = np.flatnonzero(speakers == speaker)
        if order == "drawn":
            takes = chance.permutation(takes)
        counts = np.arange(1, len(takes) + 1)[:, None]
        found[takes] = usual(np.cumsum(measures[takes], 0) / counts, counts, typical)
    return found


def train(
    measures: Floats, own: Floats, labels: Ints, is_read: NDArray[np.bool_], spread: Floats
) -> tuple[Floats, Floats]:
    """Weights and biases, from takes whose speakers' means are known; each label of the acted counts the same."""
    weights = np.full(len(labels), READ / max(1, int(is_read.sum())), np.float32)
    acted = labels[~is_read]
    each: Floats = 1 / (7 * np.bincount(acted, minlength=7).astype(np.float32))
    weights[~is_read] = each[acted]
    targets = np.eye(7, dtype=np.float32)[labels]
    w, b = fit((measures - own) / spread, targets, l2=L2, kind="one", weights=weights, steps=300)
    b[0] -= LESS_NEUTRAL
    return w, b


def coolest(scores: Floats, labels: Ints) -> float:
    """The heat with the least log loss (temperature scaling; Guo et al., arXiv 1706.04599)."""
    heats = np.linspace(0.3, 4, 75)
    losses: list[float] = [
        -np.log(softmax(scores / heat)[np.arange(len(labels)), labels] + 1e-12).mean() for heat in heats
    ]
    return float(heats[int(np.argmin(losses))])


if __name__ == "__main__":
    main()
