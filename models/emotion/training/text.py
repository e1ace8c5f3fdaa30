"""Train the classifier of English words: `python -m models.emotion.training.text DATA`, with GoEmotions' Ekman grouping
in DATA (`train.tsv`, `dev.tsv`, `labels.txt`).

Seven binary classifiers learn the labels. An eighth learns whether a dictated text expresses anything at all, from the
same texts beside generated sentences, plain and expressive (`models.emotion.training.plain`); the latter also teach the
seven a few words.

The seven learn the comments unchanged, the eighth with the replacements of `models.emotion.negation` and `mentions`:
trained on the latter, the seven were no better (macro-F1 .591).

One run takes a minute and a half on one core. Thresholds are tuned on one half of the dev part at a time and evaluated
on the other, so that no figure is of what it was tuned on; the classifier then has those of all of it.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.emotion.labels import LABELS, Floats
from models.emotion.text_classifier import TextClassifier, count_features, weigh_features
from models.emotion.training.logistic import Ints, SparseRows, fit_logistic, make_rows, minimise
from models.emotion.training.plain import generate_expressive, generate_sentences
from models.emotion.training.scoring import average_recall, calibration_error, macro_f1, tune_thresholds

MIN_TEXTS = 4
"""Least number of texts that contain a feature that is kept."""

MAX_FEATURES = 60_000
"""Number of features of the classifier: those with the largest weights in one with all of them."""

L2 = 1.2e-5
STEPS = 80

L2_EXPRESSIVE = 2e-5
GENERATED = {
    "plain": (8_000, 7.0),
    "told": (3_000, 0.5),
    "named": (3_000, 1.0),
    "mixed": (3_000, 0.6),
    "blamed": (3_000, 0.8),
    "retracted": (8_000, 4.0),
    "expressive": (8_000, 16.0),
}
"""How many sentences of each kind are generated, and their total weight relative to the neutral comments."""

MIN_GENERATED = 16
"""Least number of generated sentences that contain a feature that is kept for their sake."""

EXPRESSIVE_WEIGHT = 0.1
"""Total weight of the expressive sentences, which have one label each, relative to all comments in the training of the
seven: a few words for emotions that Reddit seldom uses.
"""

LABELLED_WEIGHT = 0.6
"""Weight of a comment with an emotion relative to one without.

This, the shares and `L2_EXPRESSIVE` were tuned on sentences that are in no training (`tests.prove emotion`) and on the
dev part.
"""

CLASSIFIER_FILE = Path(__file__).parents[1] / "heads" / "text-en-1.npz"


def main() -> None:
    """Train, evaluate and write the classifier."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=CLASSIFIER_FILE)
    arguments = parser.parse_args()
    texts, targets = load_part(arguments.data, "train")
    dev_texts, dev_targets = load_part(arguments.data, "dev")
    counts, dev_counts = [count_features(text) for text in texts], [count_features(text) for text in dev_texts]
    expressive_texts = generate_expressive(GENERATED["expressive"][0], 1)
    generated = {
        kind: [count_features(text) for text in generate_sentences(kind, GENERATED[kind][0], 1)]
        for kind in GENERATED
        if kind != "expressive"
    }
    generated["expressive"] = [count_features(text) for text, _ in expressive_texts]
    right = dev_targets > 0
    literal = [count_features(text, literal=True) for text in texts]
    classifier = train_all(literal, counts, targets, expressive_texts, generated, dev_counts, right, arguments.out)
    figures = cross_validate(classifier, score_texts(classifier, dev_counts), right)
    figures |= {
        "features": len(classifier.feature_indices),
        "bytes": arguments.out.stat().st_size,
        "texts": len(texts),
        "dev": len(dev_texts),
    }
    arguments.out.with_suffix(".json").write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures))  # noqa: T201 - a script


