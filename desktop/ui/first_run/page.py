"""What a page of the first run is made of: a heading, a sentence, and cards beneath."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.problems import SettingsProblem
from desktop.state import Shown
from desktop.ui import tokens
from desktop.ui.bridge import Actions
from desktop.ui.fields import named
from desktop.ui.plain import Label
from desktop.ui.translation import sentence as spoken


class FirstPage(QScrollArea):
    """A page. It overrides `enter` and `leave` for what it does only while it is seen, `go` for what follows from
    going on, `draw` for what follows the app's state, and `needed` where it may be passed over."""

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
        """Have this heading, and this sentence beneath it."""
        self.title = title
        self._heading.setText(title)
        self.sentence.setText(sentence)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def fill(self, *widgets: QWidget, stretch: QWidget | None = None) -> None:
        """Have `widgets` beneath each other; what is left of the height goes to `stretch`."""
        for widget in widgets:
            self.column.addWidget(widget, 1 if widget is stretch else 0)
        if stretch is None:
            self.column.addStretch(1)

    def choose(self, key: str, value: str) -> None:
        """Set `key`, or say why it cannot be `value`."""
        try:
            self._actions.set_setting(key, value)
        except SettingsProblem as problem:
            self.problem.setText(spoken(str(problem)))
        else:
            self.problem.setText("")
        self.problem.setVisible(bool(self.problem.text()))

    @property
    def needed(self) -> bool:
        """Whether there is anything to be seen or done."""
        return True

    @property
    def first(self) -> QWidget | None:
        """What has the focus when the page comes; None for the button that goes on."""
        return None

    def enter(self) -> None:
        """The page is seen now."""

    def go(self) -> None:
        """One goes on from here, and does not leave the rest out."""

    def leave(self) -> None:
        """It is not seen any more."""

    def draw(self, shown: Shown) -> None:
        """Follow the app's state."""

    def refresh(self) -> None:
        """The history has changed."""


class Line(QWidget):
    """A name and a sentence at the left, a control at the right."""

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
    """A text that wraps; `role` is its colour and size in the style sheet."""
    made = Label(text)
    made.setProperty("role", role)
    made.setWordWrap(True)
    return made
