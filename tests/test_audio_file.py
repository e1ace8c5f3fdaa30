"""Any file becomes what a microphone would have given, and nothing is left behind."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop.audio_file import read
from desktop.ports import RATE_HZ


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Meanwhile nothing is freed but what nobody holds."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(("rate_hz", "channels"), [(44_100, 2), (RATE_HZ, 1), (8_000, 1)])
def test_a_file_is_heard_at_our_rate_and_leaves_no_thread(
    tmp_path: Path, uncollected: None, rate_hz: int, channels: int
) -> None:
    tone = np.sin(np.arange(rate_hz) * 2 * np.pi * 440 / rate_hz)
    soundfile.write(tmp_path / "tone.flac", np.tile(tone[:, None] / 2, channels), rate_hz)
    threads = set(Path("/proc/self/task").iterdir())
    heard = read(tmp_path / "tone.flac")
    assert len(heard) == pytest.approx(RATE_HZ, abs=32)
    assert np.abs(np.fft.rfft(heard)).argmax() * RATE_HZ / len(heard) == pytest.approx(440, abs=2)
    assert set(Path("/proc/self/task").iterdir()) <= threads
