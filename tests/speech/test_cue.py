"""The start cue is in the recording, where it must be nothing to the voice activity and nothing to the model."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.audio.cues import make_tone
from desktop.audio.file import iterate_frames, read_audio
from desktop.audio.vad import VoiceActivity
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Transcript
from desktop.stt.local.client import WhisperClient
from desktop.stt.segmenter import VOICE_THRESHOLD
from tests.conftest import Clip
from tests.support.words import error_rate

pytestmark = pytest.mark.anyio

LOUD = 6.0
"""From a loudspeaker beside the microphone: six times as loud as it is played, 10 dB under full scale."""


def ignore(partial: Transcript) -> None:
    pass


def with_cue(audio: Audio, at_s: float, gain: float) -> Audio:
    """`audio` and the cue, which begins `at_s` after its beginning."""
    cue = make_tone(RATE_HZ) * np.float32(gain)
    mixed = audio.copy()
    start = round(at_s * RATE_HZ)
    mixed[start : start + len(cue)] += cue
    return mixed


@pytest.mark.parametrize("gain", [0.1, 1.0, LOUD])
async def test_a_cue_in_silence_is_no_word(whisper: WhisperClient, gain: float) -> None:
    room = np.random.default_rng(1).normal(0, 0.0005, 2 * RATE_HZ).astype(np.float32)
    for silence in (room, np.zeros_like(room)):
        assert (await whisper.transcribe(iterate_frames(with_cue(silence, 0.5, gain)), ignore)).text == ""


async def test_a_cue_over_the_first_word_changes_no_word(whisper: WhisperClient, clips: list[Clip]) -> None:
    heard = []
    for clip in clips:
        said = read_audio(clip.path)
        voice = VoiceActivity()
        first = next(
            i for i in range(0, len(said), FRAME_SAMPLES) if voice(said[i : i + FRAME_SAMPLES]) >= VOICE_THRESHOLD
        )
        cued = with_cue(said, first / RATE_HZ + 0.1, 1.0)
        heard.append((await whisper.transcribe(iterate_frames(cued), ignore)).text)
        assert heard[-1].lower().split()[0] == clip.text.split()[0]
    assert error_rate(" ".join(clip.text for clip in clips), " ".join(heard)) <= 0.1
