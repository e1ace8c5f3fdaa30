"""The desktops that users have, for real and without a screen: the table of bars of their issue, cell by cell.

Each desktop is started once and kept while its cells go well; after one that could not be measured it is started anew.
A cell is measured once and kept (`.cache/prove`), so a run that was killed goes on at the next cell. `--desk` and
`--part` choose; `ok` is then that of what was chosen. `skipped` names the desktops that are not installed: with one of
them the table is not whole, and not `ok`.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from subprocess import SubprocessError
from typing import Any

from desktop.bench.metrics import percentile
from tests.prove import desk_cells, desk_faults
from tests.prove.desk_cells import CONTENTS, FIELDS, LOG_CHARACTERS, PASSWORDS, UNHEARD, clip_of, log_of
from tests.prove.desk_kinds import DESKS, DeskKind
from tests.prove.record import Line, Run, tell
from tests.prove.recordings import Absent
from tests.support.desks.account import Account, ordinary_account
from tests.support.desks.bus import BusError
from tests.support.desks.session import DesktopSession

P50_MS, P95_MS = 300.0, 600.0
"""Key-up to text, without the first dictation of each window."""

FIRST_RUN_S, READY_S = 60.0, 6.0

MISHEARD = 0.2
"""The share of wrong words above which a sentence counts as misheard, which is no failure of the desktop."""

UNHEARD_A_WINDOW = 1
"""So many of a window's dictations may not be what was said."""

NOT_MEASURED: Line = {"error": "not measured"}

FIRST_RUN = "first-run"


@dataclass(frozen=True, slots=True)
class Part:
    """A row of the table: its cells on a desktop, how often each is done, what does it, and its verdict."""

    cells: Callable[[DeskKind], Sequence[str]]
    times: int
    measure: Callable[[DesktopSession, DeskKind, str, int, int], Line]
    judge: Callable[[Mapping[str, Line]], dict[str, Any]]


UNMEASURABLE = (AssertionError, BusError, SubprocessError, OSError, TimeoutError, LookupError)
"""What a desktop that does not do what is waited for raises."""


def prove(run: Run) -> dict[str, Any]:
    """Go through the desktops; `run.limit` is how often each thing is done."""
    for asked, known in ((run.desk, DESKS), (run.part, PARTS)):
        if asked and asked not in known:
            raise SystemExit(f"{asked}: not one of {', '.join(known)}")
    found, skipped, broken = {}, {}, {}
    with tempfile.TemporaryDirectory(prefix="desks-") as folder:
        Path(folder).chmod(0o755)
        account = None
        for name in (run.desk,) if run.desk else DESKS:
            if lacking := DESKS[name].missing():
                skipped[name] = f"there is no {', '.join(lacking)}"
                continue
            if not (cells := list(cells_of(run, name))):
                continue
            if any(cell.key not in run.lines for cell in cells):
                account = account or ordinary_account(Path(folder))
                if problem := _go_through(run, name, account, cells):
                    broken[name] = problem
            lines: dict[str, dict[str, Line]] = {}
            for cell in cells:
                line = run.lines[cell.key] if cell.key in run.lines else dict(NOT_MEASURED)
                lines.setdefault(cell.part, {})[cell.name] = line
            found[name] = summary(lines)
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


def cells_of(run: Run, desk: str) -> Iterator[Cell]:
    """The cells of a desktop, in the order in which they are measured."""
    for name, part in PARTS.items():
        if run.part in ("", name):
            times = run.upto(part.times)
            for cell in part.cells(DESKS[desk]):
                yield Cell(f"{desk} {name} {cell} x{times}", name, cell, times)


def _go_through(run: Run, name: str, account: Account, cells: Sequence[Cell]) -> str:
    """Measure the cells that are missing; return what kept the desktop from being ready, if that ends it."""
    kind, desk = DESKS[name], None
    first: Line = {}
    with ExitStack() as stack:
        for cell in cells:
            if cell.key in run.lines:
                continue
            tell(f"desks: {cell.key}")
            if desk is None:
                try:
                    desk = stack.enter_context(kind.desk(account, new=kind.first_run is not None))
                    first = _begin(desk, kind, run.seed)
                except UNMEASURABLE as error:
                    return f"{cell.key}: {describe(error)}\n{_end_of_log(desk)}"
            try:
                is_first = cell.part == FIRST_RUN
                line = first if is_first else PARTS[cell.part].measure(desk, kind, cell.name, run.seed, cell.times)
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


# -- the verdicts -------------------------------------------------------------------------------------------------


def summary(parts: Mapping[str, Mapping[str, Line]]) -> dict[str, Any]:
    """The verdict of each part of one desktop, by its cells."""
    found = {}
    for part, lines in parts.items():
        errors = {cell: line["error"] for cell, line in lines.items() if "error" in line}
        measured = {cell: line for cell, line in lines.items() if "error" not in line}
        judged = PARTS[part].judge(measured) if measured else {"ok": False}
        found[part] = {**judged, **({"errors": errors} if errors else {}), "ok": judged["ok"] and not errors}
    return found


def _counts(takes: Iterable[Line]) -> dict[str, Any]:
    """How some dictations ended."""
    some = list(takes)
    return {
        "dictations": len(some),
        "landed": sum(take["landed"] for take in some),
        "outcomes": Counter(take["outcome"] for take in some),
        "false": sum(take["false"] for take in some),
        "misheard": sum(take["error_rate"] > MISHEARD for take in some),
    }


