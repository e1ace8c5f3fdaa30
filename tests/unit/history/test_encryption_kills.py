"""Kills and other processes while the history is encrypted or decrypted: nothing is lost, and it goes on."""

from __future__ import annotations

import os
import signal

import anyio
import numpy as np
import pytest

from desktop.audio import file as audio_file
from desktop.core.paths import Paths
from desktop.core.types import Outcome
from desktop.encryption import keyring
from desktop.encryption.cipher import EncryptionKey
from desktop.history import encryption
from desktop.history.convert import convert_history
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore
from desktop.settings.schema import HistorySettings
from tests.support.encrypted_dictations import NOW, SOUND, TOLD, WORDS, dictate, use
from tests.support.encrypted_home import in_the_clear, is_sealed, turn
from tests.support.other_systems import SYSTEM, only_on_linux
from tests.support.settings import in_force


class Killed(Exception):
    """What a test puts in the place of a kill."""


def killed_at(step: str, home: Paths, key: EncryptionKey, on: bool) -> None:
    """Have a process convert the history that kills itself when it comes to `step`."""
    only_on_linux(SYSTEM)
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


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_kill_in_the_midst_of_decrypting_leaves_nothing_in_the_clear_once_that_is_undone(home: Paths) -> None:
    only_on_linux(SYSTEM)
    import resource

    for number in range(10):
        dictate(home, f"{WORDS} {number}")
    turn(home, on=True)
    key = keyring.LOADED_KEYS.create()
    child = os.fork()
    if child == 0:
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # the kernel kills what writes beyond the limit
            resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
            convert_history(home.history, key, encrypt=False)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert len(in_the_clear(home, b"SQLite format 3")) == 2, "the copy, and its journal"
    turn(home, on=True)
    assert in_the_clear(home, *TOLD) == []


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


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_other_process_row_survives_conversion(home: Paths) -> None:
    only_on_linux(SYSTEM)
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
