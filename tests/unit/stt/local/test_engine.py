"""A model that does not load gives way to one that does, once; what runs on the CPU alone says nothing of the card."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

import anyio
import pytest

from desktop.core.messages import Message
from desktop.stt.local.engine import WhisperEngine
from desktop.stt.local.engine_options import LocalEngineOptions
from desktop.stt.local.engine_status import EngineStatus
from desktop.stt.local.model_choice import ModelFetcher
from desktop.stt.local.process import WorkerJobError, WorkerProcess
from models.catalog import ModelError
from tests.unit.stt.local.test_model_choice import lay

pytestmark = pytest.mark.anyio


class Worker:
    """A process that loads models, but not the `damaged` ones, Whisper's on a card if `has_card`. `asked` has them."""

    is_alive, pid = True, 1

    def __init__(self) -> None:
        self.damaged: Collection[str] = ()
        self.reason = "gguf-unreadable"
        self.has_card = False
        self.asked: list[str] = []
        self._asked = anyio.Event()

    async def start(self) -> Worker:
        return self

    async def request(self, timeout_s: float, head: dict[str, Any], **_: object) -> dict[str, Any]:
        self.asked.append(head["name"])
        self._asked.set()
        self._asked = anyio.Event()
        if head["name"] in self.damaged:
            raise WorkerJobError("damaged", Message(self.reason, error="why"))
        device = "cuda" if self.has_card and head["format"] == "ctranslate2" and head["device"] != "cpu" else "cpu"
        return {"device": device, "took_s": 0.0, "compute": "int8"}

    async def stop(self) -> None: ...

    async def wait_until_asked(self, count: int) -> None:
        while len(self.asked) < count:
            await self._asked.wait()


class Conditions:
    """What the engine told, and a wait for what it will tell."""

    def __init__(self) -> None:
        self.told: list[EngineStatus] = []
        self._news = anyio.Event()

    def __call__(self, condition: EngineStatus) -> None:
        self.told.append(condition)
        self._news.set()
        self._news = anyio.Event()

    async def until(self, met: Callable[[EngineStatus], bool]) -> EngineStatus:
        with anyio.fail_after(10):
            while not (self.told and met(self.told[-1])):
                await self._news.wait()
        return self.told[-1]

    async def until_loaded(self, name: str) -> EngineStatus:
        return await self.until(lambda status: status.loaded and status.model == name)


def fetch_to(folder: Path) -> ModelFetcher:
    """Fetch models into `folder`, without their contents."""

    async def fetch(name: str, on_progress: Callable[[int, int], None]) -> None:
        lay(folder, name)

    return fetch


async def list_all(models: Iterable[str]) -> frozenset[str]:
    """Say that all `models` can be had."""
    return frozenset(models)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    worker = Worker()
    monkeypatch.setattr(WorkerProcess, "start", worker.start)
    monkeypatch.setattr("desktop.stt.local.engine.has_cuda", lambda: False)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")  # nothing of the hub is asked
    return worker


@pytest.mark.parametrize("chosen", ["parakeet-v2", "moonshine-base", "tiny.en"])
async def test_named_model_that_fails_gives_way_to_whisper(tmp_path: Path, worker: Worker, chosen: str) -> None:
    worker.damaged = (chosen,)
    conditions = Conditions()
    engine = WhisperEngine(lay(tmp_path, chosen, "base"), LocalEngineOptions(chosen, ("en",)), conditions)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        status = await conditions.until_loaded("base")
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    assert list(dict.fromkeys(worker.asked)) == [chosen, "base"]
    assert len(worker.asked) <= 3  # Whisper's are tried twice: wherever it is best, then on the CPU
    assert chosen in " ".join(map(str, status.note))


