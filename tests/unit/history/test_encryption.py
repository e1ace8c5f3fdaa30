"""With `history.encrypted` on nothing of what was said can be read on the disk, and nothing else is different."""

from __future__ import annotations

import inspect
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from desktop.__main__ import main
from desktop.audio import file as audio_file
from desktop.core.errors import CredentialsError, HistoryError, LockedError, UserError
from desktop.core.paths import Paths, find_paths
from desktop.core.types import FRAME_SAMPLES, Emotion, Outcome
from desktop.doctor import files as doctor_files
from desktop.emotion.baseline import StoredVoiceBaselines, VoiceBaseline
from desktop.encryption import keyring
from desktop.encryption.cipher import EncryptionKey
from desktop.history import connection as history_connection
from desktop.history import encryption
from desktop.history.convert import convert_history
from desktop.history.encryption import SETTING_KEY
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.schema import open_history
from desktop.history.statistics import compute_statistics
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings
from desktop.settings.store import load_settings, write_setting
from tests.support.encrypted_home import asked, everywhere, files, in_the_clear, is_sealed, turn
from tests.support.keyring import InFile, Locked
from tests.support.settings import in_force
from tests.unit.audio.test_spool import no_file_larger_than
from tests.unit.history import test_deletion, test_store

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)

WORDS, APP, TITLE = "the heron stood quite still", "a-telling-application", "A window that tells"
SOUND = np.random.default_rng(3).uniform(-0.5, 0.5, 20 * FRAME_SAMPLES).astype(np.float32)
TOLD = (WORDS.encode(), b"heron", APP.encode(), TITLE.encode(), b"fLaC", b"SQLite format 3")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paths]:
    """A home with a keyring, in which nothing is encrypted yet."""
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    with asked(InFile()):
        yield everywhere(tmp_path)


def dictate(home: Paths, words: str = WORDS) -> None:
    """As the app does at the end of a dictation."""
    memory = DictationRecorder(home, HistoryStore(home.history))
    with memory.spool.create(NOW) as take:
        take.update_header(type(take.header)(NOW, app=APP))
        for begin in range(0, len(SOUND), FRAME_SAMPLES):
            take.write(SOUND[begin : begin + FRAME_SAMPLES])
        entry = HistoryEntry(
            started_at=NOW,
            app=APP,
            window=TITLE,
            raw_text=words,
            text=words.capitalize(),
            duration_s=1.0,
            delivery=Outcome.INSERTED,
            emotion=Emotion("joy", 0.5, 0.5, 0.5, note="a heron"),
        )
        memory.record(entry, take, HistorySettings())


def use(home: Paths) -> None:
    """All that asks the history, or writes into it."""
    history = HistoryStore(home.history)
    (row, *_) = history.search("heron")
    assert row.audio_path is not None
    np.testing.assert_allclose(audio_file.read_audio(row.audio_path), SOUND, atol=1 / 32768)
    history.correct_text(row.id, f"{WORDS}.")
    history.correct_emotion(row.id, "fear")
    assert [found.emotion_user for found in history.rows_with_corrected_emotion()] == ["fear"]
    assert APP in history.filter_choices().apps
    assert compute_statistics(home.history, date(2026, 5, 4)).total.dictations == len(history.rows())
    StoredVoiceBaselines(home.history).save_baseline("usb", "base", VoiceBaseline(3, np.zeros(4, np.float32)))
    newest = StoredVoiceBaselines(home.history).latest_status()
    assert newest is not None
    assert newest.recordings == 3


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


class Killed(Exception):
    """What a test puts in the place of a kill."""


def killed_at(step: str, home: Paths, key: EncryptionKey, on: bool) -> None:
    """Have a process convert the history that kills itself when it comes to `step`."""
    child = os.fork()
    if child == 0:
        try:
            convert_history(
                home.history, key, on, lambda at: os.kill(os.getpid(), signal.SIGKILL) if at == step else None
            )
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # threads of a library, which the child has not
@pytest.mark.parametrize("on", [True, False])
def test_kill_at_any_step_keeps_history_and_resumes(home: Paths, on: bool) -> None:
    dictate(home)
    turn(home, not on)
    key = keyring.LOADED_KEYS.create()
    for count, step in enumerate(("copying", "swapping", "clearing", *(["wiping"] if on else [])), 1):
        killed_at(step, home, key, on)
        dictate(home)  # meanwhile one goes on
        assert len(HistoryStore(home.history).search("heron")) == count + 1
        convert_history(home.history, key, not on)
    killed_at("clearing", home, key, on)
    turn(home, on)
    use(home)
    assert is_sealed(home) is on
    assert bool(in_the_clear(home, *TOLD)) is not on
    assert not list(home.history.parent.glob("*.wiping"))


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


def test_kill_between_recordings_resumes_and_all_play(home: Paths) -> None:
    for _ in range(3):
        dictate(home)
    for number, row in enumerate(HistoryStore(home.history).rows()):  # each its own recording
        assert row.audio_path is not None
        own = row.audio_path.with_name(f"20260504-12300{number}-000000.flac")
        own.write_bytes(row.audio_path.read_bytes())
        HistoryStore(home.history).update(row.id, audio_path=own)
    steps = iter((None, None, Killed()))

    def between() -> None:
        if (end := next(steps)) is not None:
            raise end

    memory = DictationRecorder(home, HistoryStore(home.history))
    with pytest.raises(Killed):
        encryption.apply_encryption(home, lambda: True, memory.spool, between)
    assert 0 < len(in_the_clear(home, b"fLaC")) < 4
    for row in HistoryStore(home.history).rows():
        assert row.audio_path is not None
        np.testing.assert_allclose(audio_file.read_audio(row.audio_path), SOUND, atol=1 / 32768)
    anyio.run(memory.expire, in_force(HistorySettings(encrypted="on")))
    assert in_the_clear(home, *TOLD) == []


