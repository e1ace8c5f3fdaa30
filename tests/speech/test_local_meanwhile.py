"""A model that is chosen and not here yet: what is installed answers until it has come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import anyio
import pytest
from filelock import lock_descriptor

from desktop.audio.file import iterate_frames, read_audio
from desktop.core.messages import render
from desktop.core.types import Transcript
from desktop.stt.local.engine import WhisperEngine
from desktop.stt.local.engine_options import LocalEngineOptions
from desktop.stt.local.model_choice import find_model, is_installed
from models.store import ModelStore
from tests.conftest import Clip
from tests.speech.conftest import MODELS
from tests.speech.test_local_idle import SOON_S, Conditions, ended, ignore
from tests.support.lent_files import lend, take_back
from tests.support.words import error_rate

pytestmark = pytest.mark.anyio


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    """A store that has tiny.en alone."""
    lend(MODELS / "tiny.en", tmp_path / "tiny.en")
    return ModelStore(tmp_path)


@contextmanager
def fetching(store: ModelStore, name: str, found: Path = MODELS) -> Iterator[None]:
    """Another process fetches the model, and has it when the block ends, as it is in the folder `found`."""
    lock = store.staging_path(name).with_name(f"{name}.lock")
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as held:
        lock_descriptor(held.fileno())
        yield
        lend(found / name, store.model_path(name))


@pytest.fixture
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where base is as large as it should be, and cannot be loaded."""
    folder = tmp_path_factory.mktemp("damaged") / "base"
    folder.mkdir()
    for file in (MODELS / "base").iterdir():
        lend(file, folder / file.name)
    (folder / "model.bin").unlink()
    with (folder / "model.bin").open("wb") as weights:
        weights.truncate((MODELS / "base/model.bin").stat().st_size)
    return folder.parent


@asynccontextmanager
async def running(store: ModelStore, wanted: LocalEngineOptions) -> AsyncIterator[tuple[WhisperEngine, Conditions]]:
    conditions = Conditions()
    engine = WhisperEngine(store, wanted, conditions)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        yield engine, conditions
        tasks.cancel_scope.cancel()


async def test_installed_model_answers_until_chosen_arrives(store: ModelStore, clips: list[Clip]) -> None:
    async with running(store, LocalEngineOptions("base", ("en",))) as (engine, conditions):
        with fetching(store, "base"):
            await conditions.until(lambda condition: condition.loaded)
            assert conditions.told[-1].model == "tiny.en"
            said = await engine.transcribe(iterate_frames(read_audio(clips[1].path)), ignore)
            assert error_rate(clips[1].text, said.text) <= 0.3
        await conditions.until(lambda condition: condition.loaded and condition.model == "base")
        assert all(condition.loaded for condition in conditions.told[1:])


async def test_unloadable_chosen_model_keeps_the_current_one(
    store: ModelStore, damaged: Path, clips: list[Clip]
) -> None:
    async with running(store, LocalEngineOptions("base", ("en",))) as (engine, conditions):
        with fetching(store, "base", damaged):
            await conditions.until(lambda condition: condition.loaded)
            used = engine.pid
        await conditions.until(lambda condition: bool(condition.note))
        assert conditions.told[-1].loaded
        assert (conditions.told[-1].model, engine.pid) == ("tiny.en", used)
        assert "base cannot be loaded" in render(conditions.told[-1].note)
        assert used is not None
        engine.apply_options(LocalEngineOptions("base", ("en",), unload_after_s=SOON_S))
        await ended(used)
        said = await engine.transcribe(iterate_frames(read_audio(clips[1].path)), ignore)
        assert error_rate(clips[1].text, said.text) <= 0.3


async def test_unloadable_best_model_falls_back_to_next(store: ModelStore, damaged: Path) -> None:
    lend(damaged / "base", store.model_path("base"))
    async with running(store, LocalEngineOptions(languages=("en",))) as (_, conditions):
        await conditions.until(lambda condition: condition.loaded)
        assert [condition.model for condition in conditions.told if condition.loaded] == ["tiny.en"]


