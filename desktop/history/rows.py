"""Convert history rows to SQLite columns and back: times and paths as text, structured values as JSON.

A bit that flipped on the disk, or a value that only a newer Intone writes, costs that value and no other:
`parse_readable_row` returns what can be read of a row. On the disk it stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Row as Columns
from typing import Any

from desktop.core.types import EMOTION_LABELS, Emotion, Outcome, RuleChange, SentData
from desktop.history.row import HistoryEntry, HistoryRow

ENTRY_COLUMNS = tuple(field.name for field in fields(HistoryEntry))
"""The columns that an entry fills. The id and `started_s` are beside them."""

UNREADABLE_ERRORS = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError, OSError)
"""Exceptions raised on reading a damaged value."""

PARTLY_READABLE_NOTE = "Not all of this dictation can be read any more."


def to_column(value: object) -> object:
    """Return a field's value as its column holds it."""
    match value:
        case datetime():
            return value.isoformat(timespec="milliseconds")
        case Path():
            return str(value)
        case Emotion():
            return json.dumps(asdict(value))
        case tuple():
            return json.dumps([asdict(part) if isinstance(part, SentData | RuleChange) else part for part in value])
        case _:
            return value


def insert_statement(entry: HistoryEntry) -> tuple[str, dict[str, object]]:
    """Return the statement that inserts the entry, and its parameters."""
    values = {name: to_column(getattr(entry, name)) for name in ENTRY_COLUMNS}
    values["started_s"] = entry.started_at.timestamp()
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    return f"INSERT INTO dictation ({names}) VALUES ({marks})", values


def parse_path(value: str | None) -> Path | None:
    """Return the recording that a row names."""
    return None if value is None else Path(value)


def parse_row(record: Columns) -> HistoryRow:
    """Return the row in these columns. Raises one of `UNREADABLE_ERRORS`."""
    values: dict[str, Any] = {name: _parse_value(record, name) for name in ("id", *ENTRY_COLUMNS)}
    return HistoryRow(**values)


def parse_readable_row(record: Columns) -> HistoryRow:
    """Return what can be read of the row in these columns; an unreadable outcome becomes unconfirmed."""
    with suppress(*UNREADABLE_ERRORS):
        return parse_row(record)
    values: dict[str, Any] = {"started_at": _parse_started_at(record), "delivery": Outcome.UNCONFIRMED}
    for name in ENTRY_COLUMNS:
        with suppress(*UNREADABLE_ERRORS):
            values[name] = _parse_value(record, name)
    note = f"{values.get('note', '')} {PARTLY_READABLE_NOTE}".strip()
    return HistoryRow(**{**values, "id": record["id"], "note": note})


def _parse_value(record: Columns, name: str) -> Any:
    if name in _PARSERS:
        return _PARSERS[name](record[name])
    if not isinstance(record[name], _COLUMN_TYPES.get(name, object)):
        raise TypeError(name)
    return record[name]


def _parse_started_at(record: Columns) -> datetime:
    with suppress(*UNREADABLE_ERRORS):
        return datetime.fromtimestamp(record["started_s"]).astimezone()
    return datetime.fromtimestamp(0, UTC)


def _parse_emotion(value: str | None) -> Emotion | None:
    if value is None:
        return None
    found: dict[str, Any] = json.loads(value)
    if found["label"] not in EMOTION_LABELS:
        raise ValueError("label")
    return Emotion(**{**found, "scores": tuple(found.get("scores", ()))})


def _parse_label(value: str | None) -> str | None:
    if value not in (None, *EMOTION_LABELS):
        raise ValueError("emotion_user")
    return value


_PARSERS: dict[str, Callable[[Any], object]] = {
    "started_at": datetime.fromisoformat,
    "delivery": Outcome,
    "emotion": _parse_emotion,
    "emotion_user": _parse_label,
    "audio_path": parse_path,
    "guards": lambda told: tuple(json.loads(told)),
    "sent": lambda told: tuple(SentData(**sent) for sent in json.loads(told)),
    "changed": lambda told: tuple(RuleChange(**change) for change in json.loads(told)),
}
"""Parsers of the columns that SQLite does not hold as they are."""

_COLUMN_TYPES: dict[str, Any] = {
    **{field.name: type(field.default) for field in fields(HistoryEntry) if isinstance(field.default, str | float)},
    **dict.fromkeys(("release_to_text_ms", "paste_ms"), float | None),
    "edited": str | None,
}
"""Types of the other columns; on a damaged page they may be anything."""
