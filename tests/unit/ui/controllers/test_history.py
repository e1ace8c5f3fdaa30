"""What the history window asks for: the answers, and that there is always one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from typing import Any

import numpy as np
import pytest
import soundfile

from desktop.core.errors import HistoryProblem, Problem
from desktop.core.paths import Paths
from desktop.core.types import RATE_HZ, Outcome
from desktop.history.history import History
from desktop.history.list_index import Wanted
from desktop.history.row import Entry, Row
from desktop.ui.controllers import history as past
from desktop.ui.controllers.rows import Rows
from desktop.vocabulary import store as file
from desktop.vocabulary.learning import Suggestion


class Told:
    """The part of an engine that is asked here; `asked` is what it was told."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.asked: list[str] = []
        self.trials = self

    def reload(self) -> None:
        self.asked.append("reload")

    def paste(self, id: int, raw: bool) -> None:
        self.asked.append(f"paste {id} {raw}")

    def hear_again(self, row: Row, then: Callable[[Any], None]) -> None:
        then(Problem("Not now."))


@pytest.fixture
def here(tmp_path: Path) -> Paths:
    return Paths(tmp_path, tmp_path, tmp_path, tmp_path)


@pytest.fixture
def engine(here: Paths) -> Told:
    return Told(History(here.history))


@pytest.fixture
def rows(here: Paths, engine: Told) -> Rows:
    return past.rows(here, lambda work: work(engine), lambda fn: fn())  # type: ignore[arg-type]


@pytest.fixture
def row(engine: Told, tmp_path: Path) -> Row:
    take = tmp_path / "take.flac"
    soundfile.write(take, np.full(RATE_HZ, 0.1, np.float32), RATE_HZ)
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    text = "Deploy it with cube netties today."
    return engine.history.add(
        Entry(started_at=moment, text=text, raw_text=text, delivery=Outcome.INSERTED, audio_path=take)
    )


def answer(ask: Callable[..., None], *values: object) -> Any:
    given = Queue[Any]()
    ask(*values, given.put)
    return given.get(timeout=30)


def test_rows_are_found_by_words_and_by_id(rows: Rows, row: Row) -> None:
    assert answer(rows.find, Wanted("cube"), 10) == answer(rows.some, [row.id, 99]) == [row]
    assert list(answer(rows.places, Wanted()).ids) == [row.id]


def test_unreadable_history_is_returned_as_an_error(rows: Rows, here: Paths) -> None:
    here.history.write_bytes(b"no database at all, though there are some bytes in it" * 99)
    assert isinstance(answer(rows.find, Wanted(), 10), HistoryProblem)


def test_a_mistake_of_ours_is_an_answer_too(
    rows: Rows, row: Row, here: Paths, caplog: pytest.LogCaptureFixture
) -> None:
    with sqlite3.connect(here.history) as connection:
        connection.execute("DROP TABLE words")
    connection.close()
    assert str(answer(rows.find, Wanted("cube"), 10)) == "Something went wrong with the history. The log says what."
    assert caplog.messages == ["what a window asked for failed"]
    caplog.clear()


def test_correction_suggests_a_term_and_can_be_undone(rows: Rows, row: Row, engine: Told) -> None:
    found = answer(rows.correct, row.id, "Deploy it with Kubernetes today.")
    assert found == [Suggestion("cube netties", "Kubernetes")]
    assert answer(rows.restore, row) == row
    assert engine.history.get(row.id) == row


def test_what_is_learned_is_written_and_used(rows: Rows, here: Paths, engine: Told) -> None:
    assert answer(rows.learn, Suggestion("cube netties", "Kubernetes")) is None
    assert file.load(here.vocabulary).replacements == {"cube netties": "Kubernetes"}
    assert engine.asked == ["reload"]


def test_a_deletion_takes_row_and_recording(rows: Rows, row: Row, engine: Told) -> None:
    assert answer(rows.delete, [row.id, 99]) is None
    assert engine.history.rows() == []
    assert row.audio_path is not None
    assert not row.audio_path.exists()


def test_a_recording_is_measured(rows: Rows, row: Row, tmp_path: Path) -> None:
    assert row.audio_path is not None
    assert answer(rows.sound, row.audio_path).duration_s == 1.0
    assert isinstance(answer(rows.sound, tmp_path / "gone.flac"), Problem)


def test_the_history_is_there_before_the_engine(here: Paths, row: Row) -> None:
    rows = past.rows(here, lambda work: None, lambda fn: fn())
    assert answer(rows.find, Wanted(), 10) == [row]


def test_what_needs_the_engine_goes_there(rows: Rows, row: Row, engine: Told) -> None:
    rows.paste(row.id, True)
    assert engine.asked == [f"paste {row.id} True"]
    assert str(answer(rows.hear_again, row)) == "Not now."
