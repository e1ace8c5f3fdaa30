"""Choose the languages of dictations: any, that of the keyboard's layout, or some; and what layouts stand for."""

from __future__ import annotations

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.settings.schema import AUTO, LAYOUT, language_codes
from desktop.ui.bridge import ListOption
from desktop.ui.style import glyphs, tokens
from desktop.ui.widgets.buttons import GlyphButton
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.form import CompoundControl, TextField

CODES = "codes"
"""The choice of some languages, whose value is their codes."""


class LanguageField(CompoundControl):
    """The control of `recognizer.language`: what decides, and below it the codes, where they count."""

    def __init__(self) -> None:
        super().__init__()
        self._value = AUTO
        self.picker = OptionPicker(
            ListOption(AUTO, self.tr("Automatic")),
            ListOption(LAYOUT, self.tr("By the keyboard's layout")),
            ListOption(CODES, self.tr("Only these")),
        )
        self.picker.chosen.connect(self._on_kind_chosen)
        self.codes = TextField()
        self.codes.chosen.connect(lambda: self.chosen.emit(self._join(self.picker.currentData())))
        self.setFocusProxy(self.picker)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(tokens.UNIT)
        for control in (self.picker, self.codes):
            control.setMinimumHeight(tokens.FIELD_HEIGHT)
            lines.addWidget(control)
        self._show_kind(AUTO)

    def setAccessibleName(self, name: str) -> None:
        """Set the accessible names of both controls."""
        super().setAccessibleName(name)
        self.picker.setAccessibleName(name)
        self.codes.setAccessibleName(self.tr("{0}: codes").format(name))

    def set_value(self, value: str) -> None:
        """Show `value`; codes being written stay."""
        values = tuple(filter(None, value.split(",")))
        codes = language_codes(values)
        if value != self._value or not self.codes.hasFocus():
            self._show_kind(LAYOUT if LAYOUT in values else CODES if codes else AUTO)
        self._value = value
        self.codes.set_value(", ".join(codes))

    def label_for(self, value: str) -> str:
        """Return the label of a choice; codes as they are."""
        return self.picker.label_for(value)

    def searchable_text(self) -> str:
        """Return all labels, for search."""
        return self.picker.searchable_text()

    def _on_kind_chosen(self, kind: str) -> None:
        self._show_kind(kind)
        if kind == CODES and not self.codes.text().strip():
            self.codes.setFocus()  # there is no value yet
        else:
            self.chosen.emit(self._join(kind))

    def _show_kind(self, kind: str) -> None:
        self.picker.set_value(kind)
        self.codes.setVisible(kind != AUTO)
        self.codes.setPlaceholderText(self.tr("en, de where it is unknown") if kind == LAYOUT else "en, de, zh")

    def _join(self, kind: str) -> str:
        """Return the setting's value for what is shown."""
        codes = self.codes.text().strip() if kind != AUTO else ""
        return ",".join(filter(None, [LAYOUT if kind == LAYOUT else "", codes])) or AUTO


class LayoutTable(CompoundControl):
    """The control of `recognizer.layouts`: a line for each layout with its languages, and an empty one."""

    def __init__(self) -> None:
        super().__init__()
        self._value = ""
        self.lines: list[LayoutLine] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens.UNIT)
        self._show([])

    def set_value(self, value: str) -> None:
        """Show `value`; a line that has only one of the two yet stays."""
        if value == self._value and any(line.is_half() for line in self.lines):
            return
        self._value = value
        self._show([(name, codes) for name, _, codes in (line.rpartition("=") for line in value.split(",")) if name])

    def _show(self, entries: list[tuple[str, str]]) -> None:
        while len(self.lines) <= len(entries):
            line = LayoutLine()
            line.changed.connect(self._emit_lines)
            line.remove.clicked.connect(lambda _=False, line=line: self._remove(line))
            self.lines.append(line)
            self._column.addWidget(line)
        for index, line in enumerate(self.lines):
            name, codes = entries[index] if index < len(entries) else ("", "")
            line.set_entry(name, codes)
            line.setVisible(index <= len(entries))

    def _remove(self, line: LayoutLine) -> None:
        line.set_entry("", "")
        self.lines[0].layout_name.setFocus()
        self._emit_lines()

    def _emit_lines(self) -> None:
        value = ",".join(filter(None, (line.entry() for line in self.lines)))
        if value != self._value:
            self.chosen.emit(value)


class LayoutLine(QWidget):
    """A layout, its languages, and a button that empties both. `changed` is emitted when one was written."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.layout_name, self.languages = TextField(), TextField()
        self.remove = GlyphButton(glyphs.cross, self.tr("Remove"))
        inside = QHBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(tokens.GAP)
        for text_field, name, example in (
            (self.layout_name, self.tr("Layout"), "ch"),
            (self.languages, self.tr("Languages"), "de, fr"),
        ):
            text_field.setAccessibleName(name)
            text_field.setPlaceholderText(self.tr("{0}, such as {1}").format(name, example))
            text_field.setMinimumHeight(tokens.FIELD_HEIGHT)
            text_field.chosen.connect(lambda _: self.changed.emit())
            inside.addWidget(text_field, 1)
        inside.addWidget(self.remove)

    def set_entry(self, name: str, codes: str) -> None:
        """Show a layout and its languages, separated by slashes."""
        self.layout_name.set_value(name)
        self.languages.set_value(", ".join(codes.split("/")))
        self.remove.setEnabled(bool(name))

    def entry(self) -> str:
        """Return the setting's line for what is shown; empty where one of the two is."""
        name, codes = self.layout_name.text().strip(), re.findall(r"[^\s,/]+", self.languages.text())
        return f"{name}={'/'.join(codes)}" if name and codes else ""

    def is_half(self) -> bool:
        """Whether one of the two is empty and the other is not."""
        return bool(self.layout_name.text().strip()) != bool(self.languages.text().strip())
