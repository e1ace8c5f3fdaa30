"""Takes on file systems that lock as NFS does, or not at all: what is left goes, what is being written stays."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from desktop.audio.spool import Spool
from desktop.core.types import FRAME_SAMPLES

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Flock:
    """`flock` of a file system that answers `code`, or of NFS, which locks only what is open for writing."""

    def __init__(self, code: int | None = None) -> None:
        self.code = code
        self.real = fcntl.flock

    def __call__(self, descriptor: int, operation: int) -> None:
        if self.code is not None:
            raise OSError(self.code, os.strerror(self.code))
        if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        self.real(descriptor, operation)


def begin_and_leave(spool: Spool, grown_s_ago: float) -> Path:
    with spool.create(NOW) as take:
        take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
    assert take.path is not None
    at = time.time() - grown_s_ago
    os.utime(take.path, (at, at))
    return take.path


def test_remove_under_nfs_locks_spares_the_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", Flock())
    left = begin_and_leave(Spool(tmp_path), 0.0)
    with Spool(tmp_path).create(NOW) as take:
        take.write(np.full(FRAME_SAMPLES, 0.1, np.float32))
        assert Spool(tmp_path).remove() == 1
        assert list(tmp_path.iterdir()) == [take.path]
    assert not left.exists()


@pytest.mark.parametrize("code", [errno.EBADF, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_remove_without_locks_goes_by_age(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    monkeypatch.setattr(fcntl, "flock", Flock(code))
    old, new = (begin_and_leave(Spool(tmp_path), age) for age in (3600.0, 0.0))
    assert len(Spool(tmp_path).read_headers(is_written=True)) == 1
    assert Spool(tmp_path).remove() == 1
    assert (old.exists(), new.exists()) == (False, True)


def test_remove_raises_where_the_lock_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = begin_and_leave(Spool(tmp_path), 3600.0)
    monkeypatch.setattr(fcntl, "flock", Flock(errno.EIO))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        Spool(tmp_path).remove()
    assert left.exists()
