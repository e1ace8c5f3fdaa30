"""A key that the open keyring lacks: the history is locked, never damaged, and no user is asked to open a keyring."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import anyio
import numpy as np
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

from desktop.core.errors import HistoryError, LockedError, UserError
from desktop.core.paths import Paths
from desktop.core.types import FRAME_SAMPLES, Outcome
from desktop.encryption import keyring, recordings
from desktop.history import connection, encryption
from desktop.history.recorder import NO_RECORDING_NOTE, DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings
from tests.support.encrypted_home import asked, everywhere, in_the_clear
from tests.support.keyring import InFile, Locked
from tests.support.settings import in_force

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
ENCRYPTED = HistorySettings(encrypted="on")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paths]:
    """A home in which all is encrypted, in the words "Before.", by a key that the keyring of now has not."""
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    with asked(InFile()):
        home = everywhere(tmp_path)
        encryption.start_encryption(home)
        HistoryStore(home.history).add(HistoryEntry(started_at=NOW, text="Before.", delivery=Outcome.INSERTED))
    with monkeypatch.context() as other:
        other.setenv("INTONE_TEST_KEYRING", str(tmp_path / "another.json"))
        yield home


def say(memory: DictationRecorder, text: str = "Meanwhile.") -> None:
    with memory.spool.create(NOW) as take:
        take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
        memory.record(HistoryEntry(started_at=NOW, text=text, delivery=Outcome.INSERTED), take, ENCRYPTED)


@pytest.mark.parametrize("another", [False, True])
def test_lost_mark_makes_no_key_and_leaves_history(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, another: bool
) -> None:
    keyring.marker_path(home.history).unlink()
    table = connection.encrypted_file(home.history)
    before = table.read_bytes()
    told = list[UserError]()
    if another:
        with asked(InFile()):  # by a process of its own
            keyring.LOADED_KEYS.create()
    with asked(InFile()):
        kept = InFile().entries()
        memory = DictationRecorder(home, HistoryStore(home.history), told.append)
        for _ in range(2):
            with pytest.raises(LockedError):
                anyio.run(memory.expire, in_force(ENCRYPTED))
            with pytest.raises(LockedError):
                say(memory)
            with pytest.raises(LockedError):
                memory.repair()
        assert InFile().entries() == kept
    says = "does not open it" if another else "is not in the keyring"
    assert [says in problem.title for problem in told] == [True]
    assert table.read_bytes() == before
    assert not keyring.marker_path(home.history).exists()
    assert list(home.data.glob("*damaged*")) == []
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    with asked(InFile()):  # that of before is open again
        anyio.run(DictationRecorder(home, HistoryStore(home.history)).expire, in_force(ENCRYPTED))
        assert [row.text for row in HistoryStore(home.history).rows()] == ["Before."]
        assert keyring.read_marker(home.history) == keyring.EncryptionMarker(
            keyring.LOADED_KEYS.create().id, encrypts_new=True
        )


@pytest.mark.parametrize(
    ("backend", "says"),
    [(InFile, "its key is not in the keyring"), (Locked, "cannot be had"), (fail.Keyring, "cannot be had")],
)
@pytest.mark.parametrize("marked", [True, False])
def test_missing_key_always_raises_and_writes_no_plain(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: type[KeyringBackend], says: str, marked: bool
) -> None:
    if not marked:
        keyring.marker_path(home.history).unlink()
    with asked(backend()):
        memory = DictationRecorder(home, HistoryStore(home.history))
        with pytest.raises(LockedError, match="not open yet"):
            say(memory)  # before anybody was asked
        with pytest.raises(LockedError, match=says):
            anyio.run(memory.expire, in_force(ENCRYPTED))
        for _ in range(2):
            with pytest.raises(LockedError, match=says):
                say(memory)
        assert [file for folder in (home.spool, home.audio) if folder.is_dir() for file in folder.iterdir()] == []
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    with asked(InFile()):
        anyio.run(memory.expire, in_force(ENCRYPTED))
        say(memory, "After.")
        rows = HistoryStore(home.history).rows()
    assert [(row.text, row.notes) for row in rows] == [
        ("After.", ()),
        *[("Meanwhile.", (NO_RECORDING_NOTE,))] * 3,
        ("Before.", ()),
    ]
    assert in_the_clear(home, b"fLaC", b"SQLite format 3") == []


def test_mark_lost_while_key_is_known_is_restored(home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    with asked(InFile()):
        memory = DictationRecorder(home, HistoryStore(home.history))
        anyio.run(memory.expire, in_force(ENCRYPTED))
        keyring.marker_path(home.history).unlink()
        say(memory)
        row = HistoryStore(home.history).rows()[0]
        assert row.audio_path is not None
        assert recordings.read_key_id(row.audio_path) == keyring.LOADED_KEYS.create().id
        assert keyring.read_marker(home.history) == keyring.EncryptionMarker(
            keyring.LOADED_KEYS.create().id, encrypts_new=True
        )


def test_a_key_that_came_after_all_is_had(home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marked = keyring.read_marker(home.history)
    assert marked is not None
    with asked(InFile()):
        with pytest.raises(HistoryError):
            keyring.LOADED_KEYS.load(marked.key_id)
        with pytest.raises(LockedError, match="its key is not in the keyring"):
            keyring.LOADED_KEYS.find(marked.key_id)
        monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
        assert keyring.LOADED_KEYS.load(marked.key_id) == keyring.LOADED_KEYS.find(marked.key_id)