def train_all(
    literal: list[Counter[str]],
    counts: list[Counter[str]],
    targets: Floats,
    expressive_texts: list[tuple[str, str]],
    generated: dict[str, list[Counter[str]]],
    dev_counts: list[Counter[str]],
    right: NDArray[np.bool_],
    out: Path,
) -> TextClassifier:
    """Train all eight binary classifiers and write them."""
    expressive_targets = np.eye(7, dtype=np.float32)[[LABELS.index(label) for _, label in expressive_texts]]
    training_features, right_of = [*literal, *generated["expressive"]], np.concatenate([targets, expressive_targets])
    share = np.full(len(training_features), EXPRESSIVE_WEIGHT * len(counts) / len(expressive_texts), np.float32)
    share[: len(counts)] = 1
    seen = Counter(name for each in counts for name in each)
    generated_seen = Counter(name for each in chain(*generated.values()) for name in each)
    names = sorted(
        {name for name, count in seen.items() if count >= MIN_TEXTS}
        | {name for name, count in generated_seen.items() if count >= MIN_GENERATED}
    )
    idf = inverse_document_frequency(len(counts), names, seen)
    weights, _ = train_labels(training_features, right_of, share, names, idf)
    expressive, _ = train_expressive(counts, targets, generated, names, idf)
    all_weights = np.column_stack([weights, expressive])
    heaviest = np.argsort(-np.abs(all_weights / all_weights.std(0)).max(1))[:MAX_FEATURES]
    names = [names[at] for at in sorted(heaviest)]
    idf = inverse_document_frequency(len(counts), names, seen)
    weights, biases = train_labels(training_features, right_of, share, names, idf)
    expressive, expressive_bias = train_expressive(counts, targets, generated, names, idf)
    feature_indices = {name: at for at, name in enumerate(names)}
    ones = np.ones(7, np.float32)
    uncalibrated = TextClassifier(
        feature_indices, idf, weights, biases, ones, ones, 0 * ones, ones / 7, expressive, expressive_bias
    )
    uncalibrated.save(out)
    uncalibrated = TextClassifier.load(out)  # the 8-bit version is what is evaluated
    classifier = calibrate(
        uncalibrated, score_texts(uncalibrated, dev_counts), right, np.flatnonzero(right.sum(1) == 1)
    )
    classifier.save(out)
    return classifier


def score_texts(classifier: TextClassifier, counts: list[Counter[str]]) -> Floats:
    """Return the logits of the labels of each text, shape (n, 7)."""
    rows = make_rows(
        [weigh_features(each, classifier.feature_indices, classifier.idf) for each in counts],
        len(classifier.feature_indices),
    )
    scores: Floats = (rows @ classifier.weights) + classifier.biases
    return scores


def cross_validate(classifier: TextClassifier, scores: Floats, right: NDArray[np.bool_]) -> dict[str, float]:
    """Return the figures of `classifier` on texts with these scores and labels (n, 7).

    Each is the mean of two halves, evaluated with what was tuned on the other. `balanced_accuracy` and
    `macro_f1_of_best` are of the best label, on texts with one label.
    """
    one_of_seven = np.eye(len(LABELS), dtype=bool)
    halves = np.arange(len(right)) % 2 == 0
    figures = []
    for half in (halves, ~halves):
        tuned_head = calibrate(classifier, scores[half], right[half], np.flatnonzero(right[half].sum(1) == 1))
        other, truth = scores[~half], right[~half]
        single = np.flatnonzero(truth.sum(1) == 1)
        distribution = tuned_head.distribution(other)
        labels, best = truth[single].argmax(1), tuned_head.best_labels(other[single])
        figures.append(
            {
                "macro_f1": macro_f1(tuned_head.label_probabilities(other) > tuned_head.thresholds, truth),
                "macro_f1_of_distribution": macro_f1(
                    distribution > tune_thresholds(tuned_head.distribution(scores[half]), right[half]), truth
                ),
                "accuracy_of_single": float((distribution[single].argmax(1) == labels).mean()),
                "balanced_accuracy": average_recall(best, labels),
                "macro_f1_of_best": macro_f1(one_of_seven[best], one_of_seven[labels]),
                "ece": calibration_error(distribution[single], labels),
            }
        )
    return {name: round(float(np.mean([each[name] for each in figures])), 4) for name in figures[0]}


def load_part(folder: Path, part: str) -> tuple[list[str], Floats]:
    """Return the texts of a part and their labels in our order, shape (n, 7)."""
    theirs = (folder / "labels.txt").read_text(encoding="utf-8").split()
    ours = [LABELS.index(name) for name in theirs]
    texts, targets = [], []
    for line in (folder / f"{part}.tsv").read_text(encoding="utf-8").split("\n"):
        text, _, rest = line.partition("\t")
        if rest:
            target = np.zeros(len(LABELS), np.float32)
            target[[ours[int(label)] for label in rest.partition("\t")[0].split(",")]] = 1
            texts.append(text)
            targets.append(target)
    return texts, np.array(targets)


