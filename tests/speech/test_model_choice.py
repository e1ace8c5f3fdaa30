"""`auto` with the real models: by language, and where the file of another family's model is damaged."""

from __future__ import annotations

import shutil
from pathlib import Path

import anyio
import pytest

from desktop.stt.local.engine import WhisperEngine
from desktop.stt.local.engine_options import LocalEngineOptions
from desktop.stt.local.engine_status import EngineStatus
from models.store import ModelStore
from tests.speech.conftest import MODELS
from tests.speech.test_local_idle import Conditions

pytestmark = pytest.mark.anyio

ENGLISH = LocalEngineOptions("auto", ("en",), fetch=False)


def has(name: str, reason: str, condition: EngineStatus) -> bool:
    return (
        condition.loaded
        and condition.model == name
        and condition.reason is not None
        and (condition.reason.code == reason)
    )


async def test_automatic_follows_the_languages() -> None:
    conditions = Conditions()
    engine = WhisperEngine(ModelStore(MODELS), ENGLISH, conditions)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        await conditions.until(lambda condition: has("moonshine-base", "auto-english", condition))
        engine.apply_options(LocalEngineOptions("auto", ("en", "de"), fetch=False))
        await conditions.until(lambda condition: has("base", "auto-several-languages", condition))
        told = len(conditions.told)
        engine.apply_options(LocalEngineOptions("auto", (), fetch=False))
        await conditions.until(lambda condition: has("base", "auto-any-language", condition))
        assert all(condition.loaded for condition in conditions.told[told:])
        tasks.cancel_scope.cancel()


async def test_damaged_model_gives_way_to_whisper_and_is_named(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    shutil.copytree(MODELS / "base", store.model_path("base"))
    shutil.copytree(MODELS / "moonshine-base", store.model_path("moonshine-base"))
    (file,) = store.model_path("moonshine-base").iterdir()
    size = file.stat().st_size
    file.write_bytes(b"\0" * size)
    conditions = Conditions()
    engine = WhisperEngine(store, ENGLISH, conditions)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        await conditions.until(lambda condition: has("base", "auto-kept", condition))
        assert "moonshine-base" in " ".join(map(str, conditions.told[-1].note))
        tasks.cancel_scope.cancel()
