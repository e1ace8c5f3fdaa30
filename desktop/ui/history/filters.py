"""Filters of the history besides the search words: one row of lists."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop.core.types import LABELS, Outcome
from desktop.history.list_index import Offers, Wanted
from desktop.ui import wording as words
from desktop.ui.bridge import Choice
from desktop.ui.style import tokens
from desktop.ui.widgets.combo import Picker


class Filters(QWidget):
    """The row of filters. `changed` is emitted on a choice; `apply_to` adds the choices to a query."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._any = {
            "app": Choice("", self.tr("Any application")),
            "emotion": Choice("", self.tr("Any expression")),
            "language": Choice("", self.tr("Any language")),
            "delivery": Choice("", self.tr("Any outcome")),
        }
        names = {
            "app": self.tr("Application"),
            "emotion": self.tr("How it sounded"),
            "language": self.tr("Language"),
            "delivery": self.tr("How it ended"),
        }
        self._values = dict.fromkeys(self._any, "")
        self.pickers = {name: Picker(self._any[name], quiet=True) for name in self._any}
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.GAP)
        for name, picker in self.pickers.items():
            picker.put("")
            picker.setAccessibleName(names[name])
            picker.setMinimumHeight(tokens.FILTER_HEIGHT)
            picker.setMaximumWidth(tokens.FIELD_WIDTH)
            picker.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            picker.chosen.connect(lambda value, name=name: self._choose(name, value))
            line.addWidget(picker)
        line.addStretch(1)
        emotions = [Choice(label, words.expression(label)) for label in LABELS]
        outcomes = [Choice(one.value, words.delivered(one)) for one in Outcome if one is not Outcome.SILENT]
        self.pickers["emotion"].offer([self._any["emotion"], *emotions])
        self.pickers["delivery"].offer([self._any["delivery"], *outcomes])

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(self._values.values())

    def offer(self, offers: Offers) -> None:
        """Offer the applications and languages that occur."""
        self.pickers["app"].offer([self._any["app"], *(Choice(app, app) for app in offers.apps)])
        known = [Choice(code, words.languages([code])) for code in offers.languages]
        self.pickers["language"].offer([self._any["language"], *known])

    def narrow(self, wanted: Wanted) -> Wanted:
        """Return `query` with the chosen filters."""
        return replace(wanted, **self._values)

    def clear(self) -> None:
        """Clear all filters."""
        for name, picker in self.pickers.items():
            self._values[name] = ""
            picker.put("")

    def _choose(self, name: str, value: str) -> None:
        self._values[name] = value
        self.pickers[name].put(value)
        self.changed.emit()