def judge_windows(lines: Mapping[str, Line]) -> dict[str, Any]:
    """Each text once, whole and in order, what was said, soon, and no outcome that is not so."""
    takes = [take for line in lines.values() for take in line["takes"]]
    times = {cell: [take["text_ms"] for take in line["takes"][1:] if take["landed"]] for cell, line in lines.items()}
    later = [ms for some in times.values() for ms in some]
    p50, p95 = percentile(later, 50), percentile(later, 95)
    counts = _counts(takes)
    unheard = {cell: sum(take["error_rate"] > UNHEARD for take in line["takes"]) for cell, line in lines.items()}
    return {
        **counts,
        "twice": sum(take["twice"] or take["rows"] > 1 for take in takes),
        "text_ms": {"p50": p50, "p95": p95},
        "first_ms": {cell: line["takes"][0]["text_ms"] for cell, line in lines.items()},
        "windows": {
            cell: {
                "landed": f"{sum(take['landed'] for take in lines[cell]['takes'])}/{len(lines[cell]['takes'])}",
                "outcomes": Counter(take["outcome"] for take in lines[cell]["takes"]),
                "p50": percentile(some, 50),
                "p95": percentile(some, 95),
                "unheard": unheard[cell],
                "error_rate": percentile([take["error_rate"] for take in lines[cell]["takes"]], 50),
            }
            for cell, some in times.items()
        },
        "ok": counts["landed"] == counts["dictations"]
        and not counts["false"]
        and not any(take["twice"] or take["rows"] > 1 for take in takes)
        and all(count <= UNHEARD_A_WINDOW for count in unheard.values())
        and p50 is not None
        and p95 is not None
        and p50 <= P50_MS
        and p95 <= P95_MS,
    }


def judge_clipboard(lines: Mapping[str, Line]) -> dict[str, Any]:
    """Every text in the window, and everything byte for byte as before."""
    takes = [take for line in lines.values() for take in line["takes"]]
    given_back = {cell: sum(take["identical"] for take in line["takes"]) for cell, line in lines.items()}
    return {
        **_counts(takes),
        "identical": sum(given_back.values()),
        "contents": given_back,
        "ok": all(take["landed"] and take["identical"] and not take["false"] for take in takes),
    }


def judge_passwords(lines: Mapping[str, Line]) -> dict[str, Any]:
    """Nothing in the fields that a desktop can tell, nor their words in the history if it tells the window: each
    dictation a row, refused."""
    cells = {
        cell: {
            "in_field": sum(take["in_field"] > 0 for take in line["takes"]),
            "in_history": sum(bool(take["text"]) for take in line["takes"]),
            "refused": all(take["outcome"] == "refused" for take in line["takes"]),
            "outcomes": Counter(take["outcome"] for take in line["takes"]),
            "untold": line["untold"],
            "kept": line["kept"],
        }
        for cell, line in lines.items()
    }
    takes = [take for line in lines.values() for take in line["takes"]]
    return {
        "cells": cells,
        "false": sum(take["false"] for take in takes),
        "ok": not any(take["false"] for take in takes)
        and all(take["rows"] == 1 for take in takes)
        and all(
            cell["untold"] or (cell["refused"] and not cell["in_field"] and (cell["kept"] or not cell["in_history"]))
            for cell in cells.values()
        ),
    }


def judge_faults(lines: Mapping[str, Line]) -> dict[str, Any]:
    """Every fault lived through, or recovered from."""
    cells = {
        cell: {name: value for name, value in line.items() if name not in ("key", "log", "takes")}
        | {"outcomes": [take["outcome"] for take in line["takes"]]}
        for cell, line in lines.items()
    }
    return {"cells": cells, "ok": all(line["ok"] for line in lines.values())}


def judge_first_run(lines: Mapping[str, Line]) -> dict[str, Any]:
    """Soon, and no dialog before it is explained."""
    (line,) = lines.values()
    seconds = line["steps_s"]["sentence"]
    is_sent = line["outcome"] in ("inserted", "unconfirmed")
    return {
        "seconds": seconds,
        **{name: line[name] for name in ("steps_s", "unasked", "outcome", "note")},
        "ok": seconds <= FIRST_RUN_S and not line["unasked"] and is_sent,
    }


def judge_restart(lines: Mapping[str, Line]) -> dict[str, Any]:
    """Soon ready, without a dialog, and then as before."""
    (line,) = lines.values()
    return {
        "ready_s": line["ready_s"],
        "dialogs": line["dialogs"],
        **_counts(line["takes"]),
        "ok": max(line["ready_s"]) <= READY_S and not line["dialogs"] and all(take["landed"] for take in line["takes"]),
    }


PARTS: Mapping[str, Part] = {
    FIRST_RUN: Part(lambda kind: ["all"] if kind.first_run else [], 1, desk_cells.windows, judge_first_run),
    "windows": Part(lambda kind: [*FIELDS, kind.terminal], 10, desk_cells.windows, judge_windows),
    "clipboard": Part(lambda kind: CONTENTS, 5, desk_cells.clipboard, judge_clipboard),
    "passwords": Part(
        lambda kind: PASSWORDS,
        2,
        desk_cells.passwords,
        judge_passwords,
    ),
    "restart": Part(lambda kind: ["all"], 3, desk_cells.restart, judge_restart),
    "faults": Part(lambda kind: kind.faults, 1, desk_faults.fault, judge_faults),
}
"""The rows of the table, in the order in which they are measured. The first run is what a desktop begins with."""
