"""What of our own windows takes a dictation, and what does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.history.window import HistoryWindow
from desktop.ui.text_input import insert_text

WORDS = "Hi\nyou é 日本 👩‍🔧"
ONE_LINE = WORDS.replace("\n", " ")


@pytest.fixture
def focused(qtbot):
    windows = []

    def show(widget: QWidget) -> int:
        """Show a window that has `widget` in it, with the focus; its id."""
        window = QWidget()
        windows.append(window)
        QVBoxLayout(window).addWidget(widget)
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        widget.setFocus()
        assert QTest.qWaitForWindowActive(window)
        return int(window.winId())

    return show


def choice() -> QComboBox:
    box = QComboBox(editable=True)
    box.addItem("so: ")
    return box


@pytest.mark.parametrize(
    ("make", "read", "after"),
    [
        (lambda: QLineEdit("so: "), QLineEdit.text, f"so: {ONE_LINE}"),
        (choice, QComboBox.currentText, f"so: {ONE_LINE}"),
        (QTextEdit, QTextEdit.toPlainText, WORDS),
        (QPlainTextEdit, QPlainTextEdit.toPlainText, WORDS),
    ],
)
def test_a_field_takes_the_text_where_its_cursor_is(focused, make: Callable[[], QWidget], read, after: str) -> None:
    field = make()
    assert insert_text(WORDS, focused(field))
    assert read(field) == after


@pytest.mark.parametrize(
    ("make", "read"),
    [
        (lambda: QLineEdit("so", readOnly=True), QLineEdit.text),
        (lambda: QLineEdit("so", echoMode=QLineEdit.EchoMode.Password), QLineEdit.text),
        (lambda: QLineEdit("so", echoMode=QLineEdit.EchoMode.PasswordEchoOnEdit), QLineEdit.text),
        (lambda: QLineEdit("so", echoMode=QLineEdit.EchoMode.NoEcho), QLineEdit.text),
        (lambda: QLineEdit("so", maxLength=2), QLineEdit.text),
        (lambda: QPlainTextEdit("so", readOnly=True), QPlainTextEdit.toPlainText),
        (QComboBox, QComboBox.currentText),
        (QSpinBox, QSpinBox.value),
        (QListWidget, QListWidget.count),
        (lambda: QPushButton("so"), QPushButton.text),
    ],
)
def test_insert_unreadable_or_readonly_left_alone(focused, make: Callable[[], QWidget], read) -> None:
    widget = make()
    before, window = read(widget), focused(widget)
    assert not insert_text(WORDS, window)
    assert read(widget) == before


def test_what_is_selected_is_replaced_even_by_the_same(focused) -> None:
    field = QLineEdit("same")
    window = focused(field)
    field.selectAll()
    assert insert_text("same", window)
    assert field.text() == "same"


def test_only_the_window_that_is_meant_is_written_into(focused) -> None:
    meant = focused(QLineEdit())
    other = QLineEdit()
    focused(other)
    assert not insert_text(WORDS, meant)
    assert other.text() == ""


def test_the_search_of_the_history_takes_a_dictation(engine, qtbot) -> None:
    window = HistoryWindow(engine.app())
    qtbot.addWidget(window)
    window.present()
    assert QTest.qWaitForWindowActive(window)
    assert insert_text("hello", int(window.winId()))
    qtbot.waitUntil(lambda: window.model.query.words == "hello")
