"""Train the classifier of voices from what `intone emotion --measures` has written, of RAVDESS (files by its own names)
and of plain read speech (LibriSpeech, speechocean762). `make voice-head` does both (`packaging/voice_head.py`).

The app measures, since a classifier must be trained on what it will get: the same windows of speech, the same encoder.

Trained on acted speech alone, a classifier finds an emotion in every second sentence that is read aloud: actors who
play "neutral" in one studio are not how people sound. Read speech of others, added as neutral recordings of a small
weight, mends that and costs nothing on the acted.

It is evaluated in six folds of speakers, of both kinds, each on speakers that it was not trained on. Each recording is
compared with the running mean of its speaker's recordings up to it, as in the app, in a random order and in that of the
names, in which all of one emotion come together.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.emotion.labels import LABELS, Floats
from models.emotion.training.logistic import Ints, fit_logistic
from models.emotion.training.scoring import average_recall, calibration_error
from models.emotion.voice_classifier import VoiceClassifier, softmax, update_mean, usual_measures

RAVDESS = {"01": "neutral", "02": "neutral", "03": "joy", "04": "sadness", "05": "anger", "06": "fear"} | {
    "07": "disgust",
    "08": "surprise",
}
"""Labels of RAVDESS by the third number of a file's name; calm counts as neutral."""

L2 = 0.1
"""With a third of it acted speech is classified as well, but then a third more of the readers sound emotional."""

FOLDS = 6

READ_WEIGHT = 0.15
"""Total weight of the read recordings relative to the acted ones."""

NEUTRAL_OFFSET = 0.7
"""Subtracted from the score of neutral, which is what the read recordings add to it: best for the acted recordings."""

NOTICE = """\
This head was trained on RAVDESS: Livingstone SR, Russo FA (2018), The Ryerson Audio-Visual Database of Emotional Speech
and Song, PLoS ONE 13(5): e0196391, https://doi.org/10.1371/journal.pone.0196391, under CC BY-NC-SA 4.0
(https://creativecommons.org/licenses/by-nc-sa/4.0/). It is for non-commercial use, and is passed on under that licence
alone.
"""
"""Written beside a head."""


@dataclass(frozen=True, slots=True)
class VoiceRecordings:
    """The measures of n recordings in the order of the files.

    Also what each expresses, the speaker's name, whether it is plain read speech, its words and seconds. `spread` and
    `typical` are of the acted ones, `own` (n, measures) is the mean of each recording's speaker.
    """

    names: list[str]
    measures: Floats
    texts: list[str]
    seconds: Floats
    labels: Ints
    speakers: NDArray[np.str_]
    is_read: NDArray[np.bool_]
    spread: Floats
    typical: Floats
    own: Floats

    @classmethod
    def load(cls, paths: Sequence[Path]) -> VoiceRecordings:
        """Load all recordings in these files."""
        files = [np.load(path) for path in paths]
        names = [Path(name).stem for file in files for name in file["files"]]
        measures, texts, seconds = (
            np.concatenate([file[part] for file in files]) for part in ("measures", "texts", "seconds")
        )
        is_read = np.array([not name.startswith("03-") for name in names])
        speakers = np.array([speaker_of(name) for name in names])
        own = np.stack([measures[speakers == speaker].mean(0) for speaker in speakers])
        labels = np.array([label_of(name) for name in names])
        spread, typical = measures[~is_read].std(0) + 1e-6, measures[~is_read].mean(0)
        return cls(
            names, measures, [str(text) for text in texts], seconds, labels, speakers, is_read, spread, typical, own
        )

    def folds(self) -> list[NDArray[np.bool_]]:
        """Return the recordings held out by each fold: all of a sixth of the actors and a sixth of the readers."""
        rng = np.random.default_rng(1)
        kinds = [rng.permutation(np.unique(self.speakers[kind])) for kind in (~self.is_read, self.is_read)]
        return [
            np.isin(self.speakers, np.concatenate(fold))
            for fold in zip(*(np.array_split(these, FOLDS) for these in kinds), strict=True)
        ]

    def train_classifier(self, among: NDArray[np.bool_], heat: float = 1.0) -> VoiceClassifier:
        """Return a classifier trained on only those recordings."""
        weights, biases = train_voice(
            self.measures[among], self.own[among], self.labels[among], self.is_read[among], self.spread
        )
        return VoiceClassifier(self.spread, self.typical, weights, biases, heat)

    def cross_scores(self, order: str) -> Floats:
        """Return the scores of each recording, shape (n, 7), from a classifier trained without its speaker, with the
        running mean in that order ("drawn" by chance or "sorted" by name).
        """
        scores = np.zeros((len(self.labels), 7), np.float32)
        means = running_means(self.measures, self.speakers, self.typical, order)
        for held_out in self.folds():
            classifier = self.train_classifier(~held_out)
            scores[held_out] = (
                self.measures[held_out] - means[held_out]
            ) / self.spread @ classifier.weights + classifier.biases
        return scores


