"""A Qt program to be dictated into: a plain text field whose text is always in the file named on the command line,
after which its window's title may come."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QPlainTextEdit


def main(path: Path, title: str = "intone-editor") -> int:
    app = QApplication(sys.argv[:1])
    editor = QPlainTextEdit()
    editor.setWindowTitle(title)

    def save() -> None:
        part = path.with_suffix(".part")
        part.write_text(editor.toPlainText(), encoding="utf-8")
        os.replace(part, path)  # noqa: PTH105 -- so that a reader never sees half

    editor.textChanged.connect(save)
    editor.resize(600, 300)
    editor.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
