"""What is made beforehand is not seen before it is asked for: a window that flashes takes the focus."""

from __future__ import annotations

from typing import override

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from desktop.ui.controllers.app import AppController
from desktop.ui.history.window import HistoryWindow
from desktop.ui.onboarding.window import OnboardingWindow
from desktop.ui.pill.window import PillWindow
from desktop.ui.settings.window import SettingsWindow
from desktop.ui.statistics.window import StatisticsWindow


class Onlooker(QObject):
    """Sees every window that comes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


def first_run(app: AppController) -> OnboardingWindow:
    return OnboardingWindow(app, lambda: None)


@pytest.mark.parametrize("make", [PillWindow, HistoryWindow, SettingsWindow, StatisticsWindow, first_run])
def test_nothing_is_seen_while_a_window_is_made(make, engine, qtbot) -> None:
    onlooker = Onlooker()
    QApplication.instance().installEventFilter(onlooker)
    made = make(engine.app())
    qtbot.addWidget(made)
    assert onlooker.seen == []
    made.show()
    assert onlooker.seen == [type(made).__name__]
    QApplication.instance().removeEventFilter(onlooker)
