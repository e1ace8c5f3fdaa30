"""What the proof of an NVIDIA card counts as met."""

from __future__ import annotations

from typing import Any

import pytest

from tests.prove.gpu import judged

CPU = {"computes_on": "cpu", "wer": 5.0, "p50_ms": 200.0, "empty": 0}
CARD = {"computes_on": "cuda", "wer": 5.5, "p50_ms": 90.0, "empty": 0}
KEPT = [{"kept": True}, {"kept": True}]


@pytest.mark.parametrize(
    ("worse", "steps", "bars"),
    [
        ({}, KEPT, set()),
        ({"wer": 5.6}, KEPT, {"words"}),
        ({"p50_ms": 210.0}, KEPT, {"key_up"}),
        ({"computes_on": "cpu"}, KEPT, {"on_the_card"}),
        ({"empty": 1}, KEPT, {"nothing_empty"}),
        ({}, [{"kept": True}, {"kept": False}], {"step_down"}),
        ({}, [], {"step_down"}),
    ],
)
def test_bars_of_a_card_are_missed_by_what_is_worse(
    worse: dict[str, Any], steps: list[dict[str, Any]], bars: set[str]
) -> None:
    found = judged({"cuda": {**CARD, **worse}, "cpu": CPU}, steps)
    assert {name for name, met in found["bars"].items() if not met} == bars
    assert found["ok"] is not bool(bars)


def test_rehearsal_is_judged_without_a_card() -> None:
    assert judged({"cpu": CPU}, KEPT) == {"bars": {"step_down": True, "nothing_empty": True}, "ok": True}
