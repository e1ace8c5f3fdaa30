"""How soon a pasted text is in a window, with this code and with that before receipts were told from other reads.

The two take turns, one paste each, into one window. What is measured is the paste alone, without the speech: from the
release, as the engine knows it, to the text in the window, and to the outcome. The bar is for the window that does not
read the clipboard when it changes; the other has what it costs one that does, which the older code takes for pasted
into whether it is or not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from desktop.bench.metrics import percentile
from tests.conftest import managed_display
from tests.prove.record import ROOT, Line, Run, tell
from tests.prove.recordings import Absent
from tests.support.change_readers import change_reader, times
from tests.support.x_clients import read_file

BEFORE = "bc7cd29"
"""The commit before."""

TAKES = 60

APART_MS = 5.0
"""How far apart the medians may be."""

WINDOWS = ("plain", "after-20-ms")
"""A window that reads nothing at a change, and one that does."""


def prove(run: Run) -> dict[str, Any]:
    """Paste; `run.limit` is how many times with each code into each window."""
    keys = [f"{window} {take}" for window in WINDOWS for take in range(run.upto(TAKES))]
    if any(key not in run.lines for key in keys):
        with managed_display() as display, tempfile.TemporaryDirectory(prefix="intone-paste-speed-") as folder:
            for window in WINDOWS:
                missing = [key for key in keys if key.startswith(f"{window} ") and key not in run.lines]
                if missing:
                    _take(run, display, Path(folder), window, missing)
    rows = {window: [run.lines[key] for key in keys if key.startswith(f"{window} ")] for window in WINDOWS}
    figures = {window: _figures(lines) for window, lines in rows.items()}
    apart_ms = figures["plain"]["text_apart_ms"]
    return {**figures, "ok": abs(apart_ms) <= APART_MS and all(line["inserted"] for line in rows["plain"])}


def _figures(lines: list[Line]) -> dict[str, Any]:
    """Medians and 95th percentiles (ms) by code and by what was timed, and how far apart the medians are."""
    found: dict[str, Any] = {}
    for timed in ("text_ms", "known_ms"):
        for code in ("old", "new"):
            found[f"{code}_{timed}"] = {
                f"p{of}": percentile([line[code][timed] for line in lines], of) for of in (50, 95)
            }
    apart = found["new_text_ms"]["p50"] - found["old_text_ms"]["p50"]
    return {**found, "takes": len(lines), "text_apart_ms": round(apart, 2)}


def _take(run: Run, display: str, folder: Path, window: str, keys: list[str]) -> None:
    path = folder / window
    with ExitStack() as stack:
        pasters = {code: stack.enter_context(_paster(display, at)) for code, at in _codes(folder).items()}
        stack.enter_context(change_reader(display, window, path, field=True))
        for code, paster in pasters.items():
            _paste(paster, path, f"{code} begins.")
        for number, key in enumerate(keys):
            order = ("old", "new") if number % 2 else ("new", "old")
            took = {code: _paste(pasters[code], path, f"{key} {code}.") for code in order}
            run.lines.add(key, {**took, "inserted": all(one["outcome"] == "inserted" for one in took.values())})
            tell(f"paste-speed: {key}", "\r")


def _paste(paster: subprocess.Popen[str], path: Path, text: str) -> Line:
    """Paste and wait for the text; the times in ms since the release."""
    assert paster.stdin is not None
    assert paster.stdout is not None
    paster.stdin.write(f"{text}\n")
    paster.stdin.flush()
    took = json.loads(paster.stdout.readline())
    assert text in read_file(path, lambda found: text in found), f"{text} did not arrive"
    at = float(read_file(times(path), lambda found: text in found).rpartition(text)[0].split()[-1])
    return {
        "text_ms": round((at - took["released"]) * 1000, 2),
        "known_ms": round((took["known"] - took["released"]) * 1000, 2),
        "outcome": took["outcome"],
    }


def _codes(folder: Path) -> dict[str, Path]:
    """Where the two codes are: the older one is taken out of the repository's history."""
    old = folder / "old"
    if not old.exists():
        packed = subprocess.run(
            ["git", "-C", ROOT, "archive", BEFORE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        if packed.returncode:
            raise Absent(f"commit {BEFORE} is not in the history of this checkout")
        old.mkdir()
        subprocess.run(["tar", "-x", "-C", old], input=packed.stdout, check=True)
    return {"old": old, "new": ROOT}


@contextmanager
def _paster(display: str, code: Path) -> Iterator[subprocess.Popen[str]]:
    """The paster of that code, until the block ends."""
    command = [sys.executable, "-P", str(ROOT / "tests/prove/paste_takes.py")]
    environ = {**os.environ, "DISPLAY": display, "PYTHONPATH": str(code)}
    with subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
