"""What a section of the settings is made of: rows on cards, each bound to its setting by `Board`.

A change is made at once, as a running app does with one from the command line; there is nothing to save or to apply.
What a setting cannot be is said under its own row, and the control goes back to what is in force.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop import settings
from desktop.problems import SettingsProblem, SomeKeysProblem
from desktop.settings import addresses
from desktop.settings.tree import Settings
from desktop.state import Shown
from desktop.ui import sides, tokens
from desktop.ui.bridge import Actions
from desktop.ui.fields import Control, Row, named, told
from desktop.ui.key_field import KeyField
from desktop.ui.plain import Label

DEFAULTS = Settings()


class Board(QObject):
    """The rows of all sections by their settings: shows what is in force, and sets what is chosen. `changed` comes when
    something else may be in force."""

    changed = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.actions = actions
        self.rows: dict[str, Row] = {}
        self._shown = Shown()

    def row(self, key: str, name: str, sentence: str, control: Control, *, below: bool = False) -> Row:
        """The row of the setting `key`, its control `below` the words where it needs the width."""
        row = Row(name, sentence, control, below=below)
        row.key = key
        row.reset.connect(lambda: self.reset(key))
        control.chosen.connect(lambda value: self.choose(key, value))
        self.rows[key] = row
        return row

    def key(self, key: str, name: str, sentence: str, field: KeyField | None = None) -> Row:
        """The row of a key or a mouse button, which may be none unless `field` says otherwise."""
        field = field or KeyField(may_be_empty=True)
        field.learning.connect(self.actions.record_key)
        return self.row(key, name, sentence, field)

    def choose(self, key: str, value: str) -> None:
        """Set `key`, or say in its row why it cannot be `value`."""
        try:
            self.actions.set_setting(key, value)
        except SettingsProblem as problem:
            self.put(key)
            self.rows[key].tell(str(problem))
        else:
            self.put(key)

    def reset(self, key: str) -> None:
        """Have the default of `key` in force again, or say in its row why that cannot be."""
        try:
            self.actions.reset_setting(key)
        except SettingsProblem as problem:
            self.rows[key].tell(str(problem))
        else:
            self.put(key)

    def put(self, key: str) -> None:
        """Show what is in force."""
        self._put(key, self.actions.settings(), self.actions.lost())
        self.changed.emit()

    def put_all(self) -> None:
        """Show what is in force, in every row."""
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
        """Say which keys are not heard."""
        self._shown = shown
        for key, row in self.rows.items():
            if isinstance(row.control, KeyField):
                row.tell(self._missing(key))

    def _missing(self, key: str) -> str:
        """Why the key of the setting `key` is not heard; empty where it is."""
        problem = self._shown.health.hotkey
        return problem.keys.get(key.removeprefix("hotkey."), "") if isinstance(problem, SomeKeysProblem) else ""


class Page(QScrollArea):
    """A section: a heading, and cards of rows or of anything else beneath it.

    A section overrides `appear` for what it has to ask for each time the window comes, and `draw` for what follows the
    app's state.
    """

    title = ""

    def fill(self, title: str, *cards: Sequence[QWidget]) -> None:
        """Have a heading, and beneath it a card of each of `cards`."""
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
        """Show only what has all of the words `sought`, marked, and return it; all there is where none are."""
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
        """Ask for what may have changed since the window was last here."""

    def draw(self, shown: Shown) -> None:
        """Follow the app's state."""


def card(*widgets: QWidget) -> QFrame:
    """`widgets` beneath each other on one card, with lines between them."""
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
    """Draw the lines of a card between those of its widgets that are shown."""
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
    """What may be searched for in a widget of a card, whatever it is."""
    return (widget.haystack() if isinstance(widget, Row) else told(widget)).casefold()


def _rule() -> QFrame:
    rule = named(QFrame(), "rule")
    rule.setFixedHeight(1)
    return rule
