"""Filters of the history besides the search words: one row of lists."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop.core.types import EMOTION_LABELS, Outcome
from desktop.history.list_index import FilterChoices, HistoryQuery
from desktop.ui import wording
from desktop.ui.bridge import ListOption
from desktop.ui.style import tokens
from desktop.ui.widgets.combo import OptionPicker


class HistoryFilters(QWidget):
    """The row of filters. `changed` is emitted on a choice; `apply_to` adds the choices to a query."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._unfiltered = {
            "app": ListOption("", self.tr("Any application")),
            "emotion": ListOption("", self.tr("Any expression")),
            "language": ListOption("", self.tr("Any language")),
            "delivery": ListOption("", self.tr("Any outcome")),
        }
        names = {
            "app": self.tr("Application"),
            "emotion": self.tr("How it sounded"),
            "language": self.tr("Language"),
            "delivery": self.tr("How it ended"),
        }
        self._values = dict.fromkeys(self._unfiltered, "")
        self.pickers = {name: OptionPicker(self._unfiltered[name], quiet=True) for name in self._unfiltered}
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.GAP)
        for name, picker in self.pickers.items():
            picker.set_value("")
            picker.setAccessibleName(names[name])
            picker.setMinimumHeight(tokens.FILTER_HEIGHT)
            picker.setMaximumWidth(tokens.FIELD_WIDTH)
            picker.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            picker.chosen.connect(lambda value, name=name: self._choose(name, value))
            line.addWidget(picker)
        line.addStretch(1)
        emotions = [ListOption(label, wording.emotion_text(label)) for label in EMOTION_LABELS]
        outcomes = [ListOption(outcome.value, wording.row_outcome_text(outcome)) for outcome in Outcome]
        self.pickers["emotion"].set_options([self._unfiltered["emotion"], *emotions])
        self.pickers["delivery"].set_options([self._unfiltered["delivery"], *outcomes])

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(self._values.values())

    def set_values(self, choices: FilterChoices) -> None:
        """Offer the applications and languages that occur."""
        self.pickers["app"].set_options([self._unfiltered["app"], *(ListOption(app, app) for app in choices.apps)])
        languages = [ListOption(code, wording.language_names([code])) for code in choices.languages]
        self.pickers["language"].set_options([self._unfiltered["language"], *languages])

    def apply_to(self, query: HistoryQuery) -> HistoryQuery:
        """Return `query` with the chosen filters."""
        return replace(query, **self._values)

    def clear(self) -> None:
        """Clear all filters."""
        for name, picker in self.pickers.items():
            self._values[name] = ""
            picker.set_value("")

    def _choose(self, name: str, value: str) -> None:
        self._values[name] = value
        self.pickers[name].set_value(value)
        self.changed.emit()
