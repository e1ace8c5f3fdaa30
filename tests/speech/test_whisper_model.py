"""What the model is asked a second time; the model is real but for the loop that it is made to run into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from desktop.audio.file import read_audio
from desktop.stt.local.decoding import DecodeRequest
from desktop.stt.local.whisper_decoder import TIMESTAMP_SAMPLES, WhisperDecoder
from tests.conftest import Clip
from tests.speech.conftest import MODELS


@dataclass
class Looped:
    """A result of CTranslate2 that says one phrase for ever."""

    sequences_ids: list[list[int]]
    scores: list[float]
    no_speech_prob: float


class Looping:
    """A model that goes round in circles unless it is kept from it."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.asked: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def generate(self, encoded: Any, prompts: list[list[int]], **options: Any) -> list[Any]:
        self.asked.append(options["no_repeat_ngram_size"])
        said = self._model.generate(encoded, prompts, **options)
        if options["no_repeat_ngram_size"]:
            return list(said)
        return [Looped([said[0].sequences_ids[0][1:4] * 20], [-0.2], 0.01)]


class GoingOn:
    """A model that says its sentence again after the end of its audio, which is at `end` in steps of timestamps."""

    def __init__(self, model: Any, first_stamp: int, end: int) -> None:
        self._model, self._end, self._first_stamp = model, first_stamp + end, first_stamp

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def generate(self, encoded: Any, prompts: list[list[int]], **options: Any) -> list[Any]:
        said = self._model.generate(encoded, prompts, **options)[0]
        words = [token for token in said.sequences_ids[0] if token < self._first_stamp]
        twice = [self._first_stamp, *words, self._end, self._end, *words, self._end + 300]
        return [Looped([twice], said.scores, said.no_speech_prob)]


@pytest.fixture(scope="module")
def model() -> WhisperDecoder:
    return WhisperDecoder(str(MODELS / "base"), "base", "cpu", 1)


def test_a_loop_is_decoded_again_without_repeats(model: WhisperDecoder, clips: list[Clip]) -> None:
    audio = read_audio(clips[0].path)
    question = DecodeRequest("9" * (len(audio) // 512 + 1), "en")
    plain = model.decode(audio, question)
    real, looping = model._whisper.model, Looping(model._whisper.model)
    model._whisper.model = looping
    try:
        said = model.decode(audio, question)
    finally:
        model._whisper.model = real
    assert looping.asked == [0, 3]
    assert (said.guard, said.sure) == ("loop", True)
    assert said.text.split()[:4] == plain.text.split()[:4]
    assert plain.guard == ""


def test_what_is_said_after_the_end_of_the_audio_is_left_out(model: WhisperDecoder, clips: list[Clip]) -> None:
    audio = read_audio(clips[0].path)
    question = DecodeRequest("9" * (len(audio) // 512 - 5) + "0" * 5, "en")
    plain, real = model.decode(audio, question), model._whisper.model
    first_stamp = model._get_tokenizer("en")[0].timestamp_begin
    model._whisper.model = GoingOn(real, first_stamp, len(audio) // TIMESTAMP_SAMPLES)
    try:
        said = model.decode(audio, question)
    finally:
        model._whisper.model = real
    assert (said.text, said.guard) == (plain.text, "")
