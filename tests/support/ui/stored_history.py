"""A real history for the windows that answers at once, without the engine's loop. What would make a sound, press a key
or need a model is recorded in `asked`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from desktop.audio.waveform import Waveform, measure_waveform
from desktop.core.errors import UserError
from desktop.core.types import RATE_HZ
from desktop.history.rows import HistoryEntry, HistoryRow
from desktop.history.schema import open_history
from desktop.history.store import HistoryStore
from desktop.ui.controllers.history import HistoryActions, correct_text, restore_row
from desktop.vocabulary.learning import Suggestion

INSERT = """
    INSERT INTO dictation (started_at, started_s, raw_text, text, app, window, language, duration_s, engine, model,
        delivery, note, decode_s, device, guards)
    VALUES (?, ?, ?, ?, 'xterm', '', 'en', 1.0, '', '', 'inserted', '', 0.0, '', '[]')
"""


@dataclass
class Kept:
    """`heard` is what transcribing again gives; `began` and `ended` are those of what is played."""

    path: Path
    asked: list[str] = field(default_factory=list)
    heard: str | UserError = "heard again"
    seconds: float = 2.0
    began: Callable[[], None] | None = None
    ended: Callable[[UserError | None], None] | None = None

    @property
    def history(self) -> HistoryStore:
        return HistoryStore(self.path)

    def keep(self, entries: Iterable[HistoryEntry]) -> None:
        """Add them, the oldest first, whatever the order in which they are given."""
        for entry in sorted(entries, key=lambda one: one.started_at):
            self.history.add(entry)

    def keep_many(self, texts: Sequence[str], first: datetime) -> None:
        """Add rows a minute apart, in one go: a connection each would take its time."""
        moments = (first + timedelta(minutes=minute) for minute in range(len(texts)))
        values = [(at.isoformat(), at.timestamp(), text, text) for at, text in zip(moments, texts, strict=True)]
        with open_history(self.path) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(INSERT, values)
            connection.execute("COMMIT")

    def rows(self) -> HistoryActions:
        """What a window asks."""
        history = self.history
        return HistoryActions(
            find_rows=lambda wanted, limit, then: then(history.find(wanted, limit)),
            load_index=lambda wanted, then: then(history.list_index(wanted)),
            load_rows=lambda ids, then: then(history.rows_with_ids(ids)),
            load_filter_values=lambda then: then(history.filter_choices()),
            correct_text=lambda id, text, then: then(correct_text(history, id, text)),
            learn_replacement=self._learn,
            restore_row=lambda row, then: then(restore_row(history, row)),
            transcribe_again=self._hear_again,
            delete_rows=self._delete,
            paste_row=lambda id, raw: self.asked.append(f"paste {id} {'raw' if raw else 'text'}"),
            load_waveform=lambda path, then: then(self._sound(path)),
            play=self._play,
            stop_playback=lambda: self.asked.append("silence"),
        )

    def _learn(self, suggestion: Suggestion, then: Callable[[Any], None]) -> None:
        self.asked.append(f"learn {suggestion.heard}: {suggestion.written}")
        then(None)

    def _hear_again(self, row: HistoryRow, then: Callable[[Any], None]) -> None:
        self.asked.append(f"hear again {row.id}")
        if isinstance(self.heard, UserError):
            then(self.heard)
        else:
            then(self.history.update(row.id, raw_text=self.heard, text=self.heard.capitalize(), edited=None))

    def _delete(self, ids: Sequence[int], then: Callable[[Any], None]) -> None:
        for id in ids:
            self.history.delete(id)
        then(None)

    def _sound(self, path: Path) -> Waveform | UserError:
        self.asked.append(f"sound {path.name}")
        if not path.name.endswith(".flac"):
            return UserError("There is no such recording.")
        return measure_waveform(np.sin(np.arange(round(self.seconds * RATE_HZ)) / 9).astype(np.float32))

    def _play(self, what: Waveform, at_s: float, began: Callable[[], None], ended: Callable[[Any], None]) -> None:
        self.asked.append(f"play {at_s:.1f}")
        self.began, self.ended = began, ended
