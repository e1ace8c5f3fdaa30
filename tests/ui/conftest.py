"""The windows' own fixtures: widgets drawn off the screen, and actions that note what was asked."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from desktop.history import Row
from desktop.ports import Outcome
from desktop.problems import SettingsProblem
from desktop.settings_tree import Settings
from desktop.ui.bridge import Actions, Choice


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["intone"]


def row(id: int, text: str = "Hello there.", at: datetime = datetime(2026, 3, 2, 12, tzinfo=UTC)) -> Row:
    return Row(id=id, started_at=at, text=text, raw_text=text.lower(), app="xterm", delivery=Outcome.INSERTED)


@dataclass
class Engine:
    """An engine as the windows see it: rows and settings in memory, and the names of what it was asked to do."""

    rows: Sequence[Row] = ()
    asked: list[str] = field(default_factory=list)
    pages: list[tuple[str, int | None]] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    recordings: list[bool] = field(default_factory=list)

    def actions(self) -> Actions:
        """Its actions, each of which notes its own name."""

        def note(name: str):
            return lambda *values: self.asked.append(" ".join([name, *values]))

        names = ("toggle", "cancel", "paste_last", "copy_last", "quit", "show_history", "show_settings")
        return Actions(
            **{name: note(name) for name in names},
            set_setting=self.set_setting,
            reset_setting=note("reset"),
            settings=lambda: self.settings,
            record_key=self.recordings.append,
            history=self.history,
            models=lambda then: then([Choice("auto", "Automatic"), Choice("base", "base", "installed")]),
            language_models=lambda then: then([Choice("auto", "Automatic"), Choice("smollm2-135m", "smollm2-135m")]),
            devices=lambda then: then([Choice("", "System default"), Choice("usb", "USB Audio")]),
        )

    def with_repairs(self) -> Actions:
        """Its actions, with all that cannot always be done."""
        names = ("retry", "undo_cancel", "learn", "undo", "swap", "paste_raw")
        repairs = {name: lambda name=name: self.asked.append(name) for name in names}
        return replace(self.actions(), **repairs)

    def history(self, query: str, before: int | None, limit: int, then) -> None:
        self.pages.append((query, before))
        wanted = (row for row in self.rows if (before is None or row.id < before) and query in row.text)
        then([row for row, _ in zip(wanted, range(limit), strict=False)])

    def set_setting(self, key: str, value: str) -> None:
        if value == "ger":
            raise SettingsProblem("recognizer.language cannot be ger.", "Did you mean de?")
        section, field_ = key.split(".")
        group = getattr(self.settings, section)
        listed = isinstance(getattr(group, field_), tuple)
        typed = tuple(value.split(",") if value else ()) if listed else value
        self.settings = self.settings.model_copy(update={section: group.model_copy(update={field_: typed})})
        self.asked.append(f"set {key} {value}")


@pytest.fixture
def engine() -> Engine:
    return Engine()
