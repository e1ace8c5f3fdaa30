"""A real history for the windows that answers at once, without the engine's loop. What would make a sound, press a key
or need a model is recorded in `asked`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, override

import numpy as np

from desktop.audio.waveform import Waveform, measure_waveform
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.core.types import RATE_HZ
from desktop.history.rows import HistoryEntry, HistoryRow
from desktop.history.schema import open_history
from desktop.ui.controllers.history import HistoryController
from desktop.vocabulary.learning import Suggestion
from tests.support.ui.controllers import context, now

INSERT = """
    INSERT INTO dictation (started_at, started_s, raw_text, text, app, window, language, duration_s, engine, model,
        delivery, note, decode_s, device, guards)
    VALUES (?, ?, ?, ?, 'xterm', '', 'en', 1.0, '', '', 'inserted', '', 0.0, '', '[]')
"""


class Kept(HistoryController):
    """`heard` is what transcribing again gives; `began` and `ended` are those of what is played."""

    def __init__(self, path: Path) -> None:
        folder = path.parent
        super().__init__(context(Paths(folder, folder, folder, folder)), now)
        self.path = path
        self.history = self._history
        self.asked: list[str] = []
        self.heard: str | UserError = "heard again"
        self.seconds = 2.0
        self.located: Callable[[Any], None]
        self.began: Callable[[], None]
        self.ended: Callable[[UserError | None], None]

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

    @override
    def learn_replacement(self, suggestion: Suggestion, on_result: Callable[[Any], None]) -> None:
        self.asked.append(f"learn {suggestion.heard}: {suggestion.written}")
        on_result(None)

    @override
    def transcribe_again(self, row: HistoryRow, on_result: Callable[[Any], None]) -> None:
        self.asked.append(f"hear again {row.id}")
        if isinstance(self.heard, UserError):
            on_result(self.heard)
        else:
            on_result(self.history.update(row.id, raw_text=self.heard, text=self.heard.capitalize(), edited=None))

    @override
    def locate_words(self, row: HistoryRow, quotation: str, on_result: Callable[[Any], None]) -> None:
        self.asked.append(f"locate {quotation}")
        self.located = on_result

    @override
    def paste_row(self, id: int, raw: bool) -> None:
        self.asked.append(f"paste {id} {'raw' if raw else 'text'}")

    @override
    def paste_last(self, raw: bool, system: str = "") -> None:
        self.asked.append(f"paste last {raw}")

    @override
    def load_waveform(self, path: Path, on_result: Callable[[Any], None]) -> None:
        self.asked.append(f"sound {path.name}")
        if path.name.endswith(".flac"):
            samples = np.sin(np.arange(round(self.seconds * RATE_HZ)) / 9).astype(np.float32)
            on_result(measure_waveform(samples))
        else:
            on_result(UserError("reported-message", title="There is no such recording.", advice=""))

    @override
    def play(
        self, sound: Waveform, at_s: float, on_started: Callable[[], None], on_ended: Callable[[Any], None]
    ) -> None:
        self.asked.append(f"play {at_s:.1f}")
        self.began, self.ended = on_started, on_ended

    @override
    def stop_playback(self) -> None:
        self.asked.append("silence")
