"""A correction in the place of what stands there: its sound, and what is heard of it."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.audio.loudness import LEVEL_STEP_S, SMOOTHED_STEPS
from desktop.core.types import RATE_HZ
from desktop.dictation.again_in_place import LEAD_S, TRAIL_S, choose_words, list_different, read_between, splice_sound
from desktop.dictation.again_windows import Window


def test_the_correction_is_put_where_the_place_was_said_without_the_quiet_around_it() -> None:
    recording = np.linspace(1.0, 2.0, 3 * RATE_HZ, dtype=np.float32)
    quiet = np.zeros(RATE_HZ, np.float32)
    correction = np.concatenate([quiet, np.full(RATE_HZ, 0.5, np.float32), quiet])
    window = Window(0, 1, RATE_HZ // 2, 3 * RATE_HZ, None)
    sound = splice_sound(recording, window, (RATE_HZ, 2 * RATE_HZ), correction)
    assert np.array_equal(sound[: RATE_HZ // 2], recording[RATE_HZ // 2 : RATE_HZ])
    assert np.array_equal(sound[-RATE_HZ:], recording[2 * RATE_HZ :])
    smoothed_s = (SMOOTHED_STEPS - 1) * LEVEL_STEP_S
    assert len(sound) == RATE_HZ // 2 + round((LEAD_S + 1 + TRAIL_S + smoothed_s) * RATE_HZ) + RATE_HZ
    assert np.count_nonzero(sound == 0.5) == RATE_HZ


def test_a_silent_correction_stays_as_it_is() -> None:
    silent = np.zeros(RATE_HZ, np.float32)
    assert len(splice_sound(silent, Window(0, 1, 0, 10, None), (4, 6), silent)) == 8 + RATE_HZ


@pytest.mark.parametrize(
    ("sentence", "before", "after", "words"),
    [
        ("I met Kucera in Prague.", "I met ", " in Prague", "Kucera"),
        ("I met, uh, Jan Kucera in Prag", "I met ", " in Prague", "uh, Jan Kucera"),
        ("Kucera was in Prague.", "", " was in Prague", "Kucera"),
        ("We saw Kucera.", "We saw ", ".", "Kucera"),
        ("Mr. Kucera", "", "", "Mr. Kucera"),
        ("We made Kucera in Prague", "I met ", " in Prague", ""),
        ("We saw Kucera yesterday.", "We saw ", "", "Kucera yesterday"),
        ("I met Kucera of Brno", "I met ", " in Prague", ""),
        ("I met in Prague.", "I met ", " in Prague", ""),
        ("And we and him", "we ", " him", "and"),
    ],
)
def test_the_words_between_those_around_the_place_are_read(sentence: str, before: str, after: str, words: str) -> None:
    assert read_between(sentence, before, after) == words


def test_what_stands_there_what_is_known_and_what_is_said_twice_is_no_option() -> None:
    options = ["Card.", "part", "card", "", "card card", "Cart!", "cart", "...", "guard"]
    assert list_different(options, "Part") == ["Card.", "Cart", "guard"]
    assert list_different(["part", "Part.", "card"], "part") == ["part", "card"]
    assert list_different(["谢谢", "下下", "写信"], "洗洗") == ["谢谢", "下下", "写信"]


@pytest.mark.parametrize(
    ("in_place", "alone", "words"),
    [
        ((-10.0, -12.0), (-4.0, -3.0), "heard alone"),
        ((-10.0, -8.0), (-4.0, -4.0), "within it"),
        ((-10.0, -9.2), (-4.0, -4.0), "heard alone"),  # no clear difference
        ((-10.0, -8.0), (-4.0, -9.0), "heard alone"),  # it cannot have been said so
    ],
)
def test_the_likeliest_in_both_sounds_is_chosen(
    in_place: tuple[float, ...], alone: tuple[float, ...], words: str
) -> None:
    assert choose_words(["heard alone", "within it"], in_place, alone) == words
