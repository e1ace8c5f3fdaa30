"""Spoken code through the real model: a few of what `python -m tests.prove code` judges in full, and all as text."""

from __future__ import annotations

import pytest

from desktop.audio.file import iterate_frames
from desktop.dictation.progress import SPOKEN_CODE
from desktop.stt.expected_speech import expecting
from desktop.stt.local.client import WhisperClient
from tests.prove.code import TEXT_BAR, Phrase, table, write
from tests.prove.heard import ignore
from tests.prove.words import spoken

pytestmark = pytest.mark.anyio

HEARD = ("import numpy as np", "names open bracket zero close bracket")
"""Phrases that the tests' model hears as they are said."""


def test_phrases_as_text_are_written_to_the_character() -> None:
    phrases = table()
    for part in (phrases, [phrase for phrase in phrases if not phrase.is_tuned]):
        right = [phrase for phrase in part if write(phrase.said, phrase.kind) == phrase.written]
        assert len(right) >= TEXT_BAR * len(part), set(part) - set(right)


EXPECTED = (
    "def snake case get user open paren snake case user id close paren colon",
    "data equals json dot loads open paren text close paren",
)
"""Phrases that it hears so only where it expects code."""


@pytest.mark.parametrize(
    "phrase", [phrase for phrase in table() if phrase.said in EXPECTED], ids=lambda phrase: phrase.said
)
async def test_commands_are_heard_where_code_is_expected(whisper: WhisperClient, phrase: Phrase) -> None:
    with expecting(lambda language: SPOKEN_CODE):
        heard = await whisper.transcribe(iterate_frames(spoken(phrase.said)), ignore)
    assert write(heard.text, phrase.kind) == phrase.written


@pytest.mark.parametrize(
    "phrase", [phrase for phrase in table() if phrase.said in HEARD], ids=lambda phrase: phrase.said
)
async def test_spoken_phrase_is_written_as_code(whisper: WhisperClient, phrase: Phrase) -> None:
    heard = await whisper.transcribe(iterate_frames(spoken(phrase.said)), ignore)
    assert write(heard.text, phrase.kind) == phrase.written
