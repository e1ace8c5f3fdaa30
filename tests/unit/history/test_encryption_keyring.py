"""A keyring that is locked, missing or wrong: the history is locked then, never damaged and never in the clear."""

from __future__ import annotations

import os
from pathlib import Path

import anyio
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from desktop.core.errors import CredentialsError, LockedError, UserError
from desktop.core.paths import Paths
from desktop.encryption import keyring
from desktop.history import encryption
from desktop.history.encryption import SETTING_KEY
from desktop.history.recorder import DictationRecorder
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings
from desktop.settings.store import load_settings, write_setting
from tests.support.encrypted_dictations import TOLD, dictate, use
from tests.support.encrypted_home import asked, files, in_the_clear, turn
from tests.support.keyring import InFile, Locked
from tests.support.settings import in_force


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
