"""The language of a dictation by the keyboard's layout, on real desktops: switched so often, pressed, compared.

The layouts are switched as users do, by the desktop's key or from its menu; the press comes right after the desktop has
switched. What counts is what the recognizer gets, which `intone status` names while the user speaks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from desktop.bench.metrics import percentile
from tests.prove.desk_kinds import DeskKind
from tests.prove.desk_table import Part, Table, prove_table
from tests.prove.input_method import COLUMNS
from tests.prove.record import Line, Run
from tests.support.desks.layouts import doctor_of_layout, layout_hands, switch_and_press
from tests.support.desks.session import DesktopSession

SWITCHES = 100

RIGHT_PERCENT = 99.0

READ = re.compile(r"the layout was read in (\d+) ms \((.*)\)")


def prove(run: Run) -> dict[str, Any]:
    """Go through the desktops; `run.limit` is how many switches."""
    return prove_table(run, TABLE)


def switches(desk: DesktopSession, kind: DeskKind, cell: str, seed: int, times: int) -> Line:
    """Switch and press so often."""
    with layout_hands(desk) as hands:
        takes, doctor = switch_and_press(desk, hands, seed, times), doctor_of_layout(desk)
    log = (desk.home / "intone/logs/intone.log").read_text()
    read = [(int(ms), source) for ms, source in READ.findall(log)[-times:]]
    return {"takes": takes, "read": read, "told": not cell.startswith("untold"), "doctor": doctor}


def judge_switches(lines: Mapping[str, Line]) -> dict[str, Any]:
    """The right language at 99 of 100 presses; where the desktop tells no layout, the language of the settings."""
    (line,) = lines.values()
    takes = line["takes"]
    right = sum(take["found"] == take["wanted"] for take in takes)
    read_ms = [ms for ms, _ in line["read"]]
    return {
        "right": f"{right}/{len(takes)}",
        "told": line["told"],
        "sources": Counter(source for _, source in line["read"]),
        "read_ms": {f"p{of}": percentile(read_ms, of) for of in (50, 95)},
        "doctor": line["doctor"],
        "wrong": [take for take in takes if take["found"] != take["wanted"]][:5],
        "ok": 100 * right >= RIGHT_PERCENT * len(takes),
    }


def _cells(kind: DeskKind) -> Sequence[str]:
    return ["untold" if kind is COLUMNS["labwc"] else "all"]


TABLE = Table(COLUMNS, {"switches": Part(_cells, SWITCHES, switches, judge_switches)}, "auto")
