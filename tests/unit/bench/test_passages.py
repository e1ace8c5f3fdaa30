"""Passages of speech: their length, their end, and that a seed gives the same ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop.audio.file import read_audio
from desktop.bench.passages import PAUSE_RANGE_S, PassageGenerator, find_speech, load_speech
from desktop.core.errors import UserError
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio
from tests.conftest import Clip


def tone(seconds: float, loud: float = 0.1) -> Audio:
    return (loud * np.sin(np.arange(round(seconds * RATE_HZ)) * 0.3)).astype(np.float32)


@pytest.fixture(scope="module")
def speech(clips: list[Clip]) -> list[Audio]:
    return load_speech([clip.path for clip in clips])


@pytest.mark.parametrize(
    ("audio", "found"),
    [
        (np.zeros(RATE_HZ, np.float32), (0, 0)),
        (np.zeros(0, np.float32), (0, 0)),
        (tone(1.024), (0, 32 * FRAME_SAMPLES)),
        (
            np.concatenate([np.zeros(10 * FRAME_SAMPLES, np.float32), tone(0.32), tone(1, 0.001)]),
            (10 * FRAME_SAMPLES, 20 * FRAME_SAMPLES),
        ),
    ],
)
def test_voiced_from_first_to_last_loud_frame(audio: Audio, found: tuple[int, int]) -> None:
    assert find_speech(audio) == found


@pytest.mark.parametrize("length_s", [3, 11, 40])
def test_passage_length_near_and_never_above_wanted(speech: list[Audio], length_s: float) -> None:
    passages = PassageGenerator(speech, seed=0)
    for _ in range(3):
        passage = passages.create_passage(length_s)
        assert length_s - PAUSE_RANGE_S[1] - 0.6 <= passage.end_s - passage.onset_s <= length_s


def test_a_passage_begins_and_ends_where_it_says(speech: list[Audio]) -> None:
    passage = PassageGenerator(speech, seed=0).create_passage(11)
    first, last = find_speech(passage.audio)
    assert first / RATE_HZ == pytest.approx(passage.onset_s, abs=0.033)
    assert last / RATE_HZ == pytest.approx(passage.end_s, abs=0.065)
    assert len(passage.audio) == round(passage.end_s * RATE_HZ)


def test_seed_repeats_passages_and_each_differs(speech: list[Audio]) -> None:
    first, again = PassageGenerator(speech, seed=5), PassageGenerator(speech, seed=5)
    trials = [first.create_passage(3) for _ in range(3)]
    for trial in trials:
        assert np.array_equal(trial.audio, again.create_passage(3).audio)
    assert not np.array_equal(trials[0].audio[: 2 * RATE_HZ], trials[1].audio[: 2 * RATE_HZ])


def test_the_silence_around_a_recording_is_left_out(clips: list[Clip], speech: list[Audio]) -> None:
    whole = read_audio(clips[0].path)
    assert 0.5 * len(whole) < len(speech[0]) < len(whole)


def test_without_speech_raises_problem_with_remedy(tmp_path: Path) -> None:
    import soundfile

    with pytest.raises(UserError, match="Give recordings of speech, for example: intone bench release"):
        load_speech([])
    soundfile.write(tmp_path / "silence.wav", np.zeros(RATE_HZ), RATE_HZ)
    with pytest.raises(UserError, match=r"silence\.wav holds no speech"):
        load_speech([tmp_path / "silence.wav"])
