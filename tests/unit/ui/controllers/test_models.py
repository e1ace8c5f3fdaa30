"""What the models' page asks for, answered by real downloads, a real history and real settings."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anyio
import numpy as np
import pytest

from desktop.app import model_speed
from desktop.app.model_cards import ModelCard
from desktop.app.model_downloads import DownloadManager
from desktop.core.errors import RecognizerError, UserError
from desktop.core.paths import Paths
from desktop.core.types import RATE_HZ, Outcome
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.settings import store as settings_store
from desktop.stt.local.engine_status import EngineStatus
from desktop.ui.controllers.models import ModelsController
from models.download import download_model
from models.store import ModelStore
from tests.support.hub import CONTENT, FakeHub, model, serving
from tests.support.stage import FakeRecognizer
from tests.support.ui.controllers import context

pytestmark = pytest.mark.anyio

SPOKEN = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with serving() as server:
        yield server


@pytest.fixture
def here(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)


class FakeEngine:
    """What of the engine the page reaches: its downloads, its history, how its model is, and its loop."""

    def __init__(self, here: Paths, hub: FakeHub, group: anyio.abc.TaskGroup) -> None:
        self.spawn = group.start_soon
        self.history = HistoryStore(here.history)
        self.recognition = SimpleNamespace(local_status=EngineStatus(loaded=True, model="base", device="cpu"))
        store = ModelStore(here.models, {name: model(name) for name in ("tiny", "base", "small")})
        self.downloads = DownloadManager(store, self.spawn, fetch_model=partial(download_model, hub=hub.address))


class Answers:
    """Takes what is answered, and waits for it."""

    def __init__(self) -> None:
        self._send, self._receive = anyio.create_memory_object_stream[Any](100)

    def __call__(self, found: Any) -> None:
        self._send.send_nowait(found)

    async def next(self) -> Any:
        with anyio.fail_after(20):
            return await self._receive.receive()

    async def until(self, wanted: Callable[[Any], bool]) -> Any:
        while not wanted(found := await self.next()):
            pass
        return found

    def close(self) -> None:
        self._send.close()
        self._receive.close()


@asynccontextmanager
async def shelf(here: Paths, hub: FakeHub) -> AsyncIterator[tuple[ModelsController, FakeEngine, Answers]]:
    answers = Answers()
    async with anyio.create_task_group() as group:
        engine = FakeEngine(here, hub, group)
        yield ModelsController(context(here, engine)), engine, answers
        group.cancel_scope.cancel()
    answers.close()


async def cards(asked: ModelsController, answers: Answers) -> dict[str, ModelCard]:
    asked.load_cards(answers)
    return {card.name: card for card in await answers.next()}


def dictated(history: HistoryStore, duration_s: float, decode_s: float, **more: Any) -> None:
    known = {"engine": "whisper", "model": "base", "device": "cpu", "delivery": Outcome.INSERTED}
    history.add(
        HistoryEntry(started_at=SPOKEN, text="Hello.", duration_s=duration_s, decode_s=decode_s, **(known | more))
    )


async def test_a_model_is_fetched_and_its_card_says_so(here: Paths, hub: FakeHub) -> None:
    async with shelf(here, hub) as (asked, _, answers):
        assert not (await cards(asked, answers))["tiny"].installed
        told = Answers()
        stop = asked.watch(told)
        asked.download("tiny")
        assert (await told.until(bool))[0].name == "tiny"
        await told.until(lambda fetches: not fetches)
        tiny = (await cards(asked, answers))["tiny"]
        assert (tiny.installed, tiny.bytes) == (True, sum(map(len, CONTENT.values())))
        stop()
        told.close()


async def test_a_window_that_has_gone_is_told_nothing(here: Paths, hub: FakeHub) -> None:
    async with shelf(here, hub) as (asked, engine, _):
        told: list[object] = []
        stop = asked.watch(told.append)
        stop()
        seen = len(told)
        await engine.downloads.ensure_installed("tiny", lambda done, total: None)
        assert len(told) == seen


async def test_pausing_and_cancelling_reach_the_download(here: Paths, hub: FakeHub) -> None:
    hub.hold = threading.Event()
    async with shelf(here, hub) as (asked, engine, _):
        told = Answers()
        asked.watch(told)
        asked.download("tiny")
        await told.until(lambda fetches: fetches and fetches[0].done > 1_000_000)
        asked.pause("tiny")
        await told.until(lambda fetches: fetches and fetches[0].paused)
        asked.cancel("tiny")
        await told.until(lambda fetches: not fetches)
        assert engine.downloads.store.staged_bytes("tiny") == 0
        told.close()
    hub.hold.set()


async def test_the_model_in_use_stays_and_another_goes(here: Paths, hub: FakeHub) -> None:
    async with shelf(here, hub) as (asked, engine, answers):
        for name in ("tiny", "base"):
            await engine.downloads.ensure_installed(name, lambda done, total: None)
        asked.remove("base", answers)
        assert str(await answers.next()) == "Whisper base is in use. Choose another model first."
        asked.remove("tiny", answers)
        assert await answers.next() is None
        asked.remove("tiny", answers)
        assert isinstance(await answers.next(), UserError)
        assert list(engine.downloads.store.list_installed()) == ["base"]
        settings_store.write_setting(here.settings, "recognizer.engine", "openai")
        asked.remove("base", answers)
        assert await answers.next() is None, "a service transcribes"


async def test_a_model_is_verified(here: Paths, hub: FakeHub) -> None:
    async with shelf(here, hub) as (asked, engine, answers):
        await engine.downloads.ensure_installed("tiny", lambda done, total: None)
        asked.verify("tiny", answers)
        assert await answers.next() is None
        (engine.downloads.store.model_path("tiny") / "config.json").write_bytes(bytes(len(CONTENT["config.json"])))
        asked.verify("tiny", answers)
        assert (await answers.next()).title == "Model tiny is damaged: config.json is not what was fetched."


async def test_what_was_dictated_tells_how_fast_a_model_is(here: Paths, hub: FakeHub) -> None:
    async with shelf(here, hub) as (asked, engine, answers):
        dictated(engine.history, 12.0, 2.0)
        dictated(engine.history, 10.0, 2.0)
        dictated(engine.history, 30.0, 1.0, device="cuda")
        dictated(engine.history, 30.0, 1.0, engine="openai")
        dictated(engine.history, 1.0, 9.0)
        dictated(engine.history, 9.0, 1.0, model="tiny")
        found = await cards(asked, answers)
        assert {name: card.speed for name, card in found.items()} == {"tiny": None, "base": 5.5, "small": None}


async def test_measured_speed_overrides_history(here: Paths, hub: FakeHub) -> None:
    async with shelf(here, hub) as (asked, engine, answers):
        dictated(engine.history, 30.0, 2.0)
        model_speed.save_speed(here.model_speeds, "cpu", "base", 9.876)
        model_speed.save_speed(here.model_speeds, "cuda", "base", 90.0)
        assert (await cards(asked, answers))["base"].speed == 9.88


@pytest.mark.parametrize("spoilt", ["", "[]", '{"cpu": 3}', '{"cpu": {"base": "fast"}}', "\0"])
async def test_corrupt_speed_file_is_ignored(here: Paths, spoilt: str) -> None:
    here.model_speeds.write_text(spoilt)
    assert model_speed.load_speeds(here.model_speeds) == {}
    model_speed.save_speed(here.model_speeds, "cpu", "base", 3.0)
    assert json.loads(here.model_speeds.read_text()) == {"cpu": {"base": 3.0}}


async def test_measure_without_recording_reports_problem(here: Paths, hub: FakeHub) -> None:
    async with shelf(here, hub) as (asked, engine, answers):
        asked.measure_speed("tiny", answers)
        assert (await answers.next()).title == "Model tiny is not installed."
        await engine.downloads.ensure_installed("tiny", lambda done, total: None)
        dictated(engine.history, 8.0, 1.0, audio_path=here.audio / "gone.flac")
        asked.measure_speed("tiny", answers)
        assert (await answers.next()).title == "There is no recording to measure with."


async def test_failed_measurement_does_not_speak_of_a_dictation() -> None:
    recognizer = FakeRecognizer()
    recognizer.problem = RecognizerError("whisper-stopped-twice")
    with pytest.raises(RecognizerError) as raised:
        await model_speed.time_decoding(recognizer, np.zeros(RATE_HZ, np.float32))
    assert raised.value.remedy == "Try a smaller model, or free some memory."


async def test_measure_model_exceeding_memory_refused() -> None:
    with pytest.raises(UserError, match=r"large-v3 needs 100,000,000 MB of memory and .* MB are free"):
        await model_speed.require_memory("large-v3", 100_000_000)


async def test_model_recommended_by_spoken_languages(here: Paths, hub: FakeHub) -> None:
    async with shelf(here, hub) as (asked, _, answers):
        for languages in (None, ("en",), ("de", "en")):
            asked.find_recommended(languages, answers)
            found = await answers.next()
            assert found.recommended
            assert found.kind == "speech"


async def test_a_folder_is_looked_at_before_it_is_used(here: Paths, hub: FakeHub, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    async with shelf(here, hub) as (asked, _, answers):
        asked.check_folder(mine, answers)
        assert "lacks config.json, model.bin, tokenizer.json, vocabulary.json or vocabulary.txt" in str(
            await answers.next()
        )
        for name in ("config.json", "model.bin", "tokenizer.json", "vocabulary.txt"):
            (mine / name).write_text("x")
        asked.check_folder(mine, answers)
        assert await answers.next() == mine


async def test_where_models_lie_is_told_before_there_are_any(here: Paths, hub: FakeHub) -> None:
    async with shelf(here, hub) as (asked, _, answers):
        asked.load_storage(answers)
        place = await answers.next()
        assert place.folder == here.models
        assert place.free_bytes > 0
