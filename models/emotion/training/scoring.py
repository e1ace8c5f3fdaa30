"""Measure a classifier: the figures on its card."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.emotion.labels import Floats

THRESHOLDS = np.linspace(0.05, 0.9, 86)


def f1(predicted: NDArray[np.bool_], right: NDArray[np.bool_]) -> float:
    """Return twice the hits over all predicted and all right labels; 1 if there was nothing to find."""
    total = predicted.sum() + right.sum()
    return float(2 * (predicted & right).sum() / total) if total else 1.0


def tune_thresholds(probabilities: Floats, right: NDArray[np.bool_]) -> Floats:
    """Return for each label the threshold with the best F1, shape (labels,)."""
    best = [
        THRESHOLDS[np.argmax([f1(column > at, truth) for at in THRESHOLDS])]
        for column, truth in zip(probabilities.T, right.T, strict=True)
    ]
    return np.array(best, np.float32)


def macro_f1(predicted: NDArray[np.bool_], right: NDArray[np.bool_]) -> float:
    """Return the mean F1 of the labels."""
    return float(np.mean([f1(column, truth) for column, truth in zip(predicted.T, right.T, strict=True)]))


def calibration_error(distribution: Floats, labels: NDArray[np.int64], bins: int = 15) -> float:
    """Return the expected calibration error of the likeliest label (Guo et al., arXiv 1706.04599): the mean distance
    between confidence and accuracy, in `bins` of equal width.
    """
    return confidence_error(distribution.max(1), distribution.argmax(1) == labels, bins)


def confidence_error(confidences: Floats, hits: NDArray[np.bool_], bins: int = 15) -> float:
    """Return the expected calibration error of labels given with these confidences, of which `hits` are right."""
    places = np.minimum((confidences * bins).astype(int), bins - 1)
    return float(
        sum(
            (places == at).mean() * abs(confidences[places == at].mean() - hits[places == at].mean())
            for at in range(bins)
            if (places == at).any()
        )
    )


def average_recall(predicted: NDArray[np.int64], right: NDArray[np.int64]) -> float:
    """Return the unweighted average recall: the mean over the labels of the share that was found."""
    return float(np.mean([(predicted[right == label] == label).mean() for label in np.unique(right)]))
