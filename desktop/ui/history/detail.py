"""Show one dictation: text, changes by polish, recording, emotion, target, and the actions on it.

The polished text comes first. The raw words are one key away and shown as a difference: removed text is struck out,
added text underlined, so the difference is visible without colour.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
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

from desktop.audio.waveform import find_word_at
from desktop.core.errors import UserError
from desktop.core.types import EMOTION_LABELS
from desktop.history.recorder import UNFINISHED_OUTCOMES
from desktop.history.rows import HistoryRow
from desktop.ui import emotions, wording
from desktop.ui.controllers.history import HistoryController
from desktop.ui.history.marks import TextMarks
from desktop.ui.history.model import display_text
from desktop.ui.history.player import PlaybackBar
from desktop.ui.history.timings import TimingLine
from desktop.ui.style import tokens
from desktop.ui.widgets.diff import write_diff
from desktop.ui.widgets.form import with_object_name
from desktop.ui.widgets.label import PlainLabel, set_tool_tip

NBSP = "\N{NO-BREAK SPACE}"

UNBROKEN_CHARS = 32
"""Facts of at most this many characters are not broken over two lines."""

COPIED_MS = 1_200
"""Milliseconds for which the button says that the text was copied."""


class DictationDetail(QFrame):
    """Shows a row; requests go out as signals.

    `paste_requested` carries whether the raw words are meant, `text_corrected` the text, `emotion_corrected` a label or
    None.
    """

    paste_requested = Signal(bool)
    text_corrected = Signal(str)
    emotion_corrected = Signal(object)
    transcription_requested = Signal()
    deletion_requested = Signal()

    def __init__(self, history: HistoryController) -> None:
        super().__init__()
        with_object_name(self, "card")
        self.row: HistoryRow | None = None
        self.asks_for_emotion = True
        """Whether to ask for an emotion where none was recorded."""
        self._transcribing_id: int | None = None
        self._quotation = ""
        self._history = history
        self.text = QTextEdit(readOnly=True, acceptRichText=False)
        self._marks = TextMarks(self.text)
        self.text.setAccessibleName(self.tr("Text"))
        self.text.setTabChangesFocus(True)
        self.text.document().setDocumentMargin(0)
        self.text.setFont(tokens.font(tokens.READING_PX))
        self._time_label = PlainLabel()
        self._time_label.setFont(tokens.font(heading=True, numbers=True))
        self._facts = _create_quiet_label()
        self._legend = _create_quiet_label()
        self._legend.setText(self.tr("Struck out: heard and left out.  Underlined: added."))
        self.raw = self._button(self.tr("As heard"), "Ctrl+R", self.tr("Show what was heard, and what became of it"))
        self.raw.setCheckable(True)
        self.raw.toggled.connect(self._draw)
        self.copy = self._button(self.tr("Copy"), "Ctrl+Shift+C", self.tr("Copy the text"))
        self.copy.setProperty("primary", "true")
        self.copy.setMinimumWidth(tokens.BUTTON_WIDTH)
        self.copy.clicked.connect(self.copy_text)
        self._copied_timer = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._copied_timer.timeout.connect(lambda: self.copy.setText(self.tr("Copy")))
        self.save = self._button(self.tr("Save"), "Ctrl+S", self.tr("Keep this text"))
        self.save.setProperty("primary", "true")
        self.save.clicked.connect(self.save_text)
        self.cancel = self._button(self.tr("Cancel"), "", self.tr("Leave the text as it was"))
        self.cancel.clicked.connect(self.stop_editing)
        self.emotion_button = with_object_name(QPushButton(), "flat")
        self.emotion_button.setAccessibleDescription(self.tr("Say how it sounded to you"))
        self.emotion_button.setMenu(self._create_emotion_menu())
        self.player = PlaybackBar(history)
        self.player.progress.connect(self._highlight_word)
        self.timings = TimingLine()
        self.paste = self._flat(self.tr("Paste again"), "Ctrl+Return", self.tr("Paste it where you were before"))
        self.paste.clicked.connect(lambda: self.paste_requested.emit(self.raw.isChecked()))
        self.edit = self._flat(self.tr("Edit"), "Ctrl+E", self.tr("Correct the text; the vocabulary can learn from it"))
        self.edit.clicked.connect(self.start_editing)
        self.transcribe_again = self._flat(
            "", "Ctrl+T", self.tr("Transcribe the recording with the engine of the settings")
        )
        self.transcribe_again.clicked.connect(self.transcription_requested)
        self.delete = self._flat(self.tr("Delete"), "", self.tr("Delete it and its recording (Del)"))
        self.delete.clicked.connect(self.deletion_requested)
        self._lay_out()
        self.stop_editing()

    @property
    def is_editing(self) -> bool:
        """Whether the text is being corrected."""
        return not self.text.isReadOnly()

    def show_row(self, row: HistoryRow) -> None:
        """Show `row`. A correction in progress is kept if it is of the same row, else saved."""
        if self.is_editing and self.row is not None and row.id == self.row.id:
            return
        self.save_text()
        if self.row is None or row.id != self.row.id:
            self._quotation = ""
        self.row = row
        self.player.show_recording(row.audio_path, row.duration_s)
        self._draw()

    def mark_quotation(self, text: str) -> None:
        """Mark the words of the shown row that `text` has too, and place the player at the first of them."""
        self._quotation = text
        self._draw()
        row = self.row
        if row is None or row.audio_path is None or not self._marks.places:
            return
        self.player.place(self._marks.places[0][0] / len(self.text.toPlainText()))
        self._history.locate_words(row, text, partial(self._place_player, row.id, text))

    def _place_player(self, id: int, quotation: str, at_s: float | UserError | None) -> None:
        """Place the player where the quotation's words were found, if they are still shown."""
        if isinstance(at_s, float) and self.row is not None and (self.row.id, self._quotation) == (id, quotation):
            self.player.place_at(at_s)

    def set_transcribing(self, id: int | None) -> None:
        """Mark the row with this id as being transcribed again; None for no row."""
        self._transcribing_id = id
        self._draw()

    def copy_text(self) -> None:
        """Copy the displayed text: the raw words when they are shown."""
        if self.row is not None:
            QGuiApplication.clipboard().setText(self._visible_text(self.row))
            self.copy.setText(self.tr("Copied"))
            self._copied_timer.start()

    def start_editing(self) -> None:
        """Make the text editable."""
        if self.row is None or not self.edit.isEnabled():
            return
        self.player.stop()
        self.raw.setChecked(False)
        self._set_editing(True)
        self.text.setFocus()
        self.text.moveCursor(QTextCursor.MoveOperation.End)

    def stop_editing(self) -> None:
        """Discard the correction."""
        self._set_editing(False)
        self._draw()

    def save_text(self) -> None:
        """Save the correction, if there is one."""
        if not self.is_editing:
            return
        text = self.text.toPlainText().strip()
        changed = self.row is not None and bool(text) and text != display_text(self.row)
        self._set_editing(False)
        if changed:
            self.text_corrected.emit(text)
        self._draw()

    def _set_editing(self, on: bool) -> None:
        self.text.setReadOnly(not on)
        for button in (self.save, self.cancel):
            button.setVisible(on)
        for button in (
            self.raw,
            self.copy,
            self.paste,
            self.edit,
            self.transcribe_again,
            self.delete,
            self.emotion_button,
        ):
            button.setVisible(not on)

    def _draw(self) -> None:
        row = self.row
        if row is None or self.is_editing:
            return
        has_text = bool(row.text or row.raw_text or row.edited)
        self._time_label.setText(wording.date_and_time(row.started_at))
        for button in (self.raw, self.paste, self.edit, self.copy):
            button.setEnabled(has_text)
        self._legend.setVisible(self.raw.isChecked() and has_text)
        self._show_text(row)
        facts = (
            fact.replace(" ", NBSP) if len(fact) <= UNBROKEN_CHARS else fact for fact in wording.dictation_facts(row)
        )
        self._facts.setText(f"{NBSP * 2}·  ".join(facts))
        self.timings.show_row(row)
        self._draw_emotion(row)
        is_transcribing = self._transcribing_id == row.id
        retry = self.tr("Retry") if row.delivery in UNFINISHED_OUTCOMES else self.tr("Transcribe again")
        _set_label(self.transcribe_again, self.tr("Transcribing…") if is_transcribing else retry)
        self.transcribe_again.setEnabled(self._transcribing_id is None and row.audio_path is not None)

    def _draw_emotion(self, row: HistoryRow) -> None:
        label = wording.emotion_label(row)
        self.emotion_button.setVisible(bool(label) or self.asks_for_emotion)
        self.emotion_button.setText(wording.emotion_text(label) if label else self.tr("How did it sound?"))
        self.emotion_button.setIcon(_emotion_icon(label))

    def _show_text(self, row: HistoryRow) -> None:
        document = self.text.document()
        self._marks.clear()
        document.clear()
        cursor = QTextCursor(document)
        if self.raw.isChecked():
            write_diff(cursor, row.raw_text, display_text(row))
        else:
            cursor.insertText(display_text(row), QTextCharFormat())
        leading = QTextBlockFormat()
        leading.setLineHeight(tokens.READING_PX * tokens.LEADING, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(leading)
        if self._quotation:  # beside what was heard an underline means that a word was added
            self._marks.mark_quotation(self._quotation, is_underlined=not self.raw.isChecked())
        marked = ", ".join(self._marks.quoted_texts)
        self.text.setAccessibleDescription(self.tr("Marked: {0}").format(marked) if marked else "")

    def _highlight_word(self, part: float | None) -> None:
        """Highlight the word being played, approximately."""
        is_shown = part is not None and not self.raw.isChecked() and not self.is_editing
        self._marks.mark_played(find_word_at(self.text.toPlainText(), part) if part is not None and is_shown else None)

    def _visible_text(self, row: HistoryRow) -> str:
        return row.raw_text if self.raw.isChecked() else display_text(row)

    def _create_emotion_menu(self) -> QMenu:
        menu = QMenu(self)
        for label in EMOTION_LABELS:
            self._add_emotion(menu, wording.emotion_text(label), label).setIcon(_emotion_icon(label))
        menu.addSeparator()
        self._add_emotion(menu, self.tr("As first heard"), None)
        return menu

    def _add_emotion(self, menu: QMenu, name: str, label: str | None) -> QAction:
        action = menu.addAction(name)
        action.triggered.connect(lambda: self.emotion_corrected.emit(label))
        return action

    def _lay_out(self) -> None:
        top, below, foot = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._time_label, 1)
        for button in (self.raw, self.copy, self.cancel, self.save):
            top.addWidget(button)
        fact_column = QVBoxLayout()
        fact_column.setSpacing(tokens.GAP)
        fact_column.addWidget(self._facts)
        fact_column.addWidget(self.timings)
        below.addLayout(fact_column, 1)
        below.addWidget(self.emotion_button, 0, Qt.AlignmentFlag.AlignTop)
        foot.setSpacing(tokens.UNIT)
        for button in (self.paste, self.edit, self.transcribe_again):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.delete)
        inner = QVBoxLayout()
        inner.setContentsMargins(tokens.PAD, 0, 0, 0)
        inner.setSpacing(tokens.PAD)
        inner.addLayout(top)
        inner.addWidget(self.text, 1)
        inner.addWidget(self._legend)
        inner.addWidget(self.player)
        inner.addLayout(below)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.PAD, tokens.WIDE, tokens.WIDE, tokens.PAD)
        column.setSpacing(tokens.PAD)
        column.addLayout(inner, 1)
        column.addLayout(foot)

    def _button(self, name: str, key: str, description: str) -> QPushButton:
        button = QPushButton()
        set_tool_tip(button, f"{description} ({QKeySequence(key).toString()})" if key else description)
        button.setAccessibleDescription(description)
        button.setProperty("key", key)
        _set_label(button, name)
        return button

    def _flat(self, name: str, key: str, description: str) -> QPushButton:
        return with_object_name(self._button(name, key, description), "flat")


def _set_label(button: QPushButton, name: str) -> None:
    """Set the button's text and its shortcut again, which `setText` clears."""
    button.setText(name)
    button.setShortcut(QKeySequence(button.property("key")))


def _create_quiet_label() -> PlainLabel:
    label = PlainLabel()
    label.setWordWrap(True)
    label.setProperty("role", "quiet")
    return label


def _emotion_icon(label: str) -> QIcon:
    picture = QPixmap(4 * tokens.SIGN_SIZE, 4 * tokens.SIGN_SIZE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = tokens.SIGN_SIZE / 2
    if label:
        emotions.draw_emotion_sign(painter, QRectF(picture.rect()).adjusted(inset, inset, -inset, -inset), label)
    painter.end()
    return QIcon(picture)
