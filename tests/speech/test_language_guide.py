"""Moonshine, which knows English alone, with Whisper beside it for users of other languages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from desktop.audio.file import iterate_frames, read_audio
from desktop.core.types import Transcript
from desktop.stt.local.client import WhisperClient
from models.store import ModelStore
from tests.conftest import Clip
from tests.speech.conftest import MODELS, installed
from tests.support.words import error_rate

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def moonshine(*languages: str) -> AsyncIterator[WhisperClient]:
    """Moonshine base for these languages, where Whisper base is installed too."""
    client = WhisperClient(partial(installed, "moonshine-base"), languages, "cpu", store=ModelStore(MODELS))
    try:
        yield client
    finally:
        await client.close()


def ignore(partial: Transcript) -> None:
    """Show nothing."""


async def test_language_that_the_model_has_is_told_by_whisper(clips: list[Clip]) -> None:
    async with moonshine("en", "zh") as client:
        said = await client.transcribe(iterate_frames(read_audio(clips[0].path)), ignore)
        assert error_rate(clips[0].text, said.text) < 0.2
        assert (said.engine, said.model, said.language) == ("moonshine", "moonshine-base", "en")
        assert "language" not in said.guards
        assert client._guide is not None
        guide = client._guide.pid
        assert guide is not None
    assert not Path(f"/proc/{guide}").exists()


async def test_language_that_the_model_lacks_is_decoded_by_whisper(clips: list[Clip]) -> None:
    async with moonshine("de") as client:
        said = await client.transcribe(iterate_frames(read_audio(clips[0].path)), ignore)
        assert (said.engine, said.model, said.language) == ("whisper", "base", "de")
        assert said.guards[-1] == "language"
        assert said.voice is not None


async def test_whisper_is_not_loaded_with_one_language(clips: list[Clip]) -> None:
    async with moonshine("en") as client:
        said = await client.transcribe(iterate_frames(read_audio(clips[0].path)), ignore)
        assert said.model == "moonshine-base"
        assert client._guide is None
