"""What is cut into pieces is whole again where they are joined."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.prove.pieces import cut
from tests.prove.recordings import clips


def test_pieces_are_joined_to_what_was_cut(tmp_path: Path) -> None:
    root, pieces, there = (tmp_path / name for name in ("root", "pieces", "there"))
    (root / "models").mkdir(parents=True)
    there.mkdir()
    weights = bytes(range(256)) * 400
    (root / "models/model.bin").write_bytes(weights)
    (root / "link.bin").symlink_to(root / "models/model.bin")
    number = cut(pieces, ["models", "link.bin", "absent"], root, size=30_000)
    assert number == len(list(pieces.glob("piece.*"))) > 5
    assert max(path.stat().st_size for path in pieces.glob("piece.*")) == 30_000
    subprocess.run([pieces / "join.sh"], cwd=there, check=True, stdout=subprocess.DEVNULL)
    assert (there / "models/model.bin").read_bytes() == weights
    assert (there / "link.bin").read_bytes() == weights


def test_damaged_piece_is_refused(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root/a").write_bytes(b"a" * 50_000)
    cut(tmp_path / "pieces", ["a"], tmp_path / "root", size=30_000)
    (tmp_path / "pieces/piece.0000").write_bytes(b"b" * 30_000)
    (tmp_path / "there").mkdir()
    done = subprocess.run([tmp_path / "pieces/join.sh"], cwd=tmp_path / "there", capture_output=True)
    assert done.returncode != 0
    assert list((tmp_path / "there").iterdir()) == []


def test_piece_that_is_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root/a").write_bytes(b"a" * 50_000)
    cut(tmp_path / "pieces", ["a"], tmp_path / "root", size=30_000)
    before = (tmp_path / "pieces/piece.0000").stat().st_mtime_ns
    cut(tmp_path / "pieces", ["a"], tmp_path / "root", size=30_000)
    assert (tmp_path / "pieces/piece.0000").stat().st_mtime_ns == before


def test_recordings_come_with_the_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, pieces, there = (tmp_path / name for name in ("data", "pieces", "there"))
    for path in ("speech/en/1-2.flac", "speech/en-l2/3-4.flac"):
        (data / path).parent.mkdir(parents=True)
        soundfile.write(data / path, np.zeros(1600), 16_000)
    (data / "manifest.tsv").write_text("path\ttext\nspeech/en/1-2.flac\tone word\nspeech/en-l2/3-4.flac\tanother\n")
    there.mkdir()
    cut(pieces, [], tmp_path, data=data)
    joined = subprocess.run([pieces / "join.sh"], cwd=there, check=True, text=True, stdout=subprocess.PIPE)
    (line,) = [line for line in joined.stdout.splitlines() if line.startswith("INTONE_DATA=")]
    folder = line.split()[0].removeprefix("INTONE_DATA=")
    monkeypatch.setenv("INTONE_DATA", folder)
    assert [clip.text for clip in clips()] == ["one word"]
    assert Path(folder).parent == there


def test_no_recordings_no_line_about_them(tmp_path: Path) -> None:
    cut(tmp_path / "pieces", [], tmp_path)
    assert "INTONE_DATA" not in (tmp_path / "pieces/join.sh").read_text()


def test_environment_runs_on_the_python_that_was_carried(tmp_path: Path) -> None:
    root, pieces, there = (tmp_path / name for name in ("root", "pieces", "there"))
    (root / ".venv/bin").mkdir(parents=True)
    (root / ".venv/bin/python").symlink_to(Path(sys.executable).resolve())
    (root / ".venv/pyvenv.cfg").write_text("home = /nowhere/bin\ninclude-system-site-packages = false\n")
    there.mkdir()
    cut(pieces, [".venv"], root, python=True)
    joined = subprocess.run(["env", "-i", pieces / "join.sh"], cwd=there, check=True, text=True, stdout=subprocess.PIPE)
    assert "LD_LIBRARY_PATH=$PWD" not in joined.stdout
    assert f"LD_LIBRARY_PATH={there}/python/lib .venv/bin/python -m tests.prove gpu" in joined.stdout
    program = "import ctypes, ssl, sqlite3, sys; print(sys.base_prefix); print(ssl.__file__)"
    environ = {"LD_LIBRARY_PATH": f"{there}/python/lib"}
    ran = subprocess.run(
        [there / ".venv/bin/python", "-c", program], env=environ, check=True, text=True, stdout=subprocess.PIPE
    )
    base, module = ran.stdout.splitlines()
    assert base == str(there / "python")
    assert module.startswith(f"{there}/python/lib/")


def test_path_beside_the_checkout_gets_a_plain_name(tmp_path: Path) -> None:
    root, pieces = tmp_path / "root", tmp_path / "pieces"
    (tmp_path / "shared/data").mkdir(parents=True)
    (tmp_path / "shared/data/a").write_bytes(b"a")
    (root / "sub").mkdir(parents=True)
    (root / "b").write_bytes(b"b")
    cut(pieces, ["../shared/data", "sub/../b", str(root / "sub")], root)
    with tarfile.open(pieces / "piece.0000") as archive:
        assert archive.getnames() == ["data", "data/a", "b", "sub"]
