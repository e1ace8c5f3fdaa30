"""What the proof of Vulkan counts as met."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from desktop.core.types import RATE_HZ
from tests.prove.vulkan import CUT_S, beginning, judged

ON_CPU = {"device": "cpu", "note": "", "text": "Mr. John Dashwood"}
ON_CARD = {"device": "vulkan", "note": "", "text": "mr john dashwood."}
STEPPED_DOWN = {"device": "cpu", "note": "vulkan-failed", "text": "Mr. John Dashwood"}


@pytest.mark.parametrize(
    ("way", "worse", "bars"),
    [
        ("vulkan", {}, set()),
        ("vulkan", {"text": "Mr. John"}, {"words"}),
        ("vulkan", {"device": "cpu", "note": "vulkan-failed"}, {"device"}),
        ("without_driver", {"note": ""}, {"step_down"}),
        ("without_driver", {"text": ""}, {"words_without_driver"}),
        ("cpu", {"text": ""}, {"words", "words_without_driver"}),
    ],
)
def test_bars_of_vulkan_are_missed_by_what_is_worse(way: str, worse: dict[str, Any], bars: set[str]) -> None:
    found: dict[str, dict[str, Any]] = {"cpu": ON_CPU, "vulkan": ON_CARD, "without_driver": STEPPED_DOWN}
    judgement = judged({**found, way: {**found[way], **worse}})
    assert {name for name, met in judgement["bars"].items() if not met} == bars
    assert judgement["ok"] is not bool(bars)


def test_sentence_is_cut_where_it_is_quietest() -> None:
    audio = np.full(5 * RATE_HZ, 0.1, np.float32)
    audio[round(1.4 * RATE_HZ) : round(1.5 * RATE_HZ)] = 0.0
    assert CUT_S[0] < 1.4 <= len(beginning(audio)) / RATE_HZ < 1.5 < CUT_S[1]
