"""The base of a settings page: rows on cards, each bound to its setting by `SettingsForm`.

A change applies at once, as one from the command line does in a running app; there is no save or apply button. An
invalid value is reported below its row, and the control goes back to the value in force.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.core.errors import SettingsProblem, SomeKeysProblem
from desktop.core.state import Shown
from desktop.settings import safety as addresses
from desktop.settings import store as settings
from desktop.settings.schema import Settings
from desktop.ui.bridge import Actions
from desktop.ui.style import rtl as sides
from desktop.ui.style import tokens
from desktop.ui.widgets.form import Control, Row, named, told
from desktop.ui.widgets.key_field import KeyField
from desktop.ui.widgets.label import Label

DEFAULTS = Settings()


class Board(QObject):
    """The rows of all pages by setting: shows the values in force and sets the chosen ones.

    `changed` is emitted when a value in force may have changed.
    """

    changed = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.actions = actions
        self.rows: dict[str, Row] = {}
        self._shown = Shown()

    def row(self, key: str, name: str, sentence: str, control: Control, *, below: bool = False) -> Row:
        """Add the row of the setting `key`; its control is `below` the text when it needs the width."""
        row = Row(name, sentence, control, below=below)
        row.key = key
        row.reset.connect(lambda: self.reset(key))
        control.chosen.connect(lambda value: self.choose(key, value))
        self.rows[key] = row
        return row

    def key(self, key: str, name: str, sentence: str, field: KeyField | None = None) -> Row:
        """Add the row of a hotkey or mouse button; it may be empty unless `field` differs."""
        field = field or KeyField(may_be_empty=True)
        field.learning.connect(self.actions.record_key)
        return self.row(key, name, sentence, field)

    def choose(self, key: str, value: str) -> None:
        """Set `key` to `value`, or show in its row why that is invalid."""
        try:
            self.actions.set_setting(key, value)
        except SettingsProblem as problem:
            self.put(key)
            self.rows[key].tell(str(problem))
        else:
            self.put(key)

    def reset(self, key: str) -> None:
        """Reset `key` to its default, or show in its row why that fails."""
        try:
            self.actions.reset_setting(key)
        except SettingsProblem as problem:
            self.rows[key].tell(str(problem))
        else:
            self.put(key)

    def put(self, key: str) -> None:
        """Show the value in force of `key`."""
        self._put(key, self.actions.settings(), self.actions.lost())
        self.changed.emit()

    def put_all(self) -> None:
        """Show the values in force in every row."""
        now, lost = self.actions.settings(), self.actions.lost()
        for key in self.rows:
            self._put(key, now, lost)
        self.changed.emit()

    def _put(self, key: str, now: Settings, lost: Mapping[str, str]) -> None:
        row = self.rows[key]
        value = settings.get(now, key)
        row.tell(self._missing(key) or addresses.trouble(key, lost.get(key)))
        row.put(value)
        row.compare(value, settings.get(DEFAULTS, key))

    def draw(self, shown: Shown) -> None:
        """Show which hotkeys do not work."""
        self._shown = shown
        for key, row in self.rows.items():
            if isinstance(row.control, KeyField):
                row.tell(self._missing(key))

    def _missing(self, key: str) -> str:
        """Return why the hotkey of the setting `key` does not work; empty when it does."""
        problem = self._shown.health.hotkey
        return problem.keys.get(key.removeprefix("hotkey."), "") if isinstance(problem, SomeKeysProblem) else ""


class Page(QScrollArea):
    """A settings page: a heading with cards of rows or other widgets below it.

    A page overrides `on_window_shown` to load what it needs each time the window opens, and `draw` to follow the app's
    state.
    """

    title = ""

    def fill(self, title: str, *cards: Sequence[QWidget]) -> None:
        """Set the heading and a card for each of `cards`."""
        self.title = title
        heading = Label(title)
        heading.setFont(tokens.font(tokens.TITLE_PX, heading=True))
        self._sifted: list[QWidget] = []
        page = named(QWidget(), "page")
        self.column = QVBoxLayout(page)
        sides.margins(self.column, tokens.GAP, 0, tokens.WIDE + tokens.UNIT, tokens.VAST)
        self.column.setSpacing(tokens.WIDE)
        self.column.addWidget(heading)
        for widgets in cards:
            self.column.addWidget(card(*widgets))
        self.column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(page)

    def seek(self, sought: Sequence[str]) -> list[QWidget]:
        """Show and return only the widgets that contain all words of `sought`, highlighted; all if it is empty."""
        for widget in self._sifted:
            widget.show()
        self._sifted = []
        found: list[QWidget] = []
        for frame in self.findChildren(QFrame, "card"):
            found += self._sift_card(frame, sought)
        return found

    def _sift_card(self, frame: QFrame, sought: Sequence[str]) -> list[QWidget]:
        here = [widget for widget in _within(frame) if widget.objectName() != "rule" and not widget.isHidden()]
        found = [widget for widget in here if all(word in _haystack(widget) for word in sought)]
        for widget in here:
            if isinstance(widget, Row):
                widget.mark(sought)
            if widget not in found:
                self._sift_out(widget)
        if not found and not frame.isHidden():
            self._sift_out(frame)
        tidy(frame)
        return found

    def _sift_out(self, widget: QWidget) -> None:
        widget.hide()
        self._sifted.append(widget)

    def appear(self) -> None:
        """Load what may have changed since the window was last open."""

    def draw(self, shown: Shown) -> None:
        """Follow the app's state."""


def card(*widgets: QWidget) -> QFrame:
    """Return a card with `widgets` below each other and separators between them."""
    made = named(QFrame(), "card")
    inside = QVBoxLayout(made)
    inside.setContentsMargins(0, tokens.UNIT, 0, tokens.UNIT)
    inside.setSpacing(0)
    for place, widget in enumerate(widgets):
        if place:
            inside.addWidget(_rule())
        inside.addWidget(widget)
    return made


def tidy(frame: QFrame) -> None:
    """Show the separators of a card only between its visible widgets."""
    above, line = False, None
    for widget in _within(frame):
        if widget.objectName() == "rule":
            widget.hide()
            line = widget
        elif not widget.isHidden():
            if above and line is not None:
                line.show()
            above, line = True, None


def _within(frame: QFrame) -> list[QWidget]:
    layout = frame.layout()
    items = (layout.itemAt(place) for place in range(layout.count())) if layout is not None else ()
    return [widget for item in items if item is not None and (widget := item.widget()) is not None]


def _haystack(widget: QWidget) -> str:
    """Return the searchable text of any widget on a card."""
    return (widget.haystack() if isinstance(widget, Row) else told(widget)).casefold()


def _rule() -> QFrame:
    rule = named(QFrame(), "rule")
    rule.setFixedHeight(1)
    return rule
