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

from desktop.core.errors import Problem
from desktop.core.formulas import as_text
from desktop.core.state import Done, Failed, Idle, Shown, State
from desktop.history.statistics import Insights, Tally
from desktop.settings.schema import Settings
from desktop.ui import wording as words
from desktop.ui.bridge import Actions, Choice
from desktop.ui.i18n import sentence
from desktop.ui.statistics import pages as mood_pages
from desktop.ui.statistics.pages import Page
from desktop.ui.statistics.views import Canvas, Numbers, picture
from desktop.ui.style import icons, tokens
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.form import named
from desktop.ui.widgets.label import Label, tip

EVERYTHING = "0"
PERIOD = "30"
"""Days shown at first."""

_NOTHING = Tally(key="", dictations=0)
_PLOT, _TABLE, _EMPTY = range(3)


class MoodWindow(QWidget):
    """The window. `present` brings it to the front, `draw` passes it the newest state."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self._state: State = Idle()
        self._question = 0
        self._pages: tuple[Page, ...] = ()
        self.setWindowTitle(self.tr("Intone mood and numbers"))
        self.setWindowIcon(icons.app_icon())
        self.resize(*tokens.MOOD_SIZE)
        self.sections = named(QListWidget(), "sections")
        self.sections.setAccessibleName(self.tr("Pages"))
        self.sections.setFixedWidth(tokens.SIDE_WIDTH)
        self.sections.setSpacing(1)
        for title in mood_pages.titles():
            self.sections.addItem(title)
        for place in range(self.sections.count()):
            self.sections.item(place).setSizeHint(QSize(0, tokens.SECTION_HEIGHT))
        self.period = Picker(
            Choice("7", self.tr("Last 7 days")),
            Choice("30", self.tr("Last 30 days")),
            Choice("90", self.tr("Last 90 days")),
            Choice("365", self.tr("Last year")),
            Choice(EVERYTHING, self.tr("Everything")),
        )
        self.period.setAccessibleName(self.tr("Time"))
        self.period.put(PERIOD)
        self.title, self.sentence, self.empty, self._told = Label(), Label(), Label(), Label()
        self.canvas, self.table = Canvas(), Numbers()
        self.as_table = QPushButton(self.tr("As a table"))
        self.save = QPushButton(self.tr("Save…"))
        self.settings = QPushButton(self.tr("Settings…"))
        self.history = QPushButton(self.tr("History"))
        self._figures = [(Label(), Label()) for _ in mood_pages.figures(Insights(total=_NOTHING))]
        self.figures = QWidget()
        self._body = QStackedLayout()
        self._dress()
        self._lay_out()
        self.sections.currentRowChanged.connect(self._show)
        self.sections.setCurrentRow(0)
        self.period.chosen.connect(self._choose)
        for keys in (QKeySequence(Qt.Key.Key_Escape), QKeySequence(QKeySequence.StandardKey.Close)):
            QShortcut(keys, self, self.close)

    def present(self) -> None:
        """Bring the window to the front."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.sections.setFocus()

    def draw(self, shown: Shown) -> None:
        """Take in a dictation that has just ended."""
        ended = isinstance(shown.state, Done | Failed | Idle) and shown.state is not self._state
        self._state = shown.state
        if ended:
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Compute the statistics when the window is shown."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Compute the statistics again if the window is visible."""
        if self.isVisible() and self._actions.insights is not None:
            self._question += 1
            question = self._question
            self._actions.insights(self._since(), lambda found: self._answered(question, found))

    def write(self, file: Path) -> None:
        """Save the current page to `file`: its table for `.csv`, else the plot as PNG.

        Errors are shown under the plot.
        """
        page = self._pages[self.sections.currentRow()]
        try:
            if file.suffix.lower() == ".csv":
                with file.open("w", encoding="utf-8", newline="") as out:
                    rows = ((as_text(name), *numbers) for name, *numbers in page.table.rows)
                    csv.writer(out).writerows((page.table.header, *rows))
            elif not picture(page, self.period.currentText()).save(str(file), "PNG"):
                raise OSError(0, self.tr("it cannot be written"))
        except OSError as error:
            self._told.setText(self.tr("{0} was not saved: {1}.").format(file.name, error.strerror))
        else:
            self._told.setText(self.tr("Saved as {0}.").format(file.name))

    def _dress(self) -> None:
        self.title.setFont(tokens.font(tokens.TITLE_PX, heading=True))
        for label in (self.sentence, self._told):
            label.setProperty("role", "quiet")
        for label in (self.sentence, self.empty, self._told):
            label.setWordWrap(True)
        self.empty.setProperty("role", "empty")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setProperty("stands", "middle")
        for figure, what in self._figures:
            figure.setFont(tokens.font(tokens.TITLE_PX, heading=True, numbers=True))
            figure.setFixedHeight(round(tokens.TITLE_PX * tokens.LEADING))  # the same height in every script
            what.setProperty("role", "quiet")
            what.setWordWrap(True)
            what.setAlignment(Qt.AlignmentFlag.AlignTop)
            what.setProperty("stands", "top")
        self.period.setFixedWidth(tokens.SIDE_WIDTH)
        self.period.setMinimumHeight(tokens.FIELD_HEIGHT)
        self.as_table.setCheckable(True)
        self.as_table.setShortcut(QKeySequence(Qt.KeyboardModifier.ControlModifier | Qt.Key.Key_T))
        tip(self.as_table, self.tr("Show the numbers of this plot (Ctrl+T)"))
        self.as_table.toggled.connect(self._show)
        self.save.setShortcut(QKeySequence(QKeySequence.StandardKey.Save))
        tip(self.save, self.tr("The plot as a picture, or its numbers as CSV (Ctrl+S)"))
        self.save.clicked.connect(self._save)
        self.history.setShortcut(QKeySequence(Qt.KeyboardModifier.ControlModifier | Qt.Key.Key_H))
        tip(self.history, self.tr("What you said, one by one (Ctrl+H)"))
        self.history.clicked.connect(lambda: self._actions.show_history())
        self.settings.clicked.connect(lambda: self._actions.show_settings())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.period)
        figures = QHBoxLayout(self.figures)
        figures.setContentsMargins(0, 0, 0, 0)
        figures.setSpacing(tokens.WIDE)
        for place, (figure, what) in enumerate(self._figures):
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(figure)
            column.addWidget(what, 1)
            figures.addLayout(column, 3 if place < len(self._figures) - 1 else 4)
        nothing = QWidget()
        middle = QVBoxLayout(nothing)
        middle.setSpacing(tokens.WIDE)
        middle.addStretch(1)
        middle.addWidget(self.empty)
        middle.addWidget(self.settings, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(1)
        card = named(QFrame(), "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(tokens.WIDE, tokens.WIDE, tokens.WIDE, tokens.PAD)
        inside.addLayout(self._body, 1)
        for page in (self.canvas, self.table, nothing):  # added now: the first is shown at once and needs a parent
            self._body.addWidget(page)
        foot = QHBoxLayout()
        foot.setSpacing(tokens.GAP)
        foot.addWidget(self._told, 1)
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

    def _choose(self, period: str) -> None:
        self.period.put(period)
        self.refresh()

    def _since(self) -> datetime | None:
        """Return the midnight at which the period starts; None for everything."""
        days = int(self.period.currentData())
        if not days:
            return None
        first = datetime.now().astimezone().date() - timedelta(days=days - 1)
        return datetime.combine(first, time()).astimezone()

    def _answered(self, question: int, found: Insights | Problem) -> None:
        if question != self._question:
            return
        self.figures.setVisible(not isinstance(found, Problem) and found.total.dictations > 0)
        if isinstance(found, Problem):
            self._pages = ()
            self._show_empty(sentence(str(found)))
            return
        chosen = self._actions.settings()
        for (figure, what), (number, name) in zip(self._figures, mood_pages.figures(found), strict=True):
            figure.setText(number)
            what.setText(name)
        self._pages = mood_pages.pages(found, listening=_listening(chosen)) if found.total.dictations else ()
        if self._pages:
            self._show()
        elif self.period.currentData() == EVERYTHING:
            talk = words.key_name(",".join(chosen.hotkey.talk))
            private = chosen.history.private == "on"
            here = self.tr("Hold {0} and speak; the numbers will be here.").format(talk)
            self._show_empty(self.tr("Private mode is on, so there are no numbers.") if private else here)
        else:
            self._show_empty(self.tr("Nothing was dictated in this time."))

    def _show(self) -> None:
        place = max(0, self.sections.currentRow())
        self.title.setText(mood_pages.titles()[place])
        self._told.setText(self._source())
        if not self._pages:
            return
        page = self._pages[place]
        if page.plot is None:
            off = page.emotion and not _listening(self._actions.settings())
            self._show_empty(page.sentence, settings=off)
            return
        self.canvas.put(page)
        self.table.put(page)
        self.sentence.setText(page.sentence)
        self._body.setCurrentIndex(_TABLE if self.as_table.isChecked() else _PLOT)
        self.as_table.setEnabled(True)
        self.save.setEnabled(True)

    def _source(self) -> str:
        if self._actions.settings().history.private == "on":
            return self.tr("Private mode is on: nothing is added.")
        return self.tr("Added up from your history, on this machine. What is deleted counts no more.")

    def _show_empty(self, sentence: str, *, settings: bool = False) -> None:
        self.empty.setText(sentence)
        self.settings.setVisible(settings)
        self.sentence.setText("")
        self._body.setCurrentIndex(_EMPTY)
        self.as_table.setEnabled(False)
        self.save.setEnabled(False)

    def _save(self) -> None:
        page = self._pages[self.sections.currentRow()]
        forms = {".png": self.tr("Picture (*.png)"), ".csv": self.tr("Numbers (*.csv)")}
        chosen = ".csv" if self.as_table.isChecked() else ".png"
        name, form = QFileDialog.getSaveFileName(
            self, self.tr("Save"), f"intone-{page.name}{chosen}", ";;".join(forms.values()), forms[chosen]
        )
        if name:
            file = Path(name)
            ending = next((ending for ending, label in forms.items() if label == form), chosen)
            self.write(file if file.suffix.lower() in forms else file.with_name(file.name + ending))


def _listening(chosen: Settings) -> bool:
    return chosen.emotion.engine != "off"
