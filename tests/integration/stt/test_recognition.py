"""What the chosen engine hears is written as the user writes it, with the fallback and without."""

from __future__ import annotations

from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.file import iterate_frames
from desktop.core.types import RATE_HZ
from desktop.settings.schema import CompatibleSettings, EnginesSettings, RecognizerSettings, Settings
from desktop.stt.recognition import ConfiguredRecognizer
from models.store import ModelStore
from tests.support.cloud import openai
from tests.support.cloud.speech_source import standing
from tests.support.cloud.words import Said

SPOKEN = np.random.default_rng(3).normal(0, 0.05, round(0.5 * RATE_HZ)).astype(np.float32)


@pytest.mark.anyio
@pytest.mark.parametrize(("chinese", "written"), [("traditional", "頭髮在裡面"), ("simplified", "头发在里面")])
async def test_text_of_a_service_is_in_the_chosen_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chinese: str, written: str
) -> None:
    monkeypatch.setenv("INTONE_COMPATIBLE_KEY", "a-key")
    async with standing(openai.OpenAI(Said("头髮在裡面"), compatible=True), tls=False) as (_, served):
        chosen = Settings(
            recognizer=RecognizerSettings(engine="compatible", language=("zh",), chinese=chinese),
            engines=EnginesSettings(compatible=CompatibleSettings(url=f"{served.url}/v1")),
        )
        recognition = ConfiguredRecognizer(ModelStore(tmp_path), chosen, lambda status: None)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(recognition.run)
            await anyio.wait_all_tasks_blocked()
            for transcribe in (recognition.transcribe, recognition.transcribe_without_fallback):
                heard = await transcribe(iterate_frames(SPOKEN), lambda partial: None)
                assert (heard.text, heard.stable_length) == (written, len(written))
                assert [segment.text for segment in heard.segments] == [written]
            tasks.cancel_scope.cancel()