async def test_bad_chosen_model_falls_back_until_refetched(store: ModelStore, damaged: Path) -> None:
    lend(damaged / "base", store.model_path("base"))
    async with running(store, LocalEngineOptions("base", ("en",))) as (engine, conditions):
        await conditions.until(lambda condition: condition.loaded)
        assert conditions.told[-1].model == "tiny.en"
        assert "base cannot be loaded" in render(conditions.told[-1].note)
        take_back(store.model_path("base"))
        lend(MODELS / "base", store.model_path("base"))
        engine.on_model_arrived("base")
        await conditions.until(lambda condition: condition.loaded and condition.model == "base")
        assert conditions.told[-1].note == ()


async def test_broken_custom_folder_is_not_retried_at_once(store: ModelStore, damaged: Path) -> None:
    lend(MODELS / "base", store.model_path("base"))  # of the folder's own name
    async with running(store, LocalEngineOptions(str(damaged / "base"), ("en",))) as (_, conditions):
        await conditions.until(lambda condition: condition.problem is not None)
        with anyio.move_on_after(3) as patience:
            await conditions.until(lambda condition: len(conditions.told) > 1)
        assert patience.cancelled_caught
        assert "base cannot be loaded" in str(conditions.told[0].problem)


async def test_better_model_is_retried_after_refetch(store: ModelStore, damaged: Path) -> None:
    lend(damaged / "base", store.model_path("base"))
    async with running(store, LocalEngineOptions(languages=("en",))) as (engine, conditions):
        await conditions.until(lambda condition: condition.loaded)
        take_back(store.model_path("base"))
        lend(MODELS / "base", store.model_path("base"))
        engine.on_model_arrived("base")
        await conditions.until(lambda condition: condition.loaded and condition.model == "base")


async def test_another_choice_does_not_wait_for_the_download(store: ModelStore) -> None:
    async with running(store, LocalEngineOptions("base", ("en",))) as (engine, conditions):
        with fetching(store, "base"):
            await conditions.until(lambda condition: condition.loaded)
            told = len(conditions.told)
            engine.apply_options(LocalEngineOptions("tiny.en", ("en",)))
            await conditions.until(lambda condition: len(conditions.told) > told and condition.loaded)
            assert conditions.told[-1].model == "tiny.en"


async def test_another_choice_loads_before_the_first_one(store: ModelStore) -> None:
    take_back(store.model_path("tiny.en"))
    async with running(store, LocalEngineOptions("tiny.en", ("en",))) as (engine, conditions):
        with fetching(store, "tiny.en"):
            await anyio.wait_all_tasks_blocked()
            engine.apply_options(LocalEngineOptions(str(MODELS / "tiny.en"), ("en",)))
            await conditions.until(lambda condition: condition.loaded)
    assert conditions.told[-1].loaded, "the engine has not ended with the first model's loading"


async def test_another_choice_loads_while_dictation_waits(store: ModelStore, clips: list[Clip]) -> None:
    take_back(store.model_path("tiny.en"))
    said: list[Transcript] = []

    async def dictate(engine: WhisperEngine) -> None:
        said.append(await engine.transcribe(iterate_frames(read_audio(clips[1].path)), ignore))

    async with running(store, LocalEngineOptions("tiny.en", ("en",))) as (engine, conditions):
        async with anyio.create_task_group() as tasks:
            with fetching(store, "tiny.en"):
                tasks.start_soon(dictate, engine)
                await anyio.wait_all_tasks_blocked()
                engine.apply_options(LocalEngineOptions(str(MODELS / "tiny.en"), ("en",)))
                await conditions.until(lambda condition: condition.loaded)
                assert said == []
        assert error_rate(clips[1].text, said[0].text) <= 0.3, "it has the model that it began with"


async def test_a_folder_of_ones_own_may_be_named_from_home(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(store.folder))
    assert is_installed(store, "~/tiny.en")
    assert not is_installed(store, "~/base")


async def test_find_without_interim_model_waits_for_download(store: ModelStore) -> None:
    assert (await find_model(store, "base", ignore, allow_other=True)).name == "tiny.en"
    with anyio.move_on_after(0.05) as waiting, fetching(store, "base"):
        await find_model(store, "base", ignore)
    assert waiting.cancelled_caught
