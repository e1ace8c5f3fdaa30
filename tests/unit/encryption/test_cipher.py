"""What is sealed can be read with its key alone: whole files, sound that is being written, recordings, takes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from keyring.backends import null

from desktop.audio import file as audio_file
from desktop.audio.buffer import AudioBuffer
from desktop.audio.spool import Spool
from desktop.core.errors import LockedError, UserError
from desktop.core.types import FRAME_SAMPLES, RATE_HZ
from desktop.encryption import keyring, recordings
from desktop.encryption.cipher import SECRET_BYTES, EncryptionKey, StreamCipher, decrypt_bytes, encrypt_bytes
from tests.support.encrypted_home import asked
from tests.support.keyring import InFile

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)

APP = "a-telling-application"

SPOKEN = np.random.default_rng(9).uniform(-0.5, 0.5, 40 * FRAME_SAMPLES).astype(np.float32)
SAMPLES = np.rint(SPOKEN * 32768).astype("<i2").tobytes()

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import numpy as np
from desktop.encryption.cipher import EncryptionKey
from desktop.audio.spool import Spool
key = EncryptionKey(bytes.fromhex(sys.stdin.readline()))
with Spool(Path(sys.argv[1]), lambda: key).create(datetime(2026, 5, 4, 12, 30, tzinfo=UTC)) as take:
    while True:
        take.write(np.full(512, 0.25, np.float32))
        print(flush=True)
"""


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EncryptionKey]:
    """The key in the keyring."""
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    with asked(InFile()):
        yield keyring.LOADED_KEYS.create()


def spoken(spool: Spool) -> None:
    with spool.create(NOW) as take:
        take.update_header(type(take.header)(NOW, app=APP))
        for begin in range(0, len(SPOKEN), FRAME_SAMPLES):
            take.write(SPOKEN[begin : begin + FRAME_SAMPLES])


def test_encrypted_opens_only_with_key_and_unchanged() -> None:
    key, other = EncryptionKey(bytes(SECRET_BYTES)), EncryptionKey(b"\x01" * SECRET_BYTES)
    sealed = encrypt_bytes(b"some words", key)
    assert decrypt_bytes(sealed, key) == b"some words"
    assert b"words" not in sealed
    assert encrypt_bytes(b"some words", key) != sealed
    for broken, by in ((sealed, other), (sealed[:-1] + bytes([sealed[-1] ^ 1]), key), (sealed[:20], key), (b"", key)):
        with pytest.raises(ValueError, match="damaged, or of another key"):
            decrypt_bytes(broken, by)
    assert other.secret.hex() not in repr(other)
    assert repr(other.secret) not in repr(other)


@pytest.mark.parametrize("at", [0, 1, 16, 17, 1000, 1024])
def test_a_stream_can_be_read_from_any_place(at: int) -> None:
    stream = StreamCipher(EncryptionKey(bytes(SECRET_BYTES)), b"\xff" * 16)
    sealed = b"".join(stream.apply(SAMPLES[begin : begin + 1024], begin) for begin in range(0, 4096, 1024))
    assert sealed != SAMPLES[:4096]
    assert stream.apply(sealed[at : at + 300], at) == SAMPLES[at : at + 300]


def test_encrypted_recording_reads_back_not_plain(key: EncryptionKey, tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", lambda: key)
    spoken(spool)
    (take,) = spool.find_leftovers()
    clear = take.save_flac(tmp_path / "clear.flac")
    kept = take.save_flac(tmp_path / "sealed.flac", key)
    np.testing.assert_allclose(audio_file.read_audio(kept), SPOKEN, atol=1 / 32768)
    assert clear.read_bytes()[:4] == b"fLaC"
    assert b"fLaC" not in kept.read_bytes()
    assert recordings.read_key_id(kept) == key.id
    assert sorted(file.name for file in tmp_path.glob("*.flac*")) == ["clear.flac", "sealed.flac"]


def test_encrypted_damaged_or_keyless_is_explained(key: EncryptionKey, tmp_path: Path) -> None:
    kept = recordings.write_recording([np.zeros(RATE_HZ, np.int16)], tmp_path / "sealed.flac", key)
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1])
    with pytest.raises(UserError, match="The recording is damaged"):
        audio_file.read_audio(kept)
    kept.write_bytes(whole)
    with asked(null.Keyring()), pytest.raises(UserError, match="its key is not in the keyring"):
        audio_file.read_audio(kept)


@pytest.mark.anyio
async def test_spool_file_encrypted_from_start_reads_back(key: EncryptionKey, tmp_path: Path) -> None:
    with Spool(tmp_path, lambda: key).create(NOW) as take, AudioBuffer(take, 0.0) as backlog:
        take.update_header(type(take.header)(NOW, app=APP))
        for begin in range(0, len(SPOKEN), FRAME_SAMPLES):
            frame = SPOKEN[begin : begin + FRAME_SAMPLES]
            take.write(frame)
            backlog.append(frame, is_written=True)
        backlog.close()
        assert backlog.frames_in_memory == 0
        assert take.path is not None
        on_disk = take.path.read_bytes()
        assert not any(SAMPLES[begin : begin + 16] in on_disk for begin in range(0, len(SAMPLES), 512))
        assert APP.encode() not in on_disk
        heard = np.concatenate([frame async for frame in backlog])
    np.testing.assert_allclose(heard, SPOKEN, atol=1 / 32768)


def test_killed_process_spool_file_found_with_key(key: EncryptionKey, tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdin.write(key.secret.hex().encode() + b"\n")
        writer.stdin.flush()
        for _ in range(20):
            writer.stdout.readline()
        writer.kill()
    (file,) = folder.iterdir()
    before = file.read_bytes()
    assert (8192).to_bytes(2, "little") * 8 not in before
    with asked(null.Keyring()):
        assert Spool(folder).find_leftovers() == []
    assert file.read_bytes() == before
    (left,) = Spool(folder).find_leftovers()
    assert (left.started_at, left.header.app) == (NOW, "")
    assert set(left.read_audio().tolist()) == {0.25}
    left.update_header(type(left.header)(NOW, app=APP, tries=1))
    (again,) = Spool(folder).find_leftovers()
    assert (again.header.app, again.header.tries, len(again.read_audio())) == (APP, 1, len(left.read_audio()))


def test_a_take_is_sealed_later_and_opened_again(key: EncryptionKey, tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spoken(spool)
    for by in (key, None):
        for take in spool.find_leftovers():
            take.set_encryption(by)
        (left,) = spool.find_leftovers()
        np.testing.assert_allclose(left.read_audio(), SPOKEN, atol=1 / 32768)
        assert left.header.app == APP
        assert left.path is not None
        assert (APP.encode() in left.path.read_bytes()) is (by is None)


def test_unknown_key_writes_nothing_and_goes_on(tmp_path: Path) -> None:
    def locked() -> EncryptionKey:
        raise LockedError("history-keyring-closed")

    with Spool(tmp_path, locked).create(NOW) as take:
        take.write(SPOKEN)
        assert take.broken
        assert take.is_empty
    assert list(tmp_path.iterdir()) == []
