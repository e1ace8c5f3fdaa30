"""How this Intone is installed: its libraries with their licences, and the command that adds an extra.

Both are read from the installation itself, so that the list is never stale and a remedy names a command that works.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from desktop.core.messages import Message

PACKAGE_NAME = "intone"

WORD_LISTS = "SCOWL"
"""The source of the lists of English words, `desktop/vocabulary/*_english.txt`, whose heads have its notices."""

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_SHIPPED_EXTRA = re.compile(r"extra == ['\"](cuda|local-llm)")
_MAX_LICENCE_CHARACTERS = 60
"""Longest name of a licence in characters; some packages put its whole text there."""

ADD_ONS = "add-ons"
"""The folder beside the program of a bundle into which an installer puts an extra (packaging/windows)."""

DEBIAN_PREFIX = Path("/opt/intone")
"""The environment of the Debian package; of the other packages the folder that has its own Python."""

DEBIAN_LAUNCHER = Path("/usr/bin/intone")
"""What starts it."""

APT_SOURCE = Path("etc/apt/sources.list.d") / f"{PACKAGE_NAME}.sources"
"""What the user guide has users write for a repository with Intone, below the root."""

DPKG_LIST = Path("var/lib/dpkg/info") / f"{PACKAGE_NAME}.list"
"""Where dpkg lists the package's files, below the root."""


@dataclass(frozen=True, slots=True)
class InstalledLibrary:
    """A library, or a source of data, that is installed with the app."""

    name: str
    version: str
    licence: str


def list_libraries() -> list[InstalledLibrary]:
    """Return what the app needs and others wrote, by name. Blocks for some tenths of a second."""
    lists = InstalledLibrary(WORD_LISTS, "2020.12.07", "SCOWL, permissive, with WordNet and Ispell")
    libraries: dict[str, InstalledLibrary] = {WORD_LISTS: lists}
    pending = _list_requirements(PACKAGE_NAME)
    while pending:
        name = pending.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in libraries:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # for another system, or of an extra that is not installed
            continue
        libraries[key] = InstalledLibrary(
            distribution.metadata["Name"] or name, distribution.version, _find_licence(distribution.metadata)
        )
        pending += _list_requirements(name)
    return sorted(libraries.values(), key=lambda library: library.name.lower())


def _list_requirements(name: str) -> list[str]:
    try:
        requirements = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []
    selected = (
        requirement
        for requirement in requirements
        if "extra ==" not in requirement or (name == PACKAGE_NAME and _SHIPPED_EXTRA.search(requirement))
    )
    return [match[0] for requirement in selected if (match := _NAME.match(requirement))]


def _find_licence(package: metadata.PackageMetadata) -> str:
    licence = package.get("License-Expression") or ""
    if not licence:
        classifiers = package.get_all("Classifier") or []
        licence = ", ".join(name.rpartition(" :: ")[2] for name in classifiers if name.startswith("License ::"))
    if not licence:
        licence = (package.get("License") or "").strip().splitlines()[0] if package.get("License") else ""
    return licence if 0 < len(licence) <= _MAX_LICENCE_CHARACTERS else "see the package"


def find_extras(program: str = sys.executable, *, frozen: bool = hasattr(sys, "frozen")) -> Path:
    """Return the folder that has the packages of extras: a bundle's `ADD_ONS`, else that of all installed packages."""
    if frozen:
        return Path(program).with_name(ADD_ONS)
    import sysconfig

    return Path(sysconfig.get_path("purelib"))


def find_program(
    program: str = sys.executable,
    environ: Mapping[str, str] = os.environ,
    *,
    prefix: str = sys.prefix,
    frozen: bool = hasattr(sys, "frozen"),
) -> tuple[str, ...]:
    """Return the command that starts what is in the place of this installation, and never another that PATH names."""
    if frozen:
        return (find_app_image(program, environ) or program,)
    beside = Path(program).with_name(PACKAGE_NAME)
    launcher = DEBIAN_LAUNCHER if Path(prefix) == DEBIAN_PREFIX else beside
    return (str(launcher),) if launcher.exists() else (program, "-P", "-m", "desktop")


def find_app_image(program: str, environ: Mapping[str, str]) -> str:
    """Return the AppImage that `program` was started from, which lies in a mount that ends with it; empty for another
    program's, whose variables are inherited."""
    image, folder = environ.get("APPIMAGE", ""), environ.get("APPDIR", "")
    return image if image and folder and Path(program).is_relative_to(folder) else ""


def is_unpacked_image(program: str = sys.executable, environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether `program` is in the unpacked copy of an AppImage: another version is unpacked too as it starts."""
    return bool(find_app_image(program, environ)) and not os.path.ismount(environ["APPDIR"])


def format_update_hint(
    program: str = sys.executable,
    *,
    prefix: str = sys.prefix,
    platform: str = sys.platform,
    frozen: bool = hasattr(sys, "frozen"),
    root: Path = Path("/"),
) -> Message:
    """Return how to put a newer version in the place of this one. `root` has apt's sources."""
    if frozen and Path(program).parent == DEBIAN_PREFIX:
        return Message("update-by-package")
    if frozen:
        return Message("update-by-installer" if platform == "win32" else "update-by-download")
    if Path(prefix) != DEBIAN_PREFIX:
        return Message("update-by-tool")
    return Message("update-by-apt" if (root / APT_SOURCE).exists() else "update-by-package")


def format_install_hint(extra: str, *, prefix: str = sys.prefix, frozen: bool = hasattr(sys, "frozen")) -> Message:
    """Return how to install `extra` (`cuda`, `local-llm`) here.

    The Debian package's environment belongs to the system, and a bundle cannot be added to: `make` or pip would not
    work there. packaging/shipping makes all three.
    """
    if frozen:
        return Message("extra-not-addable", extra=extra)
    if Path(prefix) == DEBIAN_PREFIX:
        return Message("extra-package", extra=extra)
    return Message("extra-command", extra=extra)
