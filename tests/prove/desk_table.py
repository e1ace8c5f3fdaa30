"""A table of bars measured on desktops, cell by cell, as `desks` and `input-method` do.

Each desktop is started once and kept while its cells go well; after one that could not be measured it is started anew.
A cell is measured once and kept (`.cache/prove`), so a run that was killed goes on at the next cell. `--desk` and
`--part` choose; `ok` is then that of what was chosen. `skipped` names the desktops that are not installed: with one of
them the table is not whole, and not `ok`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from subprocess import SubprocessError
from typing import Any

from tests.prove.desk_cells import LOG_CHARACTERS, clip_of, log_of
from tests.prove.desk_kinds import DeskKind
from tests.prove.record import Line, Run, tell
from tests.prove.recordings import Absent
from tests.support.desks.account import Account, ordinary_account
from tests.support.desks.bus import BusError
from tests.support.desks.input_method import choose_input_method
from tests.support.desks.session import DesktopSession

FIRST_RUN = "first-run"
"""The part that a desktop begins with, before its other cells."""

NOT_MEASURED: Line = {"error": "not measured"}


@dataclass(frozen=True, slots=True)
class Part:
    """A row of the table: its cells on a desktop, how often each is done, what does it, and its verdict."""

    cells: Callable[[DeskKind], Sequence[str]]
    times: int
    measure: Callable[[DesktopSession, DeskKind, str, int, int], Line]
    judge: Callable[[Mapping[str, Line]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table, in the order in which they are measured, and the desktops of its columns.

    `input_method`: what its user has chosen for `paste.input_method`.
    """

    desks: Mapping[str, DeskKind]
    parts: Mapping[str, Part]
    input_method: str


UNMEASURABLE = (AssertionError, BusError, SubprocessError, OSError, TimeoutError, LookupError)
"""What a desktop that does not do what is waited for raises."""


def prove_table(run: Run, table: Table) -> dict[str, Any]:
    """Go through the desktops; `run.limit` is how often each thing is done."""
    for asked, known in ((run.desk, table.desks), (run.part, table.parts)):
        if asked and asked not in known:
            raise SystemExit(f"{asked}: not one of {', '.join(known)}")
    found, skipped, broken = {}, {}, {}
    with tempfile.TemporaryDirectory(prefix="desks-") as folder:
        Path(folder).chmod(0o755)
        account = None
        for name in (run.desk,) if run.desk else table.desks:
            if lacking := table.desks[name].missing():
                skipped[name] = f"there is no {', '.join(lacking)}"
                continue
            if not (cells := list(cells_of(run, table, name))):
                continue
            if any(cell.key not in run.lines for cell in cells):
                account = account or ordinary_account(Path(folder))
                if problem := _go_through(run, table, name, account, cells):
                    broken[name] = problem
            lines: dict[str, dict[str, Line]] = {}
            for cell in cells:
                line = run.lines[cell.key] if cell.key in run.lines else dict(NOT_MEASURED)
                lines.setdefault(cell.part, {})[cell.name] = line
            found[name] = summary(lines, table.parts)
    if not found:
        raise Absent("; ".join(f"{name}: {why}" for name, why in skipped.items()) or "no desktop has this part")
    is_ok = not skipped and all(part["ok"] for parts in found.values() for part in parts.values())
    return {"desks": found, "skipped": skipped, "broken": broken, "ok": is_ok}


@dataclass(frozen=True, slots=True)
class Cell:
    """One measurement on a desktop: the key of its result, its part, its name there, and how often it is done."""

    key: str
    part: str
    name: str
    times: int


def cells_of(run: Run, table: Table, desk: str) -> Iterator[Cell]:
    """The cells of a desktop, in the order in which they are measured."""
    for name, part in table.parts.items():
        if run.part in ("", name):
            times = run.upto(part.times)
            for cell in part.cells(table.desks[desk]):
                yield Cell(f"{desk} {name} {cell} x{times}", name, cell, times)


def _go_through(run: Run, table: Table, name: str, account: Account, cells: Sequence[Cell]) -> str:
    """Measure the cells that are missing; return what kept the desktop from being ready, if that ends it."""
    kind, desk = table.desks[name], None
    first: Line = {}
    with ExitStack() as stack:
        for cell in cells:
            if cell.key in run.lines:
                continue
            tell(f"{run.name}: {cell.key}")
            if desk is None:
                try:
                    desk = stack.enter_context(kind.desk(account, new=kind.first_run is not None))
                    first = _begin(desk, kind, run.seed)
                    choose_input_method(desk, table.input_method)
                except UNMEASURABLE as error:
                    return f"{cell.key}: {describe(error)}\n{_end_of_log(desk)}"
            try:
                is_first = cell.part == FIRST_RUN
                line = (
                    first if is_first else table.parts[cell.part].measure(desk, kind, cell.name, run.seed, cell.times)
                )
            except UNMEASURABLE as error:
                line = {"error": describe(error), "log": _end_of_log(desk)}
            run.lines.add(cell.key, line)
            if "error" in line or not line.get("ok", True):
                stack.close()
                desk = None
    return ""


def _end_of_log(desk: DesktopSession | None) -> str:
    return log_of(desk)[-LOG_CHARACTERS:] if desk is not None else ""


def describe(error: BaseException) -> str:
    """An error as a line of the results holds it."""
    return f"{type(error).__name__}: {error}"[:LOG_CHARACTERS]


def _begin(desk: DesktopSession, kind: DeskKind, seed: int) -> Line:
    """Start the app, through its first run where there is one, until it is ready."""
    if kind.first_run is not None:
        found = kind.first_run(desk, clip_of(seed, 0).path)
        row = {"outcome": found.row["delivery"], "text": found.row["text"], "note": found.row["note"]}
        return {"steps_s": found.steps_s, "unasked": found.unasked, **row}
    desk.start()
    desk.wait_ready()
    return {}


def summary(lines_by_part: Mapping[str, Mapping[str, Line]], parts: Mapping[str, Part]) -> dict[str, Any]:
    """The verdict of each part of one desktop, by its cells."""
    found = {}
    for part, lines in lines_by_part.items():
        errors = {cell: line["error"] for cell, line in lines.items() if "error" in line}
        measured = {cell: line for cell, line in lines.items() if "error" not in line}
        judged = parts[part].judge(measured) if measured else {"ok": False}
        found[part] = {**judged, **({"errors": errors} if errors else {}), "ok": judged["ok"] and not errors}
    return found
