"""Lay out in `dist/flatpak` what flatpak-builder needs: the manifest, the code as committed, and where each wheel is.

The committed locks name versions and hashes, no addresses; those come from the package index that pip is configured
with, so the files of sources are made here and not kept. PortAudio is no wheel: `INTONE_PORTAUDIO` names an archive of
its sources.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from shipping.project import (
    LINUX,
    NAME,
    OUT,
    ROOT,
    VERSION,
    WORK,
    fill_template,
    normalize_name,
    read_pins,
    run_program,
)

FOLDER = ROOT / "packaging" / "flatpak"
MANIFEST, PAGE = "app.intone.Intone.yaml", "app.intone.Intone.metainfo.xml"

PYTHON_VERSION, LIBC_MINOR = "3.13", 42
"""What the runtime has that the manifest names."""

OLDEST_LIBC_MINOR = 5


def make_flatpak() -> list[Path]:
    """Write the manifest and its sources; return them. Raises where the index lacks a wheel."""
    target = OUT / "flatpak"
    target.mkdir(parents=True, exist_ok=True)
    manifest, page = target / MANIFEST, target / PAGE
    for template, filled in ((FOLDER / MANIFEST, manifest), (LINUX / PAGE, page)):
        filled.write_text(fill_template(template.read_text(encoding="utf-8")), encoding="utf-8")
    code = target / f"{NAME}-{VERSION}.tar.gz"
    run_program("git", "archive", f"--prefix={NAME}/", f"--output={code}", "HEAD")
    written = [manifest, page, code]
    for name, lock in (("app", "app.txt"), ("build", "build.txt")):
        sources = list_sources(read_report(lock), read_pins(lock))
        written.append(_write_sources(target / f"{name}.json", sources))
    if archive := os.environ.get("INTONE_PORTAUDIO"):
        written.append(_write_sources(target / "portaudio.json", [copy_archive(Path(archive), target)]))
    return written


def read_report(lock: str) -> dict[str, Any]:
    """Return what pip would install of a lock into the runtime, with addresses."""
    machine = run_program("uname", "-m").strip()
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(LIBC_MINOR, OLDEST_LIBC_MINOR - 1, -1)]
    platforms = [word for tag in (*tags, f"manylinux2014_{machine}") for word in ("--platform", tag)]
    report = WORK / f"flatpak-{lock}.json"
    report.parent.mkdir(exist_ok=True)
    dry = ("install", "--quiet", "--dry-run", "--ignore-installed", "--no-deps", "--only-binary", ":all:")
    runtime = ("--python-version", PYTHON_VERSION, *platforms, "--target", str(WORK / "flatpak"))
    asked = ("--require-hashes", "--requirement", f"lock/{lock}", "--report", str(report))
    run_program(ROOT / ".uv/bin/python", "-m", "pip", *dry, *runtime, *asked)
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def list_sources(report: dict[str, Any], pins: dict[str, tuple[str, list[str]]]) -> list[dict[str, str]]:
    """Return flatpak-builder's entries for the wheels of a report. Raises for one that the lock does not name."""
    sources = []
    for each in report["install"]:
        told = each["download_info"]
        name, digest = each["metadata"]["name"], told["archive_info"]["hashes"]["sha256"]
        version, hashes = pins[normalize_name(name)]
        if digest not in hashes or version != each["metadata"]["version"]:
            raise ValueError(f"{name} {each['metadata']['version']} is not the one of the lock")
        sources.append({"type": "file", "url": told["url"], "sha256": digest})
    return sorted(sources, key=lambda source: source["url"].rpartition("/")[2])


def copy_archive(archive: Path, target: Path) -> dict[str, str]:
    """Return the entry for an archive, copied beside the manifest."""
    shutil.copyfile(archive, target / archive.name)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    return {"type": "archive", "path": archive.name, "sha256": digest}


def _write_sources(path: Path, sources: list[dict[str, str]]) -> Path:
    path.write_text(json.dumps(sources, indent=1) + "\n", encoding="utf-8")
    return path
