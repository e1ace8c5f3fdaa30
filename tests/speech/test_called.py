"""Emoji and names that are spoken, with the real model: a sample of the proof `called`."""

from __future__ import annotations

import pytest

from desktop.audio.file import iterate_frames
from desktop.core.types import Transcript
from desktop.stt.local.client import WhisperClient
from tests.prove.called import is_right, table
from tests.prove.words import spoken

pytestmark = pytest.mark.anyio

SAMPLE = (
    "Happy birthday, party popper emoji, see you tomorrow.",
    "My name is Kucera, spell it K, U, C, E, R, A.",
    "The fire emoji is overused.",
)


def ignore(partial: Transcript) -> None:
    pass


@pytest.mark.parametrize(("kind", "said", "written"), [entry for entry in table() if entry[1] in SAMPLE])
async def test_spoken_emoji_and_letters_are_written(whisper: WhisperClient, kind: str, said: str, written: str) -> None:
    heard = await whisper.transcribe(iterate_frames(spoken(said)), ignore)
    assert is_right(heard.text, kind, written), heard.text
