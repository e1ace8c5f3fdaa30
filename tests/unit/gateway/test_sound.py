"""Audio of other programs is decoded within its limits, whatever a file makes of its few bytes."""

from __future__ import annotations

import io
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from desktop.core.types import RATE_HZ
from desktop.gateway import sound
from desktop.gateway.refusal import RequestRefusedError
from desktop.gateway.sound import MIN_RATE_HZ, decode_audio
from tests.support.endpoint import wav


@pytest.mark.parametrize("rate_hz", [MIN_RATE_HZ, 16_000, 48_000])
def test_length_is_that_of_the_file_at_each_rate(rate_hz: int) -> None:
    audio = decode_audio(wav(2.0, rate_hz))
    assert abs(len(audio) / RATE_HZ - 2.0) < 0.01
    assert (audio.dtype, audio.ndim) == (np.dtype(np.float32), 1)


def test_low_rate_is_refused() -> None:
    with pytest.raises(RequestRefusedError, match="fewer than 4000 samples"):
        decode_audio(wav(2.0, MIN_RATE_HZ - 1))


@pytest.mark.parametrize("rate_hz", [MIN_RATE_HZ, 44_100])
def test_long_audio_is_refused(monkeypatch: pytest.MonkeyPatch, rate_hz: int) -> None:
    monkeypatch.setattr(sound, "MAX_HOURS", 1 / 3600)
    assert len(decode_audio(wav(0.9, rate_hz))) <= 0.91 * RATE_HZ
    with pytest.raises(RequestRefusedError, match="lasts longer"):
        decode_audio(wav(1.2, rate_hz))


def test_list_of_other_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.wav").write_bytes(wav(1.0))
    list_of_files = b"ffconcat version 1.0\nfile a.wav\n"
    with av.open(io.BytesIO(list_of_files), mode="r") as container:  # without limits it is read
        assert sum(frame.samples for frame in container.decode(audio=0)) == RATE_HZ
    with pytest.raises(RequestRefusedError, match="no audio that can be read"):
        decode_audio(list_of_files)


def test_samples_that_are_no_numbers_or_too_loud_are_cleaned() -> None:
    file = io.BytesIO()
    given = np.tile(np.array([np.nan, 3.0, -3.0, 0.5], np.float32), 100)
    soundfile.write(file, given, RATE_HZ, format="WAV", subtype="FLOAT")
    assert list(decode_audio(file.getvalue())[:4]) == [0.0, 1.0, -1.0, 0.5]
