"""What is cut into pieces is whole again where they are joined."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.prove.pieces import cut


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
