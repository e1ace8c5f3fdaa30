"""Nothing that is said is cut off on a small screen: in Chinese, and in a language whose sentences are 40 % longer.

A scale changes pixels and not the layout: a window of 1024 x 640 at 200 % is laid out as it is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import override

import pytest
from PySide6.QtCore import QSize, QTranslator
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLabel, QPushButton, QRadioButton, QWidget

from desktop.ui.history.window import HistoryWindow
from desktop.ui.i18n import install_language
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.window import SettingsWindow
from desktop.ui.statistics.window import StatisticsWindow
from desktop.ui.style import tokens
from tests.unit.ui.conftest import said
from tests.unit.ui.test_focus_visible import doctor, pages
from tests.unit.ui.test_unseen import first_run

SMALL = QSize(1024, 640)


class Longer(QTranslator):
    """English with words of a made-up language behind it: 40 % longer."""

    @override
    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        more = -(-len(source) * 2 // 5)
        return source + " " + ("la lo " * more)[: more - 1] if more > 1 else source

    @override
    def isEmpty(self) -> bool:
        return False


@pytest.fixture(params=["zh_CN", "longer"])
def foreign(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    """The windows speak another language, in the app's own dress."""
    palette, longer = qapp.palette(), Longer()
    tokens._apply_palette(qapp)
    if request.param == "longer":
        qapp.installTranslator(longer)
    else:
        install_language(qapp, request.param)
    yield
    qapp.removeTranslator(longer)
    install_language(qapp, "en")
    qapp.setStyleSheet("")
    qapp.setPalette(palette)


def cut(one: QWidget) -> bool:
    """Whether it has less room than what stands in it takes."""
    if isinstance(one, QLabel) and one.text() and one.wordWrap():
        return one.height() < one.heightForWidth(one.width())
    if isinstance(one, QLabel) and one.text():
        return one.width() < one.minimumSizeHint().width()
    words = isinstance(one, QPushButton | QCheckBox | QRadioButton) and one.text()
    return bool(words) and one.width() < one.sizeHint().width()


def outside(one: QWidget, window: QWidget) -> bool:
    """Whether it begins or ends beyond the window's sides, where nothing scrolls to."""
    left = one.mapTo(window, one.rect().topLeft()).x()
    return left < 0 or left + one.width() > window.width()


@pytest.mark.parametrize("make", [SettingsWindow, HistoryWindow, StatisticsWindow, doctor, first_run])
@pytest.mark.usefixtures("foreign")
def test_nothing_is_cut_off(make: Callable[..., QWidget], engine, qtbot) -> None:
    engine.kept.keep([said()])
    window = make(engine.app())
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.resize(SMALL)
    wrong, looked_at = [], 0
    for page in pages(window):
        for _ in range(2):  # what arrives as the page is shown is laid out in the second
            QApplication.processEvents()
        if isinstance(page, SettingsPage) and page.widget().minimumSizeHint().width() > page.viewport().width():
            wrong.append(f"{type(page).__name__} is too wide")
        for one in window.findChildren(QWidget):
            if not isinstance(one, QLabel | QAbstractButton) or not one.isVisible() or one.window() is not window:
                continue
            looked_at += 1
            if cut(one) or outside(one, window):
                wrong.append(f"{type(page).__name__}: {one.text()!r} has {one.size().toTuple()}")
    assert looked_at > 5
    assert wrong == []
    assert window.size() == SMALL
