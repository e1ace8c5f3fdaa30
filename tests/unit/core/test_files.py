"""A file is replaced whole and private, or left as it was."""

from __future__ import annotations

import itertools
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.audio.spool import Spool
from desktop.core.files import create_unique_file, replace_file, write_file
from desktop.core.permissions import can_restrict
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


def test_unique_file_is_private_and_its_name_is_ours(tmp_path: Path) -> None:
    descriptor, path = create_unique_file(tmp_path, "history.db.")
    os.write(descriptor, b"line\n")
    os.close(descriptor)
    assert path.read_bytes() == b"line\n"
    assert is_private(path)
    assert re.fullmatch(r"history\.db\.[0-9a-f]{8}", path.name)
    assert can_restrict(tmp_path)


def test_folder_that_refuses_new_files_is_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows `mkstemp` would try for hours here: it takes a refusal for a name that is taken."""
    tries: list[str] = []

    def refuse(path: Path, *_: object) -> int:
        tries.append(os.fspath(path))
        raise PermissionError(13, "Permission denied", os.fspath(path))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PermissionError):
        write_file(tmp_path / "settings.toml", "", unique=True)
    with Spool(tmp_path).create(datetime.now(UTC)) as recording:
        assert recording.broken
    assert len(tries) == 2


def test_taken_name_is_not_reused_and_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = itertools.chain([1, 1, 2], itertools.repeat(2))
    monkeypatch.setattr(os, "urandom", lambda size: next(numbers).to_bytes(size))
    paths = []
    for _ in range(2):
        descriptor, path = create_unique_file(tmp_path, "a-", ".take")
        os.close(descriptor)
        paths.append(path.name)
    assert paths == ["a-00000001.take", "a-00000002.take"]
    with pytest.raises(FileExistsError):
        create_unique_file(tmp_path, "a-", ".take")
