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

from desktop.core.errors import HistoryError, UserError
from desktop.core.paths import Paths
from desktop.core.types import RATE_HZ, Outcome
from desktop.history.list_index import HistoryQuery
from desktop.history.rows import HistoryEntry, HistoryRow
from desktop.history.store import HistoryStore
from desktop.ui.controllers.history import HistoryController
from desktop.vocabulary import store
from desktop.vocabulary.learning import Suggestion
from tests.support.ui.controllers import Loop, context


class Told(Loop):
    """The part of an engine that is asked here; `asked` is what it was told."""

    def __init__(self, history: HistoryStore) -> None:
        self.history = history
        self.asked: list[str] = []
        self.trials = self.last_dictation = self

    def reload(self) -> None:
        self.asked.append("reload")

    async def paste_row(self, id: int, raw: bool) -> None:
        self.asked.append(f"paste {id} {raw}")

    async def paste_last(self, raw: bool, *, is_from_own_window: bool) -> None:
        self.asked.append(f"paste last {raw} {is_from_own_window}")

    async def retranscribe(self, row: HistoryRow) -> None:
        raise UserError("reported-message", title="Not now.", advice="")


@pytest.fixture
def here(tmp_path: Path) -> Paths:
    return Paths(tmp_path, tmp_path, tmp_path, tmp_path)


@pytest.fixture
def engine(here: Paths) -> Told:
    return Told(HistoryStore(here.history))


@pytest.fixture
def rows(here: Paths, engine: Told) -> HistoryController:
    return HistoryController(context(here, engine))


@pytest.fixture
def row(engine: Told, tmp_path: Path) -> HistoryRow:
    take = tmp_path / "take.flac"
    soundfile.write(take, np.full(RATE_HZ, 0.1, np.float32), RATE_HZ)
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    text = "Deploy it with cube netties today."
    return engine.history.add(
        HistoryEntry(started_at=moment, text=text, raw_text=text, delivery=Outcome.INSERTED, audio_path=take)
    )


def answer(ask: Callable[..., None], *values: object) -> Any:
    given = Queue[Any]()
    ask(*values, given.put)
    return given.get(timeout=30)


def test_rows_are_found_by_words_and_by_id(rows: HistoryController, row: HistoryRow) -> None:
    assert answer(rows.find_rows, HistoryQuery("cube"), 10) == answer(rows.load_rows, [row.id, 99]) == [row]
    assert list(answer(rows.load_index, HistoryQuery()).ids) == [row.id]


def test_unreadable_history_is_returned_as_an_error(rows: HistoryController, here: Paths) -> None:
    here.history.write_bytes(b"no database at all, though there are some bytes in it" * 99)
    assert isinstance(answer(rows.find_rows, HistoryQuery(), 10), HistoryError)


def test_a_mistake_of_ours_is_an_answer_too(
    rows: HistoryController, row: HistoryRow, here: Paths, caplog: pytest.LogCaptureFixture
) -> None:
    with sqlite3.connect(here.history) as connection:
        connection.execute("DROP TABLE words")
    connection.close()
    assert (
        str(answer(rows.find_rows, HistoryQuery("cube"), 10))
        == "Something went wrong with the history. The log says what."
    )
    assert caplog.messages == ["a window's request failed"]
    caplog.clear()


def test_correction_suggests_a_term_and_can_be_undone(rows: HistoryController, row: HistoryRow, engine: Told) -> None:
    found = answer(rows.correct_text, row.id, "Deploy it with Kubernetes today.")
    assert found == [Suggestion("cube netties", "Kubernetes")]
    assert answer(rows.restore_row, row) == row
    assert engine.history.get(row.id) == row


def test_what_is_learned_is_written_and_used(rows: HistoryController, here: Paths, engine: Told) -> None:
    assert answer(rows.learn_replacement, Suggestion("cube netties", "Kubernetes")) is None
    assert store.load_vocabulary_file(here.vocabulary).replacements == {"cube netties": "Kubernetes"}
    assert engine.asked == ["reload"]


def test_what_is_kept_is_no_replacement(rows: HistoryController, here: Paths, engine: Told) -> None:
    assert answer(rows.learn_replacement, Suggestion("cube netties", "cube netties")) is None
    stored = store.load_vocabulary_file(here.vocabulary)
    assert (stored.replacements, stored.kept) == ({}, ("cube netties",))
    assert engine.asked == ["reload"]


def test_a_deletion_takes_row_and_recording(rows: HistoryController, row: HistoryRow, engine: Told) -> None:
    assert answer(rows.delete_rows, [row.id, 99]) is None
    assert engine.history.rows() == []
    assert row.audio_path is not None
    assert not row.audio_path.exists()


def test_a_recording_is_measured(rows: HistoryController, row: HistoryRow, tmp_path: Path) -> None:
    assert row.audio_path is not None
    assert answer(rows.load_waveform, row.audio_path).duration_s == 1.0
    assert isinstance(answer(rows.load_waveform, tmp_path / "gone.flac"), UserError)


def test_the_history_is_there_before_the_engine(here: Paths, row: HistoryRow) -> None:
    rows = HistoryController(context(here))
    assert answer(rows.find_rows, HistoryQuery(), 10) == [row]


def test_what_needs_the_engine_goes_there(rows: HistoryController, row: HistoryRow, engine: Told) -> None:
    rows.paste_row(row.id, True)
    rows.paste_last(False, "win32")
    rows.paste_last(True, "linux")
    assert engine.asked == [f"paste {row.id} True", "paste last False True", "paste last True False"]
    assert str(answer(rows.transcribe_again, row)) == "Not now."
