"""`kill -9` at any moment of a dictation costs no word. The proof `app-kills` does so three hundred times."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.app.recovery import MAYBE_INSERTED_NOTE
from desktop.core.messages import Notes
from desktop.core.types import Outcome
from desktop.history.rows import HistoryRow
from tests.prove.app_kills import Killer, judged, summary
from tests.support.desk import Desk

WHOLE = "And Mister John Dashwood had then leisure."


def test_kill_at_any_moment_loses_and_doubles_no_word(tmp_path: Path) -> None:
    with Desk(tmp_path / "desk") as desk:
        killer = Killer(desk, tmp_path)
        found = summary([{"key": str(at), **killer.kill(5, at)} for at in range(4)])
    assert found["wrong"] == []
    assert found["kills"] == 4


def row(tmp_path: Path, delivery: Outcome, text: str = WHOLE, notes: Notes = ()) -> HistoryRow:
    audio = tmp_path / "1.flac"
    audio.touch()
    return HistoryRow(id=1, started_at=datetime.now(UTC), delivery=delivery, text=text, notes=notes, audio_path=audio)


@pytest.mark.parametrize(
    ("new", "delivery", "notes", "wrong"),
    [
        (WHOLE, Outcome.INSERTED, (), ""),
        ("", Outcome.RECOVERED, (), ""),
        (WHOLE, Outcome.RECOVERED, (MAYBE_INSERTED_NOTE,), ""),
        (WHOLE, Outcome.RECOVERED, (), "does not say"),
        ("", Outcome.INSERTED, (), "lost"),
        (f"{WHOLE} {WHOLE}", Outcome.INSERTED, (), "twice in the window"),
        (f"And Mister John Dashwood {WHOLE}", Outcome.INSERTED, (), "twice in the window"),
        ("And Mister Dash would have then", Outcome.RECOVERED, (MAYBE_INSERTED_NOTE,), "something else"),
        ("And Mister John, had then leisure", Outcome.RECOVERED, (MAYBE_INSERTED_NOTE,), ""),
    ],
)
def test_judge_finds_lost_and_doubled_text(
    tmp_path: Path, new: str, delivery: Outcome, notes: Notes, wrong: str
) -> None:
    found = judged(new, [row(tmp_path, delivery, notes=notes)], WHOLE, 2.2)
    assert [why for why in found if wrong not in why] == []
    assert bool(found) is bool(wrong)


def test_judge_finds_when_no_trace_of_speech_is_left(tmp_path: Path) -> None:
    assert judged("", [], WHOLE, 2.2) == ["lost"]
    assert judged("", [], WHOLE, 0.3) == []
    rows = [row(tmp_path, Outcome.RECOVERED), row(tmp_path, Outcome.RECOVERED)]
    assert judged("", rows, WHOLE, 2.2) == ["twice in the history"]
