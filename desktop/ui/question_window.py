"""The window in which a program asks the user: to be answered by voice, or to hand over dictations.

It comes up without taking the focus, so that no key that is being typed answers it. "No" is the default. "Allow once"
can be pressed only a moment after the window is seen or has got the focus, or by a click that gives the focus where the
pointer was on it before; of the keys it takes Tab alone to reach it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QEnterEvent, QKeyEvent, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.app.status import AssistantQuestion
from desktop.ui.style import icons, tokens
from desktop.ui.widgets.label import PlainLabel, announce

WIDTH = 460
"""Width in pixels."""

ALLOW_DELAY_MS = 1000
"""Milliseconds before "Allow once" can be pressed: what was meant for another window comes sooner."""

REST_S = 0.2
"""Seconds for which the pointer is on "Allow once" before a click that is meant for it: a second click at the place of
another window's button comes sooner."""

ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


class _AnswerButton(QPushButton):
    """A button from which arrows lead to no other. `entered_at`: when the pointer came on it (monotonic)."""

    entered_at = 0.0

    def enterEvent(self, event: QEnterEvent) -> None:
        """Note when the pointer came."""
        self.entered_at = time.monotonic()
        super().enterEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take arrows, and handle other keys as ever."""
        if event.key() not in ARROWS:
            super().keyPressEvent(event)


class QuestionWindow(QWidget):
    """One question. `on_answer` is called with False where the window is closed, `on_shown` once it is drawn."""

    def __init__(
        self, question: AssistantQuestion, on_answer: Callable[[bool], None], on_shown: Callable[[], None]
    ) -> None:
        super().__init__(None, Qt.WindowType.Dialog | Qt.WindowType.WindowStaysOnTopHint)
        self._on_answer = on_answer
        self._on_shown: Callable[[], None] | None = on_shown
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle(self.tr("A program asks you"))
        self.setWindowIcon(icons.create_app_icon())
        self.setFixedWidth(WIDTH)
        self.allow: _AnswerButton | None = None
        if question.dictation_count is None:
            heading = self.tr("{0} asks:").format(question.client)
            quoted = question.text
            detail = self.tr(
                "Hold the talk key and answer. The words go to this program and into no window. "
                "The name is the one that it gives itself."
            )
        else:
            heading = self.tr("{0} wants to read your dictations").format(question.client)
            quoted = self.tr("With the words: {0}").format(question.text) if question.text else self.tr("The newest")
            detail = self.tr(
                "{0} at most are handed over, each with its time, application and text. The program may send them on. "
                "The name is the one that it gives itself."
            ).format(question.dictation_count)
            self._delay = QTimer(self, singleShot=True)
            self.allow = _AnswerButton(self.tr("Allow once"))
            self.allow.setAutoDefault(False)
            self.allow.clicked.connect(lambda: self._answer(True))
            self._delay.timeout.connect(self._end_delay)
            self._restart_delay()
        self.decline = _AnswerButton(self.tr("Decline") if self.allow is None else self.tr("Do not allow"))
        self.decline.setDefault(True)
        self.decline.clicked.connect(lambda: self._answer(False))
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, lambda: self._answer(False))
        self._lay_out(heading, quoted, detail)
        self.decline.setFocus()
        self._spoken = f"{heading} {quoted} {detail}"

    def _lay_out(self, heading: str, quoted: str, detail: str) -> None:
        title = PlainLabel(heading, wraps=True)
        title.setFont(tokens.font(heading=True))
        words, note = PlainLabel(quoted, wraps=True), PlainLabel(detail, wraps=True)
        note.setProperty("role", "quiet")
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.GAP)
        buttons.addStretch()
        for button in filter(None, (self.allow, self.decline)):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.WIDE, tokens.WIDE, tokens.WIDE, tokens.WIDE)
        column.setSpacing(tokens.PAD)
        for part in (title, words, note):
            column.addWidget(part)
        column.addLayout(buttons)
        self.setFixedHeight(column.totalHeightForWidth(WIDTH))

    def present(self) -> Callable[[], None]:
        """Show the window; return what closes it."""
        self.show()
        self.raise_()
        announce(self, self._spoken)
        return self._dismiss

    def _restart_delay(self, *, may_click: bool = False) -> None:
        """Let nothing be allowed for a moment; with `may_click` a click still does."""
        if self.allow is not None:
            self.allow.setEnabled(may_click)
            self.allow.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.allow.clearFocus()
            self._delay.start(ALLOW_DELAY_MS)

    def _end_delay(self) -> None:
        if self.allow is not None:
            self.allow.setEnabled(True)
            self.allow.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def changeEvent(self, event: QEvent) -> None:
        """Let nothing be allowed by what is typed or clicked as the window gets the focus. A click that gives it counts
        where the pointer has rested on the button."""
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow() and self.allow is not None:
            rested = self.allow.underMouse() and time.monotonic() - self.allow.entered_at >= REST_S
            self._restart_delay(may_click=rested and self.allow.isEnabled())
            self.decline.setFocus()
        super().changeEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Go from one button to the other by Tab; Shift+Tab leads to the decline alone."""
        if next:
            return super().focusNextPrevChild(next)
        self.decline.setFocus()
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw; the first time the window is on the screen from then on."""
        super().paintEvent(event)
        if self._on_shown is not None:
            self._restart_delay()
            QTimer.singleShot(0, self, self._on_shown)
            self._on_shown = None

    def closeEvent(self, event: QCloseEvent) -> None:
        """Take a closed window for a no."""
        self._on_answer(False)
        super().closeEvent(event)

    def _answer(self, is_allowed: bool) -> None:
        self._on_answer(is_allowed)
        self.close()

    def _dismiss(self) -> None:
        self.close()
        self.deleteLater()
