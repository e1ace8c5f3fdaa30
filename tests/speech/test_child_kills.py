"""The model's process may be killed, or hang, at any moment: no word is lost. The proof `child-kills` does so a hundred
times, and says how late the text is then."""

from __future__ import annotations

import pytest

from tests.prove.child_kills import summary, victims

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("model", ["tiny.en", "moonshine-base"])
async def test_killed_or_hung_process_loses_no_word(model: str) -> None:
    async with victims(model) as scene:
        undisturbed = await scene.undisturbed()
        lines = [{"key": str(at), **await scene.kill(3, at)} for at in range(2)]
    found = summary(undisturbed, lines)
    assert found["wrong"] == []
    assert found["ways"] == {"killed": 1, "stopped": 1}
    assert found["replaced"] > 0


def test_judge_finds_lost_words_and_failures() -> None:
    undisturbed = {"errors": [0.1], "late_ms": [100.0], "decode_s": 1.0, "load_s": 1.0}
    fine = {"clip": 0, "way": "killed", "errors": 0.1, "late_ms": 900.0, "lag_ms": 9.0, "replaced": True, "problem": ""}
    lines = [
        {"key": "fine", **fine},
        {"key": "lost", **fine, "errors": 0.9},
        {"key": "failed", **fine, "problem": "It stopped twice."},
        {"key": "late", **fine, "late_ms": 99_000.0},
        {"key": "stalled", **fine, "lag_ms": 900.0},
    ]
    found = summary(undisturbed, lines)
    assert found["wrong"] == ["lost (killed): words are lost", "failed (killed): It stopped twice."]
    assert (found["late"], found["stalled"], found["ok"]) == (["killed late"], ["stalled: the loop stalled"], False)
