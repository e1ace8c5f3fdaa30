"""Show one dictation: text, changes by polish, recording, emotion, target, and the actions on it.

The polished text comes first. The raw words are one key away and shown as a difference: removed text is struck out,
added text underlined, so the difference is visible without colour.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QGuiApplication,
    QIcon,
    QKeySequence,
    QPainter,
    QPixmap,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QTextEdit, QVBoxLayout

from desktop.audio.waveform import word_at
from desktop.core.types import LABELS
from desktop.history.recorder import UNFINISHED
from desktop.history.row import Row
from desktop.ui import emotions as signs
from desktop.ui import wording as words
from desktop.ui.controllers.rows import Rows
from desktop.ui.history.model import shown_text
from desktop.ui.history.player import Player
from desktop.ui.history.timings import Timings
from desktop.ui.style import rtl as sides
from desktop.ui.style import tokens
from desktop.ui.widgets.form import named
from desktop.ui.widgets.label import Label, tip
from desktop.ui.widgets.marked import mark

NBSP = "\N{NO-BREAK SPACE}"

SHORT = 32
"""Facts of at most this many characters are not broken over two lines."""

COPIED_MS = 1_200
"""Milliseconds for which the button says that the text was copied."""


class Detail(QFrame):
    """Shows a row; requests go out as signals.

    `paste_requested` carries whether the raw words are meant, `text_corrected` the text, `emotion_corrected` a label or
    None.
    """

    pasting = Signal(bool)
    corrected = Signal(str)
    felt = Signal(object)
    hearing_again = Signal()
    deleting = Signal()

    def __init__(self, rows: Rows) -> None:
        super().__init__()
        named(self, "card")
        self.row: Row | None = None
        self.asks = True
        """Whether to ask for an emotion where none was recorded."""
        self._busy: int | None = None
        self._can_feel = rows.feel is not None
        self.text = QTextEdit(readOnly=True, acceptRichText=False)
        self.text.setAccessibleName(self.tr("Text"))
        self.text.setTabChangesFocus(True)
        self.text.document().setDocumentMargin(0)
        self.text.setFont(tokens.font(tokens.READ_PX))
        self._when = Label()
        self._when.setFont(tokens.font(heading=True, numbers=True))
        self._facts = _quiet()
        self._legend = _quiet()
        self._legend.setText(self.tr("Struck out: heard and left out.  Underlined: added."))
        self.raw = self._button(self.tr("As heard"), "Ctrl+R", self.tr("Show what was heard, and what became of it"))
        self.raw.setCheckable(True)
        self.raw.toggled.connect(self._draw)
        self.copy = self._button(self.tr("Copy"), "Ctrl+Shift+C", self.tr("Copy the text"))
        self.copy.setProperty("primary", "true")
        self.copy.setMinimumWidth(tokens.BUTTON_WIDTH)
        self.copy.clicked.connect(self.copy_text)
        self._copied = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._copied.timeout.connect(lambda: self.copy.setText(self.tr("Copy")))
        self.save = self._button(self.tr("Save"), "Ctrl+S", self.tr("Keep this text"))
        self.save.setProperty("primary", "true")
        self.save.clicked.connect(self.save_text)
        self.leave = self._button(self.tr("Cancel"), "", self.tr("Leave the text as it was"))
        self.leave.clicked.connect(self.stop_editing)
        self.expression = named(QPushButton(), "flat")
        self.expression.setAccessibleDescription(self.tr("Say how it sounded to you"))
        self.expression.setMenu(self._expressions())
        self.player = Player(rows)
        self.player.said.connect(self._follow)
        self.timings = Timings()
        self.paste = self._flat(self.tr("Paste again"), "Ctrl+Return", self.tr("Paste it where you were before"))
        self.paste.clicked.connect(lambda: self.pasting.emit(self.raw.isChecked()))
        self.edit = self._flat(self.tr("Edit"), "Ctrl+E", self.tr("Correct the text; the vocabulary can learn from it"))
        self.edit.clicked.connect(self.start_editing)
        self.again = self._flat("", "Ctrl+T", self.tr("Transcribe the recording with the engine of the settings"))
        self.again.clicked.connect(self.hearing_again)
        self.delete = self._flat(self.tr("Delete"), "", self.tr("Delete it and its recording (Del)"))
        self.delete.clicked.connect(self.deleting)
        self._lay_out()
        self.stop_editing()

    @property
    def editing(self) -> bool:
        """Whether the text is being corrected."""
        return not self.text.isReadOnly()

    def put(self, row: Row) -> None:
        """Show `row`. A correction in progress is kept if it is of the same row, else saved."""
        if self.editing and self.row is not None and row.id == self.row.id:
            return
        self.save_text()
        self.row = row
        self.player.put(row.audio_path, row.duration_s)
        self._draw()

    def busy(self, id: int | None) -> None:
        """Mark the row with this id as being transcribed again; None for no row."""
        self._busy = id
        self._draw()

    def copy_text(self) -> None:
        """Copy the displayed text: the raw words when they are shown."""
        if self.row is not None:
            QGuiApplication.clipboard().setText(self._chosen(self.row))
            self.copy.setText(self.tr("Copied"))
            self._copied.start()

    def start_editing(self) -> None:
        """Make the text editable."""
        if self.row is None or not self.edit.isEnabled():
            return
        self.player.stop()
        self.raw.setChecked(False)
        self._edit(True)
        self.text.setFocus()
        self.text.moveCursor(QTextCursor.MoveOperation.End)

    def stop_editing(self) -> None:
        """Discard the correction."""
        self._edit(False)
        self._draw()

    def save_text(self) -> None:
        """Save the correction, if there is one."""
        if not self.editing:
            return
        text = self.text.toPlainText().strip()
        changed = self.row is not None and bool(text) and text != shown_text(self.row)
        self._edit(False)
        if changed:
            self.corrected.emit(text)
        self._draw()

    def _edit(self, on: bool) -> None:
        self.text.setReadOnly(not on)
        for button in (self.save, self.leave):
            button.setVisible(on)
        for button in (self.raw, self.copy, self.paste, self.edit, self.again, self.delete, self.expression):
            button.setVisible(not on)

    def _draw(self) -> None:
        row = self.row
        if row is None or self.editing:
            return
        said = bool(row.text or row.raw_text or row.edited)
        self._when.setText(words.moment(row.started_at))
        for button in (self.raw, self.paste, self.edit, self.copy):
            button.setEnabled(said)
        self._legend.setVisible(self.raw.isChecked() and said)
        self._write(row)
        facts = (fact.replace(" ", NBSP) if len(fact) <= SHORT else fact for fact in words.facts(row))
        self._facts.setText(f"{NBSP * 2}·  ".join(facts))
        self.timings.put(row)
        self._draw_expression(row)
        under_way = self._busy == row.id
        retry = self.tr("Retry") if row.delivery in UNFINISHED else self.tr("Transcribe again")
        _say(self.again, self.tr("Transcribing…") if under_way else retry)
        self.again.setEnabled(self._busy is None and row.audio_path is not None)

    def _draw_expression(self, row: Row) -> None:
        label = words.heard_in(row)
        self.expression.setVisible(bool(label) or (self._can_feel and self.asks))
        self.expression.setEnabled(self._can_feel)
        self.expression.setText(words.expression(label) if label else self.tr("How did it sound?"))
        self.expression.setIcon(_icon(label))

    def _write(self, row: Row) -> None:
        document = self.text.document()
        self.text.setExtraSelections([])
        document.clear()
        cursor = QTextCursor(document)
        if self.raw.isChecked():
            mark(cursor, row.raw_text, shown_text(row))
        else:
            cursor.insertText(shown_text(row), QTextCharFormat())
        leading = QTextBlockFormat()
        leading.setLineHeight(tokens.READ_PX * tokens.LEADING, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(leading)

    def _follow(self, part: float | None) -> None:
        """Highlight the word being played, approximately."""
        if part is None or self.raw.isChecked() or self.editing:
            self.text.setExtraSelections([])
            return
        start, end = word_at(self.text.toPlainText(), part)
        mark = QTextEdit.ExtraSelection()
        mark.cursor = QTextCursor(self.text.document())
        mark.cursor.setPosition(start)
        mark.cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        mark.format.setBackground(QColor(tokens.palette().line))
        mark.format.setFontUnderline(True)
        self.text.setExtraSelections([mark])

    def _chosen(self, row: Row) -> str:
        return row.raw_text if self.raw.isChecked() else shown_text(row)

    def _expressions(self) -> QMenu:
        menu = QMenu(self)
        for label in LABELS:
            self._offer(menu, words.expression(label), label).setIcon(_icon(label))
        menu.addSeparator()
        self._offer(menu, self.tr("As first heard"), None)
        return menu

    def _offer(self, menu: QMenu, name: str, label: str | None) -> QAction:
        action = menu.addAction(name)
        action.triggered.connect(lambda: self.felt.emit(label))
        return action

    def _lay_out(self) -> None:
        top, below, foot = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._when, 1)
        for button in (self.raw, self.copy, self.leave, self.save):
            top.addWidget(button)
        told = QVBoxLayout()
        told.setSpacing(tokens.GAP)
        told.addWidget(self._facts)
        told.addWidget(self.timings)
        below.addLayout(told, 1)
        below.addWidget(self.expression, 0, Qt.AlignmentFlag.AlignTop)
        foot.setSpacing(tokens.UNIT)
        for button in (self.paste, self.edit, self.again):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.delete)
        inner = QVBoxLayout()
        sides.margins(inner, tokens.PAD, 0, 0, 0)
        inner.setSpacing(tokens.PAD)
        inner.addLayout(top)
        inner.addWidget(self.text, 1)
        inner.addWidget(self._legend)
        inner.addWidget(self.player)
        inner.addLayout(below)
        column = QVBoxLayout(self)
        sides.margins(column, tokens.PAD, tokens.WIDE, tokens.WIDE, tokens.PAD)
        column.setSpacing(tokens.PAD)
        column.addLayout(inner, 1)
        column.addLayout(foot)

    def _button(self, name: str, key: str, what: str) -> QPushButton:
        made = QPushButton()
        tip(made, f"{what} ({QKeySequence(key).toString()})" if key else what)
        made.setAccessibleDescription(what)
        made.setProperty("key", key)
        _say(made, name)
        return made

    def _flat(self, name: str, key: str, what: str) -> QPushButton:
        return named(self._button(name, key, what), "flat")


def _say(button: QPushButton, name: str) -> None:
    """Set the button's text and its shortcut again, which `setText` clears."""
    button.setText(name)
    button.setShortcut(QKeySequence(button.property("key")))


def _quiet() -> Label:
    made = Label()
    made.setWordWrap(True)
    made.setProperty("role", "quiet")
    return made


def _icon(label: str) -> QIcon:
    picture = QPixmap(4 * tokens.SIGN, 4 * tokens.SIGN)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = tokens.SIGN / 2
    if label:
        signs.sign(painter, QRectF(picture.rect()).adjusted(inset, inset, -inset, -inset), label)
    painter.end()
    return QIcon(picture)
