"""The words of a correction are found in a recording by their sound, in noise, at another pace, and beside silence."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.core.types import Audio
from desktop.dictation.again_sound import find_bands, has_contrast, measure_runs, trim_noise
from tests.support.glides import record_glides, say_glide

WORDS = range(6)


def find_nearest(correction: Audio, recording: Audio, seconds: list[tuple[float, float]]) -> tuple[int, int]:
    """The first word of the nearest run, and how many it has."""
    distances = measure_runs(trim_noise(find_bands(correction)), find_bands(recording), seconds, 4)
    first, more = np.unravel_index(distances.argmin(), distances.shape)
    return int(first), int(more) + 1


@pytest.mark.parametrize(("first", "count"), [(0, 1), (2, 1), (5, 1), (1, 2), (3, 3)])
@pytest.mark.parametrize("seconds", [0.3, 0.4, 0.6])
def test_the_words_of_a_correction_are_nearest(first: int, count: int, seconds: float) -> None:
    recording, times = record_glides(WORDS)
    quiet = np.zeros(3200, np.float32)
    correction = np.concatenate([quiet, *(say_glide(word, seconds) for word in range(first, first + count)), quiet])
    assert find_nearest(correction, recording, times) == (first, count)


@pytest.mark.parametrize("quiet_s", [0.1, 0.8])
@pytest.mark.parametrize("noise", [0.0, 0.003, 0.01])
def test_the_noise_around_a_correction_is_no_part_of_it(noise: float, quiet_s: float) -> None:
    recording, times = record_glides(WORDS)
    quiet = np.zeros(round(quiet_s * 16_000), np.float32)
    correction = np.concatenate([quiet, say_glide(2), say_glide(3), quiet])
    correction += np.random.default_rng(1).normal(0, noise, len(correction)).astype(np.float32)
    assert find_nearest(correction, recording, times) == (2, 2)


def test_words_that_end_before_the_ones_before_them_are_compared() -> None:
    recording, times = record_glides(WORDS)
    distances = measure_runs(find_bands(say_glide(2)), find_bands(recording), [*times[:-1], (0.0, 0.0)], 4)
    assert np.unravel_index(distances[:-1, :1].argmin(), (5, 1))[0] == 2


def test_a_first_word_is_found_after_the_silence_that_is_timed_as_its_own() -> None:
    recording, times = record_glides(WORDS, lead_s=0.9)
    assert find_nearest(say_glide(0), recording, times) == (0, 1)


def test_a_sound_is_as_near_said_softly() -> None:
    recording, times = record_glides(WORDS)
    loud, soft = (
        measure_runs(find_bands(scale * say_glide(2)), find_bands(recording), times, 1).min() for scale in (1.0, 0.05)
    )
    assert soft == pytest.approx(loud, abs=0.02)


def test_what_was_not_said_is_far() -> None:
    recording, times = record_glides(WORDS)
    said, other = (measure_runs(find_bands(say_glide(word)), find_bands(recording), times, 1).min() for word in (2, 17))
    assert other > said + 0.2


def test_runs_that_are_not_there_are_infinitely_far() -> None:
    recording, times = record_glides(WORDS)
    distances = measure_runs(find_bands(say_glide(2)), find_bands(recording), times, 4)
    assert distances.shape == (len(WORDS), 4)
    assert np.isinf(distances[-1, 1:]).all()
    assert np.isfinite(distances[:3]).all()


@pytest.mark.parametrize("audio", [np.zeros(0), np.zeros(4000), np.full(16_000, 0.1)])
def test_nothing_is_heard_in_silence(audio: Audio) -> None:
    assert not has_contrast(find_bands(audio.astype(np.float32)))
    assert has_contrast(find_bands(np.concatenate([say_glide(1), np.zeros(4000, np.float32)])))


def test_a_first_word_is_found_that_is_timed_before_a_long_silence() -> None:
    recording, times = record_glides(WORDS, lead_s=3.0)
    early = [(0.5, 0.6), *times[1:]]
    assert find_nearest(np.concatenate([say_glide(0), say_glide(1)]), recording, early) == (0, 2)
