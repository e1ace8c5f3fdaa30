"""Make the packages of Linux from trees of files: nfpm writes each format, from the one definition in
`packaging/linux/packages.toml` (docs/adr/0031).

A package is the same to the bit wherever it is made of the same commit: dates are the commit's, owners are root, modes
follow from what a file is, and no name of the machine is inside.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from shipping.project import (
    LICENCE,
    LINUX,
    NAME,
    OUT,
    ROOT,
    VERSION,
    WORK,
    commit_date,
    fill_template,
    pack_level,
    run_program,
    source_date_epoch,
)

DEFINITION = tomllib.loads((LINUX / "packages.toml").read_text(encoding="utf-8"))

NFPM = ROOT / ".cache/nfpm/bin/nfpm"
"""Installed by make from `lock/nfpm.txt`."""

FORMATS = ("deb", "rpm", "archlinux")
"""nfpm's names of the formats that are made."""

DOCUMENTS = {"usr/share/licenses": "license", "usr/share/doc": "doc", "usr/share/man": "doc"}
"""Folders whose files RPM lists as licences and documents."""

LIBRARY = re.compile(r"\.so(\.[\d.]+)?$")
"""The names of libraries, which wheels often mark as programs."""

BUILD_HOST = "intone"
"""RPM writes the name of the machine into a package; this stands in its place."""


class MissingTool(Exception):
    """A tool that makes packages is not installed."""


def make_package(
    tree: Path,
    name: str,
    form: str,
    *,
    architecture: str = "",
    depends: Iterable[str] = (),
    licence: str = LICENCE,
    out: Path = OUT,
    work: Path = WORK,
) -> Path:
    """Make the package `name` of the files in `tree` in the folder `out`; `form` is one of `FORMATS`, `architecture`
    Debian's name, this machine's where empty. Raises `MissingTool`."""
    if not NFPM.exists():
        raise MissingTool(f"nfpm is not installed: make {NFPM.relative_to(ROOT).parent.parent}/installed")
    architecture = architecture or run_program("dpkg", "--print-architecture").strip()
    settle_tree(tree)
    folder = work / f"nfpm-{name}-{form}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    definition = folder / "nfpm.yaml"  # JSON is YAML
    settings = define(tree, name, form, architecture, [*depends, *read_list(name, form, "depends")], licence)
    definition.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    made_folder = folder / "made"
    made_folder.mkdir()
    run_program(NFPM, "package", "--config", definition, "--packager", form, "--target", made_folder)
    (made,) = made_folder.iterdir()
    _compress(made, settings)
    out.mkdir(exist_ok=True)
    return Path(shutil.move(made, out / made.name))


def define(
    tree: Path, name: str, form: str, architecture: str, depends: Iterable[str], licence: str = LICENCE
) -> dict[str, Any]:
    """Return nfpm's configuration of one package in one format."""
    said = DEFINITION[name]
    own = said[form]
    text = f"{said['title']}\n{said['description'].strip()}"
    compression = {"compression": own.get("compression", "none")}
    formats: dict[str, dict[str, Any]] = {
        "deb": compression,
        "rpm": {**compression, "buildhost": BUILD_HOST, "summary": said["title"], "packager": DEFINITION["maintainer"]},
        "archlinux": {"packager": DEFINITION["maintainer"]},
    }
    scripts = {when: str(ROOT / path) for when, path in own.get("scripts", {}).items()}
    return {
        "name": name,
        "arch": architecture,
        "version": VERSION,
        "version_schema": "none",
        "section": own.get("section", ""),
        "priority": "optional",
        "maintainer": DEFINITION["maintainer"],
        "description": text if form == "deb" else said["description"].strip() if form == "rpm" else said["title"],
        "license": licence,
        "mtime": commit_date().isoformat(),
        "disable_globbing": True,
        "depends": sorted(set(depends)),
        "recommends": read_list(name, form, "recommends"),
        "scripts": scripts,
        "contents": list_contents(tree, name, form),
        form: formats[form],
    }


def read_list(name: str, form: str, key: str) -> list[str]:
    """Return a list of the definition for a package in a format, such as `depends`."""
    return [fill_template(entry) for entry in DEFINITION[name][form].get(key, ())]


def list_contents(tree: Path, name: str, form: str) -> list[dict[str, Any]]:
    """Return what nfpm is to take of `tree`. Folders below the app's own, and those of the package's name, belong to
    the package, all others to the system.

    nfpm's `tree` would say the same of a folder, but writes its type into the mode that Arch's package lists.
    """
    documents = DOCUMENTS if form == "rpm" else {}  # nfpm leaves them out of the others
    found: list[dict[str, Any]] = []
    for path in sorted(tree.rglob("*")):
        place = path.relative_to(tree).as_posix()
        entry = {"dst": f"/{place}"}
        if path.is_symlink():
            found.append({**entry, "src": str(path.readlink()), "type": "symlink", "file_info": {"mode": 0o777}})
        elif path.is_file():
            kind = next((kind for folder, kind in documents.items() if place.startswith(f"{folder}/")), "")
            found.append({**entry, "src": str(path), **({"type": kind} if kind else {})})
        elif path.name == name or f"{place}/".startswith(f"opt/{NAME}/"):
            found.append({**entry, "type": "dir"})
    return found


def settle_tree(tree: Path) -> None:
    """Give all files of `tree` the commit's date, and the modes that a package has whatever the umask was."""
    seconds = int(source_date_epoch())
    for path in (*tree.rglob("*"), tree):
        if not path.is_symlink():
            runs = path.stat().st_mode & 0o100 and path.suffix != ".py" and not LIBRARY.search(path.name)
            path.chmod(0o755 if path.is_dir() or runs else 0o644)
        os.utime(path, (seconds, seconds), follow_symlinks=False)


def _compress(package: Path, settings: dict[str, Any]) -> None:
    """Compress a package as its own tools would. nfpm's compressors leave files a quarter larger, and its xz takes ten
    times as long."""
    folder = package.parent
    if package.suffix == ".zst":
        tar = folder / "package.tar"
        run_program("zstd", "--quiet", "--decompress", "--rm", package, "-o", tar)
        run_program("zstd", "--quiet", pack_level("zstd"), "-T2", "--rm", tar, "-o", package)
    elif settings.get("deb", {}).get("compression") == "none":
        run_program("ar", "x", package, "--output", folder)
        run_program("xz", pack_level("xz"), "-T2", folder / "data.tar")
        package.unlink()
        members = [folder / name for name in ("debian-binary", "control.tar.gz", "data.tar.xz")]
        run_program("ar", "rcD", package, *members)
        for member in members:
            member.unlink()