def train_labels(
    counts: list[Counter[str]], targets: Floats, share: Floats, names: list[str], idf: Floats
) -> tuple[Floats, Floats]:
    """Return weights and biases for the features `names`; `share` are the weights of the texts."""
    feature_indices = {name: at for at, name in enumerate(names)}
    rows = make_rows([weigh_features(each, feature_indices, idf) for each in counts], len(names))
    weights, biases = [], []
    for target in targets.T:
        ratios = log_count_ratios(rows, target, share)
        scaled = replace(rows, values=rows.values * ratios[rows.columns])
        w, b = fit_logistic(scaled, target[:, None], l2=L2, kind="each", weights=share, steps=STEPS)
        weights.append(ratios * w[:, 0])
        biases.append(b[0])
    return np.stack(weights, axis=1), np.array(biases, np.float32)


def log_count_ratios(rows: SparseRows, target: Floats, share: Floats) -> Floats:
    """Return for each column the logarithm of its share in the rows with the label over that in the others (Wang and
    Manning, Baselines and Bigrams, ACL 2012): features scaled so need less weight the more often they go with it.
    """
    lengths = np.diff(rows.starts)
    sums = []
    for of in (target, 1 - target):
        total = np.bincount(rows.columns, rows.values * np.repeat(of * share, lengths), rows.width) + of.mean()
        sums.append(total / total.sum())
    return np.log(sums[0] / sums[1]).astype(np.float32)


def inverse_document_frequency(count: int, names: list[str], seen: Counter[str]) -> Floats:
    """Return the idf of the features among `count` texts."""
    return np.array([1 + math.log((1 + count) / (1 + seen[name])) for name in names], np.float32)


def train_expressive(
    counts: list[Counter[str]],
    targets: Floats,
    generated: dict[str, list[Counter[str]]],
    names: list[str],
    idf: Floats,
) -> tuple[Floats, float]:
    """Return weights (features,) and bias that predict whether a dictated text expresses anything."""
    feature_indices = {name: at for at, name in enumerate(names)}
    rows = make_rows(
        [weigh_features(each, feature_indices, idf) for each in chain(counts, *generated.values())], len(names)
    )
    expressive = np.where(targets[:, 1:].any(1), np.where(targets[:, 0] > 0, 0.5, 1), 0)
    neutral = int((expressive < 1).sum())
    targets_of, weights = [expressive], [np.where(expressive == 1, LABELLED_WEIGHT, 1)]
    for kind, texts in generated.items():
        targets_of.append(np.full(len(texts), float(kind == "expressive")))
        weights.append(np.full(len(texts), GENERATED[kind][1] * neutral / len(texts)))
    is_expressive, share = (np.concatenate(parts).astype(np.float32) for parts in (targets_of, weights))
    w, b = fit_logistic(rows, is_expressive[:, None], l2=L2_EXPRESSIVE, kind="each", weights=share, steps=STEPS)
    return w[:, 0], float(b[0])


def calibrate(classifier: TextClassifier, scores: Floats, right: NDArray[np.bool_], alone: Ints) -> TextClassifier:
    """Return `classifier` with thresholds for `scores`; and a scale, a shift and a share per label, of texts with
    one.
    """
    names = np.eye(7, dtype=np.float32)[right[alone].argmax(1)]
    scale, shift = fit_vector_scaling(scores[alone], names)
    return replace(
        classifier,
        thresholds=tune_thresholds(classifier.label_probabilities(scores), right),
        scale=scale,
        shift=shift,
        shares=names.mean(0),
    )


def fit_vector_scaling(scores: Floats, targets: Floats) -> tuple[Floats, Floats]:
    """Return the scale and shift of each score with the least log loss, by vector scaling (Guo et al., arXiv
    1706.04599).
    """

    def loss(flat: Floats) -> tuple[float, Floats]:
        turned = scores * flat[:7] + flat[7:]
        turned = turned - turned.max(1, keepdims=True)
        logs = turned - np.log(np.exp(turned).sum(1, keepdims=True))
        wrong = ((np.exp(logs) - targets) / len(scores)).astype(np.float32)
        gradient = np.concatenate([(wrong * scores).sum(0), wrong.sum(0)])
        return float(-(targets * logs).sum() / len(scores)), gradient.astype(np.float32)

    flat = minimise(loss, np.concatenate([np.ones(7), np.zeros(7)]).astype(np.float32), 100)
    return flat[:7], flat[7:]


if __name__ == "__main__":
    main()
