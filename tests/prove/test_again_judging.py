"""What the proof of words said again counts as right."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.core.types import Replacement
from tests.prove.again_judging import find_replacement, has_words, judge
from tests.prove.again_takes import Take

SILENCE = np.zeros(1, np.float32)


def take(text: str, misheard: str, said: str) -> Take:
    """A take of `text` with `misheard`."""
    start = text.index(misheard)
    return Take("one", "recorded", text, said, start, start + len(misheard), 1, SILENCE, SILENCE)


@pytest.mark.parametrize(
    ("replaced", "written", "place"),
    [
        ("coo chair a", "Kucera", "right"),
        ("coo chair a", "banana", "right"),  # the words are counted apart
        ("met coo chair a", "met Kucera", "right"),
        ("coo chair a in", "Kucera in", "right"),
        ("coo chair", "Kucera", "edge"),
        ("chair a", "chair", "edge"),
        ("met coo chair a", "Kucera", "edge"),
        ("coo chair a in", "Kucera", "edge"),
        ("coo chair a", "", "edge"),
        ("coo chair a", "met Kucera", "edge"),
        ("coo chair a", "i met Kucera", "edge"),
        ("coo chair a", "Kucera in the", "edge"),
        ("met coo chair a", "met met Kucera", "edge"),
        ("coo chair a in", "Kucera in in", "edge"),
        ("park", "Kucera", "wrong"),
        ("i", "Kucera", "wrong"),
    ],
)
def test_the_misheard_words_are_replaced_and_nothing_else(replaced: str, written: str, place: str) -> None:
    text = "i met coo chair a in the park"
    start = text.index(replaced)
    assert judge(take(text, "coo chair a", "Kucera"), Replacement(start, start + len(replaced), written)) == place


@pytest.mark.parametrize(
    ("misheard", "said", "replaced", "written"),
    [
        ("at the beauty", "at the duty", "beauty", "dute"),  # what is left was said
        ("the dute of", "the duty of", "the dute", "the duty"),
        ("bin", "been had", "bin", "bean had"),  # said twice
    ],
)
def test_what_was_heard_right_may_stay(misheard: str, said: str, replaced: str, written: str) -> None:
    text = f"it {misheard} had gone"
    start = text.index(replaced)
    assert judge(take(text, misheard, said), Replacement(start, start + len(replaced), written)) == "right"


def test_a_replacement_is_found_where_it_gave_the_text() -> None:
    found = find_replacement("see the see and", "see the sea and", "see", "sea")
    assert found == Replacement(8, 11, "sea")
    assert find_replacement("see the see and", "the sea", "see", "sea") is None
    assert has_words(take("we see and go", "see", "sea"), "We SEA, and go.")
    assert not has_words(take("we see and go", "see", "sea"), "We see and go.")
