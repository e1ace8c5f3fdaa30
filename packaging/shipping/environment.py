"""Create a clean environment from the committed locks and this checkout."""

from __future__ import annotations

import shutil
from pathlib import Path

from shipping import reports
from shipping.project import OUT, WORK, run_uv, source_date_epoch

PYTHON = "/usr/bin/python3"
"""Debian's, on which its package runs, and which a bundle carries."""

GLIBC = "2_40"
"""The newest C library that uv has wheels for; Debian 13 has 2.41."""

FOLDER_TRACES = ("*.dist-info/direct_url.json", "*.dist-info/uv_*")
"""What names the folder of a build."""


def create_environment(folder: Path, python: str, *locks: str, app: bool = True, machine: str = "") -> Path:
    """Create the environment in `folder` for `python` from `locks`, with the `app`; return its site-packages.

    Its wheels are for this machine, or for another processor named as wheels name it (`machine`): its Python then
    imports none of them that has a library.
    """
    run_uv("venv", "--quiet", "--clear", "--python", python, folder)
    into = ("--python", folder / "bin" / "python")
    wheels = ("--python-platform", f"{machine}-manylinux_{GLIBC}", "--only-binary", ":all:") if machine else ()
    run_uv("pip", "sync", "--quiet", *into, *wheels, "--require-hashes", *(f"lock/{lock}" for lock in locks))
    if app:
        run_uv("pip", "install", "--quiet", *into, "--no-deps", build_wheel(WORK / "wheel"))
    site = find_site_packages(folder)
    _remove(site, *FOLDER_TRACES)
    return site


def build_wheel(folder: Path) -> Path:
    """Build the app's wheel in `folder`, with what builds it as `lock/build.txt` has it; return its path."""
    shutil.rmtree(folder, ignore_errors=True)
    held = ("--require-hashes", "--build-constraints", "lock/build.txt")
    run_uv(
        *("build", "--quiet", "--wheel", *held, "--python", PYTHON, "--out-dir", folder, "."),
        SOURCE_DATE_EPOCH=source_date_epoch(),
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def make_wheel() -> list[Path]:
    """Build the wheel in `dist/`; return it and its provenance."""
    OUT.mkdir(exist_ok=True)
    wheel = Path(shutil.copy(build_wheel(WORK / "wheel"), OUT))
    return [wheel, reports.write_page(wheel, "provenance.json", reports.build_provenance([wheel], "make wheel", ()))]


def add_packages(folder: Path, lock: str) -> None:
    """Install the packages of `lock` into the environment in `folder` as well."""
    run_uv("pip", "install", "--quiet", "--python", folder / "bin" / "python", "--require-hashes", "-r", f"lock/{lock}")


def find_site_packages(folder: Path) -> Path:
    """Return an environment's folder of packages."""
    (site,) = folder.glob("lib/python3*/site-packages")
    return site


def remove_build_traces(site: Path) -> None:
    """Delete what tells where and when packages were installed."""
    _remove(site, *FOLDER_TRACES, "*.dist-info/RECORD", "_virtual*")


def _remove(site: Path, *patterns: str) -> None:
    for pattern in patterns:
        for path in site.glob(pattern):
            path.unlink()
