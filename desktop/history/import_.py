"""Import an export of the history: `.jsonl` or `.csv` as `history.export` writes them, or as another program wrote the
same fields.

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
from dataclasses import dataclass, field
from itertools import batched
from math import isfinite
from pathlib import Path
from typing import IO, Any

from pydantic import TypeAdapter, ValidationError

from desktop.core.errors import HistoryProblem
from desktop.core.formulas import read_back
from desktop.core.types import LABELS
from desktop.history.export import PARTS
from desktop.history.history import History
from desktop.history.row import KEYS, Entry

AT_ONCE = 200
"""Rows in a transaction: a dictation that ends meanwhile waits for some tens of milliseconds."""

TOLD = 20
"""Unreadable lines that are reported at most."""

FIRST_YEAR, LAST_YEAR, LONGEST_S = 1970, 9000, 31 * 86_400.0
"""Limits of a plausible dictation, the last in seconds; values beyond them would break every calculation: an export, a
day's figures."""

LONGEST = 10_000_000
"""Characters of a line at most: far more than the longest dictation has, and harmless for the memory."""

IGNORED = ("id", "audio_path")

_ENTRY = TypeAdapter(Entry)

type Fields = dict[str, Any]


@dataclass(slots=True)
class Restored:
    """How many rows were `added`, were `duplicates` already, and were unreadable (`unreadable`); `reported_lines` lists
    the first of those, each with its line number and the reason."""

    added: int = 0
    known: int = 0
    bad: int = 0
    named: list[tuple[int, str]] = field(default_factory=list)


def restore(history: History, file: Path) -> Restored:
    """Add the rows of `file` that `history` does not have, oldest first, with new ids. Blocks.

    Raises `HistoryError` for an unknown suffix, an unreadable file, and one without a readable line.
    """
    form = FORMS.get(file.suffix.lower())
    if form is None:
        raise HistoryProblem(f"A history cannot be read from {file.name}.", f"Give a file in {' or '.join(FORMS)}.")
    done = Restored()
    try:
        with file.open("rb") as source:
            at, began = _begun(form(source), done)
            again = form(source)
            order = sorted(range(len(at)), key=began.__getitem__)
            for some in batched(order, AT_ONCE):
                entries = list(_read_again(again, [at[line] for line in some], done))
                added = history.take_in(entries)
                done.added += added
                done.known += len(entries) - added
    except OSError as error:
        raise HistoryProblem(f"{file} cannot be read ({error.strerror}).", "Check its name and who owns it.") from error
    if done.bad and not done.added and not done.known:
        raise HistoryProblem(f"{file.name} has no dictation: line {done.named[0][0]}: {done.named[0][1]}")
    return done


def _begun(lines: Lines, done: Restored) -> tuple[array[int], array[float]]:
    """Return the offset and start time of each good line; report the others in `result`."""
    at, began = array("q"), array("d")
    for number, offset, read in lines:
        try:
            began.append(_entry(read()).started_at.timestamp())
            at.append(offset)
        except ValueError as error:
            done.bad += 1
            if len(done.named) < TOLD:
                done.named.append((number, _why(error)))
    return at, began


def _read_again(lines: Lines, offsets: list[int], done: Restored) -> Iterator[Entry]:
    """Yield the entries at these offsets. A table with a stray quote may read differently from the middle on: those are
    bad."""
    for offset in offsets:
        try:
            yield _entry(lines.at(offset))
        except ValueError as error:
            done.bad += 1
            if len(done.named) < TOLD:
                done.named.append((0, _why(error)))


