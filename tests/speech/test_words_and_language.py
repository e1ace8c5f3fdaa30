"""The user's own words and languages, with the real model."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

import anyio
import numpy as np
import pytest

from desktop.audio.file import iterate_frames, read_audio
from desktop.core.types import RATE_HZ, Transcript
from desktop.stt.local.client import WhisperClient
from tests.conftest import Clip
from tests.speech.conftest import installed

pytestmark = pytest.mark.anyio

WORDS = ("Intone", "Kubernetes", "PySide")


def ignore(partial: Transcript) -> None:
    pass


@pytest.fixture
async def biased() -> AsyncIterator[WhisperClient]:
    model = WhisperClient(partial(installed, "base"), device="cpu", user_words=WORDS)
    yield model
    await model.close()


async def test_user_words_are_not_heard_in_silence_or_noise(biased: WhisperClient) -> None:
    rng = np.random.default_rng(1)
    for level in (0.0, 0.003, 0.02, 0.05):
        noise = rng.normal(0, level, 4 * RATE_HZ).astype(np.float32)
        assert (await biased.transcribe(iterate_frames(noise), ignore)).text == ""


async def test_the_users_words_leave_other_speech_alone(biased: WhisperClient, clips: list[Clip]) -> None:
    said = (await biased.transcribe(iterate_frames(read_audio(clips[0].path)), ignore)).text
    assert said
    assert not any(word in said for word in WORDS)


async def test_user_spelling_replaces_the_models(
    whisper: WhisperClient, biased: WhisperClient, clips: list[Clip]
) -> None:
    audio = read_audio(clips[0].path)
    plain = (await whisper.transcribe(iterate_frames(audio), ignore)).text
    assert "Dashwood " in plain
    biased.user_words = ("John Dashwoode",)
    assert "Dashwoode " in (await biased.transcribe(iterate_frames(audio), ignore)).text


async def test_each_dictation_has_its_own_language(whisper: WhisperClient, clips: list[Clip]) -> None:
    said: dict[str, Transcript] = {}

    async def transcribe(code: str, languages: tuple[str, ...] | None) -> None:
        said[code] = await whisper.transcribe(iterate_frames(read_audio(clips[0].path)), ignore, languages)

    async with anyio.create_task_group() as tasks:
        for code, languages in (("de", ("de",)), ("fr", ("fr",)), ("", None)):
            tasks.start_soon(transcribe, code, languages)
    assert {code: transcript.language for code, transcript in said.items()} == {"de": "de", "fr": "fr", "": "en"}
    assert len({transcript.text for transcript in said.values()}) == 3
    assert whisper.languages == ()


async def test_only_the_users_languages_are_detected(clips: list[Clip]) -> None:
    model = WhisperClient(partial(installed, "base"), languages=("de", "fr"), device="cpu")
    try:
        said = await model.transcribe(iterate_frames(read_audio(clips[0].path)), ignore)
    finally:
        await model.close()
    assert said.language in ("de", "fr")
