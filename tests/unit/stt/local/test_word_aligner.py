"""Times of words from those of a model's tokens, and the windows of a long recording."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.errors import RecognizerError
from desktop.core.types import RATE_HZ, Audio, TimedWord
from desktop.stt.local.decoding import AlignedText, DecodeResult, TokenTime
from desktop.stt.local.whisper_alignment import choose_distinct, find_token_times
from desktop.stt.local.word_aligner import (
    MAX_WINDOW_S,
    LocalWordAligner,
    cut_windows,
    join_alternatives,
    split_text,
    time_words,
    trim_quiet,
)
from desktop.stt.traits import EngineTraits, load_traits


def said(*stretches: tuple[float, float], seconds: float) -> Audio:
    """Noise that is loud in `stretches` of seconds, and quiet elsewhere."""
    audio = np.random.default_rng(0).normal(0, 0.001, round(seconds * RATE_HZ))
    for start_s, end_s in stretches:
        audio[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)] *= 200
    return audio.astype(np.float32)


def test_path_of_an_alignment_gives_token_times() -> None:
    path = [(0, 5), (0, 6), (1, 7), (1, 8), (1, 9), (2, 10), (3, 10), (3, 11)]
    times = [(round(start_s, 3), round(end_s, 3)) for start_s, end_s in find_token_times(path, 3)]
    assert times == [(0.1, 0.14), (0.14, 0.2), (0.2, 0.2)]
    assert find_token_times([], 1) == [(0.0, 0.0)]


def test_tokens_are_grouped_to_words() -> None:
    tokens = (
        TokenTime(0, 4, 0.0, 0.3, 1.0),
        TokenTime(4, 7, 0.3, 0.6, 0.5),
        TokenTime(7, 8, 0.6, 0.7, 0.1),
        TokenTime(8, 14, 0.7, 1.0, 0.8),
    )
    text = "Charlie, again"
    assert time_words(text, AlignedText(text, tokens), 2.0) == [
        TimedWord(0.0, 0.6, "Charlie", 0.75),
        TimedWord(0.7, 1.0, "again", 0.8),
    ]


def test_characters_share_the_time_of_their_token() -> None:
    tokens = (TokenTime(0, 2, 1.0, 1.4, 0.9), TokenTime(2, 3, 1.4, 1.5, 0.5), TokenTime(2, 3, 1.5, 1.6, 0.7))
    timed = time_words("今天去", AlignedText("今天去", tokens), 2.0)
    assert [word.text for word in timed] == ["今", "天", "去"]
    assert [(round(word.start_s, 3), round(word.end_s, 3)) for word in timed] == [(1.0, 1.2), (1.2, 1.4), (1.4, 1.6)]
    assert [word.probability for word in timed] == pytest.approx([0.9, 0.9, 0.6])


def test_times_of_another_text_are_those_of_the_same_words() -> None:
    heard = AlignedText("we met friday", (TokenTime(0, 2, 0.0, 0.2, 0.9), TokenTime(2, 6, 0.2, 0.5, 0.9)))
    heard = AlignedText(heard.text, (*heard.tokens, TokenTime(6, 13, 0.5, 1.0, 0.8)))
    assert time_words("We meet Friday.", heard, 1.0) == [
        TimedWord(0.0, 0.2, "We", 0.9),
        TimedWord(0.2, 0.5, "meet", 0.0),
        TimedWord(0.5, 1.0, "Friday", 0.8),
    ]


def test_text_without_tokens_is_spread_over_its_window() -> None:
    assert time_words("one two", AlignedText("one two"), 4.0) == [
        TimedWord(0.0, 2.0, "one", 0.0),
        TimedWord(2.0, 4.0, "two", 0.0),
    ]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ((0.2, 2.4), (2.0, 2.4)),  # the pause before it is not part of it
        ((0.5, 0.8), (0.5, 0.9)),  # the sound that goes on after it is
        ((0.5, 2.05), (0.5, 0.9)),  # what is left of the next word is not
        ((1.2, 1.6), (1.2, 1.6)),  # quiet as a whole
    ],
)
def test_pause_is_taken_from_a_word(word: tuple[float, float], expected: tuple[float, float]) -> None:
    audio = said((0.5, 0.9), (2.0, 2.4), seconds=3.0)
    timed = trim_quiet([TimedWord(*word, "heron", 0.9)], audio)[0]
    assert (timed.start_s, timed.end_s) == pytest.approx(expected, abs=0.03)


@given(st.floats(0.01, 90))
def test_windows_cover_all_and_are_short(seconds: float) -> None:
    audio = np.zeros(round(seconds * RATE_HZ), np.float32)
    windows = cut_windows(audio)
    assert (windows[0][0], windows[-1][1]) == (0, len(audio))
    assert all(left[1] == right[0] for left, right in pairwise(windows))
    assert all(0 < end - begin <= MAX_WINDOW_S * RATE_HZ for begin, end in windows)


def test_windows_are_cut_where_it_is_quiet() -> None:
    windows = cut_windows(said((0.0, 9.0), (9.6, 20.0), seconds=20.0))
    assert len(windows) == 2
    assert 9.0 < windows[0][1] / RATE_HZ < 9.6


@pytest.mark.parametrize(
    ("text", "parts", "expected"),
    [
        ("We meet. On Friday!", ["we meet", "on friday"], ["We meet. ", "On Friday!"]),
        ("We meet. On Friday!", ["we met", "", "friday"], ["We meet. On ", "", "Friday!"]),
        ("We meet.", ["", ""], ["We meet.", ""]),
        ("今天去吃饭", ["今天", "去吃饭"], ["今天", "去吃饭"]),
    ],
)
def test_text_is_split_among_windows(text: str, parts: list[str], expected: list[str]) -> None:
    assert split_text(text, parts) == expected


@given(st.text("ab c.", max_size=30), st.lists(st.text("ab c", max_size=9), min_size=1, max_size=4))
def test_parts_are_the_text(text: str, said_texts: list[str]) -> None:
    parts = split_text(text, said_texts)
    assert "".join(parts) == text
    assert len(parts) == len(said_texts)


def test_alternatives_differ_in_words() -> None:
    assert choose_distinct(["A heron.", "a heron", "", "A her on.", "A hero."], 2) == ["A heron.", "A her on."]
    assert join_alternatives([["a", "b"], [], ["c"]], 3) == ("a c", "b c")
    assert join_alternatives([[], []], 3) == ()


@dataclass
class Model:
    """A client whose model says one word for each window, and tells their times if it can."""

    family: str = "whisper"
    problem: RecognizerError | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def traits(self) -> EngineTraits:
        return load_traits(self.family)

    @contextmanager
    def hold(self) -> Iterator[None]:
        yield

    async def load(self) -> None:
        if self.problem is not None:
            raise self.problem

    async def find_guide(self) -> None:
        return None

    async def decode(self, audio: Audio, request: Any) -> DecodeResult:
        return DecodeResult(("one", "two", "three")[len(self.asked) % 3] if request.live else "", "en")

    async def align(self, audio: Audio, texts: list[str], language: str) -> list[AlignedText]:
        self.asked.append(tuple(texts))
        if self.family == "moonshine":
            return []
        return [AlignedText(text, (TokenTime(0, len(text), 0.0, 1.0, 0.5),) if text else ()) for text in texts]

    async def list_alternatives(self, audio: Audio, language: str, count: int) -> list[str]:
        return ["a heron"] if self.family == "whisper" else []


def aligner(model: Model | None) -> LocalWordAligner:
    @contextmanager
    def lend() -> Iterator[Any]:
        yield model

    return LocalWordAligner(lend, lambda text, language: text.upper())


NOISE = said((0.0, 3.0), seconds=3.0)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "model", [None, Model("moonshine"), Model(problem=RecognizerError("speech-model-closed"))], ids=["no", "not", "bad"]
)
@pytest.mark.filterwarnings("ignore")
async def test_what_cannot_be_told_is_empty(model: Model | None) -> None:
    finder = aligner(model)
    assert await finder.align(NOISE, "a heron", "en") == ()
    assert await finder.list_alternatives(NOISE, "en", 3) == ()
    assert await finder.score(NOISE, ["a heron"], "en") == ()


@pytest.mark.anyio
async def test_short_recording_is_asked_once() -> None:
    model = Model()
    assert await aligner(model).score(NOISE, ["a heron", ""], "en") == pytest.approx((-0.693, -math.inf), abs=0.01)
    assert [word.text for word in await aligner(model).align(NOISE, "A heron.", "en")] == ["A", "heron"]
    assert model.asked == [("a heron", ""), ("A heron.",)]
    assert await aligner(model).list_alternatives(NOISE, "en", 3) == ("A HERON",)


@pytest.mark.anyio
async def test_words_of_later_windows_come_later() -> None:
    audio = said((0.0, 9.0), (9.6, 20.0), seconds=20.0)
    _, second = cut_windows(audio)
    words = await aligner(Model()).align(audio, "one heron one kite", "en")
    assert [word.text for word in words] == ["one", "heron", "one", "kite"]
    assert all(left.start_s <= right.start_s for left, right in pairwise(words))
    assert words[-1].start_s >= second[0] / RATE_HZ > words[0].end_s
