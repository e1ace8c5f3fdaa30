"""The app killed between the keys of a chord that holds them, again and again, and what is down afterwards."""

from __future__ import annotations

from time import monotonic
from typing import Any

from desktop.bench.metrics import percentile
from tests.conftest import managed_display
from tests.prove.record import Line, Run, tell
from tests.support.killed_chords import kill_in_a_chord
from tests.support.x_clients import Hand, SlowReader, focused, keys_down

KILLS = 100

HOLDS_MS = (10, 100)
"""Remote desktops', and the longest that a rule may have."""

PATIENCE_S = 10.0


def prove(run: Run) -> dict[str, Any]:
    """Kill; `run.limit` is how many times."""
    keys = [f"{HOLDS_MS[kill % len(HOLDS_MS)]} ms {kill}" for kill in range(run.upto(KILLS))]
    if missing := [key for key in keys if key not in run.lines]:
        with managed_display() as display, SlowReader(display, 0.0):
            focused(display, "slow-reader")
            for key in missing:
                run.lines.add(key, _kill(display, int(key.split()[0])))
                tell(f"chord-kills: {key}", "\r")
    lines = [run.lines[key] for key in keys]
    seconds = [line["up_s"] for line in lines]
    return {
        "kills": len(lines),
        "down_at_the_kill": sum(line["down"] for line in lines),
        "stuck": sum(line["stuck"] for line in lines),
        "up_s": {f"p{of}": percentile(seconds, of) for of in (50, 95)},
        "ok": not any(line["stuck"] for line in lines),
    }


def _kill(display: str, hold_ms: int) -> Line:
    down, at = kill_in_a_chord(display, hold_ms), monotonic()
    hand = Hand(display)
    try:
        while (left := keys_down(display)) and monotonic() < at + PATIENCE_S:
            pass
        for keycode in left:
            hand.release(keycode)
    finally:
        hand.close()
    return {"down": bool(down), "stuck": bool(left), "up_s": round(monotonic() - at, 3)}
