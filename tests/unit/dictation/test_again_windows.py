"""Windows of a text around a place, and the sound of their words."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.core.types import RATE_HZ, Replacement, TimedWord
from desktop.dictation.again_windows import (
    CONTEXT_WORDS,
    Window,
    cut_sound,
    end_text,
    find_window,
    find_word_times,
    write_window,
)

RAW = " ".join(f"word{at}" for at in range(40))
TIMED = [TimedWord(at * 0.5, at * 0.5 + 0.4, word, 0.9) for at, word in enumerate(RAW.split())]


def place_of(text: str, word: str) -> tuple[int, int]:
    """Where `word` stands."""
    return text.index(word), text.index(word) + len(word)


def test_a_window_has_some_words_on_each_side_and_their_sound() -> None:
    text = RAW.replace("word0", "Word0,") + "."
    window = find_window(text, place_of(text, "word20"), RAW, TIMED)
    assert window is not None
    assert text[window.start : window.end].split() == [f"word{at}" for at in range(20 - CONTEXT_WORDS, 29)]
    assert (window.first_sample, window.last_sample) == (round(5.85 * RATE_HZ), round(14.65 * RATE_HZ))
    assert window.place == (10 * RATE_HZ, round(10.4 * RATE_HZ))
    assert len(cut_sound(np.zeros(20 * RATE_HZ, np.float32), window)) == window.last_sample - window.first_sample


def test_a_window_at_an_end_goes_to_the_end() -> None:
    text = f"{RAW}!"
    first = find_window(text, place_of(text, "word1 "), RAW, TIMED)
    last = find_window(text, place_of(text, "word39"), RAW, TIMED)
    assert first is not None
    assert last is not None
    assert (first.start, first.first_sample, last.end) == (0, 0, len(text))


def test_slow_words_make_a_window_of_fewer() -> None:
    slow = [TimedWord(at * 2.0, at * 2.0 + 1.0, word.text, 0.9) for at, word in enumerate(TIMED)]
    window = find_window(RAW, place_of(RAW, "word20"), RAW, slow)
    assert window is not None
    assert RAW[window.start : window.end].split() == [f"word{at}" for at in range(18, 23)]


def test_words_without_times_have_no_window() -> None:
    assert find_window(RAW, (0, 5), RAW, ()) is None
    assert find_window("", (0, 0), RAW, TIMED) is None
    assert find_window(RAW, (0, 5), RAW, [TimedWord(at * 20.0, at * 20.0 + 15, "", 0.5) for at in range(40)]) is None


def test_a_window_is_written_with_a_correction_and_a_mark_at_its_end() -> None:
    text = "I met coo chair a in Prague"
    window = Window(2, len(text), 0, 1, None)
    assert write_window(text, window) == "met coo chair a in Prague."
    assert write_window(text, window, Replacement(6, 17, "Kucera")) == "met Kucera in Prague."
    assert (end_text("Yes? "), end_text("好。")) == ("Yes?", "好。")


@pytest.mark.parametrize(
    ("raw", "text", "word", "said"),
    [
        ("met coo chair a here", "met coo chair a here", "coo chair a", (1, 4)),
        ("met coo chair a here", "met Kucera here", "Kucera", (1, 4)),  # corrected before
        ("met um uh kutchera here", "met kutchera here", "kutchera", (1, 4)),
        ("twenty five thousand dollars", "$25,000", "25,000", (0, 4)),
        ("kutchera here", "kutchera here", "kutchera", (0, 1)),
        ("met kutchera", "met kutchera", "kutchera", (1, 2)),
        ("twenty five kutchera here", "25 kutchera here", "kutchera", None),  # where "25" ends is not known
        ("met here", "met kutchera here", "kutchera", None),
    ],
)
def test_what_was_said_between_the_words_beside_a_place_is_its_sound(
    raw: str, text: str, word: str, said: tuple[int, int] | None
) -> None:
    timed = [TimedWord(at * 1.0, at + 0.5, word, 0.9) for at, word in enumerate(raw.split())]
    window = find_window(text, place_of(text, word), raw, timed)
    assert window is not None
    assert window.place == (said and (said[0] * RATE_HZ, said[1] * RATE_HZ - RATE_HZ // 2))


def test_words_have_the_times_of_those_that_were_said() -> None:
    times = find_word_times("Word one, two.", "um word one two", [TimedWord(at, at + 0.5, "", 0.9) for at in range(4)])
    assert times is not None
    assert times.seconds == [(1, 1.5), (2, 2.5), (3, 3.5)]
    assert [times.find_run(*span) for span in ((0, 8), (5, 13), (8, 10))] == [(0, 2), (1, 2), (0, 0)]
    assert find_word_times("Word one", "word one", ()) is None


@pytest.mark.parametrize("text", ["Word 555 two.", "Word five55 two."])
def test_what_was_said_otherwise_than_it_is_written_has_the_time_of_all_of_it(text: str) -> None:
    raw = "word five five five two"
    times = find_word_times(text, raw, [TimedWord(at, at + 0.5, "", 0.9) for at in range(5)])
    assert times is not None
    assert times.seconds == [(0, 0.5), (1, 3.5), (4, 4.5)]
