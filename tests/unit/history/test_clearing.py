"""Everything that is cleared is gone, whatever a damaged history that is being mended does meanwhile."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from desktop.core.errors import HistoryError
from desktop.core.paths import Paths
from desktop.history import deletion
from desktop.history.recorder import DictationRecorder
from desktop.history.schema import open_history
from desktop.history.store import HistoryStore
from tests.unit.history.test_repair import damaged, say


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)


@pytest.mark.parametrize("taken_in", [True, False])
def test_file_put_aside_just_before_clear_is_deleted(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, taken_in: bool
) -> None:
    history, asides = HistoryStore(paths.history), deletion.delete_damaged_files
    memory = DictationRecorder(paths, history)
    say(memory, "A heron.")
    with open_history(paths.history) as connection:
        connection.execute("UPDATE dictation SET note = CAST(x'ff' AS TEXT)")
    looked = list[bool]()

    def mended_after(path: Path) -> None:
        asides(path)
        if not looked:
            looked.append(True)
            with monkeypatch.context() as patch:
                if not taken_in:
                    patch.setattr(HistoryStore, "add_missing", end)
                with nullcontext() if taken_in else pytest.raises(HistoryError, match="full"):
                    assert memory.repair() is not None
            assert len(damaged(paths)) == 1

    def end(*_: object) -> int:
        raise HistoryError("reported-message", title="The disk is full.", advice="")

    monkeypatch.setattr(deletion, "delete_damaged_files", mended_after)
    assert history.clear() == taken_in
    assert damaged(paths) == []
    assert memory.repair() is None
    assert history.rows() == []


def test_undeletable_damaged_copy_keeps_nothing_else(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    history = HistoryStore(paths.history)
    say(DictationRecorder(paths, history), "A heron.")
    (paths.data / "history.damaged-20260101-000000.db").write_bytes(b"whatever")

    def refuse(file: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(deletion, "wipe_file", refuse)
    with pytest.raises(HistoryError, match="Permission denied"):
        history.clear()
    assert history.rows() == []
