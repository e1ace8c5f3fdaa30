"""A recording as it is drawn and followed."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.audio.waveform import MAX_BARS, find_word_at, measure_waveform
from desktop.core.types import RATE_HZ
from desktop.ui.history.player import resample_peaks


def tone(seconds: float, loud: float = 0.5) -> np.ndarray:
    return (loud * np.sin(np.arange(round(seconds * RATE_HZ)) / 9)).astype(np.float32)


def test_the_loudest_bar_is_full_and_silence_has_none() -> None:
    made = measure_waveform(np.concatenate([tone(1.0), np.zeros(RATE_HZ, np.float32)]))
    assert len(made.peaks) == MAX_BARS
    assert max(made.peaks) == 1.0
    assert made.peaks[-1] == 0.0
    assert made.duration_s == 2.0


def test_a_pause_takes_no_words() -> None:
    made = measure_waveform(np.concatenate([tone(1.0), np.zeros(2 * RATE_HZ, np.float32), tone(1.0)]))
    assert made.speech_progress(0.5) == pytest.approx(0.25, abs=0.03)
    assert made.speech_progress(1.5) == pytest.approx(made.speech_progress(2.8), abs=0.001)
    assert made.speech_progress(3.5) == pytest.approx(0.75, abs=0.03)
    assert made.speech_progress(9.0) == 1.0


@pytest.mark.parametrize("samples", [0, 5, 300])
def test_what_is_too_short_to_measure_has_said_nothing(samples: int) -> None:
    made = measure_waveform(np.zeros(samples, np.float32))
    assert made.speech_progress(1.0) == 0.0
    assert len(made.peaks) <= MAX_BARS


def test_silence_says_nothing() -> None:
    assert measure_waveform(np.zeros(RATE_HZ, np.float32)).speech_progress(0.9) == 0.0


def test_the_rest_begins_where_it_should() -> None:
    assert len(measure_waveform(tone(2.0)).samples_from(1.5)) == RATE_HZ // 2


@pytest.mark.parametrize(("part", "word"), [(0.0, "one"), (0.25, "one"), (0.5, "two"), (0.99, "three"), (1.0, "three")])
def test_a_word_is_as_long_as_its_letters(part: float, word: str) -> None:
    text = "one  two three"
    start, end = find_word_at(text, part)
    assert text[start:end] == word


def test_a_chinese_character_is_a_word() -> None:
    assert find_word_at("明天开会", 0.5) == (1, 2)


def test_no_words_no_place() -> None:
    assert find_word_at("  ", 0.5) == (0, 0)


def test_bars_keep_the_highest_of_what_falls_together() -> None:
    assert resample_peaks((0.1, 0.9, 0.3, 0.2), 2) == [0.9, 0.3]
    assert resample_peaks((0.5,), 3) == [0.5, 0.5, 0.5]
    assert resample_peaks((), 2) == [0.0, 0.0]
