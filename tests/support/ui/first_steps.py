"""Shared by the tests of the first run: a machine with prepared answers, and helpers that go through the pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop.app.model_cards import ModelCard
from desktop.core.errors import UserError
from desktop.core.messages import Message
from desktop.core.state import DownloadStatus, Health
from desktop.doctor.checks import Finding
from desktop.ui.controllers.app import AppController
from desktop.ui.onboarding.page import OnboardingStep
from desktop.ui.onboarding.window import OnboardingWindow
from models.catalog import ModelKind
from tests.support.ui.controllers import altered
from tests.support.ui.fake_audio import FakeAudio
from tests.support.ui.fake_models import FakeFetching
from tests.support.ui.fake_services import FakeServices
from tests.unit.ui.conftest import Engine

WELL = Health(engine_loaded=True, engine_name="whisper", model="base")
COMING = DownloadStatus("Whisper small", 62_000_000, 486_000_000)
NO_TRAY = Finding("tray", False, Message("tray-missing", command="apt"), False)
NO_PLUGIN = Finding("alsa", False, Message("pulse-plugin-missing", command="sudo apt-get install -y plugins"), False)


@dataclass(frozen=True, slots=True)
class Card(ModelCard):
    """A model as it is advised."""

    name: str = "small"
    kind: ModelKind = "speech"
    bytes: int = 486_000_000
    memory_mb: int = 900
    languages: tuple[str, ...] = ()
    accuracy: int = 3
    licence: str = "MIT"
    host: str = "huggingface.co"


@dataclass
class Machine:
    """What the window may ask of the machine: what is missing, what is heard, and which model is advised."""

    missing: list[Finding] = field(default_factory=list)
    advised: Card | UserError | None = None
    listening: list[tuple[Callable[[float], None], Callable[[UserError | None], None]]] = field(default_factory=list)
    opened: int = 0
    late: bool = False
    asked: list[Callable[[Sequence[Finding]], None]] = field(default_factory=list)

    def monitor(
        self, on_level: Callable[[float], None], on_problem: Callable[[UserError | None], None]
    ) -> Callable[[], None]:
        heard = on_level, on_problem
        self.listening.append(heard)
        self.opened += 1
        return lambda: self.listening.remove(heard)

    def first_look(self, then: Callable[[Sequence[Finding]], None]) -> None:
        self.asked.append(then)
        if not self.late:
            then(list(self.missing))

    def hear(self, level: float, frames: int = 20) -> None:
        for _ in range(frames):
            self.listening[-1][0](level)

    def app(self, engine: Engine, **instead: object) -> AppController:
        """What the first run asks."""
        return engine.app(
            services=altered(FakeServices(), find_missing=self.first_look),
            audio=altered(FakeAudio(), monitor=self.monitor),
            models=altered(FakeFetching(), find_recommended=lambda languages, then: then(self.advised)),
            **instead,
        )


def at(first_run: OnboardingWindow, page: type[OnboardingStep]) -> OnboardingStep:
    """Go on until this page is seen."""
    while not isinstance(first_run.current_step, page):
        first_run.go_forward()
    return first_run.current_step


def texts(widget: QWidget) -> str:
    """What stands there to be read."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def press(qtbot, *keys: Qt.Key) -> None:
    """Press keys where the focus is."""
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget(), key)


def repeat(key: Qt.Key) -> None:
    """Send one auto-repeated press, as of a key that is held, where the focus is."""
    widget = QApplication.focusWidget()
    QTest.simulateEvent(widget, True, key, Qt.KeyboardModifier.NoModifier, "", True)
