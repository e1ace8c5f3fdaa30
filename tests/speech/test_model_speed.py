"""A real model is measured on a real recording, and one that comes late is taken up."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from desktop.app.model_speed import measure_speed
from desktop.audio.file import read_audio
from desktop.stt.local.engine import WhisperEngine
from desktop.stt.local.engine_options import LocalEngineOptions
from models.catalog import ModelError
from models.store import ModelStore
from tests.conftest import Clip
from tests.speech.conftest import MODELS, installed
from tests.speech.test_local_idle import Conditions
from tests.support.lent_files import lend

pytestmark = pytest.mark.anyio


async def test_the_speed_of_a_model_is_that_of_a_dictation(clips: list[Clip]) -> None:
    audio = read_audio(clips[0].path)
    assert await measure_speed(await installed("tiny.en"), audio, "cpu") > 0.1


async def test_stopped_download_is_loaded_once_model_arrives(tmp_path: Path) -> None:
    async def refused(name: str, count: object) -> None:
        raise ModelError("model-download-stopped", name=name)

    conditions = Conditions()
    engine = WhisperEngine(ModelStore(tmp_path), LocalEngineOptions("tiny.en", ("en",)), conditions, refused)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        await conditions.until(lambda condition: condition.problem is not None)
        assert "its download was stopped. Resume it in the settings" in str(conditions.told[-1].problem)
        lend(MODELS / "tiny.en", tmp_path / "tiny.en")
        engine.on_model_arrived("tiny.en")
        await conditions.until(lambda condition: condition.loaded)
        tasks.cancel_scope.cancel()


async def test_model_chosen_during_loading_replaces_it() -> None:
    conditions = Conditions()
    engine = WhisperEngine(ModelStore(MODELS), LocalEngineOptions("base", ("en",)), conditions)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        while engine.pid is None and not engine._client.is_busy:
            await anyio.lowlevel.checkpoint()
        engine.apply_options(LocalEngineOptions("tiny.en", ("en",)))
        await conditions.until(lambda condition: condition.loaded)
        tasks.cancel_scope.cancel()
    assert conditions.told, "the engine has not ended with what it was loading"
    assert conditions.told[-1].model == "tiny.en"
