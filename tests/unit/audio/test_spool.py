"""The spool on a real disk: what was said outlives the process that wrote it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop.audio.spool import Spool
from desktop.audio.spool_file import SpoolFile, SpoolHeader
from desktop.core.errors import HistoryError
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio
from tests.support.other_systems import SYSTEM, only_on_linux
from tests.support.private_files import is_private

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import numpy as np
from desktop.audio.spool import Spool
with Spool(Path(sys.argv[1])).create(datetime(2026, 5, 4, 12, 30, tzinfo=UTC)) as take:
    while True:
        take.write(np.full(512, 0.25, np.float32))
        print(flush=True)
"""


def speech(seconds: float = 1.0) -> Audio:
    return np.random.default_rng(7).uniform(-1, 1, int(RATE_HZ * seconds)).astype(np.float32)


def fill(spool: Spool, audio: Audio) -> None:
    with spool.create(NOW) as take:
        for start in range(0, len(audio), FRAME_SAMPLES):
            take.write(audio[start : start + FRAME_SAMPLES])


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """A disk that is full there: Python ignores SIGXFSZ, so a write beyond it fails with an OSError."""
    only_on_linux(SYSTEM)
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_take_that_nobody_discards_is_found_again(tmp_path: Path) -> None:
    audio = speech()
    fill(Spool(tmp_path), audio)
    (left,) = Spool(tmp_path).find_leftovers()
    assert left.started_at == NOW
    np.testing.assert_allclose(left.read_audio(), audio, atol=1 / 32768)


def test_killed_process_recording_is_found_again(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    for _ in range(50):
        writer.stdout.readline()
    writer.kill()
    writer.wait(timeout=10)
    writer.stdout.close()
    (left,) = Spool(tmp_path).find_leftovers()
    assert left.started_at == NOW
    assert len(left.read_audio()) >= 50 * FRAME_SAMPLES
    assert set(left.read_audio().tolist()) == {0.25}


def test_a_sample_cut_in_half_is_left_out(tmp_path: Path) -> None:
    fill(Spool(tmp_path), speech())
    (left,) = Spool(tmp_path).find_leftovers()
    assert left.path is not None
    left.path.write_bytes(left.path.read_bytes()[:-1])
    assert len(left.read_audio()) == RATE_HZ - 1


def test_a_take_that_died_at_its_birth_is_empty(tmp_path: Path) -> None:
    (tmp_path / "x.take").touch()
    (left,) = Spool(tmp_path).find_leftovers()
    assert len(left.read_audio()) == 0


def test_a_discarded_take_leaves_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    with spool.create(NOW) as take:
        take.write(speech())
        take.discard()
        take.discard()
    assert list((tmp_path / "spool").iterdir()) == []


def test_what_cannot_be_removed_ends_nothing(tmp_path: Path) -> None:
    take = SpoolFile(tmp_path, SpoolHeader(NOW))  # a folder, in the place of a file that may not be removed
    take.discard()
    assert (take.path, take.is_empty) == (None, True)


def test_what_cannot_be_read_is_in_nobodys_way(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    fill(spool, speech())
    (tmp_path / "x.take").mkdir()
    (tmp_path / "gone.take").symlink_to(tmp_path / "nowhere")
    part, new = tmp_path / "a.part", tmp_path / "b.part"
    for file in (part, new):
        file.touch()
    os.utime(part, (0, 0))
    assert len(spool.find_leftovers()) == 1
    assert spool.shrink(10**9) == 0
    assert (part.exists(), new.exists()) == (False, True)


def test_what_is_being_said_is_not_left_over(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    with spool.create(NOW):
        assert spool.find_leftovers() == []
    assert len(spool.find_leftovers()) == 1


def test_kept_recording_is_private_flac_of_same_sound(tmp_path: Path) -> None:
    audio = speech()
    spool = Spool(tmp_path / "spool")
    with spool.create(NOW) as take:
        take.write(audio)
        kept = take.save_flac(tmp_path / "audio" / "1.flac")
        assert take.path is not None
        assert is_private(take.path)
    sound, rate_hz = soundfile.read(kept, dtype="float32")
    assert rate_hz == RATE_HZ
    np.testing.assert_allclose(sound, audio, atol=1 / 32768)
    assert is_private(kept)
    assert is_private(kept.parent)
    assert [path.name for path in kept.parent.iterdir()] == ["1.flac"]


def test_a_full_disk_never_stops_a_dictation(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    with spool.create(NOW) as take:
        take.write(speech(1))
        with no_file_larger_than(40_001):
            take.write(speech(1))
            take.write(speech(1))
        assert take.broken
        take.write(speech(1))
    (left,) = spool.find_leftovers()
    assert RATE_HZ <= len(left.read_audio()) < 2 * RATE_HZ


def test_a_take_that_cannot_be_kept_stays_and_says_so(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    with spool.create(NOW) as take:
        take.write(speech(1))
        with no_file_larger_than(1000), pytest.raises(HistoryError):
            take.save_flac(tmp_path / "audio" / "1.flac")
    assert list((tmp_path / "audio").iterdir()) == []
    assert len(spool.find_leftovers()[0].read_audio()) == RATE_HZ


def test_unwritable_spool_does_not_stop_dictation(tmp_path: Path) -> None:
    (tmp_path / "spool").touch()
    spool = Spool(tmp_path / "spool")
    with spool.create(NOW) as take:
        take.write(speech())
        assert take.broken
        assert len(take.read_audio()) == 0
        take.discard()


def test_oldest_excess_leftovers_go_but_open_one_stays(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for hours in (3, 1, 2):
        with spool.create(NOW - timedelta(hours=hours)) as take:
            take.write(speech())
    size = max(path.stat().st_size for path in tmp_path.iterdir())
    with spool.create(NOW - timedelta(hours=9)) as take:
        take.write(speech())
        assert spool.shrink(3 * size) == 0
        assert spool.shrink(2 * size) == 1
        assert [left.started_at for left in spool.find_leftovers()] == [
            NOW - timedelta(hours=hours) for hours in (2, 1)
        ]
        assert take.path is not None
        assert take.path.is_file()


def test_long_recording_reads_back_whole_and_in_part(tmp_path: Path) -> None:
    audio = np.tile(speech(7.3), 10)
    with Spool(tmp_path / "spool").create(NOW) as take:
        take.write(audio)
        kept = soundfile.read(take.save_flac(tmp_path / "kept.flac"), dtype="float32")[0]
        assert np.array_equal(kept, take.read_audio())
        assert np.array_equal(kept[: 40 * RATE_HZ], take.read_audio(40.0))
        assert np.array_equal(kept, np.concatenate(list(take.read_blocks())))
        assert np.abs(kept - audio).max() <= 1 / 32768
