"""A hundred thousand dictations added up for mood and numbers: how long it takes, and what it costs to be ready for it.

The history is made from the seed: six years of a busy user, with emotions, in six applications. What is timed is what
the window asks for: everything, a year and a month, ten times each; and one more dictation remembered.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from desktop.core.types import EMOTION_LABELS, Emotion, Outcome
from desktop.history.rows import HistoryEntry
from desktop.history.schema import open_history
from desktop.history.statistics import compute_statistics
from desktop.history.store import HistoryStore
from tests.prove.record import Run, tell

DICTATIONS = 100_000
BAR_MS = 200
TIMES = 10
LAST = datetime(2026, 3, 14, 18, tzinfo=UTC)
APPS = ("slack", "firefox", "kitty", "code", "thunderbird", "writer")
SENTENCE = "we could meet at the station and see what the others think of it before the end of next week and then"


def prove(run: Run) -> dict[str, Any]:
    """Add up `run.limit` dictations, 100,000 unless said otherwise."""
    count = run.upto(DICTATIONS)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "history.db"
        _fill(file, count, random.Random(run.seed))
        tell(f"{count} dictations are there")
        found: dict[str, Any] = {"dictations": count, "bar_ms": BAR_MS}
        for name, days in (("everything", None), ("year", 365), ("month", 30)):
            since = None if days is None else LAST - timedelta(days=days)
            found[f"{name}_ms"] = _median(lambda since=since: compute_statistics(file, LAST.date(), since))
        history = HistoryStore(file)
        found["add_ms"] = _median(lambda: history.add(_said(LAST, random.Random(0))))
        with open_history(file) as connection:
            size = "SELECT sum(pgsize) FROM dbstat WHERE name = ?"
            found["bytes_each"] = round((connection.execute(size, ("figures",)).fetchone()[0] or 0) / count)
        assert compute_statistics(file, date.max).total.dictations == count + TIMES
    return {**found, "ok": found["everything_ms"] < BAR_MS}


def _fill(file: Path, count: int, chance: random.Random) -> None:
    """Rows as `HistoryStore.add` writes them, in one transaction."""
    history = HistoryStore(file)
    history.add(_said(LAST - timedelta(minutes=31 * count), chance))
    with open_history(file) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(dictation)") if row[1] != "id"]
        first = dict(connection.execute("SELECT * FROM dictation").fetchone())
        connection.execute("BEGIN")
        for number in range(count - 1, 0, -1):
            made = _said(LAST - timedelta(minutes=31 * number), chance)
            emotion = made.emotion
            assert emotion is not None
            row = first | {
                "started_at": made.started_at.isoformat(timespec="milliseconds"),
                "started_s": made.started_at.timestamp(),
                "app": made.app,
                "raw_text": made.raw_text,
                "text": made.text,
                "duration_s": made.duration_s,
                "release_to_text_ms": made.release_to_text_ms,
                "decode_s": made.decode_s,
                "paste_ms": made.paste_ms,
                "emotion": first["emotion"].replace('"label": "', f'"label": "{emotion.label}", "was": "', 1),
            }
            names = ", ".join(columns)
            marks = ", ".join(f":{column}" for column in columns)
            connection.execute(f"INSERT INTO dictation ({names}) VALUES ({marks})", row)
        connection.execute("COMMIT")


def _said(moment: datetime, chance: random.Random) -> HistoryEntry:
    text = " ".join(chance.choices(SENTENCE.split(), k=chance.randint(3, 60)))
    return HistoryEntry(
        started_at=moment,
        app=chance.choice(APPS),
        raw_text=text,
        text=text,
        language="en",
        duration_s=chance.uniform(1, 30),
        release_to_text_ms=chance.lognormvariate(6, 0.4),
        decode_s=chance.lognormvariate(-0.5, 0.5),
        paste_ms=chance.uniform(10, 60),
        delivery=Outcome.INSERTED,
        emotion=Emotion(chance.choice(EMOTION_LABELS), 0.8, 0.1, -0.1, engine="local", scores=(0.1,) * 7),
    )


def _median(work: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(took), 1)
