"""The base of a settings page: a heading, and cards of rows below it that a search filters."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.core.state import AppState
from desktop.ui.style import tokens
from desktop.ui.widgets.cards import card_widgets, create_card, update_separators
from desktop.ui.widgets.form import SettingRow, collect_text, with_object_name
from desktop.ui.widgets.label import PlainLabel


class SettingsPage(QScrollArea):
    """A settings page: a heading with cards of rows or other widgets below it.

    A page overrides `on_window_shown` to load what it needs each time the window opens, and `draw` to follow the app's
    state.
    """

    title = ""

    def set_cards(self, title: str, *cards: Sequence[QWidget]) -> None:
        """Set the heading and a card for each of `cards`."""
        self.title = title
        heading = PlainLabel(title)
        heading.setFont(tokens.font(tokens.TITLE_PX, heading=True))
        self._filtered_out: list[QWidget] = []
        page = with_object_name(QWidget(), "page")
        self.column = QVBoxLayout(page)
        self.column.setContentsMargins(tokens.GAP, 0, tokens.WIDE + tokens.UNIT, tokens.VAST)
        self.column.setSpacing(tokens.WIDE)
        self.column.addWidget(heading)
        for widgets in cards:
            self.column.addWidget(create_card(*widgets))
        self.column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(page)

    def filter_rows(self, terms: Sequence[str]) -> list[QWidget]:
        """Show and return only the widgets that contain all of `terms`, highlighted; all widgets without terms."""
        for widget in self._filtered_out:
            widget.show()
        self._filtered_out = []
        found: list[QWidget] = []
        for frame in self.findChildren(QFrame, "card"):
            found += self._filter_card(frame, terms)
        return found

    def _filter_card(self, frame: QFrame, terms: Sequence[str]) -> list[QWidget]:
        candidates = [
            widget for widget in card_widgets(frame) if widget.objectName() != "rule" and not widget.isHidden()
        ]
        found = [widget for widget in candidates if all(word in _searchable_text(widget) for word in terms)]
        for widget in candidates:
            if isinstance(widget, SettingRow):
                widget.highlight(terms)
            if widget not in found:
                self._filter_out(widget)
        if not found and not frame.isHidden():
            self._filter_out(frame)
        update_separators(frame)
        return found

    def _filter_out(self, widget: QWidget) -> None:
        widget.hide()
        self._filtered_out.append(widget)

    def on_window_shown(self) -> None:
        """Load what may have changed since the window was last open."""

    def draw(self, app_state: AppState) -> None:
        """Follow the app's state."""


def _searchable_text(widget: QWidget) -> str:
    """Return the searchable text of any widget on a card."""
    return (widget.searchable_text() if isinstance(widget, SettingRow) else collect_text(widget)).casefold()
