"""Pins by third parties, compared with what the hub itself states."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from models.catalog import CatalogModel, ModelFile, PackageSource, Wheel, load_catalog
from models.download import download_model
from models.hub_pins import HubError, StatedFile, listing_url, parse_listing
from models.store import ModelStore
from tests.support.hub import CONTENT, FakeHub, listing, model
from tests.support.model_errors import raises_model_error

pytestmark = pytest.mark.anyio

OTHER = CONTENT | {"model.bin": b"x" * len(CONTENT["model.bin"])}
SHORT = CONTENT | {"model.bin": CONTENT["model.bin"][:-1]}


def pinned_by_others() -> CatalogModel:
    known = model()
    return replace(known, hub=replace(known.hub, pins="third-party"))


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models", {"tiny": pinned_by_others()})


async def test_model_is_fetched_where_the_hub_states_its_pins(hub: FakeHub, store: ModelStore) -> None:
    folder = await download_model("tiny", store, hub=hub.address)
    assert (folder / "model.bin").read_bytes() == CONTENT["model.bin"]
    assert hub.listings == 1


async def test_pins_of_the_hub_itself_are_not_asked_again(hub: FakeHub, tmp_path: Path) -> None:
    await download_model("tiny", ModelStore(tmp_path / "models", {"tiny": model()}), hub=hub.address)
    assert hub.listings == 0


@pytest.mark.parametrize("content", [OTHER, SHORT])
async def test_other_file_on_the_hub_refused_before_a_byte(
    hub: FakeHub, store: ModelStore, content: dict[str, bytes]
) -> None:
    hub.listed = listing(content)
    with raises_model_error(r"Model tiny was not fetched: the hub has another model\.bin"):
        await download_model("tiny", store, hub=hub.address)
    assert hub.asked == []
    assert list(store.list_installed()) == []


async def test_file_without_a_stated_checksum_refused(hub: FakeHub, store: ModelStore) -> None:
    hub.listed = [{"type": "file", "path": name, "size": len(data)} for name, data in CONTENT.items()]
    with raises_model_error(r"the hub does not state the checksum of config\.json"):
        await download_model("tiny", store, hub=hub.address)
    assert hub.asked == []


async def test_missing_file_refused(hub: FakeHub, store: ModelStore) -> None:
    hub.listed = listing({name: data for name, data in CONTENT.items() if name != "model.bin"})
    with raises_model_error(r"the hub does not state the checksum of model\.bin"):
        await download_model("tiny", store, hub=hub.address)


@pytest.mark.parametrize(
    ("listed", "problem"),
    [(None, r"the model hub answered 503"), ("a page", r"listed its files in a way that is not understood")],
)
async def test_hub_that_lists_nothing_is_as_one_out_of_reach(
    hub: FakeHub, store: ModelStore, listed: str | None, problem: str
) -> None:
    hub.listed = listed
    with raises_model_error(problem):
        await download_model("tiny", store, hub=hub.address)
    assert hub.asked == []


async def test_packages_serve_where_the_hub_lists_nothing(
    hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    hub.listed = None
    wheel = Wheel("moonshine-cpp", "0.1.4", 1, "0" * 64, ())
    known = replace(pinned_by_others(), package=PackageSource((wheel,), (ModelFile("model.bin", 1, "0" * 64),)))
    with raises_model_error(r"the package index"):
        await download_model("tiny", ModelStore(tmp_path / "models", {"tiny": known}), hub=hub.address)


def test_listing_is_read_with_and_without_checksum() -> None:
    large = {"type": "file", "path": "a", "size": 3, "lfs": {"oid": "sha256:ab"}}
    text = json.dumps([large, {"type": "file", "path": "b", "size": 1}]).encode()
    assert parse_listing(text) == {"a": StatedFile(3, "ab"), "b": StatedFile(1, None)}


@pytest.mark.parametrize("text", [b"", b"{}x", b'{"error": "no"}', b"[1]", b'[{"type": "file"}]', b"\xff"])
def test_what_is_no_listing_is_a_fault_of_the_hub(text: bytes) -> None:
    with pytest.raises(HubError):
        parse_listing(text)


def test_the_listing_is_that_of_the_revision() -> None:
    source = load_catalog()["moonshine-base"].hub
    assert listing_url("https://hub", source) == (
        "https://hub/api/models/handy-computer/moonshine-base-gguf/tree/3ef112378a8cf46ac8b278d9bfa2d15c846704b8"
    )
