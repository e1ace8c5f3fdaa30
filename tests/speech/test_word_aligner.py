"""When words were said, which text the audio says, and what else it may say, by the real model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.file import read_audio
from desktop.core.types import RATE_HZ, Audio
from desktop.core.word_alignment import split_words
from desktop.settings.schema import RecognizerSettings, Settings
from desktop.stt.local.client import WhisperClient
from desktop.stt.local.engine_status import EngineStatus
from desktop.stt.local.word_aligner import LocalWordAligner
from desktop.stt.recognition import ConfiguredRecognizer
from models.store import ModelStore
from tests.conftest import Clip
from tests.speech.conftest import MODELS

pytestmark = pytest.mark.anyio

PAUSE_S = 0.7

MAX_MEDIAN_ERROR_S, MAX_ERROR_S = 0.1, 0.4


@pytest.fixture
def aligner(whisper: WhisperClient) -> LocalWordAligner:
    @contextmanager
    def lend() -> Iterator[WhisperClient]:
        yield whisper

    return LocalWordAligner(lend, lambda text, language: text)


def find_speech(audio: Audio) -> Audio:
    """The audio from the first to the last loud 10 ms."""
    levels = np.abs(audio[: len(audio) // 160 * 160]).reshape(-1, 160).mean(1)
    loud = np.flatnonzero(levels > 0.1 * np.quantile(levels, 0.95))
    return audio[loud[0] * 160 : (loud[-1] + 1) * 160]


def join_clips(clips: list[Clip]) -> tuple[Audio, list[tuple[float, float]]]:
    """The clips after one another with pauses, and when each begins and ends."""
    noise = np.random.default_rng(0).normal(0, 1e-4, round(PAUSE_S * RATE_HZ)).astype(np.float32)
    parts, times, at = [], [], 0.0
    for clip in clips:
        speech = find_speech(read_audio(clip.path))
        at += PAUSE_S
        times.append((at, at + len(speech) / RATE_HZ))
        at = times[-1][1]
        parts += [noise, speech]
    return np.concatenate([*parts, noise]), times


async def test_words_are_found_in_a_recording_of_several_windows(aligner: LocalWordAligner, clips: list[Clip]) -> None:
    spoken = [*clips, *clips]
    audio, times = join_clips(spoken)
    words = await aligner.align(audio, ". ".join(clip.text for clip in spoken), "en")
    assert [word.text for word in words] == [word for clip in spoken for word in clip.text.split()]
    errors, at = [], 0
    for clip, (start_s, end_s) in zip(spoken, times, strict=True):
        count = len(split_words(clip.text)[0])
        errors += [abs(words[at].start_s - start_s), abs(words[at + count - 1].end_s - end_s)]
        at += count
    assert np.median(errors) < MAX_MEDIAN_ERROR_S
    assert max(errors) < MAX_ERROR_S
    assert np.mean([word.probability for word in words]) > 0.5


async def test_said_words_score_best(aligner: LocalWordAligner, clips: list[Clip]) -> None:
    for clip in clips:
        words = clip.text.split()
        others = [" ".join([*words[:at], "banana", *words[at + 1 :]]) for at in (0, len(words) // 2, len(words) - 1)]
        said, *wrong = await aligner.score(read_audio(clip.path), [clip.text, *others], "en")
        assert said > max(wrong)


async def test_alternatives_begin_with_what_was_said(aligner: LocalWordAligner, clips: list[Clip]) -> None:
    audio = read_audio(clips[4].path)
    texts = await aligner.list_alternatives(audio, "en", 4)
    assert 1 < len(texts) <= 4
    assert len({tuple(split_words(text)[0]) for text in texts}) == len(texts)
    assert any(split_words(text)[0] == split_words(clips[4].text)[0] for text in texts)
    assert (await aligner.list_alternatives(audio, "", 1)) == texts[:1]


async def test_configured_recognizer_finds_words_while_it_recognizes(clips: list[Clip]) -> None:
    settings = Settings(recognizer=RecognizerSettings(model="base", language=("en",)))
    loaded = anyio.Event()

    def on_change(status: EngineStatus) -> None:
        if status.loaded:
            loaded.set()

    recognition = ConfiguredRecognizer(ModelStore(MODELS), settings, on_change)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(recognition.run)
        await loaded.wait()
        words = await recognition.aligner.align(read_audio(clips[4].path), clips[4].text, "en")
        assert [word.text for word in words] == clips[4].text.split()
        tasks.cancel_scope.cancel()


async def test_configured_recognizer_without_a_model_finds_no_words(clips: list[Clip], tmp_path: Path) -> None:
    settings = Settings(recognizer=RecognizerSettings(engine="compatible"))
    aligner = ConfiguredRecognizer(ModelStore(tmp_path), settings, lambda status: None).aligner
    audio = read_audio(clips[4].path)
    assert await aligner.align(audio, clips[4].text, "en") == ()
    assert await aligner.list_alternatives(audio, "en", 2) == ()
    assert await aligner.score(audio, [clips[4].text], "en") == ()
