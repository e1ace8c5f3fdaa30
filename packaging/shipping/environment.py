"""Create a clean environment from the committed locks and this checkout."""

from __future__ import annotations

from pathlib import Path

from shipping.project import run_uv

GLIBC = "2_40"
"""The newest C library that uv has wheels for; Debian 13 has 2.41."""


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
        run_uv("pip", "install", "--quiet", *into, "--no-deps", "--build-constraints", "lock/build.txt", ".")
    return find_site_packages(folder)


def add_packages(folder: Path, lock: str) -> None:
    """Install the packages of `lock` into the environment in `folder` as well."""
    run_uv("pip", "install", "--quiet", "--python", folder / "bin" / "python", "--require-hashes", "-r", f"lock/{lock}")


def find_site_packages(folder: Path) -> Path:
    """Return an environment's folder of packages."""
    (site,) = folder.glob("lib/python3*/site-packages")
    return site
