"""Import an export of the history: `.jsonl` or `.csv` as `desktop.history.export` writes them, or as another program
wrote the same fields.

An export has the newest row first, and ids must grow with time. So the file is read twice: first for each line's start
time and offset, then line by line in order of time. Only those two numbers of a line are held.

Nothing in a line is trusted: it is checked field by field, and the recording that it names is not imported, because
deleting the row would delete that file, whatever it is.
"""

from __future__ import annotations

import csv
import json
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import batched
from math import isfinite
from pathlib import Path
from typing import IO, Any, NoReturn

from pydantic import TypeAdapter, ValidationError

from desktop.core.errors import HistoryError, InvalidValueError
from desktop.core.messages import OR, Foreign, Message, PartList
from desktop.core.spreadsheet import unescape_formula
from desktop.core.types import EMOTION_LABELS, Outcome
from desktop.history.export import JSON_FIELDS
from desktop.history.rows import JSON_KEYS, HistoryEntry, reported_notes
from desktop.history.store import HistoryStore

BATCH_ROWS = 200
"""Rows in a transaction: a dictation that ends meanwhile waits for some tens of milliseconds."""

MAX_REPORTED_LINES = 20
"""Maximum number of unreadable lines that are reported."""

FIRST_YEAR, LAST_YEAR, MAX_DURATION_S = 1970, 9000, 31 * 86_400.0
"""Limits of a plausible dictation, the last in seconds; values beyond them would break every calculation: an export, a
day's figures."""

MAX_LINE_CHARACTERS = 10_000_000
"""Maximum characters of a line: far more than the longest dictation has, and harmless for the memory."""

IGNORED_KEYS = ("id", "audio_path")

_ENTRY = TypeAdapter(HistoryEntry)

type ImportedFields = dict[str, Any]


@dataclass(slots=True)
class ImportResult:
    """How many rows were `added`, were `duplicates` of known ones, and `unreadable`; `reported_lines` lists the first
    of the unreadable, each with its line number and the reason."""

    added: int = 0
    duplicates: int = 0
    unreadable: int = 0
    reported_lines: list[tuple[int, Message]] = field(default_factory=list)


def import_history(history: HistoryStore, file: Path) -> ImportResult:
    """Add the rows of `file` that `history` does not have, oldest first, with new ids. Blocks.

    Raises `HistoryError` for an unknown suffix, an unreadable file, and one without a readable line.
    """
    reader_class = IMPORT_FORMATS.get(file.suffix.lower())
    if reader_class is None:
        raise HistoryError("history-import-format", name=file.name, formats=PartList((*IMPORT_FORMATS,), OR))
    result = ImportResult()
    try:
        with file.open("rb") as source:
            offsets, start_times = _index_lines(reader_class(source), result)
            reader = reader_class(source)
            order = sorted(range(len(offsets)), key=start_times.__getitem__)
            for batch in batched(order, BATCH_ROWS):
                entries = list(_read_entries(reader, [offsets[line] for line in batch], result))
                added = history.add_missing(entries)
                result.added += added
                result.duplicates += len(entries) - added
    except OSError as error:
        raise HistoryError("history-import-unreadable", path=str(file), reason=str(error.strerror)) from error
    if result.unreadable and not result.added and not result.duplicates:
        line, reason = result.reported_lines[0]
        raise HistoryError("history-import-empty", name=file.name, line=line, reason=reason)
    return result


def _index_lines(lines: HistoryJsonlReader, result: ImportResult) -> tuple[array[int], array[float]]:
    """Return the offset and start time of each good line; report the others in `result`."""
    offsets, start_times = array("q"), array("d")
    for number, offset, read in lines:
        try:
            start_times.append(_parse_entry(read()).started_at.timestamp())
            offsets.append(offset)
        except ValueError as error:
            result.unreadable += 1
            if len(result.reported_lines) < MAX_REPORTED_LINES:
                result.reported_lines.append((number, _describe_error(error)))
    return offsets, start_times


def _read_entries(lines: HistoryJsonlReader, offsets: list[int], result: ImportResult) -> Iterator[HistoryEntry]:
    """Yield the entries at these offsets. A table with a stray quote may read differently from the middle on: those
    rows are unreadable."""
    for offset in offsets:
        try:
            yield _parse_entry(lines.read_at(offset))
        except ValueError as error:
            result.unreadable += 1
            if len(result.reported_lines) < MAX_REPORTED_LINES:
                result.reported_lines.append((0, _describe_error(error)))


