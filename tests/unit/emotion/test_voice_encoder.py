"""Which transcripts another model hears the voice of: those whose own state no head judges."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from desktop.core.types import Transcript
from desktop.emotion.voice_encoder import WhisperVoiceEncoder
from desktop.emotion.voice_heads import VoiceHeads
from models.store import ModelStore
from tests.support.voice_head import STATES

pytestmark = pytest.mark.anyio
STATE = np.zeros(STATES, np.float32)


@pytest.mark.parametrize(
    ("transcript", "is_wanted"),
    [
        (Transcript("words", model="moonshine-base"), True),
        (Transcript("words", model="small", voice=STATE, voice_model="small"), True),
        (Transcript("words", model="tiny", voice=STATE), True),
        (Transcript("words", model="base", voice=STATE), False),
        (Transcript("words", model="parakeet-v3", voice=STATE, voice_model="base"), False),
    ],
    ids=lambda value: f"{value.model} {value.voice_model}" if isinstance(value, Transcript) else "",
)
async def test_voice_is_wanted_where_no_head_judges_it(
    heads_folder: Path, tmp_path: Path, transcript: Transcript, is_wanted: bool
) -> None:
    store = install(tmp_path, "base")
    assert await WhisperVoiceEncoder(store, VoiceHeads(heads_folder, ())).is_wanted(transcript) == is_wanted


async def test_voice_is_not_wanted_without_an_encoder(heads_folder: Path, tmp_path: Path) -> None:
    said = Transcript("words", model="small", voice=STATE)
    heads = VoiceHeads(heads_folder, ())
    assert heads.list_encoders(store := install(tmp_path, "small")) == []
    assert not await WhisperVoiceEncoder(store, heads).is_wanted(said)
    assert heads.list_encoders(install(tmp_path, "base")) == ["base"]
    shutil.copyfile(heads_folder / "voice-base-ravdess-1.npz", tmp_path / "voice-moonshine-base-ravdess-1.npz")
    assert VoiceHeads(tmp_path, ()).list_encoders(install(tmp_path, "moonshine-base")) == [], "it tells of no voice"


def install(folder: Path, model: str) -> ModelStore:
    """Put files of the right size, without content, in the place of a model's."""
    store = ModelStore(folder)
    store.model_path(model).mkdir()
    for file in store.models[model].sources[0].files:
        with (store.model_path(model) / file.name).open("wb") as empty:
            empty.truncate(file.size)
    return store
