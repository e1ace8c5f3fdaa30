"""A password field of Qt, whose text is always in a file.

`python.exe -m tests.support.windows.qt_password FILE TITLE`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QLineEdit


def main(file: Path, title: str) -> int:
    app = QApplication(sys.argv[:1])
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setWindowTitle(title)
    field.textChanged.connect(lambda text: file.write_text(text, encoding="utf-8"))
    field.resize(400, 40)
    field.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
