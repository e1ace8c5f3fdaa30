"""Undo, voice editing and the cursor within a text, where a field tells what it holds; refused where it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.desk import stop, until
from tests.support.desks.wine import WineDesk, windows_path

WORDPAD = r"C:\Program Files\Windows NT\Accessories\wordpad.exe"
PROGRAMS = {"Notepad": ("wine", "notepad"), "Wordpad": ("wine", WORDPAD)}

WINDOW_S = 240.0
"""Seconds until a program shows its window: Qt's took more than 60 where ten others were at work on two cores."""

INSERTED, UNDONE = {"outcome": "inserted", "notes": []}, {"outcome": "cancelled", "notes": []}

EDITS: tuple[tuple[list[object], dict[str, object]], ...] = (
    (["paste", "One – 你好 😀\nline two."], INSERTED),
    (["field"], {"text": "One – 你好 😀\nline two."}),
    (["undo"], UNDONE),
    (["paste", "Alpha beta gamma"], INSERTED),
    (["around", " Dear ", ",\nhello"], INSERTED),
    (["undo"], UNDONE),
    (["select", 6, 10], {}),
    (["edit", "BETA 世界\nnew"], INSERTED),
    (["undo"], UNDONE),
    (["select", 0, 5], {}),
    (["selection"], {"text": "Alpha", "notes": []}),
    (["edit", "A"], INSERTED),
    (["select", 0, 12], {}),
    (["selection"], {"text": "A beta gamma", "notes": []}),
    (["select", 3, 3], {}),
    (["selection"], {"text": None, "notes": ["selection-empty"]}),
)
"""Steps in a field that tells its text, and what each comes to."""


@contextmanager
def opened(desk: WineDesk, title: str, *command: str) -> Iterator[None]:
    """A program whose window has the focus."""
    process = desk.spawn(*command)
    try:
        until(lambda: title in desk.focused_title(), f"{title} has the focus", WINDOW_S)
        yield
    finally:
        stop(process)


def do(desk: WineDesk, folder: Path, *steps: list[object]) -> Any:
    file = folder / "steps.json"
    file.write_text(json.dumps(steps))
    return desk.helper("edits", windows_path(file))


@pytest.mark.parametrize("program", PROGRAMS)
def test_fields_that_tell_their_text_are_edited(desk: WineDesk, tmp_path: Path, program: str) -> None:
    with opened(desk, program, *PROGRAMS[program]):
        assert do(desk, tmp_path, *(step for step, _ in EDITS)) == [result for _, result in EDITS]


@pytest.mark.parametrize(
    ("kind", "steps", "notes"),
    [
        ("password", [["paste", "secret"], ["edit", "x"]], ["password-field-focused"] * 2),
        ("qt-password", [["paste", "secret"]], ["password-field-focused"]),
        ("readonly", [["select", 0, 3], ["edit", "x"]], ["field-read-only"]),
    ],
)
def test_fields_that_may_not_be_changed_are_refused(
    desk: WineDesk, tmp_path: Path, kind: str, steps: list[list[object]], notes: list[str]
) -> None:
    with opened(desk, kind, *desk.helper_command("editor", tmp_path / "nothing", kind)):
        ends = [end for end in do(desk, tmp_path, *steps) if end]
    assert [(end["outcome"], end["notes"][0]) for end in ends] == [("refused", note) for note in notes]


def test_field_that_tells_nothing_gets_its_text_and_no_more(desk: WineDesk, tmp_path: Path) -> None:
    with opened(desk, "qt", *desk.helper_command("editor", tmp_path / "nothing", "qt")):
        ends = do(desk, tmp_path, ["around", "a", "b"], ["undo"], ["edit", "x"])
    assert ends == [
        {"outcome": "inserted", "notes": ["field-without-cursor"]},
        {"outcome": "refused", "notes": ["field-without-text", "nothing-undone"]},
        {"outcome": "refused", "notes": ["field-without-selection", "nothing-changed", "text-in-history"]},
    ]
