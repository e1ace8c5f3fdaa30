"""The local engine over time: the model goes when nobody speaks for a while, and is back before one has finished."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import anyio
import anyio.lowlevel
import pytest

from desktop.audio.file import iterate_frames, read_audio
from desktop.core.types import Frame, Transcript
from desktop.settings.schema import RecognizerSettings, Settings
from desktop.stt.local.engine import WhisperEngine
from desktop.stt.local.engine_options import LocalEngineOptions, local_engine_options
from desktop.stt.local.engine_status import EngineStatus
from models.store import ModelStore
from tests.conftest import Clip
from tests.speech.conftest import MODELS
from tests.support.process_end import ended
from tests.support.words import error_rate

pytestmark = pytest.mark.anyio

SOON_S = 0.05
TINY = LocalEngineOptions("tiny.en", ("en",))


class Conditions:
    """What the engine told, and a wait for what it will tell."""

    def __init__(self) -> None:
        self.told: list[EngineStatus] = []
        self._news = anyio.Event()

    def __call__(self, condition: EngineStatus) -> None:
        self.told.append(condition)
        self._news.set()
        self._news = anyio.Event()

    async def until(self, met: Callable[[EngineStatus], bool]) -> None:
        with anyio.fail_after(60):
            while not (self.told and met(self.told[-1])):
                await self._news.wait()


@asynccontextmanager
async def running(wanted: LocalEngineOptions) -> AsyncIterator[tuple[WhisperEngine, Conditions]]:
    """The engine with its model loaded."""
    conditions = Conditions()
    engine = WhisperEngine(ModelStore(MODELS), wanted, conditions)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        await conditions.until(lambda condition: condition.loaded)
        yield engine, conditions
        tasks.cancel_scope.cancel()


def ignore(partial: Transcript) -> None:
    pass


def process(engine: WhisperEngine) -> int:
    pid = engine.pid
    assert pid is not None
    return pid


async def test_idle_model_is_unloaded_and_reloaded_on_demand(clips: list[Clip]) -> None:
    async with running(replace(TINY, unload_after_s=SOON_S)) as (engine, conditions):
        await ended(process(engine))
        assert conditions.told[-1] == EngineStatus(loaded=True, model="tiny.en", device="cpu")
        assert engine.pid is None
        said = await engine.transcribe(iterate_frames(read_audio(clips[1].path)), ignore)
        assert error_rate(clips[1].text, said.text) <= 0.3
        assert all(condition.loaded for condition in conditions.told)
        await ended(process(engine))


async def test_it_loads_while_the_person_still_speaks(clips: list[Clip]) -> None:
    async with running(replace(TINY, unload_after_s=SOON_S)) as (engine, conditions):
        await ended(process(engine))
        told = len(conditions.told)

        async def speech() -> AsyncIterator[Frame]:
            """Nothing is said before the model is there, and no word is decoded before something is said."""
            await conditions.until(lambda _: len(conditions.told) > told)
            async for frame in iterate_frames(read_audio(clips[1].path)):
                yield frame

        said = await engine.transcribe(speech(), ignore)
        assert error_rate(clips[1].text, said.text) <= 0.3


async def test_it_stays_for_as_long_as_the_user_speaks(clips: list[Clip]) -> None:
    async with running(TINY) as (engine, _):
        pid = process(engine)

        async def speech() -> AsyncIterator[Frame]:
            engine.apply_options(replace(TINY, unload_after_s=SOON_S))
            async for frame in iterate_frames(read_audio(clips[1].path)):
                yield frame
            assert engine.pid == pid

        said = await engine.transcribe(speech(), ignore)
        assert error_rate(clips[1].text, said.text) <= 0.3
        await ended(pid)


async def test_idle_time_and_script_change_without_reload() -> None:
    other_script = Settings(recognizer=RecognizerSettings(chinese="traditional"))
    assert local_engine_options(other_script) == local_engine_options(Settings())
    async with running(replace(TINY, unload_after_s=3600.0)) as (engine, conditions):
        pid, told = process(engine), len(conditions.told)
        engine.apply_options(replace(TINY, unload_after_s=0.0))
        assert (engine.pid, len(conditions.told)) == (pid, told)
        engine.apply_options(replace(TINY, unload_after_s=SOON_S))
        await ended(pid)
        assert len(conditions.told) == told


async def test_another_model_chosen_during_loading_is_loaded(
    clips: list[Clip],
) -> None:
    async with running(TINY) as (engine, conditions):
        for fetch in (False, True, False):
            engine.apply_options(replace(TINY, fetch=fetch))
            while engine._client._loading is None:
                await anyio.lowlevel.checkpoint()
        await conditions.until(lambda condition: condition.loaded)
        said = await engine.transcribe(iterate_frames(read_audio(clips[0].path)), ignore)
        assert error_rate(clips[0].text, said.text) <= 0.2
