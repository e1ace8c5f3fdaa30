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

from desktop.core.types import LABELS, Change, Emotion, Outcome, Sent
from desktop.history.row import Entry, Row

NAMES = tuple(field.name for field in fields(Entry))
"""The columns that an entry fills. The id and `started_s` are beside them."""

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError, OSError)
"""Exceptions raised on reading a damaged value."""

PARTLY = "Not all of this dictation can be read any more."


def stored(value: object) -> object:
    """Return a field's value as its column holds it."""
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


def insertion(entry: Entry) -> tuple[str, dict[str, object]]:
    """Return the statement that inserts the entry, and its parameters."""
    values = {name: stored(getattr(entry, name)) for name in NAMES}
    values["started_s"] = entry.started_at.timestamp()
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    return f"INSERT INTO dictation ({names}) VALUES ({marks})", values


def path(stored: str | None) -> Path | None:
    """Return the recording that a row names."""
    return None if stored is None else Path(stored)


def row(columns: Columns) -> Row:
    """Return the row in these columns. Raises one of `UNREADABLE_ERRORS`."""
    values: dict[str, Any] = {name: _value(columns, name) for name in ("id", *NAMES)}
    return Row(**values)


def shown(columns: Columns) -> Row:
    """Return what can be read of the row in these columns; an unreadable outcome becomes unconfirmed."""
    with suppress(*UNREADABLE):
        return row(columns)
    values: dict[str, Any] = {"started_at": _began(columns), "delivery": Outcome.UNCONFIRMED}
    for name in NAMES:
        with suppress(*UNREADABLE):
            values[name] = _value(columns, name)
    note = f"{values.get('note', '')} {PARTLY}".strip()
    return Row(**{**values, "id": columns["id"], "note": note})


def _value(columns: Columns, name: str) -> Any:
    if name in _READ:
        return _READ[name](columns[name])
    if not isinstance(columns[name], _KINDS.get(name, object)):
        raise TypeError(name)
    return columns[name]


def _began(columns: Columns) -> datetime:
    with suppress(*UNREADABLE):
        return datetime.fromtimestamp(columns["started_s"]).astimezone()
    return datetime.fromtimestamp(0, UTC)


def _emotion(stored: str | None) -> Emotion | None:
    if stored is None:
        return None
    found: dict[str, Any] = json.loads(stored)
    if found["label"] not in LABELS:
        raise ValueError("label")
    return Emotion(**{**found, "scores": tuple(found.get("scores", ()))})


def _label(stored: str | None) -> str | None:
    if stored not in (None, *LABELS):
        raise ValueError("emotion_user")
    return stored


_READ: dict[str, Callable[[Any], object]] = {
    "started_at": datetime.fromisoformat,
    "delivery": Outcome,
    "emotion": _emotion,
    "emotion_user": _label,
    "audio_path": path,
    "guards": lambda told: tuple(json.loads(told)),
    "sent": lambda told: tuple(Sent(**sent) for sent in json.loads(told)),
    "changed": lambda told: tuple(Change(**change) for change in json.loads(told)),
}
"""Parsers of the columns that SQLite does not hold as they are."""

_KINDS: dict[str, Any] = {
    **{field.name: type(field.default) for field in fields(Entry) if isinstance(field.default, str | float)},
    **dict.fromkeys(("release_to_text_ms", "paste_ms"), float | None),
    "edited": str | None,
}
"""Types of the other columns; on a damaged page they may be anything."""
