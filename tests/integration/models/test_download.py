"""Fetching from a hub."""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path

import anyio
import pytest
import trustme
from anyio.abc import ByteStream, SocketAttribute
from anyio.streams.tls import TLSListener
from filelock import lock_descriptor

from models.catalog import CatalogModel, HubSource, ModelError, ModelFile
from models.download import MAX_REDIRECTS, discard_download, download_model, list_downloadable
from models.store import ModelStore
from tests.support.hub import CONTENT, HALF, REVISION, FakeHub, model
from tests.support.model_errors import raises_model_error

pytestmark = pytest.mark.anyio


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models", {"tiny": model()})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_fetch_installs_model_and_leaves_nothing_over(hub: FakeHub, store: ModelStore) -> None:
    folder = await download_model("tiny", store, hub=hub.address)
    assert folder == store.resolve_folder("tiny")
    assert contents(folder) == CONTENT
    assert not store.staging_path("tiny").exists()


async def test_progress_grows_to_the_whole(hub: FakeHub, store: ModelStore) -> None:
    told: list[tuple[int, int]] = []
    await download_model("tiny", store, lambda done, total: told.append((done, total)), hub=hub.address)
    whole = sum(map(len, CONTENT.values()))
    assert told == sorted(told)
    assert len(told) > len(CONTENT)
    assert told[-1] == (whole, whole)


async def test_an_installed_model_is_not_fetched_again(hub: FakeHub, store: ModelStore) -> None:
    await download_model("tiny", store, hub=hub.address)
    hub.asked.clear()
    await download_model("tiny", store, hub=hub.address)
    assert hub.asked == []


async def test_fetch_replaces_model_damaged_in_place(hub: FakeHub, store: ModelStore) -> None:
    folder = await download_model("tiny", store, hub=hub.address)
    (folder / "model.bin").write_bytes(bytes(len(CONTENT["model.bin"])))
    await download_model("tiny", store, hub=hub.address)
    assert contents(folder) == CONTENT


async def test_a_repository_that_has_moved_is_followed(hub: FakeHub, store: ModelStore) -> None:
    hub.moved = True
    assert contents(await download_model("tiny", store, hub=hub.address)) == CONTENT


async def test_fetch_broken_connection_resumes(hub: FakeHub, store: ModelStore) -> None:
    hub.cuts = 2
    assert contents(await download_model("tiny", store, hub=hub.address)) == CONTENT
    first, *others = hub.starts()
    assert first is None
    assert len(others) == 2
    assert None not in others


async def test_fetch_without_ranges_restarts(hub: FakeHub, store: ModelStore) -> None:
    hub.ranges = False
    hub.cuts = 1
    assert contents(await download_model("tiny", store, hub=hub.address)) == CONTENT
    assert len(hub.starts()) == 2


async def test_fetch_without_progress_ends_with_remedy(hub: FakeHub, store: ModelStore) -> None:
    hub.ranges = False
    hub.cuts = 1000
    with raises_model_error(r"the model hub broke the download off\. .*`intone models pull tiny` again"):
        await download_model("tiny", store, hub=hub.address)
    assert list(store.list_installed()) == []


async def test_a_cancelled_fetch_is_resumed_by_the_next(hub: FakeHub, store: ModelStore) -> None:
    hub.hold = threading.Event()
    with anyio.CancelScope() as scope:

        def on_progress(done: int, total: int) -> None:
            if done > 1_000_000:
                scope.cancel()

        await download_model("tiny", store, on_progress, hub=hub.address)
    assert scope.cancelled_caught
    hub.hold.set()
    assert list(store.list_installed()) == []
    part = store.staging_path("tiny") / REVISION / "model.bin.part"
    reached = part.stat().st_size
    assert 0 < reached <= HALF

    hub.hold = None
    hub.asked.clear()
    assert contents(await download_model("tiny", store, hub=hub.address)) == CONTENT
    assert hub.asked == [("model.bin", f"bytes={reached}-")]


async def test_fetch_wrong_file_discarded_next_try_anew(hub: FakeHub, store: ModelStore) -> None:
    hub.content["model.bin"] = bytes(len(CONTENT["model.bin"]))
    with raises_model_error(r"model\.bin of model tiny is not the file.*`intone models pull tiny` again"):
        await download_model("tiny", store, hub=hub.address)
    assert list(store.list_installed()) == []

    hub.content = dict(CONTENT)
    assert contents(await download_model("tiny", store, hub=hub.address)) == CONTENT
    assert hub.starts() == [None, None]


@pytest.mark.parametrize("wrong", [b"", b"{}" * 50])
async def test_a_file_of_the_wrong_size_is_never_installed(hub: FakeHub, store: ModelStore, wrong: bytes) -> None:
    hub.content["tokenizer.json"] = wrong
    with pytest.raises(ModelError):
        await download_model("tiny", store, hub=hub.address)
    assert list(store.list_installed()) == []


async def test_nothing_is_asked_for_in_the_clear(store: ModelStore) -> None:
    with raises_model_error("the model hub wanted to be asked in the clear"):
        await download_model("tiny", store, hub="http://hub.example.org")


