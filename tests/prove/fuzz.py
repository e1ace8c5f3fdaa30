"""Ten minutes of nonsense for every reader of what others send: no crash, no hang, no growth.

Two engines (`fuzzing`): guided by coverage, with atheris where that is installed, or mutations of good examples of
which those are gone on with that reached a line for the first time. `BLIND` has the targets for which the second found
as much, or more, in the same time. Each target has a process of its own, so that a crash of a native library is one
target's, and counts. What failed is kept beside the results, in `fuzz/found/`; what a target has learned, in
`fuzz/corpus/`, with which it begins the next time. A result holds for the target's own code: after a change only those
are tried again whose code it was. As many are tried at once as the machine has processors, behind everything else that
it does; how much of the time a target really had a processor is its `processor_s`.

`--limit` is seconds a target.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.fuzz import Target, targets
from tests.prove.record import ROOT, Run, tell

FULL_S = 600

SLACK_S = 600
"""How long a target's process may take to start, and to end after its time, where all others go before it."""

BLIND = frozenset(
    (
        *("chat", "deepgram", "openai", "models-list", "refusals", "status-page", "emotion", "audio", "history-csv"),
        *("history-file", "vocabulary", "vocabulary-import", "snippets", "styles", "selection", "selection-asked"),
        *("window", "windows", "fields", "wayland", "transcript", "polished", "answer-heads", "sound-server"),
    )
)
"""Targets of which plain mutation reached as many lines as atheris in the same time, or more, with more inputs: their
code is in C, or so small that all of it is reached at once."""


def prove(run: Run) -> dict[str, Any]:
    """`targets`: of each the executions, what was reached, crashes and hangs. `ok` where there are none."""
    limit_s, lines = run.upto(FULL_S), run.lines

    def one(name: str) -> dict[str, Any]:
        target, engine = targets()[name], engine_for(name)
        key = f"{name}-{limit_s}-{engine}-{_code(target)}"
        if key not in lines or _bad(lines[key]):  # what failed may have been the target's own fault
            lines.add(key, tried(name, target, run, limit_s, engine, behind=19))
        told = {key: value for key, value in lines[key].items() if key != "key"}
        tell(f"{name}: {told}")
        return told

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        found = dict(zip(targets(), threads.map(one, targets()), strict=True))
    bad = sum(map(_bad, found.values()))
    done = sum(told["executions"] for told in found.values())
    return {"ok": bad == 0, "seconds_a_target": limit_s, "executions": done, "targets": found}


def _bad(told: Mapping[str, Any]) -> int:
    return int(told["crashes"] + told["hangs"])


def engine_for(name: str) -> str:
    """What `name` is tried with."""
    return "atheris" if find_spec("atheris") and name not in BLIND else "lines"


def tried(name: str, target: Target, run: Run, limit_s: float, engine: str, behind: int = 0) -> dict[str, Any]:
    """What came of one target, in a process of its own that is so nice to others."""
    at = run.out / "fuzz"
    python = ("nice", "-n", str(behind), sys.executable, "-m", "tests.prove.fuzzing")
    command = [*python, name, str(run.seed), str(limit_s), engine, str(at), *target.within]
    began = {"engine": engine, "seconds": limit_s}
    try:
        child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=limit_s + SLACK_S)
    except subprocess.TimeoutExpired as error:
        return {**began, **_died(at, name, f"no end: {_tail(error.stderr)}", hangs=1)}
    lines = child.stdout.splitlines()
    if child.returncode != 0 or not lines:
        return {**began, **_died(at, name, f"status {child.returncode}: {_tail(child.stderr)}", crashes=1)}
    return {**began, **json.loads(lines[-1])}


def _died(at: Path, name: str, why: str, crashes: int = 0, hangs: int = 0) -> dict[str, Any]:
    """The process ended with its target inside; what it read is where it was put before."""
    kept = at / f"{name}.now"
    data = kept.read_bytes() if kept.exists() else b"\0" * 8
    data = data[8 : 8 + int.from_bytes(data[:8], "little")]
    file = at / "found" / f"{name}-died"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return {"executions": 0, "crashes": crashes, "hangs": hangs, "named": [f"{why} <- {file.name}"]}


def _tail(said: str | bytes | None) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said or ""
    return text[-800:]


def _code(target: Target) -> str:
    """Changes with the code of Intone's that the target is about."""
    names = [name.replace(".", "/") for name in target.within]
    files = [file for name in names for file in ((ROOT / f"{name}.py"), *(ROOT / name).rglob("*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files) if file.is_file())).hexdigest()[:12]