async def test_model_that_fails_twice_is_not_tried_again_at_once(
    tmp_path: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def list_none(models: object) -> frozenset[str]:
        return frozenset()

    monkeypatch.setattr("models.download.list_downloadable", list_none)
    worker.damaged = ("moonshine-base",)
    engine = WhisperEngine(lay(tmp_path, "moonshine-base"), LocalEngineOptions("auto", ("en",)), lambda status: None)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        with anyio.move_on_after(1):
            await worker.wait_until_asked(3)
        tasks.cancel_scope.cancel()
    assert worker.asked == ["moonshine-base"] * 2


async def test_model_for_the_cpu_says_nothing_of_the_card(
    tmp_path: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.stt.local.engine.has_cuda", lambda: True)
    worker.has_card = True
    store, conditions = lay(tmp_path, "moonshine-base"), Conditions()
    monkeypatch.setattr("models.download.list_downloadable", list_all)
    engine = WhisperEngine(store, LocalEngineOptions("auto", ("en",)), conditions, fetch_to(tmp_path))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        status = await conditions.until_loaded("large-v3-turbo")
        tasks.cancel_scope.cancel()
    before = next(told for told in conditions.told if told.loaded)
    assert before.model == "moonshine-base"
    assert before.reason is not None
    assert before.reason.code != "auto-cuda"
    assert status.device == "cuda"
    assert status.reason is not None
    assert status.reason.code == "auto-cuda"


async def test_named_model_for_the_cpu_replaces_one_on_the_card(tmp_path: Path, worker: Worker) -> None:
    worker.has_card = True
    conditions = Conditions()
    options = LocalEngineOptions("parakeet-v2", ("en",))
    engine = WhisperEngine(lay(tmp_path, "base"), options, conditions, fetch_to(tmp_path))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        assert (await conditions.until_loaded("parakeet-v2")).device == "cpu"
        tasks.cancel_scope.cancel()


async def test_large_model_is_not_used_where_the_card_fails(
    tmp_path: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.stt.local.engine.has_cuda", lambda: True)
    conditions = Conditions()
    monkeypatch.setattr("models.download.list_downloadable", list_all)
    engine = WhisperEngine(
        lay(tmp_path, "moonshine-base"), LocalEngineOptions("auto", ("en",)), conditions, fetch_to(tmp_path)
    )
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        await conditions.until(lambda status: status.loaded and bool(status.note))
        tasks.cancel_scope.cancel()
    assert "large-v3-turbo" in worker.asked
    assert {status.model for status in conditions.told if status.loaded} == {"moonshine-base"}


LASTING = ("gguf-unreadable", "ggml-library-unusable")


@pytest.mark.parametrize("reason", ["memory-exhausted", *LASTING])
async def test_another_model_is_fetched_only_where_the_runtime_cannot_work(
    tmp_path: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    monkeypatch.setattr("desktop.stt.local.engine.RETRY_S", 0.05)
    monkeypatch.setattr("models.download.list_downloadable", list_all)
    worker.damaged, worker.reason = ["moonshine-base"], reason
    conditions = Conditions()
    store, options = lay(tmp_path, "moonshine-base"), LocalEngineOptions("auto", ("en",))
    engine = WhisperEngine(store, options, conditions, fetch_to(tmp_path))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        await conditions.until(lambda status: status.problem is not None or status.loaded)
        if reason in LASTING:
            await conditions.until_loaded("base")
        else:
            worker.damaged = ()
            await conditions.until_loaded("moonshine-base")
            assert set(worker.asked) == {"moonshine-base"}
        tasks.cancel_scope.cancel()


async def test_what_is_installed_is_tried_again_where_no_other_can_be_fetched(
    tmp_path: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.stt.local.engine.RETRY_S", 0.05)
    monkeypatch.setattr("models.download.list_downloadable", list_all)

    async def fetch(name: str, on_progress: Callable[[int, int], None]) -> None:
        worker.damaged = ()  # by now it would load
        raise ModelError("model-packages-unreachable", name=name)

    worker.damaged = ["moonshine-base"]
    conditions = Conditions()
    engine = WhisperEngine(lay(tmp_path, "moonshine-base"), LocalEngineOptions("auto", ("en",)), conditions, fetch)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        await conditions.until_loaded("moonshine-base")
        tasks.cancel_scope.cancel()


@pytest.mark.parametrize(("chosen", "reason"), [("auto", "memory-exhausted"), ("moonshine-base", "memory-exhausted")])
async def test_model_that_failed_for_once_comes_back(
    tmp_path: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch, chosen: str, reason: str
) -> None:
    monkeypatch.setattr("desktop.stt.local.engine.RETRY_FAILED_S", 0.05)
    monkeypatch.setattr("models.download.list_downloadable", list_all)
    worker.damaged, worker.reason = ["moonshine-base"], reason
    conditions = Conditions()
    engine = WhisperEngine(
        lay(tmp_path, "moonshine-base", "base"), LocalEngineOptions(chosen, ("en",)), conditions, fetch_to(tmp_path)
    )
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        await conditions.until_loaded("base")
        worker.damaged = ()
        await conditions.until_loaded("moonshine-base")
        tasks.cancel_scope.cancel()


async def test_damaged_model_is_not_tried_again(
    tmp_path: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.stt.local.engine.RETRY_FAILED_S", 0.05)
    worker.damaged = ["moonshine-base"]
    conditions = Conditions()
    engine = WhisperEngine(
        lay(tmp_path, "moonshine-base", "base"), LocalEngineOptions("auto", ("en",), fetch=False), conditions
    )
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        await conditions.until_loaded("base")
        with anyio.move_on_after(0.5):
            await worker.wait_until_asked(len(worker.asked) + 1)
        tasks.cancel_scope.cancel()
    assert worker.asked.count("moonshine-base") == 1


@pytest.mark.parametrize(
    ("installed", "languages", "loads"),
    [
        (("base",), (("en",), ("en", "de"), ()), ["base"]),
        (("base", "moonshine-base"), (("en",), ("en-GB",)), ["moonshine-base"]),
        (("base", "moonshine-base"), (("en",), ("en", "de"), ("de",)), ["moonshine-base", "base"]),
    ],
)
async def test_other_languages_load_a_model_only_if_it_is_another(
    tmp_path: Path, worker: Worker, installed: Collection[str], languages: Iterable[tuple[str, ...]], loads: list[str]
) -> None:
    conditions = Conditions()
    first, *others = languages
    engine = WhisperEngine(lay(tmp_path, *installed), LocalEngineOptions("auto", first, fetch=False), conditions)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        await conditions.until_loaded(loads[0])
        for chosen in others:
            engine.apply_options(LocalEngineOptions("auto", chosen, fetch=False))
            await conditions.until_loaded(loads[-1])
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    assert worker.asked == loads
    assert not any(status.problem for status in conditions.told)


async def test_better_model_is_looked_for_after_a_change_of_languages(
    tmp_path: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.download.list_downloadable", list_all)
    conditions = Conditions()
    store = lay(tmp_path, "moonshine-base")
    engine = WhisperEngine(store, LocalEngineOptions("auto", ("en",)), conditions, fetch_to(tmp_path))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        await conditions.until_loaded("moonshine-base")
        engine.apply_options(LocalEngineOptions("auto", ("de",)))
        assert conditions.told[-1].loaded  # it answers until another has come
        await conditions.until_loaded("base")
        tasks.cancel_scope.cancel()
    assert worker.asked == ["moonshine-base", "base"]
