"""A voice as Whisper hears it after Moonshine wrote the words: the emotion is that of a dictation with Whisper."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from desktop.audio.file import iterate_frames, read_audio
from desktop.core.types import RATE_HZ, Transcript
from desktop.emotion.baseline import TransientVoiceBaselines
from desktop.emotion.detector import LocalEmotionDetector
from desktop.emotion.voice_encoder import WhisperVoiceEncoder
from desktop.emotion.voice_heads import VoiceHeads
from desktop.stt.local.client import WhisperClient
from models.emotion.training.voice import build_head
from models.store import ModelStore
from tests.conftest import Clip
from tests.speech.conftest import MODELS, installed
from tests.support.voice_head import write_measures

pytestmark = pytest.mark.anyio


def ignore(partial: Transcript) -> None:
    """Show nothing."""


@pytest.fixture
def heads(tmp_path: Path) -> VoiceHeads:
    """A head for base, and one for a model that is not installed."""
    (tmp_path / "heads").mkdir()
    for model in ("base", "medium"):
        build_head([write_measures(tmp_path / f"{model}.npz", model=model)], model, tmp_path / "heads")
    return VoiceHeads(tmp_path / "heads", ())


async def test_emotion_is_as_with_whisper(whisper: WhisperClient, heads: VoiceHeads, clips: list[Clip]) -> None:
    audio = np.concatenate([read_audio(clip.path) for clip in clips[:2]])
    heard = await whisper.transcribe(iterate_frames(audio), ignore)
    moonshine = WhisperClient(partial(installed, "moonshine-base"), ("en",))
    try:
        said = await moonshine.transcribe(iterate_frames(audio), ignore)
    finally:
        await moonshine.close()
    assert said.voice is None
    encoder = WhisperVoiceEncoder(ModelStore(MODELS), heads)
    with_voice = await encoder.add_voice(said, audio)
    assert (with_voice.text, with_voice.model, with_voice.voice_model) == (said.text, "moonshine-base", "base")
    assert with_voice.voice is not None
    assert heard.voice is not None
    likeness = with_voice.voice @ heard.voice / np.linalg.norm(with_voice.voice) / np.linalg.norm(heard.voice)
    assert likeness > 0.999
    emotions = []
    for transcript in (replace(heard, text=said.text), with_voice):
        detector = LocalEmotionDetector(TransientVoiceBaselines(), voice_heads=heads)
        emotions.append(detector.detect_blocking(transcript, audio))
    assert emotions[0].label == emotions[1].label
    assert emotions[1].calibrating
    assert np.abs(np.subtract(emotions[0].scores, emotions[1].scores)).max() < 0.02
    assert emotions[1].arousal == pytest.approx(emotions[0].arousal, abs=0.02)
    silence = np.zeros(RATE_HZ, np.float32)
    assert await encoder.add_voice(said, silence) is said


async def test_nothing_is_loaded_without_a_model_that_has_a_head(heads: VoiceHeads, tmp_path: Path) -> None:
    said = Transcript("words")
    encoder = WhisperVoiceEncoder(ModelStore(tmp_path / "none"), heads)
    assert await encoder.add_voice(said, np.zeros(RATE_HZ, np.float32)) is said
