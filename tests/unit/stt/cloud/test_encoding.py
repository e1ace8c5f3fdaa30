"""Sound encoded while it is spoken: whole and in time, and what is chosen for whom."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop.audio import file as audio_file
from desktop.core.types import FRAME, RATE_HZ, Audio
from desktop.network.provider_models import offer
from desktop.stt.cloud.encoding import LATE_S, Encoding, Flac, Opus, Wav, chosen
from tests.conftest import Clip

ALL = pytest.mark.parametrize("kind", [Flac, Opus, Wav])


def spoken(clips: list[Clip]) -> Audio:
    return audio_file.read(clips[0].path)


def encoded(kind: type[Encoding], sound: Audio) -> bytes:
    encoding = kind()
    return b"".join(encoding.encode(sound[at : at + FRAME]) for at in range(0, len(sound), FRAME)) + encoding.finish()


@ALL
def test_what_is_read_is_what_was_said(kind: type[Encoding], clips: list[Clip], tmp_path: Path) -> None:
    sound = spoken(clips)[:-100]  # a last frame that is shorter
    file = tmp_path / f"said{kind.suffix}"
    file.write_bytes(encoded(kind, sound))
    heard = audio_file.read(file)
    if kind is Opus:
        assert abs(len(heard) - len(sound)) <= 0.02 * RATE_HZ
        n = min(len(heard), len(sound))
        assert np.corrcoef(heard[:n], sound[:n])[0, 1] > 0.9
        assert len(file.read_bytes()) * 8 / (len(sound) / RATE_HZ) < 40_000
    else:
        np.testing.assert_array_equal(np.rint(heard * 32768), np.rint(sound * 32768))


@pytest.mark.parametrize("kind", [Opus, Wav])
def test_libsndfile_takes_what_any_server_is_sent(kind: type[Encoding], clips: list[Clip]) -> None:
    sound = spoken(clips)
    heard, rate = soundfile.read(io.BytesIO(encoded(kind, sound)))
    assert len(heard) / rate == pytest.approx(len(sound) / RATE_HZ, abs=0.02)


@ALL
def test_what_was_heard_is_out_at_once(kind: type[Encoding], clips: list[Clip], tmp_path: Path) -> None:
    sound, encoding, file = spoken(clips)[: 3 * RATE_HZ], kind(), tmp_path / f"part{kind.suffix}"
    out = b"".join(encoding.encode(sound[at : at + FRAME]) for at in range(0, len(sound), FRAME))
    file.write_bytes(out)
    assert len(audio_file.read(file)) >= len(sound) - LATE_S * RATE_HZ


@ALL
def test_nothing_said_is_still_a_file(kind: type[Encoding]) -> None:
    assert isinstance(kind().finish(), bytes)


def test_encode_over_full_scale_does_not_wrap(tmp_path: Path) -> None:
    file = tmp_path / "loud.flac"
    file.write_bytes(encoded(Flac, np.full(RATE_HZ, 1.5, np.float32)))
    assert audio_file.read(file).min() > 0.99


@pytest.mark.parametrize(
    ("host", "bit_s", "kind"),
    [
        ("api.openai.com", None, Flac),
        ("api.openai.com", 8e6, Flac),
        ("api.openai.com", 4e6, Opus),
        ("127.0.0.1", 4e6, Wav),
        ("localhost", None, Wav),
        ("192.168.1.7", None, Wav),
        ("fd00::7", None, Wav),
        ("speech", None, Wav),
        ("speech.local", None, Wav),
        ("8.8.8.8", None, Flac),
    ],
)
def test_the_way_there_decides(host: str, bit_s: float | None, kind: type[Encoding]) -> None:
    assert chosen(host, bit_s) is kind


def test_nobody_is_sent_what_he_does_not_take() -> None:
    formats = offer("compatible", "whisper-1").formats
    assert chosen("example.org", None, formats) is Wav
    assert chosen("example.org", 1e6, formats) is Opus
    assert chosen("example.org", 1e6, ["flac", "wav"]) is Flac
