"""Export the history for other programs and for reading, in the format of the file's suffix.

`.jsonl` and `.csv` hold every field of the row as the command line prints it (a table's texts as `escape_formula`
leaves them), `.md` and `.txt` the text and the time. `.srt` has a cue for each dictation, as long as it was, at its
time of day: word times are not stored, so a dictation is not split further. Its hours count from the midnight before
the first, and go on past 24 on later days.

Rows are written as they come, so that a long history needs no memory, and the file gets its name when it is complete.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from desktop.core.errors import HistoryError
from desktop.core.files import replace_file
from desktop.core.messages import PartList
from desktop.core.spreadsheet import escape_formula
from desktop.history.rows import JSON_KEYS, HistoryRow

JSON_FIELDS = ("emotion", "sent", "changed")
"""The fields that are JSON in a table's cell, which is empty if there is no value."""

type RowWriter = Callable[[HistoryRow], None]

OLDEST_FIRST_SUFFIXES = (".srt",)
"""Suffixes of the formats that are read from beginning to end; the others have the newest row first."""

MIN_CUE_S = 0.5
"""Minimum seconds that a cue is shown."""


def export_rows(rows: Iterable[HistoryRow], file: Path) -> int:
    """Write `rows`, in the order of the format, to `file`, readable by this user only; return how many.

    Raises `HistoryError` for an unknown suffix or a file that cannot be written.
    """
    make_writer = EXPORT_FORMATS.get(file.suffix.lower())
    if make_writer is None:
        raise HistoryError("history-export-format", name=file.name, formats=PartList((*EXPORT_FORMATS,)))
    count = 0
    try:
        with replace_file(file, unique=True) as new:
            out = TextIOWrapper(new, encoding="utf-8", newline="")
            write = make_writer(out)
            for row in rows:
                write(row)
                count += 1
            out.flush()
    except OSError as error:
        raise HistoryError("export-unwritable", path=str(file), reason=str(error.strerror)) from error
    return count


def _jsonl_writer(out: TextIO) -> RowWriter:
    def write(row: HistoryRow) -> None:
        out.write(json.dumps(row.to_json(), ensure_ascii=False) + "\n")

    return write


def _csv_writer(out: TextIO) -> RowWriter:
    table = csv.DictWriter(out, JSON_KEYS)
    table.writeheader()

    def write(row: HistoryRow) -> None:
        fields = row.to_json()
        parts = {key: json.dumps(fields[key], ensure_ascii=False) if fields[key] else "" for key in JSON_FIELDS}
        cells = {**fields, **parts}
        table.writerow({key: escape_formula(cell) if isinstance(cell, str) else cell for key, cell in cells.items()})

    return write


def _markdown_writer(out: TextIO) -> RowWriter:
    last_day = None

    def write(row: HistoryRow) -> None:
        nonlocal last_day
        if (day := row.started_at.date()) != last_day:
            last_day = day
            out.write(f"# {day}\n\n")
        app = f" · {row.app}" if row.app else ""
        out.write(f"## {row.started_at:%H:%M}{app}\n\n{_display_text(row)}\n\n")

    return write


def _text_writer(out: TextIO) -> RowWriter:
    def write(row: HistoryRow) -> None:
        out.write(f"{row.started_at:%Y-%m-%d %H:%M}  {_display_text(row)}\n")

    return write


def _srt_writer(out: TextIO) -> RowWriter:
    number = 0
    midnight: datetime | None = None
    end = timedelta()

    def write(row: HistoryRow) -> None:
        nonlocal number, midnight, end
        started_at = row.started_at if midnight is None else row.started_at.astimezone(midnight.tzinfo)
        midnight = midnight or datetime.combine(started_at.date(), time(), started_at.tzinfo)
        start = max(started_at - midnight, end)  # the clock may have been set back
        end = start + timedelta(seconds=max(row.duration_s, MIN_CUE_S))
        number += 1
        words = " ".join(_display_text(row).split())  # an empty line would end the cue
        out.write(f"{number}\n{_format_srt_time(start)} --> {_format_srt_time(end)}\n{words}\n\n")

    return write


def _format_srt_time(elapsed: timedelta) -> str:
    ms = round(elapsed / timedelta(milliseconds=1))
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"


def _display_text(row: HistoryRow) -> str:
    return row.latest_text or f"({row.delivery})"


EXPORT_FORMATS: dict[str, Callable[[TextIO], RowWriter]] = {
    ".jsonl": _jsonl_writer,
    ".csv": _csv_writer,
    ".md": _markdown_writer,
    ".txt": _text_writer,
    ".srt": _srt_writer,
}
