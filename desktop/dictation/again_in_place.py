"""Hear a correction within its sentence: its sound in the place of the sound of what stands there. Pure.

A word said alone is hard for a recognizer, which has nothing that makes it likely; within the sound of its sentence it
is heard as in a dictation. What is heard there and what is heard alone are compared by how likely each is in both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

import numpy as np

from desktop.audio.loudness import LEVEL_STEP_S, find_loud_steps
from desktop.core.text import UNSPACED
from desktop.core.types import RATE_HZ, Audio
from desktop.dictation.again_match import FINAL_MARKS, list_words, split_words
from desktop.dictation.again_windows import Window

_UNSPACED = re.compile(f"[{UNSPACED}]")

ALONE_WEIGHT = 0.5
"""What a log probability in the sound of the correction alone counts beside one within the sentence. Of 41 phrases cut
out of recordings base heard 5 alone, and 30 by both with this weight (29 by the sentence alone); of 229 of a synthetic
voice 67 and 103 (91)."""

FIRST_MARGIN = 1.0
"""How much likelier words must be than those that were heard alone first: of 79 phrases that were heard right alone one
is lost, of 22 that were misheard as before 14 are heard otherwise."""

LEAD_S, TRAIL_S = 0.05, 0.06
"""Seconds of noise that are kept before and after the words of a correction."""


def splice_sound(audio: Audio, window: Window, place: tuple[int, int], correction: Audio) -> Audio:
    """Return the sound of `window` with that of the words of `correction` in the place of the samples `place`."""
    before, after = audio[window.first_sample : place[0]], audio[place[1] : window.last_sample]
    return np.concatenate([before, trim_correction(correction), after])


def read_between(sentence: str, before: str, after: str) -> str:
    """Return the words of `sentence`, as it was heard, between the words of `before` and `after`; empty where none of
    them stand there."""
    words = split_words(sentence)
    heard = list_words(sentence)
    left, right = list_words(before), list_words(after)
    begins = {at: _count_equal(heard[:at][::-1], left[::-1]) for at in range(len(words))}
    ends = {at: _count_equal(heard[at:], right) for at in range(1, len(words) + 1)}
    spans = [
        (begins[first] + ends[last], first - last, first, last)
        for first in begins
        for last in ends
        if first < last and (begins[first] if left else not first) and (ends[last] if right else last == len(words))
    ]
    if not spans:
        return ""
    _, _, first, last = max(spans)
    return sentence[words[first].start : words[last - 1].end]


def list_different(options: Sequence[str], stood: str) -> list[str]:
    """Return the first of `options`, and of the others those that have words, other ones than those before them and
    than `stood`, and not one of them twice: recognizers repeat what is short."""
    different = {list_words(options[0]): options[0]}
    for option in options[1:]:
        different.setdefault(list_words(option), option.strip(FINAL_MARKS))
    doubles = {words + words for words, option in different.items() if not _UNSPACED.search(option)}
    left_out = {(), list_words(stood), *doubles} - {list_words(options[0])}
    return [option for words, option in different.items() if words not in left_out]


def choose_words(
    options: Sequence[str], in_place: Sequence[float], alone: Sequence[float], margin: float = FIRST_MARGIN
) -> str:
    """Return the likeliest of `options`, given how likely each is within the sentence and alone; the first unless
    another one is likelier by more than `margin`."""
    likely = [at + ALONE_WEIGHT * by_itself for at, by_itself in zip(in_place, alone, strict=True)]
    best = max(range(len(options)), key=likely.__getitem__)
    return options[best if likely[best] > likely[0] + margin else 0]


def _count_equal(words: Sequence[str], others: Sequence[str]) -> int:
    """Return how many words both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(words, others, strict=False)))


def trim_correction(audio: Audio) -> Audio:
    """Return `audio` without the noise at its ends, but for a little."""
    loud = np.flatnonzero(find_loud_steps(audio)) if len(audio) else np.zeros(0, int)
    if not len(loud):
        return audio
    first_s, end_s = float(loud[0]) * LEVEL_STEP_S - LEAD_S, float(loud[-1] + 1) * LEVEL_STEP_S + TRAIL_S
    return audio[max(0, round(first_s * RATE_HZ)) : round(end_s * RATE_HZ)]
