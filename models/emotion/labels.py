"""The labels of emotion that all classifiers share.

A classifier is a small file of weights with its measured figures beside it; `desktop.emotion` provides its input. That
of words comes with Intone. One of voices is built by the user (`make voice-head`), since the recordings it learns from
are for non-commercial use.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

LABELS = ("neutral", "joy", "sadness", "anger", "fear", "surprise", "disgust")
"""Ekman's six emotions and neutral, in the order of every array."""

type Floats = NDArray[np.floating[Any]]
