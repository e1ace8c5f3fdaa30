"""Export the history for other programs and for reading, in the format of the file's suffix.

`.jsonl` and `.csv` hold every field of the row as the command line prints it (a table's texts as `formulas` leaves
them), `.md` and `.txt` the text and the time. `.srt` has a cue for each dictation, as long as it was, at its time of
day: word times are not stored, so a dictation is not split further. Its hours count from the midnight before the first,
and go on past 24 on later days.

Rows are written as they come, so that a long history needs no memory, and the file gets its name when it is complete.
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TextIO

from desktop.core.errors import HistoryProblem
from desktop.core.formulas import as_text
from desktop.history.row import KEYS, Row

PARTS = ("emotion", "sent", "changed")
"""The fields that are JSON in a table's cell, which is empty if there is no value."""

type Write = Callable[[Row], None]


OLDEST_FIRST = (".srt",)
"""Suffixes of the formats that are read from beginning to end; the others have the newest row first."""

SHORTEST_S = 0.5
"""Seconds that a cue is shown at least."""


def export(rows: Iterable[Row], file: Path) -> int:
    """Write `rows`, in the order of the format, to `file`, readable by this user only; return how many.

    Raises `HistoryError` for an unknown suffix or a file that cannot be written.
    """
    form = FORMS.get(file.suffix.lower())
    if form is None:
        remedy = f"Give the file a name that ends in one of {', '.join(FORMS)}."
        raise HistoryProblem(f"The history cannot be exported as {file.name}.", remedy)
    count = 0
    try:
        fd, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(fd, "w", encoding="utf-8", newline="") as out:
                write = form(out)
                for row in rows:
                    write(row)
                    count += 1
            Path(name).replace(file)
        finally:
            with suppress(FileNotFoundError):
                Path(name).unlink()
    except OSError as error:
        raise HistoryProblem(f"{file} cannot be written ({error.strerror}).", "Choose another place.") from error
    return count


def _jsonl(out: TextIO) -> Write:
    def write(row: Row) -> None:
        out.write(json.dumps(row.json(), ensure_ascii=False) + "\n")

    return write


def _csv(out: TextIO) -> Write:
    table = csv.DictWriter(out, KEYS)
    table.writeheader()

    def write(row: Row) -> None:
        fields = row.json()
        parts = {key: json.dumps(fields[key], ensure_ascii=False) if fields[key] else "" for key in PARTS}
        cells = {**fields, **parts}
        table.writerow({key: as_text(cell) if isinstance(cell, str) else cell for key, cell in cells.items()})

    return write


def _markdown(out: TextIO) -> Write:
    last_day = None

    def write(row: Row) -> None:
        nonlocal last_day
        if (day := row.started_at.date()) != last_day:
            last_day = day
            out.write(f"# {day}\n\n")
        place = f" · {row.app}" if row.app else ""
        out.write(f"## {row.started_at:%H:%M}{place}\n\n{_words(row)}\n\n")

    return write


def _text(out: TextIO) -> Write:
    def write(row: Row) -> None:
        out.write(f"{row.started_at:%Y-%m-%d %H:%M}  {_words(row)}\n")

    return write


def _srt(out: TextIO) -> Write:
    number = 0
    midnight: datetime | None = None
    free = timedelta()

    def write(row: Row) -> None:
        nonlocal number, midnight, free
        began = row.started_at if midnight is None else row.started_at.astimezone(midnight.tzinfo)
        midnight = midnight or datetime.combine(began.date(), time(), began.tzinfo)
        start = max(began - midnight, free)  # the clock may have been set back
        free = start + timedelta(seconds=max(row.duration_s, SHORTEST_S))
        number += 1
        words = " ".join(_words(row).split())  # an empty line would end the cue
        out.write(f"{number}\n{_clock(start)} --> {_clock(free)}\n{words}\n\n")

    return write


def _clock(at: timedelta) -> str:
    ms = round(at / timedelta(milliseconds=1))
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"


def _words(row: Row) -> str:
    return row.edited or row.text or row.raw_text or f"({row.delivery})"


FORMS: dict[str, Callable[[TextIO], Write]] = {
    ".jsonl": _jsonl,
    ".csv": _csv,
    ".md": _markdown,
    ".txt": _text,
    ".srt": _srt,
}
