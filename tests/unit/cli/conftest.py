"""A home in which commands run, and a history there."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from desktop.core.paths import Paths
from desktop.core.types import Outcome
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from tests.support.command_line import Intone, paths_of, run_intone


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def environment(tmp_path: Path, home: Path) -> dict[str, str]:
    return {**os.environ, "INTONE_HOME": str(home), "XDG_RUNTIME_DIR": str(tmp_path)}


@pytest.fixture
def paths(tmp_path: Path, home: Path) -> Paths:
    """Where the commands look."""
    return paths_of(home, tmp_path)


@pytest.fixture
def intone(tmp_path: Path, home: Path) -> Intone:
    """Runs `intone` with arguments, and with an empty stdin."""
    return partial(run_intone, home, runtime=tmp_path)


@pytest.fixture
def history(home: Path) -> HistoryStore:
    """Three dictations, an hour apart, the last of them just now."""
    history = HistoryStore(home / "history.db")
    now = datetime.now(UTC)
    for hours, text in ((2, "The first one."), (1, "The second, about whales."), (0, "The third one.")):
        history.add(
            HistoryEntry(started_at=now - timedelta(hours=hours), app="kate", text=text, delivery=Outcome.INSERTED)
        )
    return history
