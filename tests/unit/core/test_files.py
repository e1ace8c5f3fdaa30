"""A file is replaced whole and private, or left as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.files import replace_file, write_file
from tests.support.private_files import is_private


@pytest.mark.parametrize(("sync", "unique"), [(False, False), (True, False), (True, True)])
def test_written_file_replaces_and_is_private(tmp_path: Path, sync: bool, unique: bool) -> None:
    file = tmp_path / "marker"
    file.write_text("old")
    file.chmod(0o644)
    write_file(file, "né", sync=sync, unique=unique)
    assert file.read_bytes() == "né".encode()
    assert is_private(file)
    write_file(file, b"\0", sync=sync, unique=unique)
    assert file.read_bytes() == b"\0"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("unique", [False, True])
def test_file_that_fails_halfway_leaves_the_old(tmp_path: Path, unique: bool) -> None:
    file = tmp_path / "marker"
    file.write_text("old")

    def write_half() -> None:
        with replace_file(file, unique=unique) as new:
            new.write(b"half")
            new.flush()
            assert len(list(tmp_path.iterdir())) == 2
            raise InterruptedError

    with pytest.raises(InterruptedError):
        write_half()
    assert list(tmp_path.iterdir()) == [file]
    assert file.read_text() == "old"


def test_two_unique_writers_do_not_meet(tmp_path: Path) -> None:
    file = tmp_path / "marker"
    with replace_file(file, unique=True) as first:
        first.write(b"first")
        write_file(file, "second", unique=True)
        assert file.read_text() == "second"
    assert file.read_text() == "first"
