"""The settings window: sections at the left, the chosen one at the right.

Lists that need a disk or a device (models, microphones) are asked for when the window comes and fill themselves in when
the answer does.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QStackedWidget, QWidget

from desktop.state import Shown
from desktop.ui import glyphs, tokens
from desktop.ui.bridge import Actions
from desktop.ui.fields import named
from desktop.ui.settings.about import About
from desktop.ui.settings.appearance import Appearance
from desktop.ui.settings.emotion import Emotion
from desktop.ui.settings.history import History
from desktop.ui.settings.hotkeys import Hotkeys
from desktop.ui.settings.microphone import Microphone
from desktop.ui.settings.models import Models
from desktop.ui.settings.page import Board, Page
from desktop.ui.settings.sounds import Sounds
from desktop.ui.settings.speech import Speech
from desktop.ui.settings.text import Text


class SettingsWindow(QWidget):
    """The window. `present` brings it to the front, `draw` keeps what it says of the app true."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._shown = Shown()
        self.setWindowTitle(self.tr("Intone settings"))
        self.setWindowIcon(glyphs.app_icon())
        self.resize(*tokens.SETTINGS_SIZE)
        self.board = Board(actions)
        self.pages: list[Page] = [
            made(self.board)
            for made in (Speech, Models, Microphone, Sounds, Hotkeys, Text, Emotion, History, Appearance, About)
        ]
        self._sections = named(QListWidget(), "sections")
        self._sections.setAccessibleName(self.tr("Sections"))
        self._sections.setFixedWidth(tokens.SIDE_WIDTH)
        self._sections.setSpacing(1)
        stack = QStackedWidget()
        for page in self.pages:
            self._sections.addItem(page.title)
            self._sections.item(self._sections.count() - 1).setSizeHint(QSize(0, tokens.SECTION_HEIGHT))
            stack.addWidget(page)
        self._sections.currentRowChanged.connect(stack.setCurrentIndex)
        self._sections.setCurrentRow(0)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(tokens.WIDE, tokens.VAST, tokens.UNIT, 0)
        columns.setSpacing(tokens.PAD)
        columns.addWidget(self._sections)
        columns.addWidget(stack, 1)
        for keys in (QKeySequence(Qt.Key.Key_Escape), QKeySequence(QKeySequence.StandardKey.Close)):
            QShortcut(keys, self, self.close)

    def present(self) -> None:
        """Come to the front."""
        self.show()
        self.raise_()
        self.activateWindow()

    def turn_to(self, section: type[Page]) -> None:
        """Show a section."""
        self._sections.setCurrentRow(next(place for place, page in enumerate(self.pages) if isinstance(page, section)))

    def draw(self, shown: Shown) -> None:
        """Say how the app is."""
        if shown.health != self._shown.health:
            self._shown = shown
            self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what is in force now, and ask for what there is to choose from."""
        super().showEvent(event)
        self.board.put_all()
        for page in self.pages:
            page.appear()
        self._draw()

    def _draw(self) -> None:
        self.board.draw(self._shown)
        for page in self.pages:
            page.draw(self._shown)
