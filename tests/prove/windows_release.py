"""What a release costs in Windows beside Linux: `intone bench release` of the same clips, settings and code, in turns.

Each turn is a run of the command here and one in Wine, the order changing, so that other work meets both.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import Any

from tests.conftest import sentences
from tests.prove.record import MODELS, ROOT, Line
from tests.support.desks.wine import WineDesk, windows_path

TIMES = 5

BAR = 1.4
"""How much longer a text may take in Windows."""

LENGTHS = "5,15"
"""Seconds of the dictations that are joined from the clips."""

MODEL = "base"

LIMIT_S = 900.0


def measure(fresh_desk: Callable[[], Any], numbers: Sequence[int]) -> Iterator[tuple[int, Line]]:
    """Yield turns, each with the milliseconds from release to text by length, here and there."""
    with fresh_desk() as desk:
        (desk.home / "models").symlink_to(MODELS)
        for number in numbers:
            order = (_linux, _windows) if number % 2 else (_windows, _linux)
            told = dict(run(desk, number) for run in order)
            yield number, {**told, "wrong": wrong(told)}


def _options(number: int) -> list[str]:
    return ["--json", "--model", MODEL, "--lengths", LENGTHS, "--takes", "1", "--seed", str(number)]


def _linux(desk: WineDesk, number: int) -> tuple[str, list[float]]:
    clips = [str(clip.path) for clip in sentences()]
    command = [sys.executable, "-m", "desktop", "bench", "release", *clips, *_options(number)]
    environ = {**os.environ, "INTONE_HOME": str(MODELS.parent)}
    done = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=True)
    return "linux", times_ms(done.stdout)


def _windows(desk: WineDesk, number: int) -> tuple[str, list[float]]:
    clips = [windows_path(clip.path) for clip in sentences()]
    done = desk.run(*desk.program, "bench", "release", *clips, *_options(number), timeout_s=LIMIT_S)
    assert done.returncode == 0, done.stderr
    return "windows", times_ms(done.stdout)


def times_ms(report: str) -> list[float]:
    """The milliseconds from release to text of each take in a report of `intone bench release --json`."""
    return [take["streaming_ms"] for take in json.loads(report)["takes"] if take["streaming_ms"] is not None]


def wrong(told: dict[str, list[float]]) -> list[str]:
    """Which system had no words for a take that the other had."""
    most = max(map(len, told.values()))
    return [f"{system} has no words for {most - len(times)}" for system, times in told.items() if len(times) < most]


def judge(lines: Sequence[Line]) -> dict[str, Any]:
    """The medians of both, their ratio, and `ok`."""
    linux, windows = ([ms for line in lines for ms in line[system]] for system in ("linux", "windows"))
    bad = [f"{line['key']}: {why}" for line in lines for why in line["wrong"]]
    if not linux or not windows:
        return {"wrong": [*bad, "no takes"], "ok": False}
    ratio = median(windows) / median(linux)
    return {
        "takes": len(windows),
        "linux_ms": round(median(linux)),
        "windows_ms": round(median(windows)),
        "ratio": round(ratio, 2),
        "bar": BAR,
        "wrong": bad,
        "ok": ratio <= BAR and not bad,
    }
