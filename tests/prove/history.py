"""Search in a long history: how soon the first results are there, over years of dictations in English and Chinese.

The rows are made from the seed in the file of an older version, so that bringing it up to date is measured too. Words
are as frequent as words are (Zipf), so that there are some in nearly every row and some in one. What is timed is what
the window does after a key: the newest fifty rows for a query, from opening the file to the rows as objects.
"""

from __future__ import annotations

import itertools
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from desktop.core.types import EMOTION_LABELS, Emotion, Outcome
from desktop.history.rows import HistoryEntry, insert_statement
from desktop.history.schema import MIGRATIONS
from desktop.history.search import RowFilter
from desktop.history.store import HistoryStore
from tests.prove.record import ROOT, Run, tell

ROWS, QUERIES = 100_000, 200

BAR_MS = 50.0
"""First results, at p95, on two cores."""

BAR_MIGRATION_S = 60.0

FIRST = datetime(2023, 1, 1, 8, tzinfo=UTC)
EVERY = timedelta(minutes=17)

APPS = ("firefox", "kate", "xterm", "slack", "thunderbird", "code", "libreoffice", "obsidian", "signal", "gimp")

CHINESE = (Path(__file__).parent / "chinese_words.txt").read_text("utf-8").split()
"""Some that are in every conversation first, then others."""

ENGLISH = "the to and of a in is that it for you there with not this".split()  # noqa: SIM905


