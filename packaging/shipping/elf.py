"""Read what a Linux library says of itself, whichever processor it is for: which one, and what it needs of others.

`readelf` reads the files of every processor, where `ldd` runs the loader of this machine alone.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shipping.project import run_program

MAGIC = b"\x7fELF"

MACHINES = {62: "x86_64", 183: "aarch64"}
"""`e_machine` of the processors that packages are built for, by the names of wheels and GNU's tools."""

_ENTRY = re.compile(r"\((NEEDED|RPATH|RUNPATH)\).*\[(.*)\]")


class WrongMachine(ValueError):
    """A library is for another processor than its package."""


@dataclass(frozen=True)
class Dynamic:
    """What a library needs, by name, and the folders in which it wants that to be looked for.

    `is_inherited`: what it loads looks in its folders as well (an RPATH without a RUNPATH).
    """

    needed: tuple[str, ...]
    folders: tuple[Path, ...]
    is_inherited: bool


def read_machine(path: Path) -> str:
    """Return the processor that the file at `path` is for; empty where it is no ELF file."""
    with path.open("rb") as file:
        head = file.read(20)
    if len(head) < 20 or not head.startswith(MAGIC):
        return ""
    (number,) = struct.unpack_from("<H" if head[5] == 1 else ">H", head, 18)
    return MACHINES.get(number, f"machine {number}")


def find_files(folder: Path) -> dict[Path, str]:
    """Return the ELF files below `folder`, each with its processor; links are left out."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return {path: machine for path in files if (machine := read_machine(path))}


def check_machine(folder: Path, machine: str) -> None:
    """Raise `WrongMachine` where an ELF file below `folder` is not for `machine`."""
    wrong = [f"{path.relative_to(folder)} ({found})" for path, found in find_files(folder).items() if found != machine]
    if wrong:
        raise WrongMachine(f"these are not for {machine}: {', '.join(wrong)}")


def read_dynamic(library: Path) -> Dynamic:
    """Return what `library` asks of the dynamic linker."""
    text = run_program("readelf", "--dynamic", "--wide", library, LC_ALL="C")
    return parse_dynamic(text, library.parent)


def parse_dynamic(text: str, origin: Path) -> Dynamic:
    """Return what `readelf --dynamic` printed of a library in the folder `origin`."""
    found: dict[str, list[str]] = {"NEEDED": [], "RPATH": [], "RUNPATH": []}
    for kind, value in _ENTRY.findall(text):
        found[kind].append(value)
    places = ":".join(found["RUNPATH"] or found["RPATH"]).split(":")
    folders = tuple(
        resolve_dots(Path(place.replace("${ORIGIN}", str(origin)).replace("$ORIGIN", str(origin))))
        for place in places
        if place
    )
    return Dynamic(tuple(found["NEEDED"]), folders, not found["RUNPATH"])


def find_loaded(files: Iterable[Path], site: Path, folders: Iterable[Path] = ()) -> set[Path]:
    """Return the libraries below `site` that the dynamic linker loads for `files`, and for these.

    `folders` are looked in for all of them. What lies nowhere there is the system's.
    """
    everywhere = tuple(folders)
    loaded: set[Path] = set()
    pending: list[tuple[Path, tuple[Path, ...]]] = [(file, ()) for file in files]
    while pending:
        library, inherited = pending.pop()
        dynamic = read_dynamic(library)
        own = (*dynamic.folders, *inherited) if dynamic.is_inherited else dynamic.folders
        for name in dynamic.needed:
            places = (place / name for place in (*own, *everywhere))
            found = next((path for path in places if path.is_relative_to(site) and path.exists()), None)
            if found is not None and found not in loaded:
                loaded.add(found)
                pending.append((found, own if dynamic.is_inherited else ()))
    return loaded


def resolve_dots(path: Path) -> Path:
    """Return a path without its `..`, but with its links: a library is opened by the link's name."""
    steps: list[str] = []
    for part in path.parts:
        if part == "..":
            steps.pop()
        else:
            steps.append(part)
    return Path(*steps)
