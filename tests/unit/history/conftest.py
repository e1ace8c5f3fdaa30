"""A history that is empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.history.store import HistoryStore


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.db"


@pytest.fixture
def history(file: Path) -> HistoryStore:
    return HistoryStore(file)
