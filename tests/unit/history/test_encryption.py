"""With `history.encrypted` on nothing of what was said can be read on the disk, and nothing else is different."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from keyring.backends import fail, null

from desktop.__main__ import main
from desktop.audio.file import read_audio
from desktop.core.errors import CredentialsError, HistoryError, LockedError
from desktop.core.paths import Paths, find_paths
from desktop.doctor import files as doctor_files
from desktop.encryption import keyring
from desktop.history import connection as history_connection
from desktop.history import encryption
from desktop.history.encryption import SETTING_KEY
from desktop.history.quotation import find_first_word
from desktop.history.recorder import DictationRecorder
from desktop.history.schema import open_history
from desktop.history.store import HistoryStore
from desktop.settings.store import load_settings, write_setting
from tests.support.encrypted_dictations import APP, NOW, SOUND, TOLD, WORDS, dictate, use
from tests.support.encrypted_home import asked, files, in_the_clear, is_sealed, turn
from tests.support.keyring import InFile
from tests.unit.audio.test_spool import no_file_larger_than
from tests.unit.history import test_deletion, test_store


def test_nothing_said_is_readable_on_disk(home: Paths) -> None:
    encryption.start_encryption(home)
    dictate(home)
    use(home)
    memory = DictationRecorder(home, HistoryStore(home.history))
    with memory.spool.create(NOW) as take, open_history(home.history) as held:  # so that its log is there
        take.update_header(type(take.header)(NOW, app=APP))
        take.write(SOUND)
        held.execute("UPDATE dictation SET note = ?", (WORDS,))
        names = {file.suffix for file in files(home)}
        assert names >= {".db", ".db-wal", ".db-shm", ".flac", ".take", ".seal"}
        samples = np.rint(SOUND * 32768).astype("<i2").tobytes()
        assert in_the_clear(home, *TOLD, samples[:32], samples[1024:1056]) == []
    turn(home, on=False)
    assert set(in_the_clear(home, *TOLD)) >= {"history.db", take.path.name if take.path else ""}


def test_selection_is_found_without_a_trace_and_with_the_key_alone(home: Paths) -> None:
    encryption.start_encryption(home)
    dictate(home)
    for selected, is_exact in (("heron stood quite still", True), ("The old heron stood quite still", False)):
        found = HistoryStore(home.history).find_quotation(selected)
        assert found is not None
        assert (found.row.text, found.is_exact) == (WORDS.capitalize(), is_exact)
        assert find_first_word(selected, found.row) == (1 if is_exact else 0)
        assert found.row.audio_path is not None
        assert len(read_audio(found.row.audio_path)) == len(SOUND)
    assert in_the_clear(home, *TOLD) == []
    with asked(null.Keyring()), pytest.raises(LockedError):
        HistoryStore(home.history).find_quotation(WORDS)


def test_earlier_history_is_encrypted_and_restored(home: Paths) -> None:
    dictate(home)
    use(home)
    (home.data / "history.damaged-20260101-000000.db").write_bytes(b"SQLite format 3, and a heron")
    rows = HistoryStore(home.history).rows()
    for on in (True, True, False, False):
        turn(home, on)
        assert is_sealed(home) is on
        assert bool(in_the_clear(home, *TOLD)) is not on
        assert HistoryStore(home.history).rows() == rows
        use(home)
        with open_history(home.history) as connection:
            connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")  # raises
    assert keyring.read_marker(home.history) is None
    assert {file.suffix for file in files(home)} == {".db", ".flac", ".begun", ".lock"}


@pytest.mark.parametrize("on", [True, False])
def test_a_full_disk_leaves_it_as_it_was(home: Paths, on: bool) -> None:
    for number in range(10):
        dictate(home, f"{WORDS} {number}")
    turn(home, not on)
    rows = HistoryStore(home.history).rows()
    with no_file_larger_than(40_000), pytest.raises(HistoryError):
        turn(home, on)
    assert HistoryStore(home.history).rows() == rows
    use(home)
    turn(home, on)
    assert is_sealed(home) is on
    assert bool(in_the_clear(home, *TOLD)) is not on


def test_where_the_packages_are_not_here_that_is_said() -> None:
    keyring.require_packages()
    with pytest.raises(HistoryError, match="cannot be encrypted or decrypted here"):
        keyring.require_packages(("sqlcipher3", "which_is_not_here"))


def test_older_version_rows_join_the_encrypted_history(home: Paths) -> None:
    encryption.start_encryption(home)
    dictate(home)
    sealed = history_connection.encrypted_file(home.history)
    aside = sealed.rename(sealed.with_suffix(".aside"))
    mark = keyring.marker_path(home.history).rename(home.data / "mark")
    dictate(home, f"{WORDS} again")  # an older one knows of neither
    aside.rename(sealed)
    mark.rename(keyring.marker_path(home.history))
    turn(home, on=True)
    assert [row.raw_text for row in HistoryStore(home.history).rows()] == [f"{WORDS} again", WORDS]
    assert in_the_clear(home, *TOLD) == []


def test_last_choice_wins_when_toggled_meanwhile(home: Paths) -> None:
    for number in range(3):
        dictate(home, f"{WORDS} {number}")
    chosen = [False]

    def choose() -> None:
        for on in (True, False, True):
            chosen[0] = on
            encryption.apply_encryption(
                home, lambda: chosen[0], DictationRecorder(home, HistoryStore(home.history)).spool
            )

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(choose) for _ in range(2)]:
            done.result()
    assert in_the_clear(home, *TOLD) == []
    use(home)


def test_damaged_encrypted_history_is_mended_encrypted(home: Paths) -> None:
    encryption.start_encryption(home)
    for number in range(40):
        dictate(home, f"{WORDS} {number}")
    table = history_connection.encrypted_file(home.history)
    with history_connection.exclusive_lock(home.history), table.open("r+b") as file:
        file.seek(20 * 4096)
        file.write(bytes(4096))
    problem = DictationRecorder(home, HistoryStore(home.history)).repair()
    assert problem is not None
    (aside,) = home.data.glob("history.sealed.damaged-*.db")
    assert aside.name in str(problem)
    assert is_sealed(home)
    assert len(HistoryStore(home.history).rows(1000)) > 10
    assert in_the_clear(home, *TOLD) == []


THE_SAME = (
    test_store.test_a_dictation_comes_back_as_it_was_told,
    test_store.test_update_writes_later_values_into_the_row,
    test_deletion.test_clear_forgets_everything_and_no_id_comes_back,
    test_store.test_threads_that_begin_it_together_lose_nothing,
    test_deletion.test_emotions_can_be_forgotten_and_the_words_stay,
)


@pytest.mark.parametrize("same", THE_SAME, ids=lambda same: same.__name__)
def test_it_is_the_same_history(same: Callable[..., None], home: Paths, tmp_path: Path) -> None:
    encryption.start_encryption(home)
    given: dict[str, Any] = {
        "history": HistoryStore(home.history),
        "file": history_connection.encrypted_file(home.history),
        "tmp_path": tmp_path,
    }
    same(**{name: given[name] for name in inspect.signature(same).parameters})
    assert is_sealed(home)


def test_command_line_choice_applies_without_the_app(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INTONE_HOME", str(tmp_path / "one"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    here = find_paths()
    dictate(here)
    with asked(fail.Keyring()):
        assert main(["settings", "set", SETTING_KEY, "on"]) == 1
    assert "No keyring is here" in capsys.readouterr().err
    assert load_settings(here.settings).settings.history.encrypted == "off"
    write_setting(here.settings, SETTING_KEY, "on")  # as a window does, which asks what is in the way
    with asked(null.Keyring()):
        assert isinstance(encryption.find_encryption_problem(here), CredentialsError)
    assert load_settings(here.settings).settings.history.encrypted == "off"
    assert encryption.find_encryption_problem(here) is None
    assert keyring.read_marker(here.history) is None
    assert str(doctor_files.check_encryption()) == "What is kept is not encrypted"
    assert main(["settings", "set", SETTING_KEY, "on"]) == 0
    assert str(doctor_files.check_encryption()) == "On, and its key is in the keyring"
    assert is_sealed(here)
    assert in_the_clear(here, *TOLD) == []
    with asked(null.Keyring()), pytest.raises(LockedError, match="its key is not in the keyring"):
        doctor_files.check_encryption()
    keyring.marker_path(here.history).unlink()
    with asked(null.Keyring()), pytest.raises(LockedError, match="its key is not in the keyring"):
        doctor_files.check_encryption()
    assert str(doctor_files.check_encryption()) == "On, and its key is in the keyring"
    with asked(InFile()):  # as in a process of its own
        assert main(["history", "search", "heron"]) == 0
        assert WORDS.capitalize() in capsys.readouterr().out
        assert main(["history", "export", str(tmp_path / "words.csv")]) == 0
        assert main(["settings", "reset", SETTING_KEY]) == 0
    assert not is_sealed(here)
    use(here)
