"""Find what the programs and libraries of a folder ask of a system: libraries that do not lie in the folder, and the
version of the C library. Read by readelf, so that it serves any architecture."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shipping.project import run_program

MAGIC = b"\x7fELF"

C_LIBRARY = re.compile(r"(ld-linux.*|lib(c|dl|m|mvec|pthread|resolv|rt|util))\.so\.\d+")
"""The libraries of the C library itself."""

AT_ONCE = 200
"""Files that one run of readelf reads."""


@dataclass(frozen=True)
class Needs:
    """What a folder asks of a system: `libraries` by their names, and the newest `glibc` version, such as `2.38`."""

    libraries: tuple[str, ...]
    glibc: str


def read_needs(folder: Path) -> Needs:
    """Read the programs and libraries of `folder`."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and _is_elf(path))
    read = (
        run_program("readelf", "-dVW", *files[at : at + AT_ONCE], LC_ALL="C") for at in range(0, len(files), AT_ONCE)
    )
    return parse("".join(read), (path.name for path in folder.rglob("*")))


def parse(text: str, present: Iterable[str]) -> Needs:
    """Return the needs that readelf's `text` names, without the files that are `present`."""
    named = set(re.findall(r"\(NEEDED\)[^\[]*\[([^\]]+)\]", text)) - set(present)
    asked = re.findall(r"Name: GLIBC_(\d+(?:\.\d+)+)", text)
    newest = max(asked, key=lambda version: tuple(map(int, version.split("."))), default="")
    return Needs(tuple(sorted(name for name in named if not C_LIBRARY.fullmatch(name))), newest)


def describe(asked: Needs) -> dict[str, object]:
    """Return the needs for the page of sizes."""
    return {"glibc": asked.glibc, "needs_libraries": list(asked.libraries)}


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC
