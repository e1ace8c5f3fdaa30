"""The windows' own fixtures: widgets drawn off the screen, and an engine that notes what was asked."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if sys.platform == "win32":  # drawn off the screen, Qt finds no font there by itself
    os.environ.setdefault("QT_QPA_FONTDIR", "/usr/share/fonts/truetype/dejavu")

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from desktop.core.errors import SettingsError
from desktop.core.types import Outcome
from desktop.history.rows import HistoryEntry
from desktop.settings.schema import LookSettings, Settings
from desktop.ui.bridge import ListOption
from desktop.ui.controllers.app import AppController
from desktop.ui.style import tokens
from tests.support.ui.controllers import Loop, altered, context
from tests.support.ui.fake_audio import FakeAudio
from tests.support.ui.fake_bench import FakeBench
from tests.support.ui.fake_history import Kept
from tests.support.ui.fake_models import FakeFetching
from tests.support.ui.fake_services import FakeServices
from tests.support.ui.fake_text import Worded, files

if TYPE_CHECKING:
    from desktop.ui.onboarding.window import OnboardingWindow
    from tests.support.ui.first_steps import Machine


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["intone"]


@pytest.fixture(autouse=True)
def usual_look() -> Iterator[None]:
    """Delete a test's windows, and undo what it changed of the look.

    pytest-qt deletes them later, which would be in some other test's wait, and the look changes all that there are.
    """
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    tokens.apply_look(LookSettings())


def said(text: str = "Hello there.", at: datetime = datetime(2026, 3, 2, 12, tzinfo=UTC), **more: Any) -> HistoryEntry:
    """A dictation that ended well."""
    known = {"raw_text": text.lower(), "app": "xterm", "delivery": Outcome.INSERTED, "language": "en"}
    return HistoryEntry(started_at=at, text=text, **(known | more))


@dataclass
class Engine(Loop):
    """An engine as the windows see it: rows and settings in memory, and the names of what it was asked to do."""

    kept: Kept = field(default_factory=lambda: Kept(Path("nowhere/history.db")))
    asked: list[str] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    recordings: list[bool] = field(default_factory=list)

    def app(self, **instead: object) -> AppController:
        """What windows ask; `instead` are the methods and controllers that a test has of its own."""

        def nothing_wrong(on_result: Callable[[None], None]) -> None:
            on_result(None)

        here = files(self.kept.path.parent)
        app = AppController(context(here, self), lambda name: self.asked.append(f"open {name}"), lambda: None)
        in_memory = {
            "settings": lambda: self.settings,
            "set_setting": self.set_setting,
            "reset_setting": self.reset_setting,
            "quit": lambda: self.asked.append("quit"),
            "list_microphones": lambda on_result: on_result(
                [ListOption("", "System default"), ListOption("usb", "USB Audio")]
            ),
            "find_key_grabber": nothing_wrong,
            "apply_autostart": nothing_wrong,
            "check_encryption": nothing_wrong,
            "history": self.kept,
            "models": FakeFetching(),
            "bench": FakeBench(),
            "services": FakeServices(),
            "text": Worded(here),
            "audio": FakeAudio(),
        }
        return altered(app, **(in_memory | instead))

    def run_command(self, name: str) -> None:
        self.asked.append(name)

    @property
    def hotkeys(self) -> Engine:
        return self

    async def suspend(self, active: bool) -> None:
        self.recordings.append(active)

    def request_pasting(self) -> None:
        self.asked.append("request pasting")

    def request_keys(self) -> None:
        self.asked.append("request keys")

    def set_setting(self, key: str, value: str) -> None:
        if value == "ger":
            raise SettingsError(
                "reported-message", title="recognizer.language cannot be ger.", advice="Did you mean de?"
            )
        path = key.split(".")
        was: Any = self.settings
        for name in path:
            was = getattr(was, name)
        listed = isinstance(was, tuple)
        self._write(path, tuple(value.split(",") if value else ()) if listed else type(was)(value))
        self.asked.append(f"set {key} {value}")

    def reset_setting(self, key: str) -> None:
        default: Any = Settings()
        for name in key.split("."):
            default = getattr(default, name)
        self._write(key.split("."), default)
        self.asked.append(f"reset {key}")

    def _write(self, path: list[str], value: object) -> None:
        groups: list[Any] = [self.settings]
        for name in path[:-1]:
            groups.append(getattr(groups[-1], name))
        for group, name in zip(reversed(groups), reversed(path), strict=True):
            value = group.model_copy(update={name: value})
        self.settings = cast(Settings, value)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(Kept(tmp_path / "history.db"))


@pytest.fixture
def machine() -> Machine:
    """What the first run may ask of the machine."""
    from tests.support.ui.first_steps import Machine

    return Machine()


@pytest.fixture
def ended() -> list[str]:
    """A word for each time that the first run has ended."""
    return []


@pytest.fixture
def first_run(engine: Engine, machine: Machine, ended: list[str], qtbot: Any) -> OnboardingWindow:
    """The first run's window, which has the focus."""
    from desktop.ui.onboarding.window import OnboardingWindow

    made = OnboardingWindow(machine.app(engine), lambda: ended.append("ended"))
    qtbot.addWidget(made)
    made.present()
    qtbot.waitActive(made)
    return made
