"""Passages of speech: their length, their end, and that a seed gives the same ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop.audio.file import read
from desktop.bench.passages import GAP_S, Passages, pieces, voiced
from desktop.core.errors import Problem
from desktop.core.types import FRAME, RATE_HZ, Audio
from tests.conftest import Clip


def tone(seconds: float, loud: float = 0.1) -> Audio:
    return (loud * np.sin(np.arange(round(seconds * RATE_HZ)) * 0.3)).astype(np.float32)


@pytest.fixture(scope="module")
def speech(clips: list[Clip]) -> list[Audio]:
    return pieces([clip.path for clip in clips])


@pytest.mark.parametrize(
    ("audio", "found"),
    [
        (np.zeros(RATE_HZ, np.float32), (0, 0)),
        (np.zeros(0, np.float32), (0, 0)),
        (tone(1.024), (0, 32 * FRAME)),
        (np.concatenate([np.zeros(10 * FRAME, np.float32), tone(0.32), tone(1, 0.001)]), (10 * FRAME, 20 * FRAME)),
    ],
)
def test_voiced_from_first_to_last_loud_frame(audio: Audio, found: tuple[int, int]) -> None:
    assert voiced(audio) == found


@pytest.mark.parametrize("length_s", [3, 11, 40])
def test_passage_length_near_and_never_above_wanted(speech: list[Audio], length_s: float) -> None:
    passages = Passages(speech, seed=0)
    for _ in range(3):
        passage = passages.next(length_s)
        assert length_s - GAP_S[1] - 0.6 <= passage.end_s - passage.onset_s <= length_s


def test_a_passage_begins_and_ends_where_it_says(speech: list[Audio]) -> None:
    passage = Passages(speech, seed=0).next(11)
    first, last = voiced(passage.audio)
    assert first / RATE_HZ == pytest.approx(passage.onset_s, abs=0.033)
    assert last / RATE_HZ == pytest.approx(passage.end_s, abs=0.065)
    assert len(passage.audio) == round(passage.end_s * RATE_HZ)


def test_seed_repeats_passages_and_each_differs(speech: list[Audio]) -> None:
    first, again = Passages(speech, seed=5), Passages(speech, seed=5)
    takes = [first.next(3) for _ in range(3)]
    for take in takes:
        assert np.array_equal(take.audio, again.next(3).audio)
    assert not np.array_equal(takes[0].audio[: 2 * RATE_HZ], takes[1].audio[: 2 * RATE_HZ])


def test_the_silence_around_a_recording_is_left_out(clips: list[Clip], speech: list[Audio]) -> None:
    whole = read(clips[0].path)
    assert 0.5 * len(whole) < len(speech[0]) < len(whole)


def test_without_speech_raises_problem_with_remedy(tmp_path: Path) -> None:
    import soundfile

    with pytest.raises(Problem, match="Give recordings of speech, for example: intone bench release"):
        pieces([])
    soundfile.write(tmp_path / "silence.wav", np.zeros(RATE_HZ), RATE_HZ)
    with pytest.raises(Problem, match=r"silence\.wav holds no speech"):
        pieces([tmp_path / "silence.wav"])
