"""The sounds of a dictation: which there are, what they are made of, and when they come."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop.audio.cues import (
    MAX_FILE_S,
    NOTES_HZ,
    PLAYER_RATE_HZ,
    DictationCues,
    choose_end_cue,
    load_cue,
    load_sound_file,
    make_tone,
)
from desktop.audio.vad import VoiceActivity
from desktop.core.errors import MicrophoneError, UserError
from desktop.core.state import DictationState, Done, Failed, Idle, Listening, Starting, Transcribing
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Outcome
from desktop.settings.schema import AudioSettings, CueKind
from desktop.stt.segmenter import VOICE_THRESHOLD

KINDS = tuple(NOTES_HZ)
TROUBLE = Failed(MicrophoneError("microphone-not-found"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("volume", [10, 50, 100])
def test_no_sound_of_ours_is_a_voice(kind: CueKind, volume: int) -> None:
    cue = make_tone(RATE_HZ, kind, volume)
    quiet = np.random.default_rng(1).normal(0, 1e-4, RATE_HZ).astype(np.float32)
    quiet[RATE_HZ // 4 : RATE_HZ // 4 + len(cue)] += cue
    voice = VoiceActivity()
    assert (
        max(voice(quiet[at : at + FRAME_SAMPLES]) for at in range(0, len(quiet) - FRAME_SAMPLES, FRAME_SAMPLES))
        < VOICE_THRESHOLD
    )


@pytest.mark.parametrize("kind", KINDS)
def test_volume_scales_cue_up_to_a_tenth(kind: CueKind) -> None:
    peaks = [float(np.abs(make_tone(PLAYER_RATE_HZ, kind, volume)).max()) for volume in (0, 25, 50, 100)]
    assert peaks == sorted(peaks)
    assert peaks[0] == 0
    assert peaks[-1] < 0.11


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (Listening(), Done(Outcome.CANCELLED), "cancel"),
        (Transcribing(), Done(Outcome.CANCELLED), "cancel"),
        (Starting(), Done(Outcome.CANCELLED), None),
        (Listening(), Idle(), None),
        (Listening(), TROUBLE, "error"),
        (Transcribing(), Done(Outcome.FAILED), "error"),
        (Transcribing(), Done(Outcome.REFUSED), "error"),
        (Transcribing(), Done(Outcome.REMOVED), "error"),
        (Transcribing(), Done(Outcome.INSERTED), None),
        (Transcribing(), Done(Outcome.COPIED), None),
    ],
)
def test_a_bad_end_is_heard(before: DictationState, now: DictationState, kind: CueKind | None) -> None:
    assert choose_end_cue(before, now) == kind


def test_switched_off_or_at_no_volume_there_are_none() -> None:
    for sound in (AudioSettings(), AudioSettings(cue="on", cue_volume=0)):
        cues = DictationCues(sound)
        assert (cues.start, cues.stop, cues.cancel, cues.error) == (None, None, None, None)


def write(path: Path, seconds: float, rate_hz: int = 44_100, channels: int = 2) -> Path:
    wave = 0.5 * np.sin(2 * np.pi * 300 * np.arange(round(seconds * rate_hz)) / rate_hz)
    soundfile.write(path, np.stack([wave] * channels, axis=1), rate_hz)
    return path


@pytest.mark.parametrize("name", ["bell.wav", "bell.flac", "bell.ogg"])
def test_custom_sound_replaces_the_builtin_one(tmp_path: Path, name: str) -> None:
    file = write(tmp_path / name, 0.3)
    samples, problem = load_cue(AudioSettings(cue_stop=str(file), cue_volume=100), "stop")
    assert problem is None
    assert len(samples) == pytest.approx(0.3 * PLAYER_RATE_HZ, abs=PLAYER_RATE_HZ // 100)
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.05)
    assert load_cue(AudioSettings(cue_stop=str(file)), "start")[0].tobytes() == make_tone(PLAYER_RATE_HZ).tobytes()


def test_long_custom_sound_is_cut_and_faded(tmp_path: Path) -> None:
    samples = load_sound_file(write(tmp_path / "song.wav", 10), 40)
    assert len(samples) == pytest.approx(MAX_FILE_S * PLAYER_RATE_HZ, abs=10)
    assert np.abs(samples).max() == pytest.approx(0.2, abs=0.02)
    assert np.abs(samples[-10:]).max() < 0.01


@pytest.mark.parametrize(
    ("content", "says"), [(None, "not there any more"), (b"no sound", "cannot be played"), (b"", "cannot be played")]
)
def test_what_cannot_be_read_leaves_ours_and_says_so(tmp_path: Path, content: bytes | None, says: str) -> None:
    file = tmp_path / "bell.wav"
    if content is not None:
        file.write_bytes(content)
    samples, problem = load_cue(AudioSettings(cue_error=str(file)), "error")
    assert isinstance(problem, UserError)
    assert says in problem.title
    assert samples.tobytes() == make_tone(PLAYER_RATE_HZ, "error").tobytes()


def test_a_folder_is_no_sound(tmp_path: Path) -> None:
    assert load_cue(AudioSettings(cue_start=str(tmp_path)), "start")[1] is not None
