"""The desktops that users have, for real and without a screen: the table of bars of their issue.

How it is measured, cell by cell, is in `tests.prove.desk_table`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from desktop.bench.metrics import percentile
from tests.prove import desk_cells, desk_faults
from tests.prove.desk_cells import CONTENTS, FIELDS, PASSWORDS, UNHEARD
from tests.prove.desk_kinds import DESKS
from tests.prove.desk_table import FIRST_RUN, Part, Table, prove_table
from tests.prove.record import Line, Run

P50_MS, P95_MS = 300.0, 600.0
"""Key-up to text, without the first dictation of each window."""

FIRST_RUN_S, READY_S = 60.0, 6.0

MISHEARD = 0.2
"""The share of wrong words above which a sentence counts as misheard, which is no failure of the desktop."""

UNHEARD_A_WINDOW = 1
"""So many of a window's dictations may not be what was said."""


def prove(run: Run) -> dict[str, Any]:
    """Go through the desktops; `run.limit` is how often each thing is done."""
    return prove_table(run, TABLE)


def counts_of(takes: Iterable[Line]) -> dict[str, Any]:
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
    counts = counts_of(takes)
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
        **counts_of(takes),
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
        **counts_of(line["takes"]),
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

TABLE = Table(DESKS, PARTS, "off")
"""What holds by the clipboard, which is the second way into windows; the first has a table of its own."""