class Lines:
    """The lines of `source`: yields number, offset and a function that returns the fields or raises `ValueError`."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source

    def __iter__(self) -> Iterator[tuple[int, int, Callable[[], Fields]]]:
        self._source.seek(0)
        number = offset = 0
        while line := self._source.readline(LONGEST):
            number += 1
            if line.strip():
                yield number, offset, lambda line=line: self._read(line)  # type: ignore[misc]
            offset = self._source.tell()

    def at(self, offset: int) -> Fields:
        """Return the fields of the line at `offset`."""
        self._source.seek(offset)
        return self._read(self._source.readline(LONGEST))

    def _read(self, line: bytes) -> Fields:
        fields = _json(line)
        if not isinstance(fields, dict):
            raise ValueError("it is no object")
        return fields


class Table(Lines):
    """The rows of a table, in which a field may span lines. The first line names the fields."""

    def __init__(self, source: IO[bytes]) -> None:
        super().__init__(source)
        self._source.seek(0)
        try:
            self._names = next(csv.reader(self._text()), [])
        except csv.Error:  # then no line has the right number of fields
            self._names = []

    def __iter__(self) -> Iterator[tuple[int, int, Callable[[], Fields]]]:
        self._source.seek(0)
        rows = csv.reader(self._text())
        while True:
            number, offset = rows.line_num + 1, self._source.tell()
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield number, offset, lambda error=error: _raise(str(error))  # type: ignore[misc]
                continue
            if cells and offset:
                yield number, offset, lambda cells=cells: self._fields(cells)  # type: ignore[misc]

    def at(self, offset: int) -> Fields:
        """Return the fields of the row at `offset`."""
        self._source.seek(offset)
        try:
            return self._fields(next(csv.reader(self._text())))
        except csv.Error as error:
            raise ValueError(str(error)) from error

    def _text(self) -> Iterator[str]:
        """Yield lines as they are requested, so that the file's position is the end of the row."""
        while line := self._source.readline(LONGEST):
            yield line.decode("utf-8-sig" if self._source.tell() == len(line) else "utf-8", "surrogateescape")

    def _fields(self, cells: list[str]) -> Fields:
        if len(cells) != len(self._names):
            raise ValueError(f"it has {len(cells)} fields, the first line {len(self._names)}")
        fields: Fields = dict(zip(self._names, map(read_back, cells), strict=True))
        for key in PARTS:
            fields[key] = _json(fields[key]) if fields.get(key) else None
        return {key: None if cell == "" else cell for key, cell in fields.items()}


FORMS: dict[str, Callable[[IO[bytes]], Lines]] = {".jsonl": Lines, ".csv": Table}


def _entry(fields: Fields) -> Entry:
    """Return the entry of these fields. Raises `ValueError`."""
    known = {key: fields[key] for key in KEYS if key not in IGNORED and fields.get(key) is not None}
    if isinstance(emotion := known.get("emotion"), dict) and isinstance(scores := emotion.get("scores"), dict):
        known["emotion"] = {**emotion, "scores": [scores[label] for label in LABELS if label in scores]}
    entry = _ENTRY.validate_python(known)
    if entry.started_at.tzinfo is None:
        raise ValueError("started_at: it needs an offset such as +01:00")
    if entry.emotion_user not in (None, *LABELS):
        raise ValueError("emotion_user: there is no such emotion")
    if not FIRST_YEAR <= entry.started_at.year <= LAST_YEAR:
        raise ValueError("started_at: nobody dictated then")
    if not 0 <= entry.duration_s <= LONGEST_S or not isfinite(entry.release_to_text_ms or 0):
        raise ValueError("a duration is no number, or too long")
    json.dumps(known, ensure_ascii=False, default=str).encode()  # invalid Unicode raises a ValueError
    return entry


def _why(error: ValueError) -> str:
    """Return the reason as a sentence without any dictated word."""
    match error:
        case ValidationError():
            first = error.errors()[0]
            return f"{'.'.join(map(str, first['loc']))}: {first['msg'].lower()}"
        case json.JSONDecodeError():
            return f"it is no JSON ({error.msg} at {error.colno})"
        case UnicodeError():
            return "it is no UTF-8"
        case _:
            return str(error)


def _json(told: str | bytes) -> Any:
    try:
        return json.loads(told)
    except RecursionError as error:
        raise ValueError("it has too much inside of each other") from error


def _raise(why: str) -> Fields:
    raise ValueError(why)
