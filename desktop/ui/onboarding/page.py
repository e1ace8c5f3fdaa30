"""The parts of the onboarding steps: their base, a row, a label, and a problem with its remedy."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.core.errors import SettingsError
from desktop.core.messages import Message, render_commands
from desktop.core.state import AppState
from desktop.ui.controllers.app import AppController
from desktop.ui.i18n import message_text, remedy_text, title_text
from desktop.ui.style import tokens
from desktop.ui.widgets.command_button import CommandButton
from desktop.ui.widgets.form import with_object_name
from desktop.ui.widgets.label import PlainLabel


class OnboardingStep(QScrollArea):
    """The base of the steps: a heading, a description, and cards below.

    A step overrides `on_enter` and `on_leave` for work done only while it is visible, `on_continue` for what continuing
    causes, `draw` to follow the app's state, and `is_needed` if it may be skipped.
    """

    def __init__(self, app: AppController, title: str, sentence: str) -> None:
        super().__init__()
        self._app = app
        self.sentence = create_label("", "empty")
        page = with_object_name(QWidget(), "page")
        self.column = QVBoxLayout(page)
        self.column.setContentsMargins(tokens.VAST + tokens.GAP, 0, tokens.VAST + tokens.GAP, tokens.WIDE)
        self.column.setSpacing(tokens.WIDE)
        self._heading = create_label("")
        self._heading.setFont(tokens.font(tokens.TITLE_PX, heading=True))
        self.column.addWidget(self._heading)
        self.column.addWidget(self.sentence)
        self.problem = create_label("", "bad")
        self.problem.hide()
        self.column.addWidget(self.problem)
        self.set_heading(title, sentence)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(page)

    def set_heading(self, title: str, sentence: str) -> None:
        """Set the heading and the description below it."""
        self.title = title
        self._heading.setText(title)
        self.sentence.setText(sentence)
        self.updateGeometry()
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def add_widgets(self, *widgets: QWidget, stretch: QWidget | None = None) -> None:
        """Add `widgets` below each other; spare height goes to `stretch`."""
        for widget in widgets:
            self.column.addWidget(widget, 1 if widget is stretch else 0)
        if stretch is None:
            self.column.addStretch(1)

    def set_setting(self, key: str, value: str) -> None:
        """Set `key` to `value`, or show why it is invalid."""
        try:
            self._app.set_setting(key, value)
        except SettingsError as problem:
            self.problem.setText(message_text(problem))
        else:
            self.problem.setText("")
        self.problem.setVisible(bool(self.problem.text()))

    @property
    def is_needed(self) -> bool:
        """Whether the step has anything to show."""
        return True

    @property
    def initial_focus(self) -> QWidget | None:
        """The widget focused when the step opens; None for the button that continues."""
        return None

    def on_enter(self) -> None:
        """Called when the step becomes visible."""

    def on_continue(self) -> None:
        """Called when the user continues from the step, not when the rest is skipped."""

    def on_leave(self) -> None:
        """Called when the step is no longer visible."""

    def draw(self, app_state: AppState) -> None:
        """Follow the app's state."""

    def refresh(self) -> None:
        """Called when the history has changed."""


class StepRow(QWidget):
    """A name and a description at the left, a control at the right."""

    def __init__(self, name: str, sentence: str, control: QWidget | None = None) -> None:
        super().__init__()
        self.sentence = create_label(sentence, "quiet")
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(create_label(name))
        text.addWidget(self.sentence)
        line = QHBoxLayout(self)
        line.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        line.setSpacing(tokens.WIDE)
        line.addLayout(text, 1)
        self._control = control
        if control is not None:
            control.setAccessibleName(name)
            control.setAccessibleDescription(sentence)
            line.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_sentence(self, sentence: str) -> None:
        """Show another description."""
        self.sentence.setText(sentence)
        if self._control is not None:
            self._control.setAccessibleDescription(sentence)


class RemedyView(QWidget):
    """A problem and its remedy: text to read, and what can be copied of it for a terminal or a file.

    What stands on lines of its own in the remedy is shown there, a command within a sentence below it.
    """

    def __init__(self, problem: Message) -> None:
        super().__init__()
        title, remedy = title_text(problem), remedy_text(problem)
        self.setAccessibleName(title)
        self.setAccessibleDescription(remedy)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        self._column.setSpacing(tokens.GAP)
        self._column.addWidget(create_label(title))
        rest, within_sentences = remedy, []
        for command in render_commands(problem):
            before, found, after = f"\n{rest}\n".partition(f"\n{command}\n")
            if not found:
                within_sentences.append(command)
                continue
            self._add_text(before)
            self._add_command(command)
            rest = after.strip()
        self._add_text(rest)
        for command in within_sentences:
            self._add_command(command)

    def _add_text(self, text: str) -> None:
        if text.strip():
            self._column.addWidget(create_label(text.strip(), "quiet"))

    def _add_command(self, text: str) -> None:
        lines = with_object_name(create_label(text), "command")
        lines.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        lines.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        copy = with_object_name(CommandButton(text, self.tr("Copy"), self.tr("Copy: {0}").format(text)), "copy")
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP)
        row.addWidget(lines, 1)
        row.addWidget(copy)
        self._column.addLayout(row)


def create_label(text: str, role: str = "") -> PlainLabel:
    """Return a label that wraps; `role` sets its colour and size in the style sheet."""
    label = PlainLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label
