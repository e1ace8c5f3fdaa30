"""`intone history stats`, as a person and a script read it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.__main__ import main
from desktop.core.types import Emotion, Outcome
from desktop.history.rows import HistoryEntry
from desktop.history.store import HistoryStore


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HistoryStore:
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    return HistoryStore(tmp_path / "history.db")


def talk(
    history: HistoryStore, ago: timedelta = timedelta(), emotion: Emotion | None = None, app: str = "slack"
) -> None:
    history.add(
        HistoryEntry(
            started_at=datetime.now(UTC).astimezone() - ago,
            app=app,
            text=" ".join(["word"] * 80),
            duration_s=30,
            release_to_text_ms=400,
            delivery=Outcome.INSERTED,
            emotion=emotion,
        )
    )


def test_an_empty_history_is_told_in_a_sentence(history: HistoryStore, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "stats"]) == 0
    assert capsys.readouterr().out == "Nothing was dictated.\n"


def test_a_person_reads_what_matters(history: HistoryStore, capsys: pytest.CaptureFixture[str]) -> None:
    talk(history, emotion=Emotion("joy", 0.9, 0.8, 0.1))
    talk(history, emotion=Emotion("neutral", 0.3, 0.0, 0.0, abstained=True, calibrating=True), app="k\x1bitty")
    main(["history", "stats"])
    out = capsys.readouterr().out
    assert out.startswith("2 dictations, 160 words, 160 words a minute\n3 min saved against typing 40 words a minute\n")
    assert "1 day in a row, 1 at most" in out
    assert "How 2 dictations sounded (an expression heard, not a feeling known):" in out
    assert "joy             1   50%" in out
    assert "unsure          1   50%" in out
    assert "still calibrating" in out
    assert "\x1b" not in out


def test_a_script_reads_one_object(history: HistoryStore, capsys: pytest.CaptureFixture[str]) -> None:
    talk(history)
    talk(history, ago=timedelta(days=3))
    main(["history", "stats", "--json", "--since", "1d"])
    told = json.loads(capsys.readouterr().out)
    assert (told["dictations"], told["words"], told["latency_ms"]["release_to_text"]["p50"]) == (1, 80, 400)
    assert (told["saved_s"], told["typing_wpm"], told["emotions"]["joy"]) == (90, 40, 0)
