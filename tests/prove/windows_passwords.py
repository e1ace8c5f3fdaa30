"""Password fields in Windows: Windows' own (ES_PASSWORD) and Qt's. Nothing may be inserted, or left on the clipboard.

The fields write their text to a file whenever it changes, since Windows lets no other program read one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.prove.record import Line
from tests.prove.windows_clipboard import differences, paste
from tests.support.desk import stop
from tests.support.windows_clipboard import put

TIMES = 20

FIELDS = {"edit": ("tests.support.windows.edit_window", "password"), "qt": ("tests.support.windows.qt_password",)}
"""By name, the program of a field, and its arguments beyond file and title."""


def measure(fresh_desk: Callable[[], Any], numbers: Sequence[int]) -> Iterator[tuple[int, Line]]:
    """Yield pastes into the fields, with what came of each."""
    with fresh_desk() as desk:
        for at, (field, (module, *words)) in enumerate(FIELDS.items()):
            some = [number for number in numbers if number % len(FIELDS) == at]
            file = desk.folder / f"password-{field}"
            window = desk.open_python(module, file, f"Password of {field}", *words)
            before = put(desk, desk.folder)
            results = paste(desk, [f"Secret {number}. " for number in some])
            text = file.read_text() if file.exists() else ""
            for number, result in zip(some, results, strict=True):
                told = {"field": field, "outcome": result["outcome"], "notes": result["notes"]}
                differing = differences(before, result["clipboard"])
                yield number, {**told, "wrong": wrong(result["outcome"], text, differing)}
            stop(window)


def wrong(outcome: str, text: str, differing: list[str]) -> list[str]:
    """What is wrong with the `outcome` of a paste into a field that has `text` now."""
    found = [f"in the field stands {text!r}"] if text else []
    if outcome != "refused":
        found.append(f"it ends as {outcome}")
    return found + differing


def judge(lines: Sequence[Line]) -> dict[str, Any]:
    """The counts, and `ok`."""
    bad = [f"{line['key']} ({line['field']}): {why}" for line in lines for why in line["wrong"]]
    return {
        "fields": Counter(line["field"] for line in lines),
        "refused": Counter(line["field"] for line in lines if not line["wrong"]),
        "notes": Counter(note for line in lines for note in line["notes"]),
        "wrong": bad[:20],
        "ok": not bad,
    }