async def test_fetch_plain_http_redirect_refused(hub: FakeHub, store: ModelStore) -> None:
    hub.leads_to = "http://elsewhere.example.org/file"
    with raises_model_error("the model hub wanted to be asked in the clear"):
        await download_model("tiny", store, hub=hub.address)


async def test_fetch_redirect_loop_given_up(hub: FakeHub, store: ModelStore) -> None:
    hub.leads_to = "/again/config.json"
    with raises_model_error("the model hub could not be reached"):
        await download_model("tiny", store, hub=hub.address)
    assert len(hub.asked) == MAX_REDIRECTS + 1


async def test_more_than_the_file_has_is_not_taken(hub: FakeHub, store: ModelStore) -> None:
    hub.too_much = bytes(20_000_000)
    with raises_model_error("the model hub sent more than the file has"):
        await download_model("tiny", store, hub=hub.address)
    assert not list(store.folder.rglob("model.bin*"))


async def test_fetch_untrusted_certificate_sends_nothing(store: ModelStore) -> None:
    authority = trustme.CA()
    trusting = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(trusting)
    asked: list[bytes] = []

    async def answer(stream: ByteStream) -> None:
        asked.append(await stream.receive())

    async def serve(listener: TLSListener) -> None:
        await listener.serve(answer)

    plain = await anyio.create_tcp_listener(local_host="127.0.0.1")
    listener = TLSListener(plain, trusting, standard_compatible=False)
    port = plain.extra(SocketAttribute.local_port)
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(serve, listener)
        with raises_model_error("the model hub could not be reached"):
            await download_model("tiny", store, hub=f"https://localhost:{port}")
        tasks.cancel_scope.cancel()
    assert asked == []


async def test_a_file_that_the_hub_has_not_is_told(hub: FakeHub, store: ModelStore) -> None:
    del hub.content["vocabulary.txt"]
    with raises_model_error("Model tiny could not be fetched: the model hub answered 404"):
        await download_model("tiny", store, hub=hub.address)


async def test_fetch_hub_timeout_given_up(silent: str, store: ModelStore) -> None:
    with raises_model_error(r"the model hub did not answer within 0\.2 s\. Check the network"):
        await download_model("tiny", store, hub=silent, answer_s=0.2)


async def test_a_hub_that_refuses_connections_is_told(store: ModelStore) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with raises_model_error("the model hub could not be reached"):
            await download_model("tiny", store, hub=f"http://127.0.0.1:{nobody.getsockname()[1]}")


async def test_a_model_that_does_not_fit_is_not_begun(hub: FakeHub, tmp_path: Path) -> None:
    huge = CatalogModel(
        "huge", ("en",), "MIT", 1, HubSource("author/huge", REVISION, (ModelFile("model.bin", 10**18, "0" * 64),))
    )
    with raises_model_error(r"Model huge needs .* MB more and .* MB are free in .*\. Make room"):
        await download_model("huge", ModelStore(tmp_path / "models", {"huge": huge}), hub=hub.address)
    assert hub.asked == []


async def test_a_folder_that_cannot_be_written_is_told(hub: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    with raises_model_error(r"Model tiny cannot be written to .*models: .*\. Mend that"):
        await download_model("tiny", ModelStore(tmp_path / "models", {"tiny": model()}), hub=hub.address)


async def test_an_unknown_model_is_told_the_models(store: ModelStore) -> None:
    with raises_model_error(r"There is no model called huge\. The models are tiny\."):
        await download_model("huge", store)


async def test_fetch_removes_leftovers_of_killed_fetch(hub: FakeHub, store: ModelStore) -> None:
    await download_model("tiny", store, hub=hub.address)
    wheels = store.staging_path("tiny") / "wheels"
    wheels.mkdir(parents=True)
    (wheels / "speech.whl").write_bytes(b"left over")
    assert store.staged_bytes("tiny")
    assert contents(await download_model("tiny", store, hub=hub.address)) == CONTENT
    assert not store.staged_bytes("tiny")


async def test_discard_already_gone_is_no_error(store: ModelStore) -> None:
    staging = store.staging_path("tiny")
    staging.mkdir(parents=True)
    async with anyio.create_task_group() as tasks:
        with staging.with_name("tiny.lock").open("w") as held:
            lock_descriptor(held.fileno())
            tasks.start_soon(discard_download, "tiny", store)
            await anyio.wait_all_tasks_blocked()
            staging.rmdir()


async def test_two_fetches_of_one_model_are_one_download(hub: FakeHub, store: ModelStore) -> None:
    async with anyio.create_task_group() as both:
        for _ in range(2):
            both.start_soon(lambda: download_model("tiny", store, hub=hub.address))
    assert contents(store.resolve_folder("tiny")) == CONTENT
    assert len(hub.starts()) == 1


async def test_fetchable_all_models_where_hub_answers(hub: FakeHub) -> None:
    assert await list_downloadable({"tiny": model()}, hub=hub.address) == {"tiny"}


async def test_fetchable_none_without_hub_and_packages(silent: str) -> None:
    assert await list_downloadable({"tiny": model()}, hub=silent, answer_s=0.2) == set()
