"""The card for the writing styles: the rules of the selected style and the places that use it.

Changes go into the user's own `styles.toml`, which may also be edited by hand; entries there that no field can show are
counted and left alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.errors import Problem
from desktop.core.types import Style
from desktop.history.list_index import Offers
from desktop.polish.styles import PLAIN, Styles
from desktop.polish.user_styles import Own, PlaceKind, name_problem
from desktop.ui import wording as words
from desktop.ui.bridge import Choice
from desktop.ui.controllers.rows import Rows
from desktop.ui.controllers.wording import Ways, Wording
from desktop.ui.i18n import sentence
from desktop.ui.settings.rule_switches import rule_names
from desktop.ui.style import tokens
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.form import TextField
from desktop.ui.widgets.label import Label
from desktop.ui.widgets.tick_box import TickBox

COLUMNS = 2
"""Columns of switches."""


class StyleCard(QWidget):
    """The card. `changed` is emitted when the styles changed, `style_selected` with the name of the shown style."""

    changed = Signal()
    turned = Signal(str)

    def __init__(self, wording: Wording, rows: Rows) -> None:
        super().__init__()
        self._wording = wording
        self._rows = rows
        self._ways = Ways(Styles(), Own())
        self._style = "casual"
        self.picker = Picker()
        self.picker.setAccessibleName(self.tr("Style"))
        self.picker.chosen.connect(self._turn)
        self.new_name = TextField()
        self.new_name.setPlaceholderText(self.tr("A new style"))
        self.new_name.setAccessibleName(self.tr("Name of a new style"))
        self.new_name.returnPressed.connect(self._make)
        self.new = QPushButton(self.tr("Add"))
        self.new.setAccessibleName(self.tr("Add the style"))
        self.new.clicked.connect(self._make)
        self.remove = QPushButton()
        self.remove.clicked.connect(lambda: self._wording.remove_style(self._style, self._answered))
        self.mode = Picker(
            Choice("", self.tr("As chosen above")),
            Choice("rules", self.tr("Tidy at most")),
            Choice("off", self.tr("As spoken")),
        )
        self.mode.setAccessibleName(self.tr("Polish in this style"))
        self.mode.chosen.connect(lambda mode: self._put("mode", mode))
        self.tone = TextField()
        self.tone.setAccessibleName(self.tr("What a language model is told besides"))
        self.tone.setPlaceholderText(self.tr("Keep it short and friendly."))
        self.tone.chosen.connect(lambda tone: self._put("tone", tone))
        self.capital = self._switch(self.tr("Begins with a capital"), lambda on: self._put("capital", on))
        self.closing = self._switch(self.tr("Closes the last sentence"), lambda on: self._put("closing", on))
        self.rules = {
            rule: self._switch(name, lambda on: self._put("without", self._without()), self.tr("In this style: {0}"))
            for rule, name in rule_names().items()
        }
        self.places: dict[PlaceKind, TextField] = {
            "app": self._place("app", self.tr("Applications"), self.tr("slack, discord")),
            "site": self._place("site", self.tr("Web sites"), self.tr("mail.example.org")),
            "title": self._place("title", self.tr("Window titles"), self.tr("*Invoice*")),
        }
        self.seen = Picker()
        self.seen.setAccessibleName(self.tr("Add an application you dictated into"))
        self.seen.chosen.connect(self._add_seen)
        self.note = Label()
        self.note.setWordWrap(True)
        self._lay()

    def appear(self) -> None:
        """Load the styles and the applications that were dictated into."""
        self._wording.ways(self._answered)
        self._rows.offers(self._offer)

    # -- actions -----------------------------------------------------------------------------------------------

    def _turn(self, style: str) -> None:
        self._style = style
        self._draw()
        self.turned.emit("" if style == PLAIN else style)

    def _make(self) -> None:
        name = self.new_name.text().strip()
        if why := name_problem(name, list(self._ways.styles.styles)):
            self._tell(sentence(why), "bad")
            return
        self.new_name.put("")
        self._style = name
        self._wording.put_style(name, "closing", True, self._answered)
        self.turned.emit(name)

    def _put(self, field: str, value: object) -> None:
        self._wording.put_style(self._style, field, value, self._answered)

    def _without(self) -> frozenset[str]:
        return frozenset(rule for rule, switch in self.rules.items() if not switch.isChecked())

    def _put_places(self, kind: PlaceKind, said: str) -> None:
        self._wording.put_places(self._style, kind, said.split(","), self._answered)

    def _add_seen(self, app: str) -> None:
        self.seen.put("")
        if app:
            there = self._ways.own.at(self._style, "app")
            self._wording.put_places(self._style, "app", [*there, app], self._answered)

    # -- display -----------------------------------------------------------------------------------------------

    def _answered(self, ways: Ways | Problem) -> None:
        if isinstance(ways, Problem):
            self._draw()
            self._tell(sentence(str(ways)), "bad")
            return
        self._ways = ways
        if self._style not in ways.styles.styles:
            self._style = "casual" if "casual" in ways.styles.styles else PLAIN
            self.turned.emit("" if self._style == PLAIN else self._style)
        self._draw()
        self.changed.emit()

    def _offer(self, offers: Offers | Problem) -> None:
        apps: Sequence[str] = () if isinstance(offers, Problem) else offers.apps
        self.seen.offer([Choice("", self.tr("Add one you used")), *(Choice(app, app) for app in apps)])
        self.seen.setEnabled(bool(apps))

    @property
    def names(self) -> list[str]:
        """The names of all styles except the one for no particular place."""
        return [name for name in self._ways.styles.styles if name != PLAIN]

    def _draw(self) -> None:
        ways, style = self._ways, self._ways.styles.styles.get(self._style, Style())
        self.picker.offer(
            [Choice(PLAIN, self.tr("Anywhere else")), *(Choice(name, words.style(name, "")) for name in self.names)]
        )
        self.picker.put(self._style)
        self.mode.put(style.mode)
        self.tone.put(style.tone)
        self.tone.setCursorPosition(0)
        shown = {self.capital: style.capital, self.closing: style.closing}
        shown |= {switch: rule not in style.without for rule, switch in self.rules.items()}
        for switch, on in shown.items():
            with QSignalBlocker(switch):
                switch.setChecked(on)
        anywhere = self._style == PLAIN
        for kind, field in self.places.items():
            field.put(", ".join(ways.own.at(self._style, kind)))
            field.setEnabled(not anywhere)
        self.seen.put("")
        ours = any(self._style == rule.style for rule in ways.styles.layers[-1]) if ways.styles.layers else False
        comes = ours or anywhere
        self.remove.setText(self.tr("As it comes") if comes else self.tr("Remove"))
        self.remove.setAccessibleName(self.remove.text())
        self.remove.setEnabled(self._style in ways.own.changed or self._style in ways.own.places)
        if ways.styles.dropped:
            self._tell(words.together(*map(sentence, ways.styles.dropped)), "bad")
        else:
            self._tell(self._told(ours))

    def _told(self, ours: bool) -> str:
        told = []
        if ours:
            told.append(self.tr("Besides the places that Intone knows for it."))
        if self._ways.own.others:
            told.append(self.tr("Rules written by hand in styles.toml: {0}.").format(self._ways.own.others))
        return words.together(*told)

    def _tell(self, said: str, role: str = "quiet") -> None:
        self.note.setProperty("role", role)
        self.note.style().polish(self.note)
        self.note.setText(said)
        self.note.setVisible(bool(said))

    # -- layout ------------------------------------------------------------------------------------------------

    def _switch(self, name: str, do: object, called: str = "{0}") -> QCheckBox:
        made = TickBox(name)
        made.setAccessibleName(called.format(name))
        made.toggled.connect(do)
        return made

    def _place(self, kind: PlaceKind, name: str, example: str) -> TextField:
        made = TextField()
        made.setAccessibleName(name)
        made.setPlaceholderText(example)
        made.chosen.connect(lambda said: self._put_places(kind, said))
        return made

    def _lay(self) -> None:
        about = Label(self.tr("How one writes where. The pill says which style holds, and why."))
        about.setProperty("role", "quiet")
        about.setWordWrap(True)
        head = QHBoxLayout()
        controls: list[QWidget] = [self.picker, self.remove, self.new_name, self.new]
        for place, control in enumerate(controls):
            control.setMinimumHeight(tokens.FIELD_HEIGHT)
            head.addWidget(control, 1 - place % 2)
        switches = QGridLayout()
        switches.setHorizontalSpacing(tokens.WIDE)
        switches.setVerticalSpacing(tokens.UNIT)
        for place, switch in enumerate((self.capital, self.closing, *self.rules.values())):
            switches.addWidget(switch, place // COLUMNS, place % COLUMNS)
        fields = QGridLayout()
        fields.setHorizontalSpacing(tokens.WIDE)
        fields.setVerticalSpacing(tokens.GAP)
        fields.setColumnStretch(1, 1)
        lines: list[tuple[str, QWidget]] = [
            (self.tr("Polish"), self.mode),
            (self.tr("A model is told"), self.tone),
            (self.tr("Applications"), self.places["app"]),
            ("", self.seen),
            (self.tr("Web sites"), self.places["site"]),
            (self.tr("Window titles"), self.places["title"]),
        ]
        for place, (name, control) in enumerate(lines):
            control.setMinimumHeight(tokens.FIELD_HEIGHT)
            fields.addWidget(Label(name), place, 0)
            fields.addWidget(control, place, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        column.setSpacing(tokens.PAD)
        column.addWidget(Label(self.tr("Styles")))
        column.addWidget(about)
        column.addLayout(head)
        column.addLayout(switches)
        column.addLayout(fields)
        column.addWidget(self.note)
