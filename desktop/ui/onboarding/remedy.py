"""Show a problem and its remedy: text to read, and lines for a terminal or a file that can be copied."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.ui.i18n import translate_message
from desktop.ui.onboarding.page import create_label
from desktop.ui.style import tokens
from desktop.ui.widgets.form import with_object_name

_COMMAND_PREFIXES = ("sudo ", "systemctl ", "intone ", "bindsym ", "bind = ", "bindr = ", "hl.bind(")
"""Prefixes of lines that are to be copied."""


def split_remedy(remedy: str) -> list[tuple[bool, str]]:
    """Split `remedy` into blocks of lines, in order, each with whether it is to be copied."""
    grouped = groupby(remedy.splitlines(), lambda line: line.startswith(_COMMAND_PREFIXES))
    return [(is_command, "\n".join(lines)) for is_command, lines in grouped]


class RemedyView(QWidget):
    """A problem, with its remedy below."""

    def __init__(self, title: str, remedy: str) -> None:
        super().__init__()
        self.setAccessibleName(translate_message(title))
        self.setAccessibleDescription(translate_message(remedy))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        self._column.setSpacing(tokens.GAP)
        self._column.addWidget(create_label(translate_message(title)))
        for is_command, text in split_remedy(remedy):
            if is_command:
                self._add_command(text)
            else:
                self._column.addWidget(create_label(translate_message(text), "quiet"))

    def _add_command(self, text: str) -> None:
        lines = with_object_name(create_label(text), "command")
        lines.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        lines.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        copy = with_object_name(QPushButton(self.tr("Copy")), "copy")
        copy.setAccessibleName(self.tr("Copy: {0}").format(text))
        copy.clicked.connect(lambda: QApplication.clipboard().setText(text))
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP)
        row.addWidget(lines, 1)
        row.addWidget(copy)
        self._column.addLayout(row)
