"""Read what a Windows program or library asks of others: the names in its import tables, as the format lays them down.

Source: Microsoft's "PE Format". Of each file the headers, the import table and that of delayed imports are read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (".exe", ".dll", ".pyd")

IMPORT, DELAY_IMPORT = 1, 13
"""The places of the two tables among a file's directories."""

WINE_MARKS = (b"Wine builtin DLL", b"Wine placeholder DLL")
"""What Wine's own libraries have behind their first header."""

MACHINES = {0x8664: "x86-64", 0x14C: "x86", 0xAA64: "arm64"}


class NotPE(ValueError):
    """The file is no program and no library of Windows."""


@dataclass(frozen=True)
class Portable:
    """What a file says of itself; the names of libraries in small letters."""

    machine: str
    imports: frozenset[str]
    is_wines: bool


def find_files(folder: Path) -> list[Path]:
    """Return the programs and libraries below `folder`."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())


def read_file(path: Path) -> Portable:
    """Return what the file at `path` says of itself. Raises `NotPE`."""
    data = path.read_bytes()
    try:
        return parse(data)
    except (struct.error, ValueError) as error:
        raise NotPE(f"{path}: {error}") from error


def parse(data: bytes) -> Portable:
    """Return what `data` says of itself. Raises `ValueError` and `struct.error` where it is something else."""
    if data[:2] != b"MZ":
        raise NotPE("no MZ at its begin")
    (start,) = struct.unpack_from("<I", data, 0x3C)
    if data[start : start + 4] != b"PE\0\0":
        raise NotPE("no PE header")
    machine, sections, optional_size = struct.unpack_from("<HH12xH", data, start + 4)
    optional = start + 24
    (magic,) = struct.unpack_from("<H", data, optional)
    directories = optional + (112 if magic == 0x20B else 96)
    table = [struct.unpack_from("<8xIIII", data, optional + optional_size + 40 * each) for each in range(sections)]

    def offset(address: int) -> int:
        for size, begin, raw_size, raw in table:
            if begin <= address < begin + max(size, raw_size):
                return int(address - begin + raw)
        raise NotPE(f"no section has the address {address:#x}")

    def names(directory: int, entry: str, name_at: int) -> Iterator[str]:
        (address,) = struct.unpack_from("<I", data, directories + 8 * directory)
        place = offset(address) if address else 0
        while place and (name := struct.unpack_from(entry, data, place)[name_at]):
            begin = offset(name)
            yield data[begin : data.index(b"\0", begin)].decode("ascii").lower()
            place += struct.calcsize(entry)

    found = frozenset((*names(IMPORT, "<5I", 3), *names(DELAY_IMPORT, "<8I", 1)))
    return Portable(MACHINES.get(machine, "unknown"), found, any(mark in data[:0x100] for mark in WINE_MARKS))


def find_needed(files: Iterable[Path], among: Mapping[str, Path]) -> set[Path]:
    """Return `files` and what they load, directly or not, `among` libraries by their names in small letters."""
    found: set[Path] = set()
    pending = list(files)
    while pending:
        path = pending.pop()
        if path not in found:
            found.add(path)
            pending += [among[name] for name in read_file(path).imports if name in among]
    return found
