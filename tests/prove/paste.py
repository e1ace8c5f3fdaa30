"""It lands, counted: the matrix' cells many times over, what the clipboard is afterwards, and how soon programs read.

Times are from the outside of the transaction: from the request to the chord sent (the clipboard's copy included), and
from the chord's first key to the target's first read.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import anyio
import numpy as np

from desktop.bench.metrics import percentile
from desktop.core.types import Outcome
from tests.conftest import managed_display
from tests.integration.matrix.programs import PROGRAMS, Program, opened
from tests.integration.matrix.texts import NEXT, TEXTS
from tests.prove.record import Line, Run, tell
from tests.support.paste_desk import Desk, desk_on
from tests.support.x_clients import Owner, targets

CELL_TIMES, RESTORES, FROZEN = 10, 100, 20

FROZEN_MS = 600
"""The half second that an owner may have, and the keys after it."""


def prove(run: Run) -> dict[str, Any]:
    """Paste; `run.limit` is how many times each."""
    return anyio.run(_prove, run)


async def _prove(run: Run) -> dict[str, Any]:
    with managed_display() as display:
        cells = {name: await _cells(run, display, name) for name in PROGRAMS}
        restored = await _restored(run, display)
        frozen = await _frozen(run, display)
    landed = [line["landed"] for lines in cells.values() for line in lines]
    worst_ms = max(line["chord_ms"] for line in frozen)
    return {
        "pastes": len(landed) * 2,
        "landed": sum(landed) * 2,
        "programs": {name: _row(lines) for name, lines in cells.items()},
        "restores": len(restored),
        "restored": sum(line["identical"] for line in restored),
        "frozen_owner_ms": {**_percentiles(line["chord_ms"] for line in frozen), "worst": worst_ms},
        "ok": all(landed) and all(line["identical"] for line in restored) and worst_ms <= FROZEN_MS,
    }


def _row(lines: list[Line]) -> Line:
    """A program's row: how many of its cells passed, by text, and its times."""
    cells = {text: [line["landed"] for line in lines if line["text"] == text] for text in TEXTS}
    pastes = [paste for line in lines for paste in line["pastes"]]
    return {
        **{text: f"{sum(landed)}/{len(landed)}" for text, landed in cells.items()},
        **{name: _percentiles(paste[name] for paste in pastes) for name in ("chord_ms", "read_ms")},
    }


def _percentiles(values: Iterable[float | None]) -> Line:
    known = [value for value in values if value is not None]
    return {f"p{of}": percentile(known, of) for of in (50, 95)}


async def _cells(run: Run, display: str, name: str) -> list[Line]:
    """A program's cells, all of them again and again."""
    keys = {f"{name} {text} {time}": text for time in range(run.upto(CELL_TIMES)) for text in TEXTS}
    if missing := {key: text for key, text in keys.items() if key not in run.lines}:
        tell(f"paste: {name}")
        async with _at(display, name) as (desk, program):
            for key, text in missing.items():
                run.lines.add(key, {"text": text, **await _cell(desk, program, TEXTS[text])})
    return [run.lines[key] for key in keys]


async def _cell(desk: Desk, program: Program, text: str) -> Line:
    """Paste the text and, joined to it, the next; whether both arrived once and as they should."""
    desk.touched_at = monotonic()
    first = await _pasted(desk, text)
    arrived = program.added(program.fitted(text)) == program.fitted(text)
    second = await _pasted(desk, NEXT)
    joined = program.added(f" {NEXT}") == f" {NEXT}"
    inserted = {first["outcome"], second["outcome"]} == {Outcome.INSERTED}
    return {"landed": arrived and joined and inserted, "pastes": [first, second]}


async def _pasted(desk: Desk, text: str) -> Line:
    """A paste's outcome and times."""
    target = await desk.target()
    began = monotonic()
    sent: list[float] = []
    result = await desk.paster.paste(text, target, lambda: sent.append(monotonic()))
    return {
        "outcome": result.outcome,
        "chord_ms": round((sent[0] - began) * 1000, 1) if sent else None,
        "read_ms": None if result.read_s is None else round(result.read_s * 1000, 1),
    }


async def _restored(run: Run, display: str) -> list[Line]:
    """A picture, a page and a list of files on the clipboard, of drawn sizes, before and after a paste."""
    keys = [f"restore {time}" for time in range(run.upto(RESTORES))]
    if missing := [key for key in keys if key not in run.lines]:
        tell("paste: restore")
        async with _at(display, "qt") as (desk, _):
            for key in missing:
                before = _contents(np.random.default_rng([run.seed, int(key.split()[1])]))
                with Owner(display, before):
                    paste = await _pasted(desk, "Hello.")
                run.lines.add(key, {**paste, "identical": targets(display, list(before)) == before})
    return [run.lines[key] for key in keys]


def _contents(rng: np.random.Generator) -> dict[str, bytes]:
    names = "".join(f"\nfile:///home/somebody/{rng.bytes(8).hex()}" for _ in range(rng.integers(1, 50)))
    html = f"<p>{rng.bytes(int(rng.integers(1, 10_000))).hex()}</p>"
    return {
        "image/png": b"\x89PNG\r\n\x1a\n" + rng.bytes(int(rng.integers(1, 1_000_000))),
        "text/html": html.encode(),
        "x-special/gnome-copied-files": f"copy{names}".encode(),
        "UTF8_STRING": names.encode(),
    }


async def _frozen(run: Run, display: str) -> list[Line]:
    """Pastes while the clipboard's owner answers nothing, or only the first question."""
    keys = [f"frozen {time}" for time in range(run.upto(FROZEN))]
    if missing := [key for key in keys if key not in run.lines]:
        tell("paste: frozen owner")
        async with _at(display, "qt") as (desk, _):
            for key in missing:
                many = {f"text/{number}": b"" for number in range(20)}
                with Owner(display, many, answers=int(key.split()[1]) % 2):
                    run.lines.add(key, await _pasted(desk, "Hello."))
    return [run.lines[key] for key in keys]


@asynccontextmanager
async def _at(display: str, name: str) -> AsyncIterator[tuple[Desk, Program]]:
    """The program open, and a paster."""
    with tempfile.TemporaryDirectory(prefix="intone-paste-", ignore_cleanup_errors=True) as folder:
        async with desk_on(display) as desk:
            with opened(name, display, Path(folder)) as program:
                yield desk, program
