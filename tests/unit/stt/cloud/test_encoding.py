"""Audio encoded while it is spoken: whole and in time, and which encoding each service gets."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop.audio import file as audio_file
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio
from desktop.network.provider_models import find_provider_model
from desktop.stt.cloud.encoding import MAX_DELAY_S, AudioEncoder, FlacEncoder, OpusEncoder, WavEncoder, choose_encoder
from tests.conftest import Clip

ALL = pytest.mark.parametrize("kind", [FlacEncoder, OpusEncoder, WavEncoder])


def spoken(clips: list[Clip]) -> Audio:
    return audio_file.read_audio(clips[0].path)


def encoded(kind: type[AudioEncoder], sound: Audio) -> bytes:
    encoding = kind()
    return (
        b"".join(encoding.encode(sound[at : at + FRAME_SAMPLES]) for at in range(0, len(sound), FRAME_SAMPLES))
        + encoding.finish()
    )


@ALL
def test_what_is_read_is_what_was_said(kind: type[AudioEncoder], clips: list[Clip], tmp_path: Path) -> None:
    sound = spoken(clips)[:-100]  # a last frame that is shorter
    file = tmp_path / f"said{kind.suffix}"
    file.write_bytes(encoded(kind, sound))
    heard = audio_file.read_audio(file)
    if kind is OpusEncoder:
        assert abs(len(heard) - len(sound)) <= 0.02 * RATE_HZ
        n = min(len(heard), len(sound))
        assert np.corrcoef(heard[:n], sound[:n])[0, 1] > 0.9
        assert len(file.read_bytes()) * 8 / (len(sound) / RATE_HZ) < 40_000
    else:
        np.testing.assert_array_equal(np.rint(heard * 32768), np.rint(sound * 32768))


@pytest.mark.parametrize("kind", [OpusEncoder, WavEncoder])
def test_libsndfile_takes_what_any_server_is_sent(kind: type[AudioEncoder], clips: list[Clip]) -> None:
    sound = spoken(clips)
    heard, rate = soundfile.read(io.BytesIO(encoded(kind, sound)))
    assert len(heard) / rate == pytest.approx(len(sound) / RATE_HZ, abs=0.02)


@ALL
def test_what_was_heard_is_out_at_once(kind: type[AudioEncoder], clips: list[Clip], tmp_path: Path) -> None:
    sound, encoding, file = spoken(clips)[: 3 * RATE_HZ], kind(), tmp_path / f"part{kind.suffix}"
    out = b"".join(encoding.encode(sound[at : at + FRAME_SAMPLES]) for at in range(0, len(sound), FRAME_SAMPLES))
    file.write_bytes(out)
    assert len(audio_file.read_audio(file)) >= len(sound) - MAX_DELAY_S * RATE_HZ


@ALL
def test_nothing_said_is_still_a_file(kind: type[AudioEncoder]) -> None:
    assert isinstance(kind().finish(), bytes)


def test_encode_over_full_scale_does_not_wrap(tmp_path: Path) -> None:
    file = tmp_path / "loud.flac"
    file.write_bytes(encoded(FlacEncoder, np.full(RATE_HZ, 1.5, np.float32)))
    assert audio_file.read_audio(file).min() > 0.99


@pytest.mark.parametrize(
    ("host", "bit_s", "kind"),
    [
        ("api.openai.com", None, FlacEncoder),
        ("api.openai.com", 8e6, FlacEncoder),
        ("api.openai.com", 4e6, OpusEncoder),
        ("127.0.0.1", 4e6, WavEncoder),
        ("localhost", None, WavEncoder),
        ("192.168.1.7", None, WavEncoder),
        ("fd00::7", None, WavEncoder),
        ("speech", None, WavEncoder),
        ("speech.local", None, WavEncoder),
        ("8.8.8.8", None, FlacEncoder),
    ],
)
def test_the_way_there_decides(host: str, bit_s: float | None, kind: type[AudioEncoder]) -> None:
    assert choose_encoder(host, bit_s) is kind


def test_nobody_is_sent_what_he_does_not_take() -> None:
    formats = find_provider_model("compatible", "whisper-1").formats
    assert choose_encoder("example.org", None, formats) is WavEncoder
    assert choose_encoder("example.org", 1e6, formats) is OpusEncoder
    assert choose_encoder("example.org", 1e6, ["flac", "wav"]) is FlacEncoder
