"""Show a problem and its remedy: text to read, and lines for a terminal or a file that can be copied."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.ui.i18n import sentence
from desktop.ui.onboarding.page import label
from desktop.ui.style import tokens
from desktop.ui.widgets.form import named

_COPIED = ("sudo ", "systemctl ", "intone ", "bindsym ", "bind = ", "bindr = ", "hl.bind(")
"""Prefixes of lines that are to be copied."""


def lots(remedy: str) -> list[tuple[bool, str]]:
    """Split `remedy` into blocks of lines, in order, each with whether it is to be copied."""
    grouped = groupby(remedy.splitlines(), lambda line: line.startswith(_COPIED))
    return [(copied, "\n".join(lines)) for copied, lines in grouped]


class Remedy(QWidget):
    """A problem, with its remedy below."""

    def __init__(self, title: str, remedy: str) -> None:
        super().__init__()
        self.setAccessibleName(sentence(title))
        self.setAccessibleDescription(sentence(remedy))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        self._column.setSpacing(tokens.GAP)
        self._column.addWidget(label(sentence(title)))
        for copied, text in lots(remedy):
            if copied:
                self._add_lines(text)
            else:
                self._column.addWidget(label(sentence(text), "quiet"))

    def _add_lines(self, text: str) -> None:
        lines = named(label(text), "command")
        lines.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        lines.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        copy = named(QPushButton(self.tr("Copy")), "copy")
        copy.setAccessibleName(self.tr("Copy: {0}").format(text))
        copy.clicked.connect(lambda: QApplication.clipboard().setText(text))
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP)
        row.addWidget(lines, 1)
        row.addWidget(copy)
        self._column.addLayout(row)
