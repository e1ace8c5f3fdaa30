"""Two minutes of what `make prove-hour` does for sixty."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop.audio.file import read_audio
from desktop.core.types import RATE_HZ
from tests.conftest import Clip
from tests.prove.heard import rate
from tests.prove.hour import FASTER, dictated

pytestmark = pytest.mark.anyio


async def test_two_minutes_at_8x_pace_are_written_and_kept(clips: list[Clip], tmp_path: Path) -> None:
    gap = np.zeros(RATE_HZ * 3 // 4, np.float32)
    row = clips * 4
    file = tmp_path / "said.flac"
    soundfile.write(file, np.concatenate([part for clip in row for part in (read_audio(clip.path), gap)]), RATE_HZ)
    found = await dictated("tiny.en", file, " ".join(clip.text for clip in row), tmp_path, FASTER)
    assert found["seconds"] > 100
    assert found["whole"], "the recording in the history has every sample, and the spool is empty"
    assert rate([found["errors"]]) <= 15
    assert found["delivery"] == "inserted"
