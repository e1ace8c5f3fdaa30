"""A dictation as the flow records it (`HistoryEntry`) and as the history stores it (`HistoryRow`), and its columns.

Times and paths are stored as text, structured values as JSON. A bit that flipped on the disk, or a value that only a
newer Intone writes, loses that value and no other: `parse_readable_row` returns what can be read of a row. On the disk
it stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from pathlib import Path
from sqlite3 import Row as Columns
from typing import Any, TypedDict

from desktop.core.message_json import dump_notes, find_notes, load_notes
from desktop.core.messages import Foreign, Message, Notes, render
from desktop.core.types import EMOTION_LABELS, LABEL_VALENCE, Emotion, Outcome, RuleChange, SentData, Transcript

JSON_KEYS = (
    "id",
    "started_at",
    "app",
    "window",
    "raw_text",
    "text",
    "language",
    "duration_s",
    "engine",
    "model",
    "release_to_text_ms",
    "delivery",
    "emotion",
    "audio_path",
    "sent",
    "note",
    "style",
    "changed",
    "edited",
    "emotion_user",
)
"""The keys of a row that the command line prints, stable for scripts.

What else is stored (device, paste times, guards) shows why something was slow, and may change.
"""

USER_ENGINE = "person"
"""The `engine` of an emotion that the user chose."""

PARTLY_READABLE_NOTE = Message("row-partly-readable")

UNREADABLE_ERRORS = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError, OSError)
"""Exceptions raised on reading a damaged value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """A dictation that ended.

    - `started_at`: with an offset.
    - `raw_text`: the recognizer's text; `text`: what was pasted.
    - `release_to_text_ms`: from the key's release to the sent paste, None if nothing was pasted.
    - `delivery`: how it ended; the column's name, and the JSON key's.
    - `style`: the name of the writing style of the target.
    - `changed`: what the polish rules did.
    - `edited`: the text as the user corrected it, None without a correction.
    - `emotion_user`: the emotion that the user chose, one of `EMOTION_LABELS`.
    - `notes`: what happened to it, for the user.
    """

    started_at: datetime
    app: str = ""
    window: str = ""
    raw_text: str = ""
    text: str = ""
    language: str = ""
    duration_s: float = 0.0
    engine: str = ""
    model: str = ""
    release_to_text_ms: float | None = None
    delivery: Outcome
    emotion: Emotion | None = None
    audio_path: Path | None = None
    notes: Notes = ()
    decode_s: float = 0.0
    device: str = ""
    paste_ms: float | None = None
    guards: tuple[str, ...] = ()
    sent: tuple[SentData, ...] = ()
    style: str = ""
    changed: tuple[RuleChange, ...] = ()
    edited: str | None = None
    emotion_user: str | None = None

    @property
    def latest_text(self) -> str:
        """The text as corrected, or as polished, or as spoken."""
        return self.edited or self.text or self.raw_text

    @property
    def note(self) -> str:
        """The notes in English."""
        return render(self.notes)

    @property
    def effective_emotion(self) -> Emotion | None:
        """The emotion to show and to count: the user's choice before the detected one. The arousal is the measured one,
        because a label says little about it."""
        if self.emotion_user is None:
            return self.emotion
        detected = self.emotion or Emotion("", 0.0, 0.0, 0.0)
        valence = detected.valence if detected.label == self.emotion_user else LABEL_VALENCE.get(self.emotion_user, 0.0)
        return replace(
            detected,
            label=self.emotion_user,
            confidence=1.0,
            valence=valence,
            abstained=False,
            engine=USER_ENGINE,
            mixed=False,
            note="",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow(HistoryEntry):
    """A stored entry. Ids grow and are never reused."""

    id: int

    def to_json(self) -> dict[str, Any]:
        """Return the row as the command line prints it: exactly `JSON_KEYS`, each a string, a number, an object, a list
        or None."""
        values: dict[str, Any] = {key: getattr(self, key) for key in JSON_KEYS}
        values["started_at"] = self.started_at.isoformat(timespec="milliseconds")
        values["delivery"] = self.delivery.value
        values["emotion"] = self.emotion.to_json() if self.emotion else None
        values["audio_path"] = str(self.audio_path) if self.audio_path else None
        values["sent"] = [asdict(sent) for sent in self.sent]
        values["changed"] = [asdict(change) for change in self.changed]
        return values


class RowChanges(TypedDict, total=False):
    """Columns of a dictation that may change after its row was written."""

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
    notes: Notes
    emotion: Emotion | None
    audio_path: Path | None
    guards: tuple[str, ...]
    sent: tuple[SentData, ...]
    style: str
    changed: tuple[RuleChange, ...]
    edited: str | None
    emotion_user: str | None


RESUMABLE_OUTCOMES = (Outcome.CANCELLED, Outcome.FAILED)
"""Outcomes after which a dictation can be resumed."""


def find_resumed_changes(row: HistoryRow, entry: HistoryEntry, *, is_target_kept: bool) -> RowChanges:
    """Return how `row` changes by the result `entry` of resuming it.

    Without a text the row keeps its words, unless there are more now, and can be resumed once more. The window is left
    out unless `is_target_kept`.
    """
    changes: RowChanges = {"notes": entry.notes}
    if entry.sent:
        changes["sent"] = row.sent + entry.sent
    if entry.text:
        changes |= {
            "app": entry.app if is_target_kept else "",
            "window": entry.window if is_target_kept else "",
            "text": entry.text,
        }
        changes |= {"release_to_text_ms": entry.release_to_text_ms, "paste_ms": entry.paste_ms}
        changes |= {"emotion": entry.emotion, "style": entry.style, "changed": entry.changed}
    if entry.text or (not row.text and len(entry.raw_text) > len(row.raw_text)):
        changes |= {"raw_text": entry.raw_text, "language": entry.language, "guards": entry.guards}
        changes |= {"engine": entry.engine, "model": entry.model, "device": entry.device}
        changes |= {"decode_s": entry.decode_s}
    if entry.text or (entry.delivery in RESUMABLE_OUTCOMES and row.delivery in RESUMABLE_OUTCOMES):
        changes["delivery"] = entry.delivery
    return changes


ENTRY_FIELDS = tuple(field.name for field in fields(HistoryEntry))
"""The fields of an entry."""

NOTE_COLUMNS = ("note", "note_codes")
"""The columns of the notes: in English, which older versions of Intone and other programs read, and as codes."""

ENTRY_COLUMNS = (*(name for name in ENTRY_FIELDS if name != "notes"), *NOTE_COLUMNS)
"""The columns that an entry fills. The id and `started_s` are beside them."""

_TRANSCRIPT_COLUMNS = ("language", "duration_s", "engine", "model", "decode_s", "device", "guards", "sent")
"""The columns that have the names of a transcript's fields."""


def transcript_columns(transcript: Transcript) -> dict[str, Any]:
    """Return what an entry has of its transcript."""
    return {"raw_text": transcript.text, **{name: getattr(transcript, name) for name in _TRANSCRIPT_COLUMNS}}


def insert_statement(entry: HistoryEntry) -> tuple[str, dict[str, object]]:
    """Return the statement that inserts the entry, and its parameters."""
    values = to_columns({name: getattr(entry, name) for name in ENTRY_FIELDS})
    values["started_s"] = entry.started_at.timestamp()
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    return f"INSERT INTO dictation ({names}) VALUES ({marks})", values


def to_columns(values: Mapping[str, Any]) -> dict[str, object]:
    """Return the columns of these fields."""
    columns = {name: _to_column(value) for name, value in values.items() if name != "notes"}
    if "notes" in values:
        notes: Notes = values["notes"]
        columns |= zip(NOTE_COLUMNS, (render(notes), dump_notes(notes)), strict=True)
    return columns


def reported_notes(note: str) -> Notes:
    """Return the notes of a text that has no codes: an older version of Intone or another program wrote it."""
    return find_notes(note) or ((Message("reported-message", title=Foreign(note), advice=""),) if note else ())


def _to_column(value: object) -> object:
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


def parse_row(record: Columns) -> HistoryRow:
    """Return the row in these columns. Raises one of `UNREADABLE_ERRORS`."""
    values: dict[str, Any] = {name: _parse_value(record, name) for name in ("id", *ENTRY_FIELDS)}
    return HistoryRow(**values)


def parse_readable_row(record: Columns) -> HistoryRow:
    """Return what can be read of the row in these columns; an unreadable outcome becomes unconfirmed."""
    with suppress(*UNREADABLE_ERRORS):
        return parse_row(record)
    values: dict[str, Any] = {"started_at": _parse_started_at(record), "delivery": Outcome.UNCONFIRMED}
    for name in ENTRY_FIELDS:
        with suppress(*UNREADABLE_ERRORS):
            values[name] = _parse_value(record, name)
    notes = (*values.get("notes", ()), PARTLY_READABLE_NOTE)
    return HistoryRow(**{**values, "id": record["id"], "notes": notes})


def parse_path(value: str | None) -> Path | None:
    """Return the recording that a row names."""
    return None if value is None else Path(value)


def _parse_notes(record: Columns) -> Notes:
    """Return the notes by their codes if these belong to the note: an older version changes it and writes no codes."""
    note = record["note"]
    if not isinstance(note, str):
        raise TypeError("note")
    codes = record["note_codes"] if "note_codes" in record.keys() else ""  # noqa: SIM118  a row iterates over values
    return load_notes(codes, note) or reported_notes(note)


def _parse_value(record: Columns, name: str) -> Any:
    if name == "notes":
        return _parse_notes(record)
    if name in _PARSERS:
        return _PARSERS[name](record[name])
    if not isinstance(record[name], _COLUMN_TYPES.get(name, object)):
        raise TypeError(name)
    return record[name]


def local_time(moment: datetime) -> datetime:
    """Return `moment` in local time; unchanged if there is none: on Windows before 1970, anywhere in a damaged year."""
    try:
        return moment.astimezone()
    except (OSError, OverflowError, ValueError):
        return moment


def _parse_time(text: str) -> datetime:
    """Return a time with an offset that exists in every zone. Raises `ValueError`, also for others."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or moment.year in (MINYEAR, MAXYEAR):
        raise ValueError(text)
    return moment


def _parse_started_at(record: Columns) -> datetime:
    with suppress(*UNREADABLE_ERRORS):
        return datetime.fromtimestamp(record["started_s"]).astimezone()
    return datetime.fromtimestamp(0, UTC)


def _parse_emotion(value: str | None) -> Emotion | None:
    if value is None:
        return None
    values: dict[str, Any] = json.loads(value)
    if values["label"] not in EMOTION_LABELS:
        raise ValueError("label")
    return Emotion(**{**values, "scores": tuple(values.get("scores", ()))})


def _parse_label(value: str | None) -> str | None:
    if value not in (None, *EMOTION_LABELS):
        raise ValueError("emotion_user")
    return value


_PARSERS: dict[str, Callable[[Any], object]] = {
    "started_at": _parse_time,
    "delivery": Outcome,
    "emotion": _parse_emotion,
    "emotion_user": _parse_label,
    "audio_path": parse_path,
    "guards": lambda text: tuple(json.loads(text)),
    "sent": lambda text: tuple(SentData(**sent) for sent in json.loads(text)),
    "changed": lambda text: tuple(RuleChange(**change) for change in json.loads(text)),
}
"""Parsers of the columns that SQLite does not hold as they are."""

_COLUMN_TYPES: dict[str, Any] = {
    **{field.name: type(field.default) for field in fields(HistoryEntry) if isinstance(field.default, str | float)},
    **dict.fromkeys(("release_to_text_ms", "paste_ms"), float | None),
    "edited": str | None,
}
"""Types of the other columns; on a damaged page they may be anything."""
