"""Make the .rpm and the package of Arch: the folder of `make bundle` under /opt/intone, and its desktop files.

Neither system has one Python for years: Fedora and Arch change theirs once a year, and extensions are built for one
version. So these packages carry the folder with its own, and depend on libraries alone (docs/adr/0031).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from shipping import bundle, needs, packages, reports, share, sizes, windows_contents
from shipping.project import NAME, WORK

HOME = Path("opt") / NAME

COMMANDS = {"rpm": "rpm", "archlinux": "pacman"}
"""What `make` calls each of nfpm's formats."""


class UnknownLibrary(Exception):
    """The folder needs a library of which the definition names no package."""


def make_native(form: str) -> list[Path]:
    """Build the package in nfpm's format `form` of the folder that `make bundle` left; return it and the files beside
    it. Raises `UnknownLibrary`."""
    bill, figures = reports.read_bundle_reports(bundle.archive_path())
    tree = WORK / COMMANDS[form]
    build_tree(tree)
    asked = needs.read_needs(tree / HOME)
    licence = windows_contents.build_expression(bill)
    package = packages.make_package(tree, NAME, form, depends=list_dependencies(asked, form), licence=licence)
    whole = {**figures, "installed_bytes": sizes.total_bytes(tree), **needs.describe(asked)}
    whole.pop("package_bytes", None)
    return [package, *reports.write_reports(package, f"make {COMMANDS[form]}", bill, whole, *bundle.LOCKS)]


def build_tree(tree: Path) -> None:
    """Lay out the files of the package in `tree`. The folder's files are linked, not copied, where the disk can."""
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(bundle.FOLDER, tree / HOME, symlinks=True, copy_function=_link)
    for name in ("share", "LICENCES.txt", "CHANGELOG.md"):  # in their own places below
        path = tree / HOME / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(bundle.SHARE / "usr", tree / "usr")
    program = tree / "usr/bin" / NAME
    program.parent.mkdir(parents=True)
    program.symlink_to(Path("/") / HOME / NAME)
    share.install_documents(tree, bundle.FOLDER / "LICENCES.txt")


def list_dependencies(asked: needs.Needs, form: str) -> Iterable[str]:
    """Return what the package depends on for the libraries that its folder asks of the system, but those that the
    definition recommends. Raises `UnknownLibrary`."""
    known = packages.DEFINITION["libraries"]
    wanted = [name for name in asked.libraries if name not in packages.DEFINITION["optional_libraries"]]
    if unknown := [name for name in wanted if name not in known]:
        raise UnknownLibrary(f"packaging/linux/packages.toml, `libraries`, lacks {', '.join(unknown)}")
    if form == "rpm":
        return [f"libc.so.6(GLIBC_{asked.glibc})(64bit)", *(f"{name}()(64bit)" for name in wanted)]
    return [f"glibc>={asked.glibc}", *(known[name] for name in wanted)]


def list_all_dependencies(asked: needs.Needs, form: str) -> list[str]:
    """Return the same with what the definition names, sorted, as nfpm is given them. Raises `UnknownLibrary`."""
    return sorted({*list_dependencies(asked, form), *packages.read_list(NAME, form, "depends")})


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or a disk without links
        shutil.copy2(source, target)
