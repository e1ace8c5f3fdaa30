"""Fit an offset per label to the user's corrections of emotions; pure.

A user who corrects ten dictations from anger to "neutral" speaks more sharply than the people that the heads were
trained on. An offset for each label can be learned from so few, and cannot unlearn what the heads know.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from desktop.emotion.fusion import PROBABILITY_FLOOR
from models.emotion.labels import LABELS, Floats
from models.emotion.voice_classifier import softmax

type EmotionCorrection = tuple[Sequence[float], str]
"""The scores of a dictation, over `LABELS`, and the label that the user chose."""

MIN_CORRECTIONS = 10
"""Corrections below which nothing is learned."""

PRIOR_PRECISION = 10.0
"""Precision of the prior that holds the offsets at 0: ten corrections of one kind move a label by less than one
(natural log)."""

GRADIENT_STEPS = 300


def fit_offsets(corrections: Sequence[EmotionCorrection]) -> Floats:
    """Return what to add to the log of the scores, shape (7,): the most likely, with a normal prior of precision
    `PRIOR_PRECISION` (a regularised multinomial regression with intercepts only). Zeros if there are too few
    corrections; those without seven scores, or with an unknown label, do not count."""
    usable = [
        (scores, LABELS.index(label)) for scores, label in corrections if len(scores) == len(LABELS) and label in LABELS
    ]
    fitted = np.zeros(len(LABELS), np.float64)
    if len(usable) >= MIN_CORRECTIONS:
        logs = np.log(np.maximum(np.array([scores for scores, _ in usable], np.float64), PROBABILITY_FLOOR))
        label_counts = np.bincount([label for _, label in usable], minlength=len(LABELS))
        # Below the inverse of the curvature, so that it cannot overshoot.
        step = 1 / (len(usable) / 2 + PRIOR_PRECISION)
        for _ in range(GRADIENT_STEPS):
            fitted += step * (label_counts - softmax(logs + fitted).sum(0) - PRIOR_PRECISION * fitted)
    return fitted.astype(np.float32)
