"""The verdict on a user's engine of IBus: what makes a round good, and what is counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.prove.desk_table import cells_of, summary
from tests.prove.input_method import TABLE
from tests.prove.input_method_engines import CELLS
from tests.prove.record import Line, Run

PART, CELL = "engines", CELLS[0]
MOMENTS = ("before", "after", "after quit", "after kill")


def round_of(**changes: Any) -> Line:
    """A round in which all went well."""
    return {
        "checks": [{"when": when, "ok": True, "back_s": 0.1} for when in MOMENTS],
        "half": {"kept": True, "left": False},
        "take": {"landed": True, "twice": False, "rows": 1, "false": False},
        "kill": {"came": 3000, "of": 10_000, "whole": False},
        **changes,
    }


def verdict(*rounds: Line, choice: str = "always") -> dict[str, Any]:
    """The judgement of one cell."""
    line = {"choice": choice, "rounds": list(rounds)}
    found: dict[str, Any] = summary({PART: {CELL: line}}, TABLE.parts)[PART]
    return found


def test_engine_works_so_many_times_of_all() -> None:
    found = verdict(*[round_of()] * 5)
    assert found["cells"][CELL]["works"] == "20/20"
    assert (found["failed"], found["ok"]) == ([], True)


@pytest.mark.parametrize("moment", range(len(MOMENTS)))
def test_engine_that_fails_once_is_not_good(moment: int) -> None:
    one = round_of()
    one["checks"][moment] = {**one["checks"][moment], "ok": False, "back_s": None, "found": "nihao "}
    found = verdict(round_of(), one)
    assert (found["cells"][CELL]["works"], found["ok"]) == ("7/8", False)
    assert [(failed["cell"], failed["when"], failed["found"]) for failed in found["failed"]] == [
        (CELL, MOMENTS[moment], "nihao ")
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"half": {"kept": False, "left": False}},
        {"take": {**round_of()["take"], "landed": False}},
        {"take": {**round_of()["take"], "twice": True}},
        {"take": {**round_of()["take"], "rows": 2}},
        {"kill": {"came": 0, "of": 10_000, "whole": False}},
    ],
)
@pytest.mark.parametrize("choice", ["always", "auto"])
def test_round_is_not_good_with_one_fault(changes: Line, choice: str) -> None:
    assert verdict(round_of(), choice=choice)["ok"]
    assert not verdict(round_of(), round_of(**changes), choice=choice)["ok"]


@pytest.mark.parametrize(
    "changes",
    [{"half": {"kept": False, "left": True}}, {"kill": {"came": 10_000, "of": 10_000, "whole": True}}],
)
def test_clipboard_comes_whole_and_waits_for_a_half_typed_word(changes: Line) -> None:
    assert verdict(round_of(**changes), choice="auto")["ok"]
    assert not verdict(round_of(**changes))["ok"]


@pytest.mark.parametrize(("desk", "count"), [("gnome", 25), ("x11", 20), ("sway", 0), ("labwc", 0)])
def test_engines_are_of_desks_with_ibus(desk: str, count: int, tmp_path: Path) -> None:
    cells = list(cells_of(Run("input-method", 1, None, tmp_path, part=PART), TABLE, desk))
    assert sum(cell.times for cell in cells) == count
