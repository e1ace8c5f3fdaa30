"""Downloads that the person steers and the engine joins, from a real server."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import anyio
import pytest

from desktop.app.model_downloads import DownloadManager, DownloadRate, ModelDownload
from models.catalog import CatalogModel, HubSource, ModelFile
from models.download import download_model
from models.store import ModelStore
from tests.support.hub import CONTENT, HALF, REVISION, FakeHub, model, serving
from tests.support.model_errors import raises_model_error

pytestmark = pytest.mark.anyio

WHOLE = sum(map(len, CONTENT.values()))
PATIENCE_S = 20.0


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with serving() as server:
        yield server


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models", {name: model(name) for name in ("tiny", "base")})


class Watching:
    """Sees every change, and waits for one that is wanted."""

    def __init__(self) -> None:
        self.seen: list[dict[str, ModelDownload]] = []
        self._changed = anyio.Event()

    def __call__(self, fetches: tuple[ModelDownload, ...]) -> None:
        self.seen.append({one.name: one for one in fetches})
        self._changed.set()
        self._changed = anyio.Event()

    async def until(self, wanted: Callable[[dict[str, ModelDownload]], bool]) -> dict[str, ModelDownload]:
        with anyio.fail_after(PATIENCE_S):
            while not wanted(self.seen[-1]):
                await self._changed.wait()
        return self.seen[-1]

    async def half(self, name: str = "tiny") -> ModelDownload:
        """Until the hub that holds back has given what it gives."""
        return (await self.until(lambda now: name in now and now[name].done >= 1_000_000))[name]

    async def paused(self, name: str = "tiny") -> ModelDownload:
        return (await self.until(lambda now: name in now and now[name].paused))[name]

    async def over(self) -> None:
        await self.until(lambda now: not now)


@asynccontextmanager
async def open_downloads(
    store: ModelStore, hub: FakeHub, arrived: Callable[[str], None] = lambda name: None
) -> AsyncIterator[tuple[DownloadManager, Watching]]:
    watching = Watching()
    async with anyio.create_task_group() as group:
        downloads = DownloadManager(store, group.start_soon, arrived, partial(download_model, hub=hub.address))
        downloads.watch(watching)
        yield downloads, watching
        group.cancel_scope.cancel()


def nothing(done: int, total: int) -> None:
    pass


async def test_download_reports_bytes_pace_and_check(hub: FakeHub, store: ModelStore) -> None:
    arrived: list[str] = []
    async with open_downloads(store, hub, arrived.append) as (downloads, watching):
        downloads.fetch("tiny")
        await watching.until(lambda now: bool(now))
        await watching.over()
    told = [now["tiny"] for now in watching.seen if "tiny" in now]
    assert told[0] == ModelDownload("tiny", 0, WHOLE)
    assert (told[-1].done, told[-1].total, told[-1].verifying) == (WHOLE, WHOLE, True)
    assert told[-1].bytes_s > 0
    assert arrived == list(store.list_installed()) == ["tiny"]


async def test_paused_download_stops_and_resumes_partial(hub: FakeHub, store: ModelStore) -> None:
    hub.hold = threading.Event()
    async with open_downloads(store, hub) as (downloads, watching):
        downloads.fetch("tiny")
        await watching.half()
        downloads.pause("tiny")
        stands = await watching.paused()
        hub.hold.set()
        hub.hold = None
        reached = (store.staging_path("tiny") / REVISION / "model.bin.part").stat().st_size
        assert 0 < reached <= HALF
        assert 0 < stands.done < WHOLE
        downloads.fetch("tiny")
        await watching.over()
    assert list(store.list_installed()) == ["tiny"]
    assert hub.starts() == [None, f"bytes={reached}-"]


async def test_download_resumed_before_stopping_continues(hub: FakeHub, store: ModelStore) -> None:
    hub.hold = threading.Event()
    async with open_downloads(store, hub) as (downloads, watching):
        downloads.fetch("tiny")
        await watching.half()
        downloads.pause("tiny")
        hub.hold.set()
        hub.hold = None
        downloads.fetch("tiny")
        await watching.over()
    assert list(store.list_installed()) == ["tiny"]


async def test_earlier_download_shown_paused_and_resumable(hub: FakeHub, store: ModelStore) -> None:
    hub.hold = threading.Event()
    async with open_downloads(store, hub) as (downloads, watching):
        downloads.fetch("tiny")
        await watching.half()
    hub.hold.set()
    hub.hold = None
    async with open_downloads(store, hub) as (downloads, watching):
        left = await watching.paused()
        assert 0 < left.done < left.total == WHOLE
        downloads.fetch("tiny")
        await watching.over()
    assert list(store.list_installed()) == ["tiny"]
    assert None not in hub.starts()[1:]


@pytest.mark.parametrize("paused", [False, True])
async def test_a_cancelled_download_leaves_nothing(hub: FakeHub, store: ModelStore, paused: bool) -> None:
    hub.hold = threading.Event()
    async with open_downloads(store, hub) as (downloads, watching):
        downloads.fetch("tiny")
        await watching.half()
        if paused:
            downloads.pause("tiny")
            await watching.paused()
        downloads.cancel("tiny")
        await watching.over()
    hub.hold.set()
    assert not store.staging_path("tiny").exists()
    assert store.staged_bytes("tiny") == 0


async def test_two_models_come_side_by_side_and_each_once(hub: FakeHub, store: ModelStore) -> None:
    hub.hold = threading.Event()
    async with open_downloads(store, hub) as (downloads, watching):
        for name in ("tiny", "tiny", "base"):
            downloads.fetch(name)
        await watching.until(lambda now: len(now) == 2 and min(one.done for one in now.values()) >= 1_000_000)
        assert len(hub.starts()) == 2
        for name in ("tiny", "base"):
            downloads.cancel(name)
        await watching.over()
    hub.hold.set()


async def test_corrupt_download_reported_and_mended(hub: FakeHub, store: ModelStore) -> None:
    hub.content["model.bin"] = bytes(len(CONTENT["model.bin"]))
    async with open_downloads(store, hub) as (downloads, watching):
        downloads.fetch("tiny")
        failed = await watching.until(lambda now: "tiny" in now and now["tiny"].problem is not None)
        assert "is not the file that Intone expects" in str(failed["tiny"].problem)
        hub.content = dict(CONTENT)
        downloads.fetch("tiny")
        await watching.over()
    assert list(store.list_installed()) == ["tiny"]


async def test_a_disk_that_is_full_is_told(hub: FakeHub, tmp_path: Path) -> None:
    huge = CatalogModel(
        "huge", ("en",), "MIT", 1, HubSource("somebody/huge", REVISION, (ModelFile("model.bin", 10**18, "0" * 64),))
    )
    async with open_downloads(ModelStore(tmp_path / "models", {"huge": huge}), hub) as (downloads, watching):
        downloads.fetch("huge")
        failed = await watching.until(lambda now: "huge" in now and now["huge"].problem is not None)
    assert "MB are free" in str(failed["huge"].problem)
    assert not failed["huge"].is_running


async def test_full_disk_reported_and_partial_kept(hub: FakeHub, store: ModelStore) -> None:
    async def bring(name: str, store: ModelStore, progress: Callable[[int, int], None]) -> Path:
        def filling(done: int, total: int) -> None:
            progress(done, total)
            if done > 1_000_000:
                raise OSError(28, "No space left on device")

        return await download_model(name, store, filling, hub=hub.address)

    watching = Watching()
    async with anyio.create_task_group() as group:
        downloads = DownloadManager(store, group.start_soon, fetch_model=bring)
        downloads.watch(watching)
        downloads.fetch("tiny")
        failed = await watching.until(lambda now: "tiny" in now and now["tiny"].problem is not None)
    assert "cannot be written" in str(failed["tiny"].problem)
    assert "No space left on device" in str(failed["tiny"].problem)
    assert store.staged_bytes("tiny") > 0


async def test_the_engine_joins_what_the_person_has_begun(hub: FakeHub, store: ModelStore) -> None:
    counted: list[tuple[int, int]] = []
    async with open_downloads(store, hub) as (downloads, _):
        downloads.fetch("tiny")
        await downloads.ensure_installed("tiny", lambda done, total: counted.append((done, total)))
    assert counted[-1] == (WHOLE, WHOLE)
    assert hub.starts() == [None]


async def test_engine_only_download_stops_when_unwanted(hub: FakeHub, store: ModelStore) -> None:
    hub.hold = threading.Event()
    async with open_downloads(store, hub) as (downloads, watching):
        with anyio.CancelScope() as scope:
            await downloads.ensure_installed("tiny", lambda done, total: done > 1_000_000 and scope.cancel())
        assert scope.cancelled_caught
        await watching.paused()
        hub.hold.set()
        hub.hold = None
        await downloads.ensure_installed("tiny", nothing)
    assert list(store.list_installed()) == ["tiny"]


async def test_user_download_continues_without_engine(hub: FakeHub, store: ModelStore) -> None:
    hub.hold = threading.Event()
    async with open_downloads(store, hub) as (downloads, watching):
        with anyio.CancelScope() as scope:
            downloads.fetch("tiny")
            await downloads.ensure_installed("tiny", lambda done, total: done > 1_000_000 and scope.cancel())
        hub.hold.set()
        hub.hold = None
        await watching.over()
    assert list(store.list_installed()) == ["tiny"]


@pytest.mark.parametrize("stop", ["pause", "cancel"])
async def test_engine_does_not_restart_stopped_download(hub: FakeHub, store: ModelStore, stop: str) -> None:
    hub.hold = threading.Event()
    async with open_downloads(store, hub) as (downloads, watching):
        downloads.fetch("tiny")
        await watching.half()
        getattr(downloads, stop)("tiny")
        with raises_model_error(r"its download was stopped\. Resume it in the settings"):
            await downloads.ensure_installed("tiny", nothing)
        asked = len(hub.starts())
        with raises_model_error("its download was stopped"):
            await downloads.ensure_installed("tiny", nothing)
        assert len(hub.starts()) == asked
        hub.hold.set()
        hub.hold = None
        downloads.clear_stops()
        await downloads.ensure_installed("tiny", nothing)
    assert list(store.list_installed()) == ["tiny"]


async def test_a_failure_reaches_the_engine_that_waits(hub: FakeHub, store: ModelStore) -> None:
    del hub.content["vocabulary.txt"]
    async with open_downloads(store, hub) as (downloads, watching):
        with raises_model_error("answered 404"):
            await downloads.ensure_installed("tiny", nothing)
        await watching.until(lambda now: "tiny" in now and now["tiny"].problem is not None)


async def test_verify_passes_sound_and_mends_damaged(hub: FakeHub, store: ModelStore) -> None:
    folder = await download_model("tiny", store, hub=hub.address)
    async with open_downloads(store, hub) as (downloads, watching):
        await downloads.verify("tiny")
        assert any(now["tiny"].verifying for now in watching.seen if "tiny" in now)
        assert watching.seen[-1] == {}
        (folder / "model.bin").write_bytes(bytes(len(CONTENT["model.bin"])))
        with raises_model_error(r"Model tiny is damaged: model\.bin is not what was fetched"):
            await downloads.verify("tiny")
        assert watching.seen[-1]["tiny"].problem is not None
        downloads.fetch("tiny")
        await watching.over()
        await downloads.verify("tiny")


async def test_what_is_not_installed_cannot_be_verified(hub: FakeHub, store: ModelStore) -> None:
    async with open_downloads(store, hub) as (downloads, _):
        with raises_model_error("Model tiny is not installed"):
            await downloads.verify("tiny")


async def test_removed_model_returns_only_when_chosen(hub: FakeHub, store: ModelStore) -> None:
    folder = await download_model("tiny", store, hub=hub.address)
    async with open_downloads(store, hub) as (downloads, _):
        await downloads.remove("tiny")
        assert not folder.exists()
        with raises_model_error("its download was stopped"):
            await downloads.ensure_installed("tiny", nothing)
        downloads.clear_stops()
        await downloads.ensure_installed("tiny", nothing)
    assert folder.exists()


async def test_a_model_on_its_way_is_not_removed(hub: FakeHub, store: ModelStore) -> None:
    hub.hold = threading.Event()
    async with open_downloads(store, hub) as (downloads, watching):
        downloads.fetch("tiny")
        await watching.half()
        with raises_model_error(r"is being fetched\. Cancel that first"):
            await downloads.remove("tiny")
    hub.hold.set()


async def test_who_watches_no_more_is_told_no_more(hub: FakeHub, store: ModelStore) -> None:
    async with open_downloads(store, hub) as (downloads, watching):
        downloads.unwatch(watching)
        told = len(watching.seen)
        await downloads.ensure_installed("tiny", nothing)
    assert len(watching.seen) == told


def test_the_pace_is_that_of_the_last_seconds() -> None:
    pace = DownloadRate()
    assert pace.update(0.0, 0) == 0.0
    assert pace.update(1.0, 100) == 100.0
    assert [pace.update(now, 100) for now in (2.0, 4.0, 9.0)][-1] == 0.0, "it stands still"


def test_how_long_it_will_take_is_told_where_it_moves() -> None:
    moving = ModelDownload("tiny", 100, 300, 50.0)
    assert moving.remaining_s == 4.0
    assert ModelDownload("tiny", 100, 300).remaining_s is None
    assert ModelDownload("tiny", 100, 300, 50.0, paused=True).remaining_s is None
