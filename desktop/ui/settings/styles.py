"""The card for the writing styles: the rules of the selected style and the places that use it.

Changes go into the user's own `styles.toml`, which may also be edited by hand; entries there that no field can show are
counted and left alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Concatenate

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.errors import UserError
from desktop.core.types import Style
from desktop.history.list_index import FilterChoices
from desktop.polish import user_styles
from desktop.polish.styles import PLAIN_STYLE, Styles
from desktop.polish.user_styles import PROGRAM_KINDS, PlaceKind, ProgramKind, UserStyles, find_name_problem
from desktop.settings.systems import has_effect
from desktop.ui import wording
from desktop.ui.bridge import ListOption
from desktop.ui.controllers.history import HistoryController
from desktop.ui.controllers.text import StyleSet, TextController
from desktop.ui.i18n import describe_setting, message_text
from desktop.ui.style import tokens
from desktop.ui.widgets.buttons import TickBox
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.form import TextField
from desktop.ui.widgets.label import PlainLabel

SWITCH_COLUMNS = 2
"""Columns of switches."""


class StyleCard(QWidget):
    """The card. `changed` is emitted when the styles changed, `style_selected` with the name of the shown style."""

    changed = Signal()
    style_selected = Signal(str)

    def __init__(self, controller: TextController, history: HistoryController) -> None:
        super().__init__()
        self._controller = controller
        self._history = history
        self._style_set = StyleSet(Styles(), UserStyles())
        self._style = "casual"
        self.style_picker = OptionPicker()
        self.style_picker.setAccessibleName(self.tr("Style"))
        self.style_picker.chosen.connect(self._select_style)
        self.new_name = TextField()
        self.new_name.setPlaceholderText(self.tr("A new style"))
        self.new_name.setAccessibleName(self.tr("Name of a new style"))
        self.new_name.returnPressed.connect(self._add_style)
        self.add_button = QPushButton(self.tr("Add"))
        self.add_button.setAccessibleName(self.tr("Add the style"))
        self.add_button.clicked.connect(self._add_style)
        self.remove_button = QPushButton()
        self.remove_button.clicked.connect(lambda: self._change(user_styles.remove_style, self._style))
        self.mode = OptionPicker(
            ListOption("", self.tr("As chosen above")),
            ListOption("rules", self.tr("Tidy at most")),
            ListOption("off", self.tr("As spoken")),
        )
        self.mode.setAccessibleName(self.tr("Polish in this style"))
        self.mode.chosen.connect(lambda mode: self._set_field("mode", mode))
        self.code = OptionPicker(
            ListOption("", self.tr("Stays words")),
            ListOption("names", self.tr("Names within sentences")),
            ListOption("all", self.tr("Written as code")),
        )
        self.code.setAccessibleName(self.tr("Spoken code in this style"))
        self.code.chosen.connect(lambda code: self._set_field("code", code))
        self.tone = TextField()
        self.tone.setAccessibleName(self.tr("What a language model is told besides"))
        self.tone.setPlaceholderText(self.tr("Keep it short and friendly."))
        self.tone.chosen.connect(lambda tone: self._set_field("tone", tone))
        self.capital = self._create_switch(self.tr("Begins with a capital"), lambda on: self._set_field("capital", on))
        self.closing = self._create_switch(
            self.tr("Closes the last sentence"), lambda on: self._set_field("closing", on)
        )
        self.rules = {
            rule: self._create_switch(
                name, lambda on: self._set_field("without", self._disabled_rules()), self.tr("In this style: {0}")
            )
            for rule, name in describe_setting("polish.without").choices.items()
        }
        self.programs: dict[ProgramKind, QCheckBox] = {
            "editor": self._create_programs_switch("editor", self.tr("All editors for code")),
            "terminal": self._create_programs_switch("terminal", self.tr("All terminals")),
        }
        self.places: dict[PlaceKind, TextField] = {
            "app": self._create_place_field("app", self.tr("Applications"), self.tr("slack, discord")),
            "site": self._create_place_field("site", self.tr("Web sites"), self.tr("mail.example.org")),
            "title": self._create_place_field("title", self.tr("Window titles"), self.tr("*Invoice*")),
        }
        self.app_picker = OptionPicker()
        self.app_picker.setAccessibleName(self.tr("Add an application you dictated into"))
        self.app_picker.chosen.connect(self._add_app)
        self.note = PlainLabel()
        self.note.setWordWrap(True)
        self._lay_out()

    def load_styles(self) -> None:
        """Load the styles and the applications that were dictated into."""
        self._controller.load_styles(self._on_styles)
        self._history.load_filter_values(self._show_apps)

    def _select_style(self, style: str) -> None:
        self._style = style
        self._draw()
        self.style_selected.emit("" if style == PLAIN_STYLE else style)

    def _add_style(self) -> None:
        name = self.new_name.text().strip()
        if reason := find_name_problem(name, list(self._style_set.styles.styles)):
            self._show_note(message_text(reason), "bad")
            return
        self.new_name.set_value("")
        self._style = name
        self._change(user_styles.set_style_field, name, "closing", True)
        self.style_selected.emit(name)

    def _set_field(self, field: str, value: object) -> None:
        self._change(user_styles.set_style_field, self._style, field, value)

    def _disabled_rules(self) -> frozenset[str]:
        return frozenset(rule for rule, switch in self.rules.items() if not switch.isChecked())

    def _set_places(self, kind: PlaceKind, text: str) -> None:
        self._change(user_styles.set_style_places, self._style, kind, text.split(","))

    def _add_app(self, app: str) -> None:
        self.app_picker.set_value("")
        if app:
            apps = self._style_set.user_styles.places_of(self._style, "app")
            self._change(user_styles.set_style_places, self._style, "app", [*apps, app])

    def _change[**P](self, change: Callable[Concatenate[Path, P], object], *args: P.args, **kwargs: P.kwargs) -> None:
        self._controller.change_styles(lambda file: change(file, *args, **kwargs), self._on_styles)

    def _on_styles(self, style_set: StyleSet | UserError) -> None:
        if isinstance(style_set, UserError):
            self._draw()
            self._show_note(message_text(style_set), "bad")
            return
        self._style_set = style_set
        if self._style not in style_set.styles.styles:
            self._style = "casual" if "casual" in style_set.styles.styles else PLAIN_STYLE
            self.style_selected.emit("" if self._style == PLAIN_STYLE else self._style)
        self._draw()
        self.changed.emit()

    def _show_apps(self, filter_choices: FilterChoices | UserError) -> None:
        apps: Sequence[str] = () if isinstance(filter_choices, UserError) else filter_choices.apps
        self.app_picker.set_options(
            [ListOption("", self.tr("Add one you used")), *(ListOption(app, app) for app in apps)]
        )
        self.app_picker.setEnabled(bool(apps))

    @property
    def style_names(self) -> list[str]:
        """The names of all styles except the one for no particular place."""
        return [name for name in self._style_set.styles.styles if name != PLAIN_STYLE]

    def _draw(self) -> None:
        style_set, style = self._style_set, self._style_set.styles.styles.get(self._style, Style())
        self.style_picker.set_options(
            [
                ListOption(PLAIN_STYLE, self.tr("Anywhere else")),
                *(ListOption(name, wording.style_text(name, "")) for name in self.style_names),
            ]
        )
        self.style_picker.set_value(self._style)
        self.mode.set_value(style.mode)
        self.code.set_value(style.code)
        self.tone.set_value(style.tone)
        self.tone.setCursorPosition(0)
        switch_states = {self.capital: style.capital, self.closing: style.closing}
        switch_states |= {switch: rule not in style.without for rule, switch in self.rules.items()}
        switch_states |= {
            switch: style_set.user_styles.programs.get(kind) == self._style for kind, switch in self.programs.items()
        }
        for switch, on in switch_states.items():
            with QSignalBlocker(switch):
                switch.setChecked(on)
        anywhere = self._style == PLAIN_STYLE
        for kind, field in self.places.items():
            field.set_value(", ".join(style_set.user_styles.places_of(self._style, kind)))
            field.setEnabled(not anywhere)
        for switch in self.programs.values():
            switch.setEnabled(not anywhere)
        self.app_picker.set_value("")
        is_built_in = (
            any(self._style == rule.style for rule in style_set.styles.layers[-1]) if style_set.styles.layers else False
        )
        is_resettable = self._style in style_set.styles.built_in
        self.remove_button.setText(self.tr("As it comes") if is_resettable else self.tr("Remove"))
        self.remove_button.setAccessibleName(self.remove_button.text())
        self.remove_button.setEnabled(
            self._style in style_set.user_styles.changed
            or self._style in style_set.user_styles.places
            or self._style in style_set.user_styles.programs.values()
        )
        if style_set.styles.warnings:
            self._show_note(message_text(style_set.styles.warnings), "bad")
        else:
            self._show_note(self._note_text(is_built_in))

    def _note_text(self, is_built_in: bool) -> str:
        sentences = []
        if is_built_in:
            sentences.append(self.tr("Besides the places that Intone knows for it."))
        if self._style_set.user_styles.others:
            sentences.append(
                self.tr("Rules written by hand in styles.toml: {0}.").format(self._style_set.user_styles.others)
            )
        return wording.join_sentences(*sentences)

    def _show_note(self, text: str, role: str = "quiet") -> None:
        self.note.setProperty("role", role)
        self.note.style().polish(self.note)
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _create_programs_row(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(tokens.WIDE)
        for kind in PROGRAM_KINDS:
            layout.addWidget(self.programs[kind])
        layout.addStretch(1)
        return row

    def _create_switch(self, name: str, on_toggled: object, name_format: str = "{0}") -> QCheckBox:
        switch = TickBox(name)
        switch.setAccessibleName(name_format.format(name))
        switch.toggled.connect(on_toggled)
        return switch

    def _create_programs_switch(self, kind: ProgramKind, name: str) -> QCheckBox:
        return self._create_switch(
            name,
            lambda on: self._change(user_styles.set_style_programs, self._style, kind, on),
            self.tr("Use this style in: {0}"),
        )

    def _create_place_field(self, kind: PlaceKind, name: str, example: str) -> TextField:
        field = TextField()
        field.setAccessibleName(name)
        field.setPlaceholderText(example)
        field.chosen.connect(lambda text: self._set_places(kind, text))
        return field

    def _lay_out(self) -> None:
        about = PlainLabel(self.tr("How one writes where. The pill says which style holds, and why."))
        about.setProperty("role", "quiet")
        about.setWordWrap(True)
        head = QHBoxLayout()
        controls: list[QWidget] = [self.style_picker, self.remove_button, self.new_name, self.add_button]
        for index, control in enumerate(controls):
            control.setMinimumHeight(tokens.FIELD_HEIGHT)
            head.addWidget(control, 1 - index % 2)
        switches = QGridLayout()
        switches.setHorizontalSpacing(tokens.WIDE)
        switches.setVerticalSpacing(tokens.UNIT)
        for index, switch in enumerate((self.capital, self.closing, *self.rules.values())):
            switches.addWidget(switch, index // SWITCH_COLUMNS, index % SWITCH_COLUMNS)
        fields = QGridLayout()
        fields.setHorizontalSpacing(tokens.WIDE)
        fields.setVerticalSpacing(tokens.GAP)
        fields.setColumnStretch(1, 1)
        lines: list[tuple[str, QWidget]] = [
            (self.tr("Polish"), self.mode),
            (self.tr("A model is told"), self.tone),
            (self.tr("Spoken code"), self.code),
            (self.tr("Used in"), self._create_programs_row()),
            (self.tr("Applications"), self.places["app"]),
            ("", self.app_picker),
            *([(self.tr("Web sites"), self.places["site"])] if has_effect("context.site", sys.platform) else ()),
            (self.tr("Window titles"), self.places["title"]),
        ]
        for index, (name, control) in enumerate(lines):
            control.setMinimumHeight(tokens.FIELD_HEIGHT)
            fields.addWidget(PlainLabel(name), index, 0)
            fields.addWidget(control, index, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        column.setSpacing(tokens.PAD)
        column.addWidget(PlainLabel(self.tr("Styles")))
        column.addWidget(about)
        column.addLayout(head)
        column.addLayout(switches)
        column.addLayout(fields)
        column.addWidget(self.note)
