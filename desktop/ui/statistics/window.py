"""The statistics window: emotions and speed over a chosen period.

Six pages at the left, one plot each, with the key figures above. Each plot is also a table, for screen readers and for
exact values; a plot can be saved as PNG, its table as CSV. Nothing is stored: the numbers are computed whenever the
window opens or a dictation ends.
"""

from __future__ import annotations

import csv
from datetime import datetime, time, timedelta
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from desktop.core.errors import UserError
from desktop.core.spreadsheet import escape_formula
from desktop.core.state import AppState, DictationState, Done, Failed, Health, Idle
from desktop.history.statistics import HistoryStatistics, Tally
from desktop.settings.schema import Settings
from desktop.ui import wording
from desktop.ui.bridge import ListOption
from desktop.ui.controllers.app import AppController
from desktop.ui.i18n import message_text
from desktop.ui.statistics import pages
from desktop.ui.statistics.pages import StatisticsPage
from desktop.ui.statistics.views import PlotCanvas, PlotTableView, render_picture
from desktop.ui.style import icons, tokens
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.form import with_object_name
from desktop.ui.widgets.label import PlainLabel, set_tool_tip
from desktop.ui.window_system import bring_to_front

ALL_DAYS = "0"
DEFAULT_PERIOD = "30"
"""Days shown at first."""

_EMPTY_TALLY = Tally(key="", dictations=0)
_PLOT_VIEW, _TABLE_VIEW, _EMPTY_VIEW = range(3)


