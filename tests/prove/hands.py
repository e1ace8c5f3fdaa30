"""Two hundred dictations by an unsteady hand, with the real app, real speech and real windows (`tests.support.hands`).

What is asked for is that nothing is harmed, so the words themselves are not looked at. A line is a move.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from desktop.bench.metrics import percentile
from tests.prove.record import MODELS, Line, Run, tell
from tests.support.desk import Desk
from tests.support.hands import Hands, Move, moves

DICTATIONS = 200

CUT = ("early", "held")
"""Kinds of which the times say nothing: the key comes up in mid-word, or while the one before is finished."""


def drawn(seed: int, dictations: int) -> list[Move]:
    """The first moves with so many dictations in them."""
    found: list[Move] = []
    rest, count = moves(seed), 0
    while count < dictations:
        found += islice(rest, 1)
        count += found[-1].dictations
    return found


def prove(run: Run) -> dict[str, Any]:
    """Start the app once and make the moves; `run.limit` is how many dictations."""
    planned = drawn(run.seed, run.upto(DICTATIONS))
    missing = [(f"{at} {move.kind}", move) for at, move in enumerate(planned) if f"{at} {move.kind}" not in run.lines]
    if missing:
        with tempfile.TemporaryDirectory(prefix="intone-hands-") as name, Desk(Path(name, "desk")) as desk:
            (desk.home / "models").symlink_to(MODELS)
            desk.intone("settings", "set", "recognizer.model", run.model)
            desk.start()
            desk.wait_ready()
            hands = Hands(desk, Path(name))
            for number, (key, move) in enumerate(missing):
                came = hands.make(move)
                run.lines.add(key, {"kind": move.kind, **asdict(came)})
                tell(f"hands: {number + 1}/{len(missing)}", "\r")
    return _summary([run.lines[f"{at} {move.kind}"] for at, move in enumerate(planned)])


def _summary(lines: list[Line]) -> dict[str, Any]:
    known_ms = [ms for line in lines if line["kind"] not in CUT for ms in line["known_ms"]]
    wrong = [f"{line['key']}: {line['wrong']}" for line in lines if line["wrong"]]
    return {
        "moves": len(lines),
        "kinds": Counter(line["kind"] for line in lines),
        "dictations": sum(len(line["outcomes"]) for line in lines),
        "outcomes": Counter(outcome for line in lines for outcome in line["outcomes"]),
        "known_ms": {f"p{of}": percentile(known_ms, of) for of in (50, 95)},
        "wrong": wrong,
        "ok": not wrong,
    }
