"""A window of sound for decoders."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.core.types import FRAME_SAMPLES, Audio


@pytest.fixture
def window() -> tuple[Audio, str]:
    """3.2 s of voice, as audio and as the voices of a request."""
    return np.zeros(100 * FRAME_SAMPLES, np.float32), "9" * 100
