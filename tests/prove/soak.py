"""An hour of dictating on the virtual desk, without a pause but those that people make; see `tests.support.soak`.

What an app leaks shows only over hours, and only where it is used as people use it. So it is started once, and what it
holds is looked at after each dictation. The first minutes do not count: libraries are loaded, pools and caches grow to
their size. A run that was killed begins anew, since its process is gone.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from matplotlib.figure import Figure

from desktop.bench.metrics import percentile, theil_sen
from desktop.bench.plot import BATCH_COLOR, GRID_COLOR, STREAMING_COLOR
from tests.prove.record import MODELS, Line, Run, tell
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.tls_server import serve
from tests.support.desk import Desk
from tests.support.soak import Soaking, moves

LENGTH_S = 3600
SETTLED_S = 600.0
"""From when on memory must not grow; a sixth of a shorter run."""

MOST_GROWTH_MB = 10.0

MOST_POINTS = 150
"""Of which the slope is taken: all pairs of them are."""

UNUSUAL = ("killed", "refused")
"""Kinds whose delay is not the usual one: a model is loaded again, a service is waited for."""


def prove(run: Run) -> dict[str, Any]:
    """Dictate for an hour, or for `run.limit` seconds."""
    seconds = run.limit or LENGTH_S
    if f"end {seconds}" not in run.lines:
        _soak(run, seconds)
    end = run.lines[f"end {seconds}"]
    return _summary(run, [run.lines[f"{seconds} {at}"] for at in range(end["dictations"])], end)


def _soak(run: Run, seconds: float) -> None:
    server = OpenAI(compatible=True)
    with (
        tempfile.TemporaryDirectory(prefix="intone-soak-") as name,
        serve(server, tls=False) as served,
        Desk(Path(name, "desk")) as desk,
    ):
        (desk.home / "models").symlink_to(MODELS)
        desk.intone("settings", "set", "recognizer.model", run.model)
        desk.start()
        desk.wait_ready()
        soaking = Soaking(desk, Path(name), server, served.url)
        first, began, count = soaking.settled(), time.monotonic(), 0
        for move in moves(run.seed):
            if time.monotonic() - began >= seconds:
                break
            came = soaking.make(move)
            at_s = round(time.monotonic() - began, 1)
            run.lines.add(
                f"{seconds} {count}", {"kind": move.kind, "at_s": at_s, **asdict(came), **asdict(soaking.took())}
            )
            count += 1
            tell(f"soak: {at_s:.0f}/{seconds:.0f} s, {count} dictations {came.wrong}", "\n" if came.wrong else "\r")
        last = soaking.settled()
        run.lines.add(f"end {seconds}", {"dictations": count, "first": asdict(first), "last": asdict(last)})


def _summary(run: Run, lines: list[Line], end: Line) -> dict[str, Any]:
    usual = [line["known_ms"] for line in lines if line["kind"] not in UNUSUAL and line["known_ms"] is not None]
    wrong = [f"{line['key']} {line['kind']}: {line['wrong']}" for line in lines if line["wrong"]]
    settled_s = min(SETTLED_S, lines[-1]["at_s"] / 6)
    late = [line for line in lines if line["at_s"] >= settled_s]
    memory = {name: _memory(late, name, run.seed) for name in ("app_mb", "model_mb")}
    picture = run.out / f"soak-{run.seed}.svg"
    _draw(lines, picture)
    return {
        "seconds": lines[-1]["at_s"],
        "dictations": len(lines),
        "kinds": Counter(line["kind"] for line in lines),
        "outcomes": Counter(line["outcome"] for line in lines),
        "engines": Counter(line["engine"] for line in lines),
        "known_ms": {f"p{of}": percentile(usual, of) for of in (50, 95)},
        **memory,
        **{
            name: {of: end[of][name] for of in ("first", "last")} | {"most": max(line[name] for line in late)}
            for name in ("threads", "handles", "children")
        },
        "plot": str(picture),
        "wrong": wrong,
        "ok": not wrong and (settled_s < SETTLED_S or (memory["app_mb"]["growth"] or 0.0) < MOST_GROWTH_MB),
    }


def _memory(lines: list[Line], name: str, seed: int) -> dict[str, float | None]:
    """MB at the first and the last tenth of `lines` (medians), what lies between, and MB a minute by Theil and Sen."""
    points = [(line["at_s"] / 60, line[name]) for line in lines if line[name] is not None]
    tenth = max(1, len(points) // 10)
    first, last = (median(mb for _, mb in some) for some in (points[:tenth], points[-tenth:]))
    some = points[:: max(1, len(points) // MOST_POINTS)]
    slope = theil_sen([at for at, _ in some], [mb for _, mb in some], seed)
    return {
        "first": first,
        "last": last,
        "growth": round(last - first, 1),
        "mb_per_min": round(slope.value, 3) if slope is not None else None,
    }


def _draw(lines: list[Line], path: Path) -> None:
    """Draw memory and delay over the hours into the SVG file `path`. A line a dictation; None is `model_mb` where no
    model ran, and `known_ms` where nothing was inserted."""
    figure = Figure(figsize=(8, 5.6), layout="constrained")
    memory, delay = figure.subplots(2, 1, sharex=True)
    for key, name, colour in (("app_mb", "app", STREAMING_COLOR), ("model_mb", "model's process", BATCH_COLOR)):
        points = [(line["at_s"] / 60, line[key]) for line in lines if line[key] is not None]
        memory.plot(*zip(*points, strict=True), color=colour, label=name, linewidth=1)
    known = [(line["at_s"] / 60, line["known_ms"]) for line in lines if line["known_ms"] is not None]
    delay.scatter(*zip(*known, strict=True), s=10, color=STREAMING_COLOR, alpha=0.6)
    memory.set_ylim(bottom=0)
    memory.set_ylabel("memory, MB")
    memory.legend(frameon=False)
    delay.set_yscale("log")
    delay.set_ylabel("key-up to text, milliseconds")
    delay.set_xlabel("minutes")
    delay.yaxis.set_major_formatter("{x:g}")
    for axes in (memory, delay):
        axes.set_axisbelow(True)
        axes.grid(which="major", color=GRID_COLOR)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path)
