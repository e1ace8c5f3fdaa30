"""A model that does not load gives way to one that does, once."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import anyio
import pytest

from desktop.core.messages import Message
from desktop.stt.local import engine as engine_module
from desktop.stt.local.engine import EngineStatus, LocalEngineOptions, WhisperEngine
from desktop.stt.local.process import WorkerJobError, WorkerProcess
from tests.unit.stt.local.test_model_choice import lay

pytestmark = pytest.mark.anyio


class Worker:
    """A process that loads models, but not the `damaged` ones, Whisper's on a card if `has_card`. `asked` has them."""

    is_alive, pid = True, 1

    def __init__(self) -> None:
        self.damaged: Collection[str] = ()
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
            raise WorkerJobError("damaged", Message("gguf-unreadable"))
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

    async def until_loaded(self, name: str) -> EngineStatus:
        with anyio.fail_after(10):
            while not (self.told and self.told[-1].loaded and self.told[-1].model == name):
                await self._news.wait()
        return self.told[-1]


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    worker = Worker()
    monkeypatch.setattr(WorkerProcess, "start", worker.start)
    monkeypatch.setattr(engine_module, "has_cuda", lambda: False)
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
