"""The base of a settings page: rows on cards, each bound to its setting by `SettingsForm`.

A change applies at once, as one from the command line does in a running app; there is no save or apply button. An
invalid value is reported below its row, and the control goes back to the value in force.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.core.errors import SettingsError, UnavailableKeysError
from desktop.core.messages import Message
from desktop.core.state import AppState
from desktop.settings import safety, store
from desktop.settings.schema import Settings
from desktop.ui.controllers.app import AppController
from desktop.ui.i18n import describe_setting
from desktop.ui.style import tokens
from desktop.ui.widgets import combo
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.form import FormControl, SettingRow, collect_text, with_object_name
from desktop.ui.widgets.key_field import HotkeyField
from desktop.ui.widgets.label import PlainLabel

DEFAULT_SETTINGS = Settings()


class SettingsForm(QObject):
    """The rows of all pages by setting: shows the values in force and sets the chosen ones.

    `changed` is emitted when a value in force may have changed.
    """

    changed = Signal()

    def __init__(self, app: AppController) -> None:
        super().__init__()
        self.app = app
        self.rows: dict[str, SettingRow] = {}
        self._app_state = AppState()

    def add_row(self, key: str, control: FormControl | None = None, *, below: bool = False) -> SettingRow:
        """Add the row of the setting `key`, by default with a list of its choices.

        The control is `below` the text when it needs the width.
        """
        if control is None:
            control = OptionPicker(*combo.setting_options(key))
        described = describe_setting(key)
        row = SettingRow(described.label, described.help, control, below=below)
        row.key = key
        row.reset_requested.connect(lambda: self.reset_setting(key))
        control.chosen.connect(lambda value: self.set_setting(key, value))
        self.rows[key] = row
        return row

    def add_key_row(self, key: str, field: HotkeyField | None = None) -> SettingRow:
        """Add the row of a hotkey or mouse button; it may be empty unless `field` differs."""
        field = field or HotkeyField(may_be_empty=True)
        field.recording_changed.connect(self.app.suspend_hotkeys)
        return self.add_row(key, field)

    def set_setting(self, key: str, value: str) -> None:
        """Set `key` to `value`, or show in its row why that is invalid."""
        try:
            self.app.set_setting(key, value)
        except SettingsError as problem:
            self.show_setting(key)
            self.rows[key].show_problem(problem)
        else:
            self.show_setting(key)

    def reset_setting(self, key: str) -> None:
        """Reset `key` to its default, or show in its row why that fails."""
        try:
            self.app.reset_setting(key)
        except SettingsError as problem:
            self.rows[key].show_problem(problem)
        else:
            self.show_setting(key)

    def show_setting(self, key: str) -> None:
        """Show the value in force of `key`."""
        self._show_row(key, self.app.settings(), self.app.live_settings.load().lost_urls)
        self.changed.emit()

    def show_all(self) -> None:
        """Show the values in force in every row."""
        current, lost_urls = self.app.settings(), self.app.live_settings.load().lost_urls
        for key in self.rows:
            self._show_row(key, current, lost_urls)
        self.changed.emit()

    def _show_row(self, key: str, current: Settings, lost_urls: Mapping[str, str]) -> None:
        row = self.rows[key]
        value = store.get_setting(current, key)
        row.show_problem(self._hotkey_problem(key) or safety.describe_lost_url(key, lost_urls.get(key)) or "")
        row.set_value(value)
        row.show_default(value, store.get_setting(DEFAULT_SETTINGS, key))

    def draw(self, app_state: AppState) -> None:
        """Show which hotkeys do not work."""
        self._app_state = app_state
        for key, row in self.rows.items():
            if isinstance(row.control, HotkeyField):
                row.show_problem(self._hotkey_problem(key) or "")

    def _hotkey_problem(self, key: str) -> Message | None:
        """Return why the hotkey of the setting `key` does not work; None when it does."""
        problem = self._app_state.health.hotkey
        return problem.keys.get(key.removeprefix("hotkey.")) if isinstance(problem, UnavailableKeysError) else None


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
            widget for widget in _card_widgets(frame) if widget.objectName() != "rule" and not widget.isHidden()
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


def create_card(*widgets: QWidget) -> QFrame:
    """Return a card with `widgets` below each other and separators between them."""
    card = with_object_name(QFrame(), "card")
    inside = QVBoxLayout(card)
    inside.setContentsMargins(0, tokens.UNIT, 0, tokens.UNIT)
    inside.setSpacing(0)
    for index, widget in enumerate(widgets):
        if index:
            inside.addWidget(_create_separator())
        inside.addWidget(widget)
    return card


def update_separators(frame: QFrame) -> None:
    """Show the separators of a card only between its visible widgets."""
    has_widget_above, line = False, None
    for widget in _card_widgets(frame):
        if widget.objectName() == "rule":
            widget.hide()
            line = widget
        elif not widget.isHidden():
            if has_widget_above and line is not None:
                line.show()
            has_widget_above, line = True, None


def _card_widgets(frame: QFrame) -> list[QWidget]:
    layout = frame.layout()
    items = (layout.itemAt(index) for index in range(layout.count())) if layout is not None else ()
    return [widget for item in items if item is not None and (widget := item.widget()) is not None]


def _searchable_text(widget: QWidget) -> str:
    """Return the searchable text of any widget on a card."""
    return (widget.searchable_text() if isinstance(widget, SettingRow) else collect_text(widget)).casefold()


def _create_separator() -> QFrame:
    rule = with_object_name(QFrame(), "rule")
    rule.setFixedHeight(1)
    return rule
