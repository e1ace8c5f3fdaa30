"""What was said, where it went and how it felt, on this machine alone: SQLite with a full-text index.

A connection lives for one call. SQLite's connections belong to a thread, and these calls come from the engine's
workers, the history window and other processes; there are few of them (one a dictation, one a keystroke in the search
field), and opening takes a millisecond. In return nothing is held between calls: the file may be deleted or replaced
under a running app, and the write-ahead log is folded into it and removed whenever nobody uses it.

Rows come newest first, which is by id: a clock may be set back, ids only grow.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from sqlite3 import Row as Columns
from typing import Any, TypedDict, Unpack

from desktop.history import places
from desktop.history.export import export
from desktop.history.places import Offers, Places, Wanted
from desktop.history.row import Entry, Row
from desktop.history.schema import WAIT_S, opened
from desktop.history.search import condition
from desktop.ports import Change, Emotion, Outcome, Sent

__all__ = ["LIMIT", "RETRY_DAYS", "Changes", "Emotion", "Entry", "History", "Offers", "Places", "Row", "Wanted"]

LIMIT = 50
"""Rows that are given where nobody says how many."""

RETRY_DAYS = 1
"""How long a failed dictation can be tried again at least."""

_FIELDS = tuple(field.name for field in fields(Entry))


class Changes(TypedDict, total=False):
    """What may become known of a dictation after its row was written."""

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


class History:
    """The history in the file at `path`. Every method blocks, suits any thread, and raises `HistoryProblem`.

    `wait_s` is how long it waits for another writer.
    """

    def __init__(self, path: Path, wait_s: float = WAIT_S) -> None:
        self._opened = partial(opened, path, wait_s)

    def add(self, entry: Entry) -> Row:
        """Remember a dictation."""
        values = {name: _stored(getattr(entry, name)) for name in _FIELDS}
        values["started_s"] = entry.started_at.timestamp()
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        with self._opened() as connection:
            added = connection.execute(f"INSERT INTO dictation ({names}) VALUES ({marks})", values)
        return Row(id=added.lastrowid or 0, **{name: getattr(entry, name) for name in _FIELDS})

    def update(self, id: int, **changes: Unpack[Changes]) -> Row | None:
        """Write what has become known of a dictation; None where it has been deleted meanwhile."""
        values = {name: _stored(value) for name, value in changes.items()}
        sets = ", ".join(f"{name} = :{name}" for name in values)
        with self._opened() as connection:
            connection.execute(f"UPDATE dictation SET {sets} WHERE id = :id", {**values, "id": id})
        return self.get(id)

    def correct(self, id: int, text: str) -> Row | None:
        """Remember that the dictation should have read `text`; None where there is none. What was inserted stays as it
        was, so that both can be compared."""
        return self.update(id, edited=text)

    def get(self, id: int) -> Row | None:
        """The row with this id."""
        return next(iter(self._select("id = ?", (id,), 1)), None)

    def last(self) -> Row | None:
        """The newest row."""
        return next(iter(self.rows(1)), None)

    def rows(self, limit: int = LIMIT, since: datetime | None = None, before_id: int | None = None) -> list[Row]:
        """The newest rows, of those that were begun at `since` or later and are older than `before_id`."""
        return self.search("", limit, since, before_id)

    def search(
        self, query: str, limit: int = LIMIT, since: datetime | None = None, before_id: int | None = None
    ) -> list[Row]:
        """The newest rows in which every word of `query` is the beginning of one; a blank query means all."""
        where, words = condition(query)
        values: list[object] = [*words]
        if since is not None:
            where += " AND started_s >= ?"
            values.append(since.timestamp())
        if before_id is not None:
            where += " AND id < ?"
            values.append(before_id)
        return self._select(where, values, limit)

    def find(self, wanted: Wanted, limit: int = LIMIT) -> list[Row]:
        """The newest of the rows that are `wanted`."""
        return self._select(*places.condition(wanted), limit)

    def places(self, wanted: Wanted) -> Places:
        """Where all the rows stand that are `wanted`."""
        with self._opened() as connection:
            return places.places(connection, wanted)

    def some(self, ids: Sequence[int]) -> list[Row]:
        """The rows with these ids, newest first; those that are there."""
        return self._select(f"id IN ({', '.join('?' * len(ids))})", ids, -1)

    def offers(self, most: int = LIMIT) -> Offers:
        """What the rows can be told apart by."""
        with self._opened() as connection:
            return places.offers(connection, most)

    def export(self, file: Path, limit: int | None = None, since: datetime | None = None) -> int:
        """Write the rows, all unless said otherwise, to `file` in the form of its ending; return how many they were."""
        return export(islice(self._pages(since), limit), file)

    def delete(self, id: int) -> bool:
        """Forget a dictation and its recording; False where there is none."""
        return self._forget("id = ?", (id,)) == 1

    def clear(self) -> int:
        """Forget everything and return how many dictations that was."""
        return self._forget("TRUE", ())

    def expire_audio(self, days: int, now: datetime) -> int:
        """Delete the recordings begun `days` or more before `now`, keep their rows; return how many they were.

        A failed dictation's recording is the only copy of its words: it stays for `RETRY_DAYS` whatever the setting.
        """
        old, failed = (now - timedelta(days=kept) for kept in (days, max(days, RETRY_DAYS)))
        where = "audio_path IS NOT NULL AND started_s <= CASE delivery WHEN 'failed' THEN ? ELSE ? END"
        rows = self._select(where, (failed.timestamp(), old.timestamp()), -1)
        with self._opened() as connection:
            for row in rows:
                _remove(row.audio_path)
                connection.execute("UPDATE dictation SET audio_path = NULL WHERE id = ?", (row.id,))
        return len(rows)

    def _select(self, where: str, values: Sequence[object], limit: int) -> list[Row]:
        with self._opened() as connection:
            sql = f"SELECT * FROM dictation WHERE {where} ORDER BY id DESC LIMIT ?"
            return [_row(columns) for columns in connection.execute(sql, (*values, limit))]

    def _pages(self, since: datetime | None) -> Iterator[Row]:
        before_id = None
        while page := self.rows(500, since, before_id):
            yield from page
            before_id = page[-1].id

    def _forget(self, where: str, values: Sequence[object]) -> int:
        """Recordings go before their rows do: a row without its file can be deleted again, the reverse cannot."""
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            gone = connection.execute(f"DELETE FROM dictation WHERE {where} RETURNING audio_path", values).fetchall()
            for (audio_path,) in gone:
                _remove(_path(audio_path))
            connection.execute("COMMIT")
        return len(gone)


def _remove(audio: Path | None) -> None:
    if audio is not None:
        audio.unlink(missing_ok=True)


def _path(stored: str | None) -> Path | None:
    return None if stored is None else Path(stored)


def _stored(value: object) -> object:
    """A field's value as its column holds it."""
    match value:
        case datetime():
            return value.isoformat(timespec="milliseconds")
        case Path():
            return str(value)
        case Emotion():
            return json.dumps(asdict(value))
        case tuple():
            return json.dumps([asdict(part) if isinstance(part, Sent | Change) else part for part in value])
        case _:
            return value


def _emotion(stored: str | None) -> Emotion | None:
    if stored is None:
        return None
    found: dict[str, Any] = json.loads(stored)
    return Emotion(**{**found, "scores": tuple(found.get("scores", ()))})


def _row(columns: Columns) -> Row:
    values: dict[str, Any] = {name: columns[name] for name in ("id", *_FIELDS)}
    values["started_at"] = datetime.fromisoformat(values["started_at"])
    values["delivery"] = Outcome(values["delivery"])
    values["emotion"] = _emotion(values["emotion"])
    values["audio_path"] = _path(values["audio_path"])
    values["guards"] = tuple(json.loads(values["guards"]))
    values["sent"] = tuple(Sent(**sent) for sent in json.loads(values["sent"]))
    values["changed"] = tuple(Change(**change) for change in json.loads(values["changed"]))
    return Row(**values)
