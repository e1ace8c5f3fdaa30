"""How two builds are compared: what differs in an archive is named."""

from __future__ import annotations

import shutil
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.prove.record import ROOT
from tests.prove.reproducible import TARGETS, find_differences

sys.path.append(str(ROOT / "packaging"))
from shipping import appimage


def pack(path: Path, members: dict[str, bytes], mtime: int = 1, preset: int = 1) -> Path:
    with tarfile.open(path, "w:xz", preset=preset) as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(data), mtime
            archive.addfile(entry, BytesIO(data))
    return path


@pytest.fixture(autouse=True)
def tools() -> None:
    if not shutil.which("bsdtar"):
        pytest.skip("not installed (make dev): bsdtar")


def test_another_member_is_named(tmp_path: Path) -> None:
    first = pack(tmp_path / "a.tar.xz", {"x": b"1", "y": b"2"})
    second = pack(tmp_path / "b.tar.xz", {"x": b"1", "y": b"3", "z": b""})
    found = find_differences(first, second)
    assert [line.partition(":")[0].split()[-1] for line in found] == ["y", "z"]
    assert "not there" in found[1]


def test_another_date_is_named(tmp_path: Path) -> None:
    first, second = (pack(tmp_path / f"{mtime}.tar.xz", {"x": b"1"}, mtime) for mtime in (1, 2))
    assert len(find_differences(first, second)) == 1


@pytest.mark.parametrize(
    ("members", "preset", "said"),
    [({"y": b"2", "x": b"1"}, 1, "in another order"), ({"x": b"1", "y": b"2"}, 6, "differently packed")],
)
def test_same_members_otherwise_packed_are_told_apart(
    tmp_path: Path, members: dict[str, bytes], preset: int, said: str
) -> None:
    first = pack(tmp_path / "a.tar.xz", {"x": b"1", "y": b"2"})
    (difference,) = find_differences(first, pack(tmp_path / "b.tar.xz", members, preset=preset))
    assert said in difference


def test_a_file_of_one_build_alone_is_named(tmp_path: Path) -> None:
    first = pack(tmp_path / "a.tar.xz", {"x": b"1"})
    assert find_differences(first, tmp_path / "none.tar.xz") == ["only in the first build"]


def test_each_package_that_make_packages_builds_is_compared() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (built,) = (line.split()[1:] for line in makefile.splitlines() if line.startswith("packages: "))
    assert set(built) - {"arch"} == set(TARGETS), "arch writes a recipe of the same bundle"


def test_differences_of_an_appimage_are_named(tmp_path: Path) -> None:
    if not all(map(shutil.which, ("gcc", "mksquashfs"))) or not Path("/usr/include/squashfuse/ll.h").exists():
        pytest.skip("gcc, mksquashfs or libsquashfuse-dev is not installed: packaging/debian/appimage.txt")
    made = []
    for name, mode in (("one", 0o644), ("two", 0o600)):
        tree = tmp_path / name / "tree"
        tree.mkdir(parents=True)
        (tree / "same").write_text("same")
        (tree / "file").write_text("file")
        (tree / "file").chmod(mode)
        made.append(appimage.pack(tree, tmp_path / f"{name}.AppImage", "tiny", tmp_path / name))
    names = [line.partition(":")[0] for line in find_differences(*made)]
    assert "image ./file" in names
    assert "image ./same" not in names
