"""A Qt program that reads the clipboard whenever it changes, with a text field or, without one, a label.

Its field's text is in the file named on the command line, after which its window's title comes, and "field".
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QWidget


def main(path: Path, title: str, kind: str = "") -> int:
    app = QApplication(sys.argv[:1])
    window: QWidget = QLabel("Nothing to write into")
    if kind == "field":
        editor = QPlainTextEdit()
        editor.textChanged.connect(lambda: path.write_text(editor.toPlainText(), encoding="utf-8"))
        window = editor
    clipboard = QGuiApplication.clipboard()
    clipboard.dataChanged.connect(lambda: clipboard.text())
    window.setWindowTitle(title)
    window.resize(600, 300)
    window.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
