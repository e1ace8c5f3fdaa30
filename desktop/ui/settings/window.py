"""The settings window: pages at the left, the selected one at the right, and a search over all of them.

Searching filters the pages themselves, so that a result can be changed in place. Lists that need a disk or a device
(models, microphones) are loaded when the window opens and appear when they are ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.core.state import Shown
from desktop.ui.bridge import Actions
from desktop.ui.settings.about import About
from desktop.ui.settings.appearance import Appearance
from desktop.ui.settings.dropped import Dropped
from desktop.ui.settings.emotion import Emotion
from desktop.ui.settings.history import History
from desktop.ui.settings.hotkeys import Hotkeys
from desktop.ui.settings.microphone import Microphone
from desktop.ui.settings.models import Models
from desktop.ui.settings.services import Services
from desktop.ui.settings.sounds import Sounds
from desktop.ui.settings.speech import Speech
from desktop.ui.settings.text import Text
from desktop.ui.settings.words import Words
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.style import rtl as sides
from desktop.ui.widgets.cards import Board, Page
from desktop.ui.widgets.form import Row, named
from desktop.ui.widgets.label import Label

SECTIONS: tuple[Callable[[Board], Page], ...] = (
    Speech,
    Models,
    Microphone,
    Sounds,
    Hotkeys,
    Text,
    Words,
    Emotion,
    History,
    Appearance,
    Services,
    About,
)

GLYPHS = {
    "Speech": glyphs.speech,
    "Models": glyphs.disc,
    "Microphone": glyphs.microphone,
    "Sounds": glyphs.note,
    "Hotkeys": glyphs.keyboard,
    "Text": glyphs.lines,
    "Words": glyphs.book,
    "Emotion": glyphs.wave,
    "History": glyphs.clock,
    "Services": glyphs.globe,
    "Appearance": glyphs.half,
    "Startup": glyphs.power,
    "About": glyphs.about,
}
"""The glyph of each page by its class name."""


class SettingsWindow(QWidget):
    """The window. `present` brings it to the front, `draw` follows the app's state.

    `refresh` shows changes of the settings file. `created_pages` are the pages created so far, `pages` all of them.
    """

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.shown = Shown()
        self._actions = actions
        self.setWindowTitle(self.tr("Intone settings"))
        self.setWindowIcon(icons.app_icon())
        self.resize(tokens.size_here(tokens.SETTINGS_SIZE))
        self.board = Board(actions)
        self.made: list[Page] = []
        self.search = QLineEdit(placeholderText=self.tr("Search"), clearButtonEnabled=True)
        self.search.setAccessibleName(self.tr("Search the settings"))
        self.search.setFixedWidth(tokens.SIDE_WIDTH)
        self.search.setMinimumHeight(tokens.FIELD_HEIGHT)
        self.search.textChanged.connect(self._seek)
        self.search.returnPressed.connect(self._go)
        self.search.installEventFilter(self)
        self._sections = named(QListWidget(), "sections")
        self._sections.setAccessibleName(self.tr("Sections"))
        self._sections.setFixedWidth(tokens.SIDE_WIDTH)
        self._sections.setSpacing(1)
        self._sections.setIconSize(QSize(tokens.SECTION_GLYPH, tokens.SECTION_GLYPH))
        self._stack = QStackedWidget()
        self._nothing = Label(self.tr("No setting has these words."))
        self._nothing.setProperty("role", "empty")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setProperty("stands", "middle")
        self._stack.addWidget(self._nothing)
        self._sections.currentRowChanged.connect(self._stack.setCurrentIndex)
        self.dropped = Dropped()
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(tokens.PAD)
        left.addWidget(self.search)
        left.addWidget(self._sections, 1)
        right.setSpacing(tokens.PAD)
        notice = QVBoxLayout()
        sides.margins(notice, tokens.GAP, 0, tokens.WIDE + tokens.UNIT, 0)
        notice.addWidget(self.dropped)
        right.addLayout(notice)
        right.addWidget(self._stack, 1)
        columns = QHBoxLayout(self)
        sides.margins(columns, tokens.WIDE, tokens.VAST, tokens.UNIT, 0)
        columns.setSpacing(tokens.PAD)
        columns.addLayout(left)
        columns.addLayout(right, 1)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self._to_search)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._leave)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.close)
        self.board.changed.connect(self._draw)

    @property
    def pages(self) -> Sequence[Page]:
        """All pages; missing ones are created at once."""
        for _ in self.fill():
            pass
        return self.made

    def fill(self) -> Iterator[None]:
        """Create the missing pages, one at each step: all at once would delay drawing other windows."""
        while (place := len(self.made)) < len(SECTIONS):
            page = SECTIONS[place](self.board)
            page.draw(self.shown)  # hides unneeded rows before they show: a visible key row reads the keyring
            self.made.append(page)
            self._stack.insertWidget(place, page)
            line = QListWidgetItem(_glyph(page), page.title)
            line.setSizeHint(QSize(0, tokens.SECTION_HEIGHT))
            self._sections.addItem(line)
            if not place:
                self._sections.setCurrentRow(0)
            yield

    def present(self) -> None:
        """Bring the window to the front."""
        self.show()
        self.raise_()
        self.activateWindow()

    def turn_to(self, section: type[Page]) -> None:
        """Show the page of the class `section`."""
        self.search.clear()
        self._sections.setCurrentRow(next(place for place, page in enumerate(self.pages) if isinstance(page, section)))

    def draw(self, shown: Shown) -> None:
        """Show the app's state, only when its health or kind changed: words and levels are the pill's."""
        before, self.shown = self.shown, shown
        same = shown.health == before.health and type(shown.state) is type(before.state)
        if not same and self.isVisible():
            self._draw()

    def refresh(self) -> None:
        """Show the values in force, if the window is visible."""
        if self.isVisible():
            self.dropped.tell(self._actions.dropped())
            self.board.put_all()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the values in force and load the lists to choose from."""
        pages = self.pages
        super().showEvent(event)
        self.refresh()
        for page in pages:
            page.appear()

    def changeEvent(self, event: QEvent) -> None:
        """Redraw the pages' icons in the colours of the new palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_sections()
            if self.isVisible():
                self._draw()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the focus from the search to the list of pages on Down."""
        down = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down
        if watched is self.search and down and event.type() == QEvent.Type.KeyPress:
            self._sections.setFocus()
            return True
        return super().eventFilter(watched, event)

    def _draw(self) -> None:
        self.board.draw(self.shown)
        sought = self.search.text().casefold().split()
        for page in self.made:
            if sought:
                page.seek(())
            page.draw(self.shown)
            if sought:
                page.seek(sought)

    def _paint_sections(self) -> None:
        for place, page in enumerate(self.made):
            self._sections.item(place).setIcon(_glyph(page))

    def _seek(self, text: str) -> None:
        sought = text.casefold().split()
        first = None
        for place, page in enumerate(self.pages):
            found = bool(page.seek(sought))
            self._sections.item(place).setHidden(not found)
            first = place if found and first is None else first
        if not sought:
            self._draw()
        if first is None:
            self._stack.setCurrentWidget(self._nothing)
        elif self._sections.currentItem().isHidden():
            self._sections.setCurrentRow(first)
        else:
            self._stack.setCurrentIndex(self._sections.currentRow())

    def _go(self) -> None:
        """Focus the first search result."""
        page = self._stack.currentWidget()
        if not isinstance(page, Page) or not self.search.text().strip():
            return
        for found in page.seek(self.search.text().casefold().split()):
            control = found.control if isinstance(found, Row) else _first_control(found)
            if control is not None:
                control.setFocus(Qt.FocusReason.ShortcutFocusReason)
                page.ensureWidgetVisible(found)
                return

    def _to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _leave(self) -> None:
        """Clear the search; close the window when there is none."""
        if self.search.text():
            self.search.clear()
        else:
            self.close()


def _glyph(page: Page) -> QIcon:
    return icons.icon(GLYPHS.get(type(page).__name__, glyphs.pause), tokens.palette().quiet)


def _first_control(widget: QWidget) -> QWidget | None:
    inside = (widget, *widget.findChildren(QWidget))
    return next((one for one in inside if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isEnabled()), None)
