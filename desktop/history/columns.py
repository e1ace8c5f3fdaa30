"""A row as SQLite holds it, and back: moments and paths as text, what has parts as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from sqlite3 import Row as Columns
from typing import Any

from desktop.history.row import Entry, Row
from desktop.ports import Change, Emotion, Outcome, Sent

NAMES = tuple(field.name for field in fields(Entry))
"""The columns that an `Entry` fills. The id and `started_s` are beside them."""


def stored(value: object) -> object:
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


def insertion(entry: Entry) -> tuple[str, dict[str, object]]:
    """The statement that adds it, and its parameters."""
    values = {name: stored(getattr(entry, name)) for name in NAMES}
    values["started_s"] = entry.started_at.timestamp()
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    return f"INSERT INTO dictation ({names}) VALUES ({marks})", values


def path(stored: str | None) -> Path | None:
    """The recording that a row names."""
    return None if stored is None else Path(stored)


def row(columns: Columns) -> Row:
    """The row that they are."""
    values: dict[str, Any] = {name: columns[name] for name in ("id", *NAMES)}
    values["started_at"] = datetime.fromisoformat(values["started_at"])
    values["delivery"] = Outcome(values["delivery"])
    values["emotion"] = _emotion(values["emotion"])
    values["audio_path"] = path(values["audio_path"])
    values["guards"] = tuple(json.loads(values["guards"]))
    values["sent"] = tuple(Sent(**sent) for sent in json.loads(values["sent"]))
    values["changed"] = tuple(Change(**change) for change in json.loads(values["changed"]))
    return Row(**values)


def _emotion(stored: str | None) -> Emotion | None:
    if stored is None:
        return None
    found: dict[str, Any] = json.loads(stored)
    return Emotion(**{**found, "scores": tuple(found.get("scores", ()))})
