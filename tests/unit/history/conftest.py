"""An empty history, and a home with a keyring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.paths import Paths
from desktop.history.recorder import DictationRecorder
from desktop.history.store import HistoryStore
from tests.support.encrypted_home import asked, everywhere
from tests.support.keyring import InFile


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.db"


@pytest.fixture
def history(file: Path) -> HistoryStore:
    return HistoryStore(file)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paths]:
    """A home with a keyring, in which nothing is encrypted yet."""
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    with asked(InFile()):
        yield everywhere(tmp_path)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return everywhere(tmp_path)


@pytest.fixture
def memory(paths: Paths, history: HistoryStore) -> DictationRecorder:
    return DictationRecorder(paths, history)