class HistoryJsonlReader:
    """The lines of `source`: yields number, offset and a function that returns the fields or raises `ValueError`."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source

    def __iter__(self) -> Iterator[tuple[int, int, Callable[[], ImportedFields]]]:
        self._source.seek(0)
        number = offset = 0
        while line := self._source.readline(MAX_LINE_CHARACTERS):
            number += 1
            if line.strip():
                yield number, offset, lambda line=line: self._parse_line(line)  # type: ignore[misc]
            offset = self._source.tell()

    def read_at(self, offset: int) -> ImportedFields:
        """Return the fields of the line at `offset`."""
        self._source.seek(offset)
        return self._parse_line(self._source.readline(MAX_LINE_CHARACTERS))

    def _parse_line(self, line: bytes) -> ImportedFields:
        fields = _parse_json(line)
        if not isinstance(fields, dict):
            raise InvalidValueError(Message("history-line-no-object"))
        return fields


class HistoryCsvReader(HistoryJsonlReader):
    """The rows of a table, in which a field may span lines. The first line names the fields."""

    def __init__(self, source: IO[bytes]) -> None:
        super().__init__(source)
        self._source.seek(0)
        try:
            self._names = next(csv.reader(self._read_decoded_lines()), [])
        except csv.Error:  # then no line has the right number of fields
            self._names = []

    def __iter__(self) -> Iterator[tuple[int, int, Callable[[], ImportedFields]]]:
        self._source.seek(0)
        rows = csv.reader(self._read_decoded_lines())
        while True:
            number, offset = rows.line_num + 1, self._source.tell()
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield number, offset, lambda error=error: _refuse_row(error)  # type: ignore[misc]
                continue
            if cells and offset:
                yield number, offset, lambda cells=cells: self._parse_cells(cells)  # type: ignore[misc]

    def read_at(self, offset: int) -> ImportedFields:
        """Return the fields of the row at `offset`."""
        self._source.seek(offset)
        try:
            return self._parse_cells(next(csv.reader(self._read_decoded_lines())))
        except csv.Error as error:
            _refuse_row(error)

    def _read_decoded_lines(self) -> Iterator[str]:
        """Yield lines as they are requested, so that the file's position is the end of the row."""
        while line := self._source.readline(MAX_LINE_CHARACTERS):
            yield line.decode("utf-8-sig" if self._source.tell() == len(line) else "utf-8", "surrogateescape")

    def _parse_cells(self, cells: list[str]) -> ImportedFields:
        if len(cells) != len(self._names):
            raise InvalidValueError(Message("history-line-cells", count=len(cells), expected=len(self._names)))
        fields: ImportedFields = dict(zip(self._names, map(unescape_formula, cells), strict=True))
        for key in JSON_FIELDS:
            fields[key] = _parse_json(fields[key]) if fields.get(key) else None
        return {key: None if cell == "" else cell for key, cell in fields.items()}


IMPORT_FORMATS: dict[str, Callable[[IO[bytes]], HistoryJsonlReader]] = {
    ".jsonl": HistoryJsonlReader,
    ".csv": HistoryCsvReader,
}


def _parse_entry(fields: ImportedFields) -> HistoryEntry:
    """Return the entry of these fields. Raises `ValueError`, for which `_describe_error` has a message."""
    known = {key: fields[key] for key in JSON_KEYS if key not in IGNORED_KEYS and fields.get(key) is not None}
    if isinstance(emotion := known.get("emotion"), dict) and isinstance(scores := emotion.get("scores"), dict):
        known["emotion"] = {**emotion, "scores": [scores[label] for label in EMOTION_LABELS if label in scores]}
    if not isinstance(note := known.pop("note", ""), str):
        raise _invalid_field("note", Message("history-field-no-text"))
    entry = replace(_ENTRY.validate_python(known), notes=reported_notes(note))
    if entry.started_at.tzinfo is None:
        raise _invalid_field("started_at", Message("history-field-no-offset"))
    if entry.emotion_user not in (None, *EMOTION_LABELS):
        raise _invalid_field("emotion_user", Message("history-field-no-emotion"))
    if not FIRST_YEAR <= entry.started_at.year <= LAST_YEAR:
        raise _invalid_field("started_at", Message("history-field-year", first=FIRST_YEAR, last=LAST_YEAR))
    if not 0 <= entry.duration_s <= MAX_DURATION_S or not isfinite(entry.release_to_text_ms or 0):
        raise InvalidValueError(Message("history-line-duration"))
    json.dumps([known, note], ensure_ascii=False, default=str).encode()  # invalid Unicode raises a ValueError
    return entry


def _describe_error(error: ValueError) -> Message:
    """Return what is wrong with a line, without any dictated word."""
    match error:
        case InvalidValueError():
            return error.message
        case ValidationError():
            first = error.errors(include_url=False, include_input=False)[0]
            name = ".".join(map(str, first["loc"]))
            return _invalid_field(name, _describe_field_error(first["type"], first["msg"])).message
        case json.JSONDecodeError():
            return Message("history-line-no-json", reason=Foreign(error.msg), column=error.colno)
        case UnicodeError():
            return Message("history-line-no-utf8")
        case _:
            return Message("history-field-refused", reason=Foreign(error))


def _describe_field_error(kind: str, reason: str) -> Message:
    """Return what is wrong with a field, by the type of pydantic's error and its words for it."""
    match kind.partition("_")[0]:
        case "missing":
            return Message("history-field-missing")
        case "string":
            return Message("history-field-no-text")
        case "float" | "int":
            return Message("history-field-no-number")
        case "bool":
            return Message("history-field-no-boolean")
        case "datetime" | "date":
            return Message("history-field-no-time")
        case "list" | "tuple":
            return Message("history-field-no-list")
        case "dataclass" | "dict":
            return Message("history-line-no-object")
        case "enum":  # there is only one, that of `delivery`
            *others, last = (outcome.value for outcome in Outcome)
            choices = Message("value-alternatives", others=PartList(tuple(others)), last=last)
            return Message("history-field-choice-unknown", choices=choices)
        case _:
            return Message("history-field-refused", reason=Foreign(reason.lower()))


def _invalid_field(name: str, reason: Message) -> InvalidValueError:
    return InvalidValueError(Message("history-line-invalid", field=name, reason=reason))


def _parse_json(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise InvalidValueError(Message("history-line-too-deep")) from error


def _refuse_row(error: csv.Error) -> NoReturn:
    raise InvalidValueError(Message("history-line-no-row", reason=Foreign(error))) from error
