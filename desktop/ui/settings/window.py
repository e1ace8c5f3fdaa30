"""The settings window: pages at the left, the selected one at the right, and a search over all of them.

Searching filters the pages themselves, so that a result can be changed in place. Lists that need a disk or a device
(models, microphones) are loaded when the window opens and appear when they are ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from desktop.core.state import AppState
from desktop.ui.controllers.app import AppController
from desktop.ui.settings.about import AboutPage
from desktop.ui.settings.appearance import AppearancePage
from desktop.ui.settings.bench import BenchPage
from desktop.ui.settings.emotion import EmotionPage
from desktop.ui.settings.history import HistoryPage
from desktop.ui.settings.hotkeys import HotkeysPage
from desktop.ui.settings.invalid_lines import InvalidLinesNotice
from desktop.ui.settings.microphone import MicrophonePage
from desktop.ui.settings.models import ModelsPage
from desktop.ui.settings.network import NetworkPage
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.settings_form import SettingsForm
from desktop.ui.settings.sounds import SoundsPage
from desktop.ui.settings.speech import SpeechPage
from desktop.ui.settings.text import TextPage
from desktop.ui.settings.words import WordsPage
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.widgets.form import SettingRow, with_object_name
from desktop.ui.widgets.label import PlainLabel
from desktop.ui.window_system import bring_to_front

PAGE_TYPES: tuple[Callable[[SettingsForm], SettingsPage], ...] = (
    SpeechPage,
    ModelsPage,
    BenchPage,
    MicrophonePage,
    SoundsPage,
    HotkeysPage,
    TextPage,
    WordsPage,
    EmotionPage,
    HistoryPage,
    AppearancePage,
    NetworkPage,
    AboutPage,
)

PAGE_GLYPHS = {
    SpeechPage: glyphs.speech,
    ModelsPage: glyphs.layers,
    BenchPage: glyphs.columns,
    MicrophonePage: glyphs.microphone,
    SoundsPage: glyphs.note,
    HotkeysPage: glyphs.keyboard,
    TextPage: glyphs.lines,
    WordsPage: glyphs.book,
    EmotionPage: glyphs.wave,
    HistoryPage: glyphs.clock,
    NetworkPage: glyphs.globe,
    AppearancePage: glyphs.half_disc,
    AboutPage: glyphs.about,
}
"""The glyph of each page."""


class SettingsWindow(QWidget):
    """The window. `present` brings it to the front, `draw` follows the app's state.

    `refresh` shows changes of the settings file. `created_pages` are the pages created so far, `pages` all of them.
    """

    def __init__(self, app: AppController) -> None:
        super().__init__()
        self.app_state = AppState()
        self._app = app
        self.setWindowTitle(self.tr("Intone settings"))
        self.setWindowIcon(icons.create_app_icon())
        self.resize(tokens.fit_to_screen(tokens.SETTINGS_SIZE))
        self.form = SettingsForm(app)
        self.created_pages: list[SettingsPage] = []
        self.search_field = QLineEdit(placeholderText=self.tr("Search"), clearButtonEnabled=True)
        self.search_field.setAccessibleName(self.tr("Search the settings"))
        self.search_field.setFixedWidth(tokens.SIDE_WIDTH)
        self.search_field.setMinimumHeight(tokens.FIELD_HEIGHT)
        self.search_field.textChanged.connect(self._search)
        self.search_field.returnPressed.connect(self._focus_first_result)
        self.search_field.installEventFilter(self)
        self._page_list = with_object_name(QListWidget(), "sections")
        self._page_list.setAccessibleName(self.tr("Sections"))
        self._page_list.setFixedWidth(tokens.SIDE_WIDTH)
        self._page_list.setSpacing(1)
        self._page_list.setIconSize(QSize(tokens.SECTION_GLYPH, tokens.SECTION_GLYPH))
        self._stack = QStackedWidget()
        self._no_results = PlainLabel(self.tr("No setting has these words."))
        self._no_results.setProperty("role", "empty")
        self._no_results.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(self._no_results)
        self._page_list.currentRowChanged.connect(self._stack.setCurrentIndex)
        self.invalid_lines = InvalidLinesNotice()
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(tokens.PAD)
        left.addWidget(self.search_field)
        left.addWidget(self._page_list, 1)
        right.setSpacing(tokens.PAD)
        notice = QVBoxLayout()
        notice.setContentsMargins(tokens.GAP, 0, tokens.WIDE + tokens.UNIT, 0)
        notice.addWidget(self.invalid_lines)
        right.addLayout(notice)
        right.addWidget(self._stack, 1)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(tokens.WIDE, tokens.VAST, tokens.UNIT, 0)
        columns.setSpacing(tokens.PAD)
        columns.addLayout(left)
        columns.addLayout(right, 1)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self._focus_search)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._clear_or_close)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.close)
        self.form.changed.connect(self._draw_pages)

    @property
    def pages(self) -> Sequence[SettingsPage]:
        """All pages; missing ones are created at once."""
        for _ in self.create_pages():
            pass
        return self.created_pages

    def create_pages(self) -> Iterator[None]:
        """Create the missing pages, one at each step: all at once would delay drawing other windows."""
        while (index := len(self.created_pages)) < len(PAGE_TYPES):
            page = PAGE_TYPES[index](self.form)
            page.draw(self.app_state)  # hides unneeded rows before they show: a visible key row reads the keyring
            self.created_pages.append(page)
            self._stack.insertWidget(index, page)
            item = QListWidgetItem(_create_icon(page), page.title)
            item.setSizeHint(QSize(0, tokens.SECTION_HEIGHT))
            self._page_list.addItem(item)
            if not index:
                self._page_list.setCurrentRow(0)
            yield

    def present(self) -> None:
        """Bring the window to the front."""
        bring_to_front(self)

    def show_page(self, page_type: type[SettingsPage]) -> None:
        """Show the page of the class `page_type`."""
        self.search_field.clear()
        self._page_list.setCurrentRow(
            next(index for index, page in enumerate(self.pages) if isinstance(page, page_type))
        )

    def show_invalid_lines(self) -> None:
        """Focus the notice of the lines of the file that are not in force."""
        self.refresh()
        self.invalid_lines.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def draw(self, app_state: AppState) -> None:
        """Show the app's state, only when its health or kind changed: words and levels are the pill's."""
        previous, self.app_state = self.app_state, app_state
        is_unchanged = app_state.health == previous.health and type(app_state.state) is type(previous.state)
        if not is_unchanged and self.isVisible():
            self._draw_pages()

    def refresh(self) -> None:
        """Show the values in force, if the window is visible."""
        if self.isVisible():
            self.invalid_lines.show_lines(self._app.live_settings.load().warnings)
            self.form.show_all()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the values in force and load the lists to choose from."""
        pages = self.pages
        super().showEvent(event)
        self.refresh()
        for page in pages:
            page.on_window_shown()

    def changeEvent(self, event: QEvent) -> None:
        """Redraw the pages' icons in the colours of the new palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_icons()
            if self.isVisible():
                self._draw_pages()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the focus from the search to the list of pages on Down."""
        down = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down
        if watched is self.search_field and down and event.type() == QEvent.Type.KeyPress:
            self._page_list.setFocus()
            return True
        return super().eventFilter(watched, event)

    def _draw_pages(self) -> None:
        self.form.draw(self.app_state)
        terms = self.search_field.text().casefold().split()
        for page in self.created_pages:
            if terms:
                page.filter_rows(())
            page.draw(self.app_state)
            if terms:
                page.filter_rows(terms)

    def _paint_icons(self) -> None:
        for index, page in enumerate(self.created_pages):
            self._page_list.item(index).setIcon(_create_icon(page))

    def _search(self, text: str) -> None:
        terms = text.casefold().split()
        first = None
        for index, page in enumerate(self.pages):
            found = bool(page.filter_rows(terms))
            self._page_list.item(index).setHidden(not found)
            first = index if found and first is None else first
        if not terms:
            self._draw_pages()
        if first is None:
            self._stack.setCurrentWidget(self._no_results)
        elif self._page_list.currentItem().isHidden():
            self._page_list.setCurrentRow(first)
        else:
            self._stack.setCurrentIndex(self._page_list.currentRow())

    def _focus_first_result(self) -> None:
        """Focus the first search result."""
        page = self._stack.currentWidget()
        if not isinstance(page, SettingsPage) or not self.search_field.text().strip():
            return
        for widget in page.filter_rows(self.search_field.text().casefold().split()):
            control = widget.control if isinstance(widget, SettingRow) else _find_control(widget)
            if control is not None:
                control.setFocus(Qt.FocusReason.ShortcutFocusReason)
                page.ensureWidgetVisible(widget)
                return

    def _focus_search(self) -> None:
        self.search_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_field.selectAll()

    def _clear_or_close(self) -> None:
        """Clear the search; close the window when there is none."""
        if self.search_field.text():
            self.search_field.clear()
        else:
            self.close()


def _create_icon(page: SettingsPage) -> QIcon:
    return icons.create_icon(PAGE_GLYPHS.get(type(page), glyphs.dots), tokens.current_palette().quiet)


def _find_control(widget: QWidget) -> QWidget | None:
    inside = (widget, *widget.findChildren(QWidget))
    return next(
        (
            candidate
            for candidate in inside
            if candidate.focusPolicy() & Qt.FocusPolicy.TabFocus and candidate.isEnabled()
        ),
        None,
    )
