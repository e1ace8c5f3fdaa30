"""The base of the onboarding steps: a heading, a description, and cards below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.core.errors import SettingsProblem
from desktop.core.state import Shown
from desktop.ui.bridge import Actions
from desktop.ui.i18n import sentence as spoken
from desktop.ui.style import tokens
from desktop.ui.widgets.form import named
from desktop.ui.widgets.label import Label


class FirstPage(QScrollArea):
    """A step of the onboarding.

    A step overrides `on_enter` and `on_leave` for work done only while it is visible, `on_continue` for what continuing
    causes, `draw` to follow the app's state, and `is_needed` if it may be skipped.
    """

    def __init__(self, actions: Actions, title: str, sentence: str) -> None:
        super().__init__()
        self._actions = actions
        self.sentence = label("", "empty")
        page = named(QWidget(), "page")
        self.column = QVBoxLayout(page)
        self.column.setContentsMargins(tokens.VAST + tokens.GAP, 0, tokens.VAST + tokens.GAP, tokens.WIDE)
        self.column.setSpacing(tokens.WIDE)
        self._heading = label("")
        self._heading.setFont(tokens.font(tokens.TITLE_PX, heading=True))
        self.column.addWidget(self._heading)
        self.column.addWidget(self.sentence)
        self.problem = label("", "bad")
        self.problem.hide()
        self.column.addWidget(self.problem)
        self.head(title, sentence)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(page)

    def head(self, title: str, sentence: str) -> None:
        """Set the heading and the description below it."""
        self.title = title
        self._heading.setText(title)
        self.sentence.setText(sentence)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def fill(self, *widgets: QWidget, stretch: QWidget | None = None) -> None:
        """Add `widgets` below each other; spare height goes to `stretch`."""
        for widget in widgets:
            self.column.addWidget(widget, 1 if widget is stretch else 0)
        if stretch is None:
            self.column.addStretch(1)

    def choose(self, key: str, value: str) -> None:
        """Set `key` to `value`, or show why it is invalid."""
        try:
            self._actions.set_setting(key, value)
        except SettingsProblem as problem:
            self.problem.setText(spoken(str(problem)))
        else:
            self.problem.setText("")
        self.problem.setVisible(bool(self.problem.text()))

    @property
    def needed(self) -> bool:
        """Whether the step has anything to show."""
        return True

    @property
    def first(self) -> QWidget | None:
        """The widget focused when the step opens; None for the button that continues."""
        return None

    def enter(self) -> None:
        """Called when the step becomes visible."""

    def go(self) -> None:
        """Called when the user continues from the step, not when the rest is skipped."""

    def leave(self) -> None:
        """Called when the step is no longer visible."""

    def draw(self, shown: Shown) -> None:
        """Follow the app's state."""

    def refresh(self) -> None:
        """Called when the history has changed."""


class Line(QWidget):
    """A name and a description at the left, a control at the right."""

    def __init__(self, name: str, sentence: str, control: QWidget | None = None) -> None:
        super().__init__()
        self.sentence = label(sentence, "quiet")
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(label(name))
        text.addWidget(self.sentence)
        line = QHBoxLayout(self)
        line.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        line.setSpacing(tokens.WIDE)
        line.addLayout(text, 1)
        if control is not None:
            control.setAccessibleName(name)
            control.setAccessibleDescription(sentence)
            line.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)


def label(text: str, role: str = "") -> Label:
    """Return a label that wraps; `role` sets its colour and size in the style sheet."""
    made = Label(text)
    made.setProperty("role", role)
    made.setWordWrap(True)
    return made
