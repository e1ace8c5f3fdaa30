"""What the .rpm and Arch's package hold: the one-dir folder to the byte, and what a desktop needs, in its places."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Set
from pathlib import Path

BESIDE = (
    "/usr/bin/intone",
    "/usr/share/applications/app.intone.Intone.desktop",
    "/usr/share/bash-completion/completions/intone",
    "/usr/share/doc/intone/CHANGELOG.md",
    "/usr/share/fish/vendor_completions.d/intone.fish",
    *(f"/usr/share/icons/hicolor/{size}x{size}/apps/intone.png" for size in (16, 22, 24, 32, 48, 64, 128, 256, 512)),
    "/usr/share/icons/hicolor/scalable/apps/intone.svg",
    "/usr/share/licenses/intone/LICENCES.txt",
    "/usr/share/man/man1/intone.1.gz",
    "/usr/share/metainfo/app.intone.Intone.metainfo.xml",
    "/usr/share/zsh/site-functions/_intone",
)
"""What both have besides their folder under /opt."""

ONLY_IN_FOLDER = ("share", "LICENCES.txt", "CHANGELOG.md")
"""What the one-dir build has beside its program, and those packages in places of their own."""


def find_differences(archive: Path, root: Path, own: Set[str]) -> dict[str, list[str]]:
    """Return what differs between the folder in `archive` and the one in `root`, and which of the package's `own` files
    lie where none is meant or are missing. At most five each."""
    with tempfile.TemporaryDirectory(prefix="intone-folder-") as name:
        subprocess.run(["tar", "-C", name, "-xf", archive], check=True)
        unlike = _find_unlike(Path(name, "intone"), root / "opt/intone")
    files = {place for place in own if not (root / place[1:]).is_dir() or (root / place[1:]).is_symlink()}
    odd = {place for place in files if not place.startswith("/opt/intone")} ^ set(BESIDE)
    return {"unlike_the_folder": unlike[:5], "not_as_meant": sorted(odd)[:5]}


def _find_unlike(folder: Path, installed: Path) -> list[str]:
    """The files that are in one of both alone, or not the same."""
    left = [place for place in ONLY_IN_FOLDER if (installed / place).exists()]
    places = {path.relative_to(top).as_posix() for top in (folder, installed) for path in top.rglob("*")}
    places = {place for place in places if place.partition("/")[0] not in ONLY_IN_FOLDER}
    return sorted([*left, *(place for place in places if not _is_same(folder / place, installed / place))])


def _is_same(one: Path, another: Path) -> bool:
    if one.is_symlink() or another.is_symlink():
        return one.is_symlink() and another.is_symlink() and one.readlink() == another.readlink()
    if one.is_dir() or another.is_dir():
        return one.is_dir() and another.is_dir()
    alike = one.exists() and another.exists() and one.stat().st_mode == another.stat().st_mode
    return alike and one.read_bytes() == another.read_bytes()
