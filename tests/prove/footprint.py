"""What a running app has loaded, open and written: for `builds`, which compares it between two commits."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from tests.prove.proc import children, threads
from tests.support.desk import Desk

type Footprint = dict[str, list[str]]
"""By kind (imports, threads, handles, processes, files), each name as often as it occurs, sorted."""

DUMP_VARIABLE = "INTONE_PROVE_IMPORTS"
"""The variable that names the folder for lists of modules."""

DUMPER = """
import atexit, os, pathlib, sys

def dump():
    folder = pathlib.Path(os.environ["INTONE_PROVE_IMPORTS"])
    (folder / f"{os.getpid()}.modules").write_text("\\n".join(sys.modules))

atexit.register(dump)
"""
"""What each Python does as it ends, as `sitecustomize`: write which modules it has imported."""

EXPECTED = frozenset(
    (
        # The app's files are looked at every 20 s, and what replaced them is started once that disturbs nothing.
        *("desktop.core.replacement", "desktop.app.replacement", "desktop.app.restart_service", "desktop.ui.restarter"),
        # What a dictation loads late is loaded ahead where packages replace files; `pkgutil` lists it.
        *("desktop.app.preload", "pkgutil"),
        # The setting that says where releases are listed, and the signature that it needs.
        *("desktop.settings.release_source", "desktop.core.minisign"),
    )
)
"""Modules of this project and of Python that are new since `builds`' commit, and loaded with all features unused.
Anything else, another package above all, is an addition."""

_CHANGING = re.compile(r"(?<=-)[0-9a-f]{6,}|\d{2,}")
"""The parts of names that differ from run to run: times, process numbers, inodes."""


def write_dumper(folder: Path) -> dict[str, str]:
    """Write what lists modules into `folder`, and return the variables with which a Python does so."""
    (folder / "sitecustomize.py").write_text(DUMPER)
    return {"PYTHONPATH": str(folder), DUMP_VARIABLE: str(folder)}


def read_footprint(desk: Desk, dump_folder: Path) -> Footprint:
    """Return what the app at this desk, started with the variables of `write_dumper`, has; end the app."""
    assert desk.app is not None
    pid = desk.app.pid
    footprint = {
        "threads": ["thread"] * threads(pid),
        "handles": _name_handles(pid, desk),
        "processes": sorted(_name_process(child) for child in children(pid)),
        "files": sorted(_without_changing(str(path.relative_to(desk.home))) for path in _list_files(desk.home)),
    }
    desk.intone("quit")
    desk.app.wait(timeout=30)
    modules = (dump_folder / f"{pid}.modules").read_text().splitlines()
    return {"imports": sorted(set(modules) - EXPECTED), **footprint}


def find_additions(before: Footprint, after: Footprint) -> dict[str, list[str]]:
    """Return what `after` has and `before` has not, or less often, by kind; kinds without any are left out."""
    added = {kind: sorted((Counter(after[kind]) - Counter(before[kind])).elements()) for kind in before}
    return {kind: names for kind, names in added.items() if names}


def merge(footprints: list[Footprint]) -> Footprint:
    """Return what was seen in any of them, as often as in the one that had it most often; of the threads the fewest,
    since worker threads end a while after their work."""
    merged: Footprint = {}
    for kind in footprints[0]:
        most = Counter[str]()
        for footprint in footprints:
            most |= Counter(footprint[kind])
        merged[kind] = sorted(most.elements())
    merged["threads"] = min((footprint["threads"] for footprint in footprints), key=len)
    return merged


def _list_files(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file() and "models" not in path.relative_to(home).parts]


def _name_handles(pid: int, desk: Desk) -> list[str]:
    """Return the kind of each open file, pipe and socket: sockets by family, files by their names."""
    families = _read_socket_families(pid)
    names = []
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(handle.readlink())
        except FileNotFoundError:
            continue  # closed meanwhile
        if target.startswith("socket:"):
            names.append(families.get(target, "socket"))
        else:
            names.append(_without_changing(target.replace(str(desk.home.parent), "")))
    return sorted(names)


def _read_socket_families(pid: int) -> dict[str, str]:
    """Return the family of each of the system's sockets, by the name that a handle has."""
    columns = {"tcp": 9, "tcp6": 9, "udp": 9, "udp6": 9, "unix": 6}
    families = {}
    for table, column in columns.items():
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            families[f"socket:[{line.split()[column]}]"] = f"socket {table}"
    return families


def _name_process(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return _without_changing(" ".join(Path(word).name for word in words[:4]))


def _without_changing(name: str) -> str:
    return _CHANGING.sub("#", name)
