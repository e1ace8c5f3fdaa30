"""A Qt window: `qt_window.py FIELD TITLE LOG`, FIELD text, password, or form, which has one and then the other."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

field, title, log = sys.argv[1:]


def note(event: str, text: str = "") -> None:
    with Path(log).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"at": time.monotonic(), "event": event, "text": text}) + "\n")


class TextArea(QPlainTextEdit):
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:  # noqa: N802 (Qt's name)
        note("composition", event.preeditString())
        super().inputMethodEvent(event)


def text_area() -> QWidget:
    area = TextArea()
    area.setTabChangesFocus(True)
    area.textChanged.connect(lambda: note("text", area.toPlainText()))
    return area


def password_field() -> QWidget:
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.textChanged.connect(lambda text: note("text", text))
    return line


def form() -> QWidget:
    content = QWidget()
    layout, first, second = QVBoxLayout(content), text_area(), password_field()
    layout.addWidget(first)
    layout.addWidget(second)
    content.setFocusProxy(first)
    return content


app = QApplication(sys.argv[:1])
content = {"text": text_area, "password": password_field, "form": form}[field]()
content.setWindowTitle(title)
content.resize(600, 300)
app.focusWindowChanged.connect(lambda window: note("focused" if window is not None else "unfocused"))
content.show()
content.setFocus()
note("ready")
sys.exit(app.exec())
