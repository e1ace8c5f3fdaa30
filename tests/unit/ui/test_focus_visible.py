"""Where the focus is can be seen: each control that Tab comes to looks different with it, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from desktop.settings.schema import LookSettings
from desktop.ui.controllers.app import AppController
from desktop.ui.doctor_window import DoctorWindow
from desktop.ui.history.window import HistoryWindow
from desktop.ui.settings.window import SettingsWindow
from desktop.ui.statistics.window import StatisticsWindow
from desktop.ui.style import tokens
from tests.support.ui.controllers import altered
from tests.unit.ui.test_unseen import first_run


def doctor(app: AppController) -> DoctorWindow:
    """The doctor's window, which has looked at everything."""
    return DoctorWindow(app.services)


@pytest.fixture(params=["light", "dark"])
def dressed(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    """The app in its colours, until the test is over: `tokens.apply` would dress it again at each change."""
    palette = qapp.palette()
    tokens.apply_look(LookSettings(theme=request.param))
    tokens._apply_palette(qapp)
    yield
    qapp.setStyleSheet("")
    qapp.setPalette(palette)


def controls(within: QWidget) -> list[QWidget]:
    """What Tab comes to."""
    return [one for one in within.findChildren(QWidget) if comes_to(one) and one.window() is within.window()]


def comes_to(one: QWidget) -> bool:
    tab = Qt.FocusPolicy.TabFocus
    return one.isVisible() and one.isEnabled() and one.focusPolicy() & tab == tab


def looks_the_same(one: QWidget) -> bool:
    """Whether it looks with the focus as it does without."""
    one.clearFocus()
    without = one.grab().toImage()
    one.setFocus(Qt.FocusReason.TabFocusReason)
    assert one.hasFocus()
    return one.grab().toImage() == without


def unseen(one: QWidget) -> bool:
    """Whether the focus is not seen in it; in what can be switched on, also while it is."""
    same = looks_the_same(one)
    if isinstance(one, QAbstractButton) and one.isCheckable() and not one.signalsBlocked():
        group, was = one.group(), one.isChecked()
        one.blockSignals(True)
        if group is not None:
            group.setExclusive(False)
        one.setChecked(not was)
        same = same or looks_the_same(one)
        one.setChecked(was)
        if group is not None:
            group.setExclusive(True)
        one.blockSignals(False)
    return same


def pages(window: QWidget) -> Iterator[object]:
    """Turn to each page of a window that has some."""
    if isinstance(window, SettingsWindow):
        for page in window.pages:
            window.show_page(type(page))
            yield page
    else:
        yield window
        while getattr(window, "continue_button", None) is not None and window.current_step is not window.steps[-1]:
            window.go_forward()
            yield window.current_step


@pytest.mark.parametrize("make", [SettingsWindow, HistoryWindow, StatisticsWindow, doctor, first_run])
@pytest.mark.usefixtures("dressed")
def test_where_the_focus_is_can_be_seen(make: Callable[..., QWidget], engine, qtbot) -> None:
    history = altered(engine.kept, load_statistics=lambda since, on_result: None)  # until they come, all can be pressed
    window = make(engine.app(history=history))
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    looked_at = 0
    wrong = []
    for page in pages(window):
        for one in controls(window):
            looked_at += 1
            if unseen(one):
                wrong.append(f"{type(page).__name__}: {type(one).__name__} {one.accessibleName()!r}")
    assert looked_at > 3
    assert wrong == []
