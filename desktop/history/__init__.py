"""What was said, where it went and how it felt, on this machine alone: SQLite with a full-text index.

A connection lives for one call. SQLite's connections belong to a thread, and these calls come from the engine's
workers, the history window and other processes; there are few of them (one a dictation, one a keystroke in the search
field), and opening takes a millisecond. In return nothing is held between calls: the file may be deleted or replaced
under a running app, and the write-ahead log is folded into it and removed whenever nobody uses it.

Rows come newest first, which is by id: a clock may be set back, ids only grow.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import batched, islice
from pathlib import Path
from typing import TypedDict, Unpack

from desktop.history import columns, forgetting, places
from desktop.history.clearing import cleared, note_clearing
from desktop.history.columns import NAMES, stored
from desktop.history.export import OLDEST_FIRST, export
from desktop.history.forgetting import RETRY_DAYS
from desktop.history.places import Offers, Places, Wanted
from desktop.history.row import Entry, Row
from desktop.history.schema import WAIT_S, opened, problems
from desktop.history.search import ALL, Filter, newest
from desktop.history.terms import tag, untagged
from desktop.ports import LABELS, Change, Emotion, Outcome, Sent
from desktop.problems import HistoryProblem

__all__ = [
    "ALL",
    "LIMIT",
    "RETRY_DAYS",
    "Changes",
    "Emotion",
    "Entry",
    "Filter",
    "History",
    "Offers",
    "Places",
    "Row",
    "Wanted",
    "cleared",
]

LIMIT = 50
"""Rows that are given where nobody says how many."""

KINDS = {"app": "a", "language": "l", "delivery": "d", "emotion": "e"}
"""What can be chosen to filter by, and its tag."""


class Changes(TypedDict, total=False):
    """What may become known of a dictation after its row was written."""

    app: str
    window: str
    raw_text: str
    text: str
    language: str
    engine: str
    model: str
    device: str
    decode_s: float
    release_to_text_ms: float | None
    paste_ms: float | None
    delivery: Outcome
    note: str
    emotion: Emotion | None
    audio_path: Path | None
    guards: tuple[str, ...]
    sent: tuple[Sent, ...]
    style: str
    changed: tuple[Change, ...]
    edited: str | None
    emotion_user: str | None


class History:
    """The history in the file at `path`. Every method blocks, suits any thread, and raises `HistoryProblem`.

    `wait_s` is how long it waits for another writer.
    """

    def __init__(self, path: Path, wait_s: float = WAIT_S) -> None:
        self._path = path
        self._opened = partial(opened, path, wait_s)

    def add(self, entry: Entry) -> Row:
        """Remember a dictation."""
        with self._opened() as connection:
            added = connection.execute(*columns.insertion(entry))
        return Row(id=added.lastrowid or 0, **{name: getattr(entry, name) for name in NAMES})

    def take_in(self, entries: Iterable[Entry]) -> int:
        """Remember all of `entries` that are not known yet, in the order given, and return how many those were.

        Known is what began in the same millisecond with the same words. All come in one transaction, so give a few
        hundred at a time: nobody else can write meanwhile.
        """
        known = "SELECT 1 FROM dictation WHERE started_s > ? - 0.001 AND started_s < ? + 0.001 AND raw_text = ?"
        count = 0
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            for entry in entries:
                began = entry.started_at.timestamp()
                if connection.execute(known, (began, began, entry.raw_text)).fetchone() is None:
                    connection.execute(*columns.insertion(entry))
                    count += 1
            connection.execute("COMMIT")
        return count

    def began(self, at: datetime) -> bool:
        """Whether there is a dictation that began in that millisecond."""
        sql = "SELECT 1 FROM dictation WHERE started_s > ? - 0.001 AND started_s < ? + 0.001"
        with self._opened() as connection:
            return connection.execute(sql, (at.timestamp(), at.timestamp())).fetchone() is not None

    def update(self, id: int, **changes: Unpack[Changes]) -> Row | None:
        """Write what has become known of a dictation, and return what can be read of it; None where it has been deleted
        meanwhile."""
        values = {name: stored(value) for name, value in changes.items()}
        sets = ", ".join(f"{name} = :{name}" for name in values)
        with self._opened() as connection:
            connection.execute(f"UPDATE dictation SET {sets} WHERE id = :id", {**values, "id": id})
        return next(iter(self.some([id])), None)

    def correct(self, id: int, text: str) -> Row | None:
        """Remember that the dictation should have read `text`; None where there is none. What was inserted stays as it
        was, so that both can be compared."""
        return self.update(id, edited=text)

    def correct_emotion(self, id: int, label: str | None) -> Row | None:
        """Remember that the dictation expressed `label`, one of `ports.LABELS`; None takes the correction back. What
        was found stays as it was, so that both can be compared. None where there is no such row."""
        if label is not None and label not in LABELS:
            raise HistoryProblem(f"There is no emotion {label}.", f"Choose one of {', '.join(LABELS)}.")
        return self.update(id, emotion_user=label)

    def get(self, id: int) -> Row | None:
        """The row with this id. One that cannot be read whole is a problem: lists have what can be read of it."""
        with self._opened() as connection:
            found = connection.execute("SELECT * FROM dictation WHERE id = ?", (id,)).fetchone()
        try:
            return None if found is None else columns.row(found)
        except columns.UNREADABLE as error:
            remedy = "The list of the history shows what can be, and an export has it."
            raise HistoryProblem(f"Not all of dictation {id} can be read any more.", remedy) from error

    def last(self) -> Row | None:
        """The newest row."""
        return next(iter(self.rows(1)), None)

    def rows(
        self,
        limit: int = LIMIT,
        since: datetime | None = None,
        before_id: int | None = None,
        wanted: Filter = ALL,
    ) -> list[Row]:
        """The newest rows, of those that were begun at `since` or later, are older than `before_id` and `wanted`."""
        return self.search("", limit, since, before_id, wanted)

    def search(
        self,
        query: str,
        limit: int = LIMIT,
        since: datetime | None = None,
        before_id: int | None = None,
        wanted: Filter = ALL,
    ) -> list[Row]:
        """The newest rows in which every word of `query` is the beginning of one; a blank query means all."""
        if since is not None:
            wanted = replace(wanted, since=max(since, wanted.since or since))
        statement, values = newest(query, wanted, before_id, limit)
        with self._opened() as connection:
            return [columns.shown(found) for found in connection.execute(statement, values)]

    def find(self, wanted: Wanted, limit: int = LIMIT) -> list[Row]:
        """The newest of the rows that are `wanted`."""
        return self.search(wanted.words, limit, wanted=wanted.filter)

    def places(self, wanted: Wanted) -> Places:
        """Where all the rows stand that are `wanted`."""
        with self._opened() as connection:
            return places.places(connection, wanted)

    def some(self, ids: Sequence[int]) -> list[Row]:
        """The rows with these ids, newest first; those that are there."""
        sql = f"SELECT * FROM dictation WHERE id IN ({', '.join('?' * len(ids))}) ORDER BY id DESC"
        with self._opened() as connection:
            return [columns.shown(found) for found in connection.execute(sql, tuple(ids))]

    def offers(self, most: int = LIMIT) -> Offers:
        """What the rows can be told apart by."""
        with self._opened() as connection:
            return places.offers(connection, most)

    def corrected(self, limit: int = 500) -> list[Row]:
        """The newest rows whose emotion the person corrected: what a prior is fitted to."""
        sql = "SELECT * FROM dictation WHERE emotion_user IS NOT NULL ORDER BY id DESC LIMIT ?"
        with self._opened() as connection:
            return [columns.shown(found) for found in connection.execute(sql, (limit,))]

    def choices(self, kind: str) -> list[str]:
        """What rows can be filtered by: every value of `kind` (a key of `KINDS`) that one has, the most frequent
        first, in lower case."""
        first, last = tag(KINDS[kind], ""), tag(KINDS[kind], "") + "g"  # after every hexadecimal digit
        with self._opened() as connection:
            connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, words, row)")
            sql = "SELECT term FROM vocabulary WHERE term > ? AND term < ? ORDER BY doc DESC, term"
            return [untagged(term) for (term,) in connection.execute(sql, (first, last))]

    def export(self, file: Path, limit: int | None = None, since: datetime | None = None, wanted: Filter = ALL) -> int:
        """Write the rows, all unless said otherwise, to `file` in the form of its ending; return how many they were."""
        if since is not None:
            wanted = replace(wanted, since=since)
        rows = self._pages(wanted)
        if file.suffix.lower() in OLDEST_FIRST:
            return export(self._again(row.id for row in islice(rows, limit)), file)
        return export(islice(rows, limit), file)

    def delete(self, id: int) -> bool:
        """Forget a dictation and its recording; False where there is none."""
        return forgetting.forget(self._opened, "id = ?", (id,)) == 1

    def clear(self) -> int:
        """Forget everything, what was kept aside of damaged ones as well, and return how many dictations that was.
        All else that is kept of dictations goes with `keeping.deletion.clear`."""
        with problems(self._path):
            note_clearing(self._path)
        with self._opened() as connection:
            connection.execute("DELETE FROM voice_baseline")
        return forgetting.everything(self._opened, self._path)

    def forget_emotions(self) -> int:
        """Forget what was found, corrected and learned of how dictations sounded; return how many rows had any."""
        with self._opened() as connection:
            return forgetting.emotions(connection)

    def expire_text(self, days: int, now: datetime) -> int:
        """Forget the dictations begun `days` or more before `now`, and their recordings; return how many they were.

        What was kept aside of a damaged history goes as soon as all in it is so old."""
        count = forgetting.expire_text(self._opened, days, now)
        forgetting.asides(self._path, now - timedelta(days=days))
        return count

    def expire_audio(self, days: int, now: datetime) -> int:
        """Delete the recordings begun `days` or more before `now`, keep their rows; return how many they were.

        That of a dictation that did not end well is the only copy of its words: it stays for `RETRY_DAYS` whatever the
        setting.
        """
        return forgetting.expire_audio(self._opened, days, now)

    def fit_audio(self, size: int, now: datetime) -> int:
        """Delete the oldest recordings, keep their rows, until all take at most `size` bytes; return how many they
        were. That of a dictation that did not end well counts, but stays for `RETRY_DAYS`."""
        return forgetting.fit_audio(self._opened, size, now)

    def recordings(self) -> set[Path]:
        """Every recording that a row names."""
        with self._opened() as connection:
            return {path for _, path in forgetting.recorded(connection)}

    def _pages(self, wanted: Filter) -> Iterator[Row]:
        before_id = None
        while page := self.rows(500, None, before_id, wanted):
            yield from page
            before_id = page[-1].id

    def _again(self, ids: Iterable[int]) -> Iterator[Row]:
        """Their rows from the last to the first, as far as they are still there."""
        for some in batched(reversed(array("q", ids)), 500):
            sql = f"SELECT * FROM dictation WHERE id IN ({','.join(map(str, some))}) ORDER BY id"
            with self._opened() as connection:
                found = connection.execute(sql).fetchall()
            yield from map(columns.shown, found)
