"""A second start without the running app's socket ends, and leaves the recording under way to that app."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from anyio import to_thread

from desktop.app import ipc
from desktop.app.ipc import acquire_lock, acquire_lock_or_show, serve_commands
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.core.types import FRAME_SAMPLES, Outcome
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings
from tests.support.command_line import App
from tests.support.other_systems import SYSTEM, only_on_linux

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)


def paths(home: Path, session: str) -> Paths:
    return Paths(config=home, data=home / "data", state=home / "state", runtime=home / session)


def test_start_with_other_runtime_folder_is_refused(tmp_path: Path) -> None:
    desk, bare = paths(tmp_path, "desk"), paths(tmp_path, "bare")
    first = acquire_lock(desk)
    assert first is not None
    with first:
        assert acquire_lock(desk) is None
        for _ in range(2):
            with pytest.raises(UserError, match="already running, in another session"):
                acquire_lock(bare)
    second = acquire_lock(bare)
    assert second is not None
    second.release()


def test_start_beside_app_that_ends_waits_and_takes_its_place(tmp_path: Path) -> None:
    home = paths(tmp_path, "desk")
    ending = acquire_lock(home)
    assert ending is not None
    with ThreadPoolExecutor(1) as starter:
        started = starter.submit(acquire_lock_or_show, home)
        assert not wait([started], timeout=0.3).done
        ending.release()
        lock = started.result(30)
    assert lock is not None
    lock.release()


@pytest.mark.anyio
async def test_start_beside_app_that_starts_shows_its_history(tmp_path: Path) -> None:
    home, app = paths(tmp_path, "desk"), App()
    starting = acquire_lock(home)
    assert starting is not None
    with starting, ThreadPoolExecutor(1) as starter:
        started = starter.submit(acquire_lock_or_show, home)
        assert not wait([started], timeout=0.3).done
        async with serve_commands(home, app.handle):
            assert await to_thread.run_sync(started.result, 30) is None
    assert app.asked == ["show"]


def test_app_that_neither_answers_nor_ends_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ipc, "OTHER_APP_TIMEOUT_S", 0.3)
    hung = acquire_lock(paths(tmp_path, "desk"))
    assert hung is not None
    with hung, pytest.raises(UserError, match="runs but does not answer"):
        acquire_lock_or_show(paths(tmp_path, "desk"))


def test_unlockable_state_does_not_prevent_dictating(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    lock = acquire_lock(paths(tmp_path, "desk"))
    assert lock is not None
    lock.release()


def test_spool_file_removed_under_app_loses_no_row(tmp_path: Path) -> None:
    only_on_linux(SYSTEM)  # Windows removes no file that another process writes
    here = paths(tmp_path, "desk")
    history = HistoryStore(here.history)
    memory = DictationRecorder(here, history)
    with memory.spool.create(NOW) as take:
        take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
        assert take.path is not None
        take.path.unlink()
        memory.record(
            HistoryEntry(started_at=NOW, text="All of it.", delivery=Outcome.INSERTED), take, HistorySettings()
        )
        assert len(take.read_audio()) == 0
    assert [(row.text, row.audio_path) for row in history.rows()] == [("All of it.", None)]
