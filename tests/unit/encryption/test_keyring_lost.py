"""A key that the open keyring has not: the history is locked, never damaged, and nobody is told to open a keyring."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import anyio
import numpy as np
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

from desktop.core.errors import HistoryProblem, LockedProblem, Problem
from desktop.core.paths import Paths
from desktop.core.types import FRAME, Outcome
from desktop.encryption import keyring as seal_key
from desktop.encryption import recordings as recorded
from desktop.history import connection as connecting
from desktop.history import encryption as turning
from desktop.history.history import History
from desktop.history.recorder import HELD, Memory
from desktop.history.row import Entry
from desktop.settings.schema import Keeping
from tests.support.encrypted_home import asked, everywhere, in_the_clear
from tests.support.keyring import InFile, Locked

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
ENCRYPTED = Keeping(encrypted="on")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paths]:
    """A home in which all is encrypted, in the words "Before.", by a key that the keyring of now has not."""
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    with asked(InFile()):
        home = everywhere(tmp_path)
        turning.begin(home)
        History(home.history).add(Entry(started_at=NOW, text="Before.", delivery=Outcome.INSERTED))
    with monkeypatch.context() as other:
        other.setenv("INTONE_TEST_KEYRING", str(tmp_path / "another.json"))
        yield home


def say(memory: Memory, text: str = "Meanwhile.") -> None:
    with memory.spool.take(NOW) as take:
        take.write(np.full(FRAME, 0.1, np.float32))
        memory.remember(Entry(started_at=NOW, text=text, delivery=Outcome.INSERTED), take, ENCRYPTED)


@pytest.mark.parametrize("another", [False, True])
def test_lost_mark_makes_no_key_and_leaves_history(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, another: bool
) -> None:
    seal_key.place(home.history).unlink()
    table = connecting.sealed_name(home.history)
    before = table.read_bytes()
    told = list[Problem]()
    with asked(InFile()):
        if another:
            seal_key.made()
            seal_key._known.clear()  # as by a process of its own
        kept = InFile().entries()
        memory = Memory(home, History(home.history))
        memory.told = told.append
        for _ in range(2):
            with pytest.raises(LockedProblem):
                anyio.run(memory.expire, ENCRYPTED)
            with pytest.raises(LockedProblem):
                say(memory)
            with pytest.raises(LockedProblem):
                memory.mend()
        assert InFile().entries() == kept
    says = "does not open it" if another else "is not in the keyring"
    assert [says in problem.title for problem in told] == [True]
    assert table.read_bytes() == before
    assert not seal_key.place(home.history).exists()
    assert list(home.data.glob("*damaged*")) == []
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    with asked(InFile()):  # that of before is open again
        anyio.run(Memory(home, History(home.history)).expire, ENCRYPTED)
        assert [row.text for row in History(home.history).rows()] == ["Before."]
        assert seal_key.mark(home.history) == seal_key.Mark(seal_key.made().id, new=True)


@pytest.mark.parametrize(
    ("backend", "says"),
    [(InFile, "its key is not in the keyring"), (Locked, "cannot be had"), (fail.Keyring, "cannot be had")],
)
@pytest.mark.parametrize("marked", [True, False])
def test_missing_key_always_raises_and_writes_no_plain(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: type[KeyringBackend], says: str, marked: bool
) -> None:
    if not marked:
        seal_key.place(home.history).unlink()
    with asked(backend()):
        memory = Memory(home, History(home.history))
        with pytest.raises(LockedProblem, match="not open yet"):
            say(memory)  # before anybody was asked
        with pytest.raises(LockedProblem, match=says):
            anyio.run(memory.expire, ENCRYPTED)
        for _ in range(2):
            with pytest.raises(LockedProblem, match=says):
                say(memory)
        assert [file for folder in (home.spool, home.audio) if folder.is_dir() for file in folder.iterdir()] == []
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    with asked(InFile()):
        anyio.run(memory.expire, ENCRYPTED)
        say(memory, "After.")
        rows = History(home.history).rows()
    assert [(row.text, row.note) for row in rows] == [("After.", ""), *[("Meanwhile.", HELD)] * 3, ("Before.", "")]
    assert in_the_clear(home, b"fLaC", b"SQLite format 3") == []


def test_mark_lost_while_key_is_known_is_restored(home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    with asked(InFile()):
        memory = Memory(home, History(home.history))
        anyio.run(memory.expire, ENCRYPTED)
        seal_key.place(home.history).unlink()
        say(memory)
        row = History(home.history).rows()[0]
        assert row.audio_path is not None
        assert recorded.seal_of(row.audio_path) == seal_key.made().id
        assert seal_key.mark(home.history) == seal_key.Mark(seal_key.made().id, new=True)


def test_a_key_that_came_after_all_is_had(home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marked = seal_key.mark(home.history)
    assert marked is not None
    with asked(InFile()):
        with pytest.raises(HistoryProblem):
            seal_key.key(marked.key)
        with pytest.raises(LockedProblem, match="its key is not in the keyring"):
            seal_key.known(marked.key)
        monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
        assert seal_key.key(marked.key) == seal_key.known(marked.key)
