"""Emotion in words and voices: features, heads, and the scripts that train them. Knows nothing of `desktop`.

A head is a small file of weights with its measured figures beside it; `desktop.emotion` gives it what it weighs. What
learns from RAVDESS, whose recordings are for non-commercial use, is a file of its own that a package can leave out.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

LABELS = ("neutral", "joy", "sadness", "anger", "fear", "surprise", "disgust")
"""Ekman's six and none of them, in the order of every array."""

type Floats = NDArray[np.floating[Any]]