def prove(run: Run) -> dict[str, Any]:
    """All of it, over `run.limit` rows."""
    rows = run.upto(ROWS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "history.db"
        made = Made(run.seed)
        tell(f"{rows} rows are made")
        fill_older(file, made, rows)
        history = HistoryStore(file)
        migration_s = timed(history.last) / 1000
        tell(f"brought up to date in {migration_s:.1f} s")
        asked = [(made.query(), made.filter(rows) if at % 3 == 0 else RowFilter()) for at in range(QUERIES)]
        took = [(timed(lambda q=q, w=w: history.search(q, row_filter=w)), q, w) for q, w in asked]  # type: ignore[misc]
        kinds = {
            "one_character": [ms for ms, q, _ in took if len(q) == 1 and not q.isascii()],
            "two_characters": [ms for ms, q, _ in took if len(q) == 2 and not q.isascii()],
            "filtered": [ms for ms, _, w in took if w != RowFilter()],
        }
        signs = [timed(lambda q=q: history.search(q)) for q in ("?", "%", "€", "“")]  # type: ignore[misc]
        pages = list(paged(history, 200))
        inserts = [timed(lambda: history.add(made.entry(rows))) for _ in range(100)]
        deletes = [timed(lambda id=id: history.delete(id)) for id in range(1, 101)]  # type: ignore[misc]
        return {
            "rows": rows,
            "file_mb": round(file.stat().st_size / 1e6, 1),
            "migration_s": round(migration_s, 1),
            "search": spread([ms for ms, _, _ in took]),
            **{kind: spread(found) for kind, found in kinds.items()},
            "slowest": [
                (round(ms, 1), q, str(w) if w != RowFilter() else "")
                for ms, q, w in sorted(took, key=lambda t: -t[0])[:3]
            ],
            "sign_alone_ms": [round(ms, 1) for ms in signs],
            "first_50": spread([timed(history.rows) for _ in range(20)]),
            "page_of_50": spread(pages),
            "choices_ms": round(timed(history.filter_choices), 1),
            "insert": spread(inserts),
            "delete": spread(deletes),
            "clear_s": round(timed(history.clear) / 1000, 1),
            "ok": quantiles([ms for ms, _, _ in took], n=20)[-1] < BAR_MS and migration_s < BAR_MIGRATION_S,
        }


class Made:
    """Dictations and queries, from a seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        known = sorted(set((ROOT / "tests/prove/prose.txt").read_text("utf-8").lower().split()))
        rare = ["".join(self._chance.choices("bcdfghklmnprst", k=3)) + "aeiou"[n % 5] + str(n) for n in range(8000)]
        self._chance.shuffle(known)
        self._english = [
            *["the", "to", "and", "of", "a", "in", "is", "that", "it", "for", "you", "there", "with", "not", "this"],
            *known,
            *rare,
        ]
        han = [chr(0x4E00 + at) for at in self._chance.sample(range(6000), 1500)]
        self._chinese = [*CHINESE, *han]

    def entry(self, at: int) -> HistoryEntry:
        """The dictation number `at`."""
        chinese = self._chance.random() < 0.5
        words = self._words(chinese, self._chance.randint(3, 45))
        raw = "".join(words) if chinese else " ".join(words)
        label = self._chance.choices(EMOTION_LABELS, (50, 8, 4, 3, 1, 2, 1))[0]
        scores = tuple(round(1 / 7, 6) for _ in EMOTION_LABELS)
        return HistoryEntry(
            started_at=FIRST + at * EVERY,
            app=self._chance.choices(APPS, [1 / (n + 1) for n in range(len(APPS))])[0],
            window="A window that has a title of its own",
            raw_text=raw,
            text=raw + "。" if chinese else raw.capitalize() + ".",
            language="zh" if chinese else "en",
            duration_s=len(words) / 2.5,
            engine="whisper",
            model="base",
            release_to_text_ms=700.0,
            delivery=self._chance.choices((Outcome.INSERTED, Outcome.COPIED, Outcome.FAILED), (97, 2, 1))[0],
            emotion=Emotion(label, 0.6, 0.1, 0.1, engine="local", scores=scores, rank=label),
        )

    def query(self) -> str:
        """What somebody types: a word or two, often not to its end; or nothing, beside a filter."""
        chinese = self._chance.random() < 0.5
        frequent = self._chance.random() < 0.5
        known = self._chinese if chinese else self._english
        word = self._chance.choice(known[:40] if frequent else known)
        match self._chance.randrange(6):
            case 0:
                return word[: 1 if chinese else self._chance.randint(1, 3)]
            case 1:
                return word + ("" if chinese else " ") + self._chance.choice(known[:60])
            case 2:
                return f"{word} {self._chance.choice(self._chinese[:40])} {self._chance.choice(self._english[:40])}"
            case 3:
                return "zzabsent" if not chinese else word + "龘"
            case _:
                return word[:2] if chinese else word[: self._chance.randint(2, 8)]

    def filter(self, rows: int) -> RowFilter:
        """One, or several together."""
        began = FIRST + self._chance.randrange(rows) * EVERY
        return RowFilter(
            app=self._chance.choice(("", "", *APPS)),
            language=self._chance.choice(("", "", "zh", "en")),
            emotion=self._chance.choice(("", "", *EMOTION_LABELS)),
            delivery=self._chance.choice((None, None, Outcome.FAILED, Outcome.INSERTED)),
            since=self._chance.choice((None, None, began)),
            until=self._chance.choice((None, None, began + timedelta(days=200))),
        )

    def _words(self, chinese: bool, count: int) -> Sequence[str]:
        known = self._chinese if chinese else self._english
        return self._chance.choices(known, cum_weights=_zipf(len(known)), k=count)


def fill_older(file: Path, made: Made, rows: int) -> None:
    """A file of version 4, which knew no filter and no Chinese word."""
    with closing(sqlite3.connect(file, autocommit=True)) as older:
        older.execute("PRAGMA journal_mode = WAL")
        for script in MIGRATIONS[:4]:
            older.executescript(script)
        older.execute("PRAGMA user_version = 4")
        older.execute("BEGIN")
        for at in range(rows):
            statement, values = insert_statement(made.entry(at))
            for name in ("emotion_user", "note_codes"):
                statement = statement.replace(f", {name}", "").replace(f", :{name}", "")
            older.execute(statement, values)
        older.execute("COMMIT")


def paged(history: HistoryStore, pages: int) -> Iterator[float]:
    """The time of each page, from the newest on."""
    before = None
    for _ in range(pages):
        began = time.perf_counter()
        rows = history.rows(before_id=before)
        yield (time.perf_counter() - began) * 1000
        if not rows:
            return
        before = rows[-1].id


def timed(work: Callable[[], object]) -> float:
    """In milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def spread(ms: Sequence[float]) -> dict[str, float]:
    """The median and the 95th percentile, and how many."""
    if len(ms) < 2:
        return {"n": len(ms)}
    return {"n": len(ms), "p50_ms": round(median(ms), 1), "p95_ms": round(quantiles(ms, n=20)[-1], 1)}


_weights: dict[int, list[float]] = {}


def _zipf(count: int) -> list[float]:
    if count not in _weights:
        _weights[count] = list(itertools.accumulate(1 / (at + 3) for at in range(count)))
    return _weights[count]
