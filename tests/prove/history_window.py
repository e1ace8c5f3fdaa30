"""The history window over 100,000 rows: how soon it is there, that nothing holds it up while one types, and that it
holds no more rows for having been scrolled through.

The real window over a real history on the disk, whose questions are answered as in the app; on Qt's
offscreen platform, so that no graphics card is measured. Every event that Qt's main loop delivers is timed, and while
one types nothing else is done: the longest is what the user would feel. Scrolling draws three thousand places in the
list; memory is the process's resident one, before and after, with the collector's garbage let go.
"""

from __future__ import annotations

import gc
import json
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.core.paths import Paths
from desktop.core.types import EMOTION_LABELS, Emotion
from desktop.history.list_index import HistoryQuery
from desktop.history.schema import open_history
from desktop.settings.live import LiveSettings
from desktop.ui.bridge import Bridge
from desktop.ui.controllers.app import AppController
from desktop.ui.controllers.controller import ControllerContext
from desktop.ui.history.model import ROW_ROLE
from desktop.ui.history.window import HistoryWindow
from desktop.ui.style import tokens
from tests.prove.proc import resident_mb
from tests.prove.record import Run, tell

ROWS = 100_000
OPENINGS = 10
PLACES = 3_000
PROSE = (
    "please send the numbers for the third quarter before friday and tell marta that the review moved to four because "
    "nobody had the slides ready again we should talk about flights hotels and the budget of the new office tomorrow"
)
EAST = "她说明天下午三点开会请大家带上报告我们讨论预算"
INSERT = """
    INSERT INTO dictation (started_at, started_s, app, raw_text, text, language, emotion,
        window, duration_s, engine, model, release_to_text_ms, delivery, note, decode_s, device, guards)
    VALUES (?, ?, ?, ?, ?, ?, ?, '', 6.0, 'whisper', 'base', 300.0, 'inserted', '', 0.4, 'cpu', '[]')
"""
QUERIES = ("the", "review", "budget of", "t", "she", "明", "明天", "zebra", "marta slides", "fr")
BARS = {"open_ms": 300.0, "typing_event_ms": 50.0, "grown_mb": 10.0}


class Timed(QApplication):
    """Times every event it delivers; those within another are part of it."""

    def __init__(self) -> None:
        super().__init__(["intone"])
        self.took_ms: list[float] = []
        self._inside = False

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        """Deliver it."""
        if self._inside:
            return super().notify(receiver, event)
        self._inside, began = True, perf_counter()
        try:
            return super().notify(receiver, event)
        finally:
            self._inside = False
            self.took_ms.append(1000 * (perf_counter() - began))


def prove(run: Run) -> dict[str, Any]:
    """Open it, type, scroll; `run.limit` is how many rows."""
    count = run.upto(ROWS)
    qt = Timed()
    tokens.apply_style(qt)
    with tempfile.TemporaryDirectory(prefix="intone-window-") as name:
        here = Paths(*[Path(name)] * 4)
        _fill(here.history, count, random.Random(run.seed))
        tell(f"history-window: {count} rows are there")
        bridge = Bridge()
        context = ControllerContext(here, LiveSettings(here), lambda work: None, bridge.call)
        window = HistoryWindow(AppController(context, lambda name: None, lambda: None))
        found = {**_opened(window, count), **_typed(qt, window, count), **_scrolled(window, count)}
        window.close()
    found = {name: round(value, 1) if isinstance(value, float) else value for name, value in found.items()}
    return {"rows": count, "cpus": os.cpu_count(), **found, "ok": all(found[name] <= bar for name, bar in BARS.items())}


def _opened(window: HistoryWindow, count: int) -> dict[str, Any]:
    """Milliseconds until the first rows are drawn, and until the list has its whole length."""
    drawn, whole = list[float](), list[float]()
    for _ in range(OPENINGS):
        window.close()
        window.model.beginResetModel()
        window.model.endResetModel()
        began = perf_counter()
        window.present()
        _until(lambda: window.model.index(0).data(ROW_ROLE) is not None)
        window.grab()
        drawn.append(1000 * (perf_counter() - began))
        _until(lambda: window.model.rowCount() == count)
        whole.append(1000 * (perf_counter() - began))
    return {"open_ms": max(drawn), "open_first_ms": drawn[0], "whole_ms": max(whole)}


def _typed(qt: Timed, window: HistoryWindow, count: int) -> dict[str, Any]:
    """The longest event while queries are typed at twelve keys a second, and how soon each is answered after the last
    key."""
    answered, events = dict[str, float](), list[float]()
    for query in QUERIES:
        window.search.clear()
        _until(lambda: window.model.query == HistoryQuery() and window.model.rowCount() == count)
        qt.took_ms.clear()
        for letter in query:
            window.search.insert(letter)
            QTest.qWait(80)
        began = perf_counter()
        _until(lambda query=query: window.model.query.words == query and not window.model._is_searching)
        answered[query] = round(1000 * (perf_counter() - began))
        QTest.qWait(300)
        events += qt.took_ms
    cuts = quantiles(events, n=1000)
    return {
        "typing_event_ms": max(events),
        "typing_event_p99_ms": cuts[989],
        "typing_events": len(events),
        "answer_ms_after_80_ms": answered,
    }


def _scrolled(window: HistoryWindow, count: int) -> dict[str, Any]:
    window.search.clear()
    _until(lambda: window.model.query == HistoryQuery() and window.model.rowCount() == count)
    bar = window.list.verticalScrollBar()

    def through() -> float:
        worst = 0.0
        for step in range(PLACES):
            began = perf_counter()
            bar.setValue(round(bar.maximum() * (step % 1000) / 1000))
            window.list.viewport().repaint()
            QApplication.processEvents()
            worst = max(worst, 1000 * (perf_counter() - began))
        gc.collect()
        return worst

    through()
    before = resident_mb(os.getpid())
    worst = through()
    after = resident_mb(os.getpid())
    return {
        "resident_mb": after,
        "grown_mb": after - before,
        "rows_held": len(window.model._cached_rows),
        "scroll_step_ms": worst,
    }


def _until(met: Callable[[], bool]) -> None:
    deadline = perf_counter() + 60
    while not met():
        assert perf_counter() < deadline, "the window does not answer"
        QApplication.processEvents()
        QTest.qWait(1)


def _fill(path: Path, count: int, chance: random.Random) -> None:
    """Three years of dictations, one in ten of them Chinese, in one transaction: a connection a row takes its time."""
    with open_history(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT, _dictations(count, chance))
        connection.execute("COMMIT")


def _dictations(count: int, chance: random.Random) -> Iterator[tuple[str | float, ...]]:
    spoken = PROSE.split()
    at = datetime(2026, 11, 25, tzinfo=UTC) - timedelta(minutes=15 * count)
    for number in range(count):
        at += timedelta(minutes=chance.randint(1, 29))
        east = number % 10 == 0
        words = (
            "".join(chance.choices(EAST, k=12)) if east else " ".join(chance.choices(spoken, k=chance.randint(3, 40)))
        )
        app = chance.choice(("kate", "slack", "firefox", "xterm", "thunderbird"))
        label = chance.choice(EMOTION_LABELS) if number % 4 == 0 else "neutral"
        felt = json.dumps(asdict(Emotion(label, 0.8, 0.1, 0.2, scores=(0.1,) * 7, rank=label)))
        text = f"{words[:1].upper()}{words[1:]}."
        yield at.isoformat(), at.timestamp(), app, f"um {words}", text, "zh" if east else "en", felt
