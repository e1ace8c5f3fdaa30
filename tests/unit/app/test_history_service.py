"""What an earlier run has left waits for its key, and no longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from desktop.app.history_service import HistoryService
from desktop.core.errors import LockedError
from desktop.core.types import FRAME_SAMPLES, FieldKind, InputField, Outcome, Target
from desktop.history import encryption
from desktop.history.recorder import NO_RECORDING_NOTE, DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings
from tests.support.encrypted_home import asked, everywhere, in_the_clear
from tests.support.keyring import InFile, Locked
from tests.support.settings import in_force
from tests.unit.app.test_recovery import Ear, never

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)


def dictated(keeping: HistoryService, at: datetime) -> None:
    with keeping.spool.create(at) as take:
        take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
        keeping.record(False, HistoryEntry(started_at=at, text="Now.", delivery=Outcome.INSERTED), take)


@pytest.mark.anyio
async def test_encrypted_leftover_is_recovered_once_unlocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    home = everywhere(tmp_path)
    with asked(InFile()):
        encryption.start_encryption(home)
        with DictationRecorder(home, HistoryStore(home.history)).spool.create(NOW) as take:
            take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
            take.update_header(replace(take.header, app="editor"))
    memory, ear, opened, locked = DictationRecorder(home, HistoryStore(home.history)), Ear(), list[bool](), list[bool]()
    chosen = in_force(HistorySettings(encrypted="on"))
    keeping = HistoryService(
        memory,
        HistoryStore(home.history),
        lambda: chosen,
        lambda: None,
        on_unlocked=lambda: opened.append(True),
        on_locked=lambda: locked.append(True),
    )
    with asked(Locked()):  # which also forgets the key that this process has
        with pytest.raises(LockedError):
            await keeping.recover(ear, never)
        for hours in (1, 2):
            with pytest.raises(LockedError):
                dictated(keeping, NOW + timedelta(hours=hours))
        assert (opened, locked, ear.pieces) == ([], [True, True], [])
        newest = memory.newest()
        assert newest is not None
        assert newest.started_at == NOW + timedelta(hours=2), "it can be pasted again"
        assert in_the_clear(home, b"Now.") == []
    with asked(InFile()):
        await keeping.request_key()
        assert opened == [True]
        dictated(keeping, NOW + timedelta(hours=3))
        assert opened == [True, True]
        (entry,) = await keeping.recover(ear, never)
        assert (entry.app, entry.started_at, entry.delivery) == ("editor", NOW, Outcome.RECOVERED)
        dictated(keeping, NOW + timedelta(hours=4))
        rows = HistoryStore(home.history).rows()
        assert [((row.started_at - NOW) // timedelta(hours=1), row.notes) for row in rows] == [
            (4, ()), (0, ()), (3, ()), (2, (NO_RECORDING_NOTE,)), (1, (NO_RECORDING_NOTE,)),
        ]  # fmt: skip
        await keeping.request_key()
    assert opened == [True, True], "nothing is left"
    assert in_the_clear(home, b"Now.", b"SQLite format 3") == []


def test_private_field_is_not_kept(tmp_path: Path) -> None:
    home = everywhere(tmp_path)
    recorder = DictationRecorder(home, HistoryStore(home.history))
    service = HistoryService(recorder, HistoryStore(home.history), lambda: in_force(HistorySettings()), lambda: None)
    assert service.is_kept(Target(7, "editor", field=InputField()))
    assert not service.is_kept(Target(7, "editor", kind=FieldKind.PRIVATE))
