"""A window that appends the name of each mouse button that it gets to a file.

`python.exe -m tests.support.windows.mouse_window FILE TITLE`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import override

from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


class MouseWindow(QWidget):
    """The window; its buttons go to `file`."""

    def __init__(self, file: Path, title: str) -> None:
        super().__init__()
        self._file = file
        self.setWindowTitle(title)
        self.setGeometry(100, 100, 600, 300)
        self.show()
        self.activateWindow()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Append the button."""
        with self._file.open("a", encoding="utf-8") as file:
            print(event.button().name, file=file)


if __name__ == "__main__":
    app = QApplication(sys.argv)
    window = MouseWindow(Path(sys.argv[1]), sys.argv[2])
    sys.exit(app.exec())