def build_head(measures: Sequence[Path], model: str, folder: Path) -> tuple[Path, dict[str, float]]:
    """Train on what was measured with `model`, evaluate, and write the classifier, its figures and its licence; return
    the classifier's file and the figures.
    """
    recordings = VoiceRecordings.load(measures)
    acted = ~recordings.is_read
    right = recordings.labels[acted]
    scores = {order: recordings.cross_scores(order)[acted] for order in ("drawn", "sorted")}
    heat = fit_temperature(scores["drawn"], right)
    figures: dict[str, float] = {
        f"uar_{order}": round(average_recall(part.argmax(1), right), 4) for order, part in scores.items()
    }
    figures["ece"] = round(calibration_error(softmax(scores["drawn"] / heat), right), 4)
    figures |= {
        "acted": len(right),
        "read": int(recordings.is_read.sum()),
        "speakers": len(np.unique(recordings.speakers)),
    }
    path = folder / f"voice-{model}-ravdess-1.npz"
    fresh = path.with_name(f"{path.stem}.part.npz")
    recordings.train_classifier(np.ones_like(acted), heat).save(fresh)
    path.with_suffix(".md").write_text(NOTICE, encoding="utf-8")
    path.with_suffix(".json").write_text(json.dumps(figures | {"bytes": fresh.stat().st_size}, indent=2) + "\n")
    fresh.replace(path)
    return path, figures


def label_of(stem: str) -> int:
    """Return the label of a file of that name: RAVDESS has it in the third number, read speech is neutral."""
    return LABELS.index(RAVDESS[stem.split("-")[2]]) if stem.startswith("03-") else 0


def speaker_of(stem: str) -> str:
    """Return the speaker of a file: RAVDESS has it in the last number, LibriSpeech before the first dash,
    speechocean762 in the first five digits.
    """
    if stem.startswith("03-"):
        return stem.split("-")[6]
    return stem.partition("-")[0] if "-" in stem else stem[:5]


def running_means(measures: Floats, speakers: NDArray[np.str_], typical: Floats, order: str) -> Floats:
    """Return for each recording the speaker's usual measures, from the recordings up to it in that order."""
    rng = np.random.default_rng(0)
    means = np.zeros_like(measures)
    for speaker in np.unique(speakers):
        indices = np.flatnonzero(speakers == speaker)
        if order == "drawn":
            indices = rng.permutation(indices)
        mean = np.zeros_like(typical)
        for count, index in enumerate(indices):
            mean = update_mean(mean, count, measures[index])
            means[index] = usual_measures(mean, count + 1, typical)
    return means


def train_voice(
    measures: Floats, own: Floats, labels: Ints, is_read: NDArray[np.bool_], spread: Floats
) -> tuple[Floats, Floats]:
    """Return weights and biases, from recordings whose speakers' means are known; each label of the acted has the same
    weight.
    """
    weights = np.full(len(labels), READ_WEIGHT / max(1, int(is_read.sum())), np.float32)
    acted = labels[~is_read]
    each: Floats = 1 / (7 * np.maximum(1, np.bincount(acted, minlength=7)).astype(np.float32))
    weights[~is_read] = each[acted]
    targets = np.eye(7, dtype=np.float32)[labels]
    w, b = fit_logistic((measures - own) / spread, targets, l2=L2, kind="one", weights=weights, steps=300)
    b[0] -= NEUTRAL_OFFSET
    return w, b


def fit_temperature(scores: Floats, labels: Ints) -> float:
    """Return the temperature with the least log loss (temperature scaling; Guo et al., arXiv 1706.04599)."""
    heats = np.linspace(0.3, 4, 75)
    losses: list[float] = [
        -np.log(softmax(scores / heat)[np.arange(len(labels)), labels] + 1e-12).mean() for heat in heats
    ]
    return float(heats[int(np.argmin(losses))])
