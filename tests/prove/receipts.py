"""What is claimed of pastes into programs that read the clipboard because it changed, with a text field and without.

A false claim is an insertion reported for a window whose field does not have the text; a Return is false if the text
is not there. A program is started anew for each row, so that the first of its pastes is one into an unknown program.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import numpy as np

from desktop.bench.metrics import percentile
from desktop.core.types import Outcome
from tests.conftest import managed_display
from tests.prove.record import Line, Run, tell
from tests.support.change_readers import HABITS, TELLING, change_reader
from tests.support.paste_desk import desk_on
from tests.support.x_clients import Owner, read_file, xclip

ROWS, PASTES = 5, 4

RETURN = 36

BEFORE = b"before"


def prove(run: Run) -> dict[str, Any]:
    """Paste; `run.limit` is how many rows for each program, with a field and without."""
    return anyio.run(_prove, run)


async def _prove(run: Run) -> dict[str, Any]:
    keys = [f"{name} {kind} {row}" for row in range(run.upto(ROWS)) for name in HABITS for kind in ("field", "none")]
    if missing := [key for key in keys if key not in run.lines]:
        with managed_display() as display:
            for key in missing:
                tell(f"receipts: {key}")
                run.lines.add(key, await _row(run.seed, display, key))
    lines = [run.lines[key] for key in keys]
    with_field, without = ([line for line in lines if line["field"] is field] for field in (True, False))
    telling = [line for line in with_field if line["name"] in TELLING]
    false = [line["key"] for line in lines if line["false_claims"] or line["false_returns"]]
    unproven = [line["key"] for line in telling if line["inserted"] < line["pastes"]]
    return {
        "programs": len(HABITS),
        "pastes": sum(line["pastes"] for line in lines),
        "false_claims": sum(line["false_claims"] for line in lines),
        "false_returns": sum(line["false_returns"] for line in lines),
        "with_field": _counted(telling),
        "without_field": _counted(without),
        "not_restored": sum(line["not_restored"] for line in lines),
        "read_ms": {
            "first": _percentiles(line["read_ms"][:1] for line in telling),
            "later": _percentiles(line["read_ms"][1:] for line in telling),
        },
        "wrong": (false + unproven)[:20],
        "ok": not false and not unproven,
    }


def _counted(lines: list[Line]) -> dict[str, int]:
    return {
        "pastes": sum(line["pastes"] for line in lines),
        "inserted": sum(line["inserted"] for line in lines),
        "arrived": sum(line["arrived"] for line in lines),
    }


def _percentiles(rows: Iterable[list[float]]) -> dict[str, float | None]:
    known = [value for row in rows for value in row]
    return {f"p{of}": percentile(known, of) if known else None for of in (50, 95)}


async def _row(seed: int, display: str, key: str) -> Line:
    """Pastes into one program, one after the other, with drawn pauses between them."""
    name, kind, row = key.split()
    rng = np.random.default_rng([seed, list(HABITS).index(name), kind == "field", int(row)])
    line: Line = {"name": name, "field": kind == "field", "pastes": 0, "inserted": 0, "arrived": 0}
    line |= {"false_claims": 0, "false_returns": 0, "not_restored": 0, "read_ms": []}
    with tempfile.TemporaryDirectory(prefix="intone-receipts-") as folder, Owner(display, {"UTF8_STRING": BEFORE}):
        path = Path(folder, "field")
        async with desk_on(display) as desk:
            with change_reader(display, name, path, field=line["field"]):
                for number in range(PASTES):
                    await anyio.sleep(float(rng.choice([0.0, rng.uniform(0.0, 0.1), rng.uniform(0.1, 1.0)])))
                    desk.expected.clear()
                    text = f"{name} {number}."
                    result = await desk.paste(text, enter=True)
                    claimed, sent = result.outcome is Outcome.INSERTED, RETURN in desk.expected
                    patience_s = 5.0 if claimed else 0.0
                    there = text in read_file(path, partial(_has, text), patience_s)
                    line["pastes"] += 1
                    line["inserted"] += claimed
                    line["arrived"] += there
                    line["false_claims"] += claimed and not there
                    line["false_returns"] += sent and not there
                    kept = text.encode() if result.outcome is Outcome.COPIED else BEFORE
                    line["not_restored"] += await anyio.to_thread.run_sync(xclip, display) != kept
                    if result.read_s is not None and claimed:
                        line["read_ms"].append(round(result.read_s * 1000, 1))
    return line


def _has(text: str, found: str) -> bool:
    return text in found