class StatisticsWindow(QWidget):
    """The window. `present` brings it to the front, `draw` passes it the newest state."""

    def __init__(self, app: AppController) -> None:
        super().__init__()
        self._app = app
        self._state: DictationState = Idle()
        self._health = Health()
        self._request_id = 0
        self._pages: tuple[StatisticsPage, ...] = ()
        self.setWindowTitle(self.tr("Intone mood and numbers"))
        self.setWindowIcon(icons.create_app_icon())
        self.resize(*tokens.STATISTICS_SIZE)
        self.sections = with_object_name(QListWidget(), "sections")
        self.sections.setAccessibleName(self.tr("Pages"))
        self.sections.setFixedWidth(tokens.SIDE_WIDTH)
        self.sections.setSpacing(1)
        for title in pages.page_titles():
            self.sections.addItem(title)
        for index in range(self.sections.count()):
            self.sections.item(index).setSizeHint(QSize(0, tokens.SECTION_HEIGHT))
        self.period = OptionPicker(
            ListOption("7", self.tr("Last 7 days")),
            ListOption("30", self.tr("Last 30 days")),
            ListOption("90", self.tr("Last 90 days")),
            ListOption("365", self.tr("Last year")),
            ListOption(ALL_DAYS, self.tr("Everything")),
        )
        self.period.setAccessibleName(self.tr("Time"))
        self.period.set_value(DEFAULT_PERIOD)
        self.title, self.sentence, self.empty, self._status_label = (
            PlainLabel(),
            PlainLabel(),
            PlainLabel(),
            PlainLabel(),
        )
        self.canvas, self.table = PlotCanvas(), PlotTableView()
        self.as_table = QPushButton(self.tr("As a table"))
        self.save = QPushButton(self.tr("Save…"))
        self.settings = QPushButton(self.tr("Settings…"))
        self.history = QPushButton(self.tr("History"))
        self._figures = [(PlainLabel(), PlainLabel()) for _ in pages.key_figures(HistoryStatistics(total=_EMPTY_TALLY))]
        self.figures = QWidget()
        self._body = QStackedLayout()
        self._style_widgets()
        self._lay_out()
        self.sections.currentRowChanged.connect(self._show_page)
        self.sections.setCurrentRow(0)
        self.period.chosen.connect(self._set_period)
        for keys in (QKeySequence(Qt.Key.Key_Escape), QKeySequence(QKeySequence.StandardKey.Close)):
            QShortcut(keys, self, self.close)

    def present(self) -> None:
        """Bring the window to the front."""
        bring_to_front(self)
        self.sections.setFocus()

    def draw(self, app_state: AppState) -> None:
        """Take in a dictation that has just ended."""
        has_ended = isinstance(app_state.state, Done | Failed | Idle) and app_state.state is not self._state
        before, self._health = self._health, app_state.health
        is_key_other = (before.talk_key, before.is_talk_key_missing) != (
            self._health.talk_key,
            self._health.is_talk_key_missing,
        )
        self._state = app_state.state
        if has_ended or is_key_other:
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Compute the statistics when the window is shown."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Compute the statistics again if the window is visible."""
        if self.isVisible():
            self._request_id += 1
            request_id = self._request_id
            self._app.history.load_statistics(
                self._period_start(), lambda result: self._on_statistics(request_id, result)
            )

    def save_page(self, file: Path) -> None:
        """Save the current page to `file`: its table for `.csv`, else the plot as PNG.

        Errors are shown under the plot.
        """
        page = self._pages[self.sections.currentRow()]
        try:
            if file.suffix.lower() == ".csv":
                with file.open("w", encoding="utf-8", newline="") as out:
                    rows = ((escape_formula(name), *numbers) for name, *numbers in page.table.rows)
                    csv.writer(out).writerows((page.table.header, *rows))
            elif not render_picture(page, self.period.currentText()).save(str(file), "PNG"):
                raise OSError(0, self.tr("it cannot be written"))
        except OSError as error:
            self._status_label.setText(self.tr("{0} was not saved: {1}.").format(file.name, error.strerror))
        else:
            self._status_label.setText(self.tr("Saved as {0}.").format(file.name))

    def _style_widgets(self) -> None:
        self.title.setFont(tokens.font(tokens.TITLE_PX, heading=True))
        for label in (self.sentence, self._status_label):
            label.setProperty("role", "quiet")
        for label in (self.sentence, self.empty, self._status_label):
            label.setWordWrap(True)
        self.empty.setProperty("role", "empty")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for figure, unit in self._figures:
            figure.setFont(tokens.font(tokens.TITLE_PX, heading=True, numbers=True))
            figure.setFixedHeight(round(tokens.TITLE_PX * tokens.LEADING))  # the same height in every script
            unit.setProperty("role", "quiet")
            unit.setWordWrap(True)
            unit.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.period.setFixedWidth(tokens.SIDE_WIDTH)
        self.period.setMinimumHeight(tokens.FIELD_HEIGHT)
        self.as_table.setCheckable(True)
        self.as_table.setShortcut(QKeySequence(Qt.KeyboardModifier.ControlModifier | Qt.Key.Key_T))
        set_tool_tip(self.as_table, self.tr("Show the numbers of this plot (Ctrl+T)"))
        self.as_table.toggled.connect(self._show_page)
        self.save.setShortcut(QKeySequence(QKeySequence.StandardKey.Save))
        set_tool_tip(self.save, self.tr("The plot as a picture, or its numbers as CSV (Ctrl+S)"))
        self.save.clicked.connect(self._choose_file_and_save)
        self.history.setShortcut(QKeySequence(Qt.KeyboardModifier.ControlModifier | Qt.Key.Key_H))
        set_tool_tip(self.history, self.tr("What you said, one by one (Ctrl+H)"))
        self.history.clicked.connect(lambda: self._app.open_window("history"))
        self.settings.clicked.connect(lambda: self._app.open_window("settings"))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.period)
        figures = QHBoxLayout(self.figures)
        figures.setContentsMargins(0, 0, 0, 0)
        figures.setSpacing(tokens.WIDE)
        for index, (figure, unit) in enumerate(self._figures):
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(figure)
            column.addWidget(unit, 1)
            figures.addLayout(column, 3 if index < len(self._figures) - 1 else 4)
        empty_page = QWidget()
        middle = QVBoxLayout(empty_page)
        middle.setSpacing(tokens.WIDE)
        middle.addStretch(1)
        middle.addWidget(self.empty)
        middle.addWidget(self.settings, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(1)
        card = with_object_name(QFrame(), "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(tokens.WIDE, tokens.WIDE, tokens.WIDE, tokens.PAD)
        inside.addLayout(self._body, 1)
        for page in (self.canvas, self.table, empty_page):  # added now: the first is shown at once and needs a parent
            self._body.addWidget(page)
        foot = QHBoxLayout()
        foot.setSpacing(tokens.GAP)
        foot.addWidget(self._status_label, 1)
        foot.addWidget(self.history)
        foot.addWidget(self.as_table)
        foot.addWidget(self.save)
        right = QVBoxLayout()
        right.setSpacing(tokens.PAD)
        right.addLayout(head)
        right.addWidget(self.figures)
        right.addWidget(card, 1)
        right.addWidget(self.sentence)
        right.addLayout(foot)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(tokens.WIDE, tokens.VAST, tokens.VAST, tokens.WIDE)
        columns.setSpacing(tokens.WIDE)
        columns.addWidget(self.sections)
        columns.addLayout(right, 1)

    def _set_period(self, period: str) -> None:
        self.period.set_value(period)
        self.refresh()

    def _period_start(self) -> datetime | None:
        """Return the midnight at which the period starts; None for everything."""
        days = int(self.period.currentData())
        if not days:
            return None
        first = datetime.now().astimezone().date() - timedelta(days=days - 1)
        return datetime.combine(first, time()).astimezone()

    def _on_statistics(self, request_id: int, statistics: HistoryStatistics | UserError) -> None:
        if request_id != self._request_id:
            return
        self.figures.setVisible(not isinstance(statistics, UserError) and statistics.total.dictations > 0)
        if isinstance(statistics, UserError):
            self._pages = ()
            self._show_empty(message_text(statistics))
            return
        chosen = self._app.settings()
        for (figure, unit), (number, name) in zip(self._figures, pages.key_figures(statistics), strict=True):
            figure.setText(number)
            unit.setText(name)
        self._pages = (
            pages.build_pages(statistics, is_detecting=_is_detecting(chosen)) if statistics.total.dictations else ()
        )
        if self._pages:
            self._show_page()
        elif self.period.currentData() == ALL_DAYS:
            if chosen.history.private == "on":
                hint = self.tr("Private mode is on, so there are no numbers.")
            elif self._health.is_talk_key_missing:
                hint = self.tr("The numbers of what you dictate will be here.")
            else:
                talk = wording.talk_key_name(self._health, chosen.hotkey.talk)
                hint = self.tr("Hold {0} and speak; the numbers will be here.").format(talk)
            self._show_empty(hint)
        else:
            self._show_empty(self.tr("Nothing was dictated in this time."))

    def _show_page(self) -> None:
        index = max(0, self.sections.currentRow())
        self.title.setText(pages.page_titles()[index])
        self._status_label.setText(self._source_text())
        if not self._pages:
            return
        page = self._pages[index]
        if page.plot is None:
            off = page.is_about_emotion and not _is_detecting(self._app.settings())
            self._show_empty(page.sentence, settings=off)
            return
        self.canvas.show_page(page)
        self.table.show_page(page)
        self.sentence.setText(page.sentence)
        self._body.setCurrentIndex(_TABLE_VIEW if self.as_table.isChecked() else _PLOT_VIEW)
        self.as_table.setEnabled(True)
        self.save.setEnabled(True)

    def _source_text(self) -> str:
        if self._app.settings().history.private == "on":
            return self.tr("Private mode is on: nothing is added.")
        return self.tr("Added up from your history, on this machine. What is deleted counts no more.")

    def _show_empty(self, sentence: str, *, settings: bool = False) -> None:
        self.empty.setText(sentence)
        self.settings.setVisible(settings)
        self.sentence.setText("")
        self._body.setCurrentIndex(_EMPTY_VIEW)
        self.as_table.setEnabled(False)
        self.save.setEnabled(False)

    def _choose_file_and_save(self) -> None:
        page = self._pages[self.sections.currentRow()]
        forms = {".png": self.tr("Picture (*.png)"), ".csv": self.tr("Numbers (*.csv)")}
        chosen = ".csv" if self.as_table.isChecked() else ".png"
        name, form = QFileDialog.getSaveFileName(
            self, self.tr("Save"), f"intone-{page.name}{chosen}", ";;".join(forms.values()), forms[chosen]
        )
        if name:
            file = Path(name)
            ending = next((ending for ending, label in forms.items() if label == form), chosen)
            self.save_page(file if file.suffix.lower() in forms else file.with_name(file.name + ending))


def _is_detecting(chosen: Settings) -> bool:
    return chosen.emotion.engine != "off"
