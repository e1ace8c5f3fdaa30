"""What is made beforehand is not seen before it is asked for: a window that flashes takes the focus."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import override

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from desktop.ui.bridge import WindowActions
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


class Anything:
    """What can be asked for anything, and answers nothing."""

    def __call__(self, *asked: object) -> Anything:
        return self

    def __getattr__(self, name: str) -> Anything:
        return self


def all_of(actions: WindowActions) -> WindowActions:
    """`actions`, with all that cannot always be done."""
    given = {one.name: Anything() for one in fields(actions) if getattr(actions, one.name) is None}
    return replace(actions, **given)


def first_run(actions) -> OnboardingWindow:
    return OnboardingWindow(actions, lambda: None)


@pytest.mark.parametrize("make", [PillWindow, HistoryWindow, SettingsWindow, StatisticsWindow, first_run])
def test_nothing_is_seen_while_a_window_is_made(make, engine, qtbot) -> None:
    onlooker = Onlooker()
    QApplication.instance().installEventFilter(onlooker)
    made = make(all_of(engine.actions()))
    qtbot.addWidget(made)
    assert onlooker.seen == []
    made.show()
    assert onlooker.seen == [type(made).__name__]
    QApplication.instance().removeEventFilter(onlooker)
