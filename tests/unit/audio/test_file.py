"""Any file becomes what a microphone would have given, and nothing is left behind."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop.audio.file import read_audio
from desktop.core.errors import UserError
from desktop.core.types import RATE_HZ


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Meanwhile nothing is freed but what nobody holds."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(("rate_hz", "channels"), [(44_100, 2), (RATE_HZ, 1), (8_000, 1)])
def test_read_resamples_and_leaves_no_thread(tmp_path: Path, uncollected: None, rate_hz: int, channels: int) -> None:
    tone = np.sin(np.arange(rate_hz) * 2 * np.pi * 440 / rate_hz)
    soundfile.write(tmp_path / "tone.flac", np.tile(tone[:, None] / 2, channels), rate_hz)
    threads = list_threads()
    heard = read_audio(tmp_path / "tone.flac")
    assert len(heard) == pytest.approx(RATE_HZ, abs=32)
    assert np.abs(np.fft.rfft(heard)).argmax() * RATE_HZ / len(heard) == pytest.approx(440, abs=2)
    assert list_threads() <= threads


def list_threads() -> set[Path]:
    """Also those of libraries; Windows tells Python none of them."""
    return set() if sys.platform == "win32" else set(Path("/proc/self/task").iterdir())


def test_read_small_file_of_hours_stops_at_limit(tmp_path: Path) -> None:
    hour_s = 3600
    soundfile.write(tmp_path / "silence.flac", np.zeros(30 * 8_000, np.float32), 8_000)
    assert len(read_audio(tmp_path / "silence.flac", 31 / hour_s)) == pytest.approx(30 * RATE_HZ, abs=64)
    with pytest.raises(UserError, match=r"holds more than 0\.00805\d* hours of sound\. Cut it"):
        read_audio(tmp_path / "silence.flac", 29 / hour_s)


def test_read_is_writable_and_empty_without_sound(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "nothing.wav", np.zeros(0, np.float32), RATE_HZ)
    assert len(read_audio(tmp_path / "nothing.wav")) == 0
    soundfile.write(tmp_path / "some.wav", np.full(RATE_HZ, 0.5, np.float32), RATE_HZ)
    heard = read_audio(tmp_path / "some.wav")
    heard *= 2
    assert heard.dtype == np.float32
    assert heard.max() == pytest.approx(1.0)


@pytest.mark.parametrize("rate_hz", [10, 10**9])
def test_rate_of_no_recorder_is_refused(tmp_path: Path, rate_hz: int) -> None:
    soundfile.write(tmp_path / "damaged.wav", np.zeros(RATE_HZ, np.float32), rate_hz)
    with pytest.raises(UserError, match=r"damaged\.wav cannot be read\. Save it"):
        read_audio(tmp_path / "damaged.wav")
