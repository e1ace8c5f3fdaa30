"""Where a hands-free dictation falls silent: by its samples, in quiet rooms and in noise."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.audio.file import read_audio
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio
from desktop.dictation.auto_stop import FRAMES_PER_BLOCK
from desktop.dictation.pauses import PauseFinder
from tests.conftest import Clip

SEED = 5


def room(seconds: float, level: float, seed: int = SEED) -> Audio:
    """Even noise of a standard deviation of `level`."""
    return np.random.default_rng(seed).normal(0, level, round(seconds * RATE_HZ)).astype(np.float32)


def in_room(sound: Audio, level: float) -> Audio:
    return sound + room(len(sound) / RATE_HZ, level, SEED + 1)[: len(sound)] if level else sound


def pauses(audio: Audio, end_silence_s: float = 1.5) -> list[float]:
    """The seconds at which a dictation of that pause would end, each looked for anew."""
    detector, found = PauseFinder(), []
    for start in range(0, len(audio) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        detector.add_frame(audio[start : start + FRAME_SAMPLES])
        if detector.has_speech and detector.silence_s >= end_silence_s:
            found.append((start + FRAME_SAMPLES) / RATE_HZ)
            detector.forget_speech()
    return found


@pytest.mark.parametrize("level", [0.0, 0.003])
def test_a_pause_after_speech_is_found_once(clips: list[Clip], level: float) -> None:
    said = read_audio(clips[0].path)
    quiet = np.zeros(4 * RATE_HZ, np.float32)
    audio = in_room(np.concatenate([quiet, said, quiet]), level)
    (at,) = pauses(audio)
    ends_at = 4 + len(said) / RATE_HZ
    assert ends_at - 1.0 + 1.5 <= at + 0.5 <= ends_at + 2.5


def test_each_paragraph_ends_at_its_own_pause(clips: list[Clip]) -> None:
    quiet = np.zeros(round(2.5 * RATE_HZ), np.float32)
    audio = np.concatenate([part for clip in clips for part in (read_audio(clip.path), quiet)])
    assert len(pauses(audio)) == len(clips)


def test_a_short_word_is_enough(clips: list[Clip]) -> None:
    word = read_audio(clips[0].path)[round(0.5 * RATE_HZ) : round(0.95 * RATE_HZ)]
    quiet = np.zeros(3 * RATE_HZ, np.float32)
    assert len(pauses(np.concatenate([quiet, word, quiet]))) == 1


@pytest.mark.parametrize("level", [0.0, 0.0003, 0.003])
def test_a_word_of_a_fifth_of_a_second_is_enough_in_an_even_room(clips: list[Clip], level: float) -> None:
    missed = []
    for clip in clips:
        said = read_audio(clip.path)
        length = round(0.2 * RATE_HZ)
        begin = int(np.argmax(np.convolve(np.abs(said), np.ones(length), "valid")))
        for frames in range(0, FRAMES_PER_BLOCK, 3):
            before = np.zeros(3 * RATE_HZ + frames * FRAME_SAMPLES, np.float32)
            word = np.concatenate([before, said[begin : begin + length], np.zeros(RATE_HZ, np.float32)])
            if len(pauses(in_room(word, level), end_silence_s=0.5)) != 1:
                missed.append((clip.path.name, frames))
    assert missed == []


@pytest.mark.parametrize("level", [0.0, 0.01, 0.1, 0.25])
def test_what_is_no_speech_ends_nothing(level: float) -> None:
    assert pauses(room(8, level)) == []


@pytest.mark.parametrize("level", [0.02, 0.05])
def test_a_loud_even_noise_after_speech_is_a_pause(clips: list[Clip], level: float) -> None:
    said = read_audio(clips[0].path)
    said = said * np.float32(0.5 / np.abs(said).max())
    ends_at = len(said) / RATE_HZ
    found = pauses(
        np.concatenate([said, np.zeros(6 * RATE_HZ, np.float32)]) + room(ends_at + 6, level)[: len(said) + 6 * RATE_HZ]
    )
    assert found, "it never ends"
    assert ends_at - 0.5 < found[0] < ends_at + 4.5


def test_pauses_within_a_sentence_end_nothing(clips: list[Clip]) -> None:
    gap = np.zeros(round(0.7 * RATE_HZ), np.float32)
    audio = np.concatenate([part for clip in clips for part in (read_audio(clip.path), gap)])
    assert pauses(audio) == []