@pytest.mark.parametrize(
    ("backend", "says"),
    [
        (null.Keyring, "its key is not in the keyring"),
        (Locked, "its key cannot be had"),
        (fail.Keyring, "its key cannot be had"),
    ],
)
def test_missing_key_locks_history_without_damage(home: Paths, backend: type[KeyringBackend], says: str) -> None:
    encryption.start_encryption(home)
    dictate(home)
    before = {file: file.read_bytes() for file in files(home)}
    assert {file.suffix for file in before} == {".db", ".flac", ".begun", ".seal", ".lock"}
    told = list[UserError]()
    with asked(backend()):
        memory = DictationRecorder(home, HistoryStore(home.history), told.append)
        for act in (HistoryStore(home.history).last, memory.repair):
            with pytest.raises(LockedError, match=says):
                act()
        with pytest.raises(LockedError, match=says):
            dictate(home)
        for _ in range(2):
            with pytest.raises(LockedError):
                anyio.run(memory.expire, in_force(HistorySettings(encrypted="on")))
        assert [type(problem) for problem in told] == [LockedError]
        with pytest.raises(LockedError):
            turn(home, on=False)
    after = {file: file.read_bytes() for file in files(home) if file.suffix != ".lock"}
    assert after == {file: data for file, data in before.items() if file.suffix != ".lock"}
    use(home)  # the keyring is open again


def test_wrong_key_or_lost_mark_is_not_damage(home: Paths, tmp_path: Path) -> None:
    encryption.start_encryption(home)
    dictate(home)
    right = (tmp_path / "keyring.json").read_bytes()
    with asked(InFile()):
        InFile().set_password("intone", keyring.KEYRING_ENTRY, "00" * 32)
        with pytest.raises(LockedError, match="the keyring has another key"):
            HistoryStore(home.history).last()
        mark = keyring.marker_path(home.history).read_bytes()
        keyring.marker_path(home.history).unlink()
        with pytest.raises(LockedError, match="does not open it"):
            DictationRecorder(home, HistoryStore(home.history)).repair()
    with asked(InFile()):
        (tmp_path / "keyring.json").write_bytes(right)
        use(home)
        assert keyring.marker_path(home.history).read_bytes() == mark


@pytest.mark.parametrize(
    ("backend", "says"),
    [
        (null.Keyring, "The keyring did not keep the key. Start a keyring that keeps"),
        (fail.Keyring, "No keyring is here"),
        (Locked, "The keyring is locked. Unlock it and try again."),
    ],
)
def test_keyring_that_keeps_no_key_changes_nothing(home: Paths, backend: type[KeyringBackend], says: str) -> None:
    dictate(home)
    before = {file: file.read_bytes() for file in files(home)}
    with asked(backend()):
        with pytest.raises(CredentialsError) as raised:
            turn(home, on=True)
        assert str(raised.value).startswith(says)
        after = {file: file.read_bytes() for file in files(home)}
        assert {file: data for file, data in after.items() if file.suffix != ".lock"} == {
            file: data for file, data in before.items() if file.suffix != ".lock"
        }
        dictate(home)
        use(home)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_other_process_row_survives_conversion(home: Paths) -> None:
    dictate(home)
    key = keyring.LOADED_KEYS.create()
    keyring.write_marker(home.history, keyring.EncryptionMarker(key.id, encrypts_new=True))
    writer = os.fork()
    if writer == 0:
        try:
            for number in range(30):
                HistoryStore(home.history).add(
                    HistoryEntry(started_at=NOW, text=f"number {number}", delivery=Outcome.INSERTED)
                )
            os._exit(0)
        finally:
            os._exit(1)
    for on in (True, False) * 2:
        convert_history(home.history, key, on)
    _, status = os.waitpid(writer, 0)
    assert status == 0
    assert {f"number {number}" for number in range(30)} <= {row.text for row in HistoryStore(home.history).rows(100)}


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


def test_later_obstacle_does_not_decrypt_everything(home: Paths) -> None:
    write_setting(home.settings, SETTING_KEY, "on")
    turn(home, on=True)
    dictate(home)
    mark = keyring.marker_path(home.history)
    told = mark.read_bytes()
    mark.write_bytes(b"")
    assert "does not say how" in str(encryption.find_encryption_problem(home))
    mark.unlink()
    with asked(Locked()):
        assert isinstance(encryption.find_encryption_problem(home), LockedError)
    chosen = load_settings(home.settings)
    assert chosen.settings.history.encrypted == "on"
    anyio.run(DictationRecorder(home, HistoryStore(home.history)).expire, chosen)
    assert mark.read_bytes() == told
    assert in_the_clear(home, *TOLD) == []


def test_the_key_is_nowhere_but_in_the_keyring(home: Paths) -> None:
    encryption.start_encryption(home)
    dictate(home)
    secret = keyring.LOADED_KEYS.create()
    assert in_the_clear(home, secret.secret, secret.secret.hex().encode(), secret.derive("table")) == []
    assert not any(secret.secret.hex() in value for value in os.environ.values())
