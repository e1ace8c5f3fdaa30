"""Controls of the settings window: a text field, a compound control, and the row that holds a control.

Each control emits `chosen` with the setting's new value as text, so a row need not know its control's type.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.ui import i18n as translation
from desktop.ui import wording as words
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.key_field import KeyField
from desktop.ui.widgets.label import Label, tip

LONGEST = 22
"""Characters of a default shown beside its name; a button does not wrap."""


class TextField(QLineEdit):
    """A text field whose value is set on Enter or when it loses the focus."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._value = ""
        self.editingFinished.connect(self._finished)

    def put(self, value: str) -> None:
        """Show `value`; text being edited stays when the value is unchanged."""
        if value == self._value and self.hasFocus() and self.isModified():
            return
        self._value = value
        self.setText(value)

    def _finished(self) -> None:
        self.setModified(False)
        if self.text() != self._value:
            self.chosen.emit(self.text())


class Compound(QWidget):
    """A control made of several widgets, with the same `chosen` and `set_value` as the others."""

    chosen = Signal(str)

    def put(self, value: str) -> None:
        """Show `value`."""
        raise NotImplementedError

    def called(self, value: str) -> str:
        """Return the label of `value`."""
        return value


class Marked(Label):
    """A label that can highlight search words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.plain = text
        self._sought: Sequence[str] = ()
        self._show()

    def setText(self, text: str) -> None:
        """Set the text."""
        self.plain = text
        self._show()

    def mark(self, sought: Sequence[str]) -> None:
        """Highlight each of the words `sought`; none when empty."""
        self._sought = sought
        self._show()

    def _show(self) -> None:
        if not self._sought or not self.plain:
            self.setTextFormat(Qt.TextFormat.PlainText)
            super().setText(self.plain)
            return
        ground = tokens.faded(QColor(tokens.palette().accent), tokens.MARK).name()
        parts = re.split(f"({'|'.join(map(re.escape, self._sought))})", self.plain, flags=re.IGNORECASE)
        found = (f'<span style="background:{ground}">{escape(part)}</span>' for part in parts[1::2])
        between = [escape(part) for part in parts[::2]]
        text = between[0] + "".join(mark + rest for mark, rest in zip(found, between[1:], strict=True))
        super().clear()  # otherwise the old text would be parsed as markup
        self.setTextFormat(Qt.TextFormat.RichText)
        super().setText(text)


def named[W: QWidget](widget: W, name: str) -> W:
    """Set the object name for the style sheet and return `widget`."""
    widget.setObjectName(name)
    return widget


type Control = KeyField | Picker | TextField | Compound


def called(control: Control, value: str) -> str:
    """Return the control's label for `value`."""
    if isinstance(control, KeyField):
        return words.key_name(value) if value else ""
    name = getattr(control, "called", None)
    return str(name(value)) if callable(name) else value


class Row(QWidget):
    """A setting: name and sentence at the left, its control at the right or `below`, and its problem.

    Beside the name a different default is shown; clicking it emits `reset_requested`.
    """

    reset = Signal()

    def __init__(
        self,
        name: str,
        sentence: str,
        control: Control | None = None,
        *,
        below: bool = False,
        aside: QWidget | None = None,
    ) -> None:
        """`aside` takes the control's place without being one, such as a button."""
        super().__init__()
        self.name = name
        self.key = ""
        self.control = control
        self._problem = _label("", "bad")
        self._problem.hide()
        self.sentence = _label(sentence, "quiet")
        self._title = Marked(name)
        self._title.setMinimumHeight(tokens.LINK_HEIGHT)  # nothing moves when the default link appears
        self._globe, self._host = Label(), _label("", "quiet")
        self._host.setWordWrap(False)
        self.back = named(QPushButton(), "link")
        self.back.setAccessibleName(self.tr("{0}: reset").format(name))
        self.back.hide()
        self.back.clicked.connect(self.reset)
        first = QHBoxLayout()
        first.setSpacing(tokens.UNIT)
        first.addWidget(self._title)
        first.addStretch(1)
        first.addWidget(self.back)
        first.addWidget(self._globe)
        first.addWidget(self._host)
        text = self.column = QVBoxLayout()
        text.setSpacing(2)
        text.addStretch(1)
        text.addLayout(first)
        text.addWidget(self.sentence)
        text.addWidget(self._problem)
        text.addStretch(1)
        self._line = line = QVBoxLayout(self) if below else QHBoxLayout(self)
        line.setContentsMargins(tokens.WIDE, tokens.PAD, tokens.WIDE, tokens.PAD)
        line.setSpacing(tokens.GAP if below else tokens.VAST)
        line.addLayout(text, 1)
        self.leaves("")
        if control is not None:
            control.setAccessibleName(name)
            control.setAccessibleDescription(sentence)
            control.setMinimumHeight(tokens.FIELD_HEIGHT)
            if below:
                line.addWidget(control)
            else:
                control.setFixedWidth(tokens.FIELD_WIDTH)
                line.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        if aside is not None:
            line.addWidget(aside, 0, Qt.AlignmentFlag.AlignVCenter)

    def beneath(self, more: QLayout) -> None:
        """Add a layout below the text of a row with its control below."""
        self._line.addLayout(more)

    def tell(self, problem: str) -> None:
        """Show `problem`; an empty text hides it."""
        self._problem.setText(translation.sentence(problem))
        self._problem.setVisible(bool(problem))

    def leaves(self, host: str) -> None:
        """Show that data leaves the machine for `host`; an empty `host` hides it."""
        self._host.setText(host)
        self._host.setVisible(bool(host))
        self._globe.setVisible(bool(host))
        if host:
            self._globe.setPixmap(icons.icon(glyphs.globe, tokens.palette().quiet).pixmap(tokens.GLOBE, tokens.GLOBE))
            self._globe.setAccessibleName(self.tr("Leaves this machine"))

    def put(self, value: str) -> None:
        """Show `value`. A row whose control is in its `column` overrides this."""
        if self.control is not None:
            self.control.put(value)

    def compare(self, value: str, default: str) -> None:
        """Show the default when it differs from `value`, which is in force."""
        if value != default:
            said = (called(self.control, default) if self.control is not None else default) or self.tr("none")
            short = said if len(said) <= LONGEST else f"{said[: LONGEST - 1].rstrip()}…"
            self.back.setText(self.tr("Default: {0}  ·  Reset").format(short))
            self.back.setAccessibleName(self.tr("{0}: reset to the default, {1}").format(self.name, said))
            tip(self.back, said if short != said else "")
        elif self.control is not None and self.back.hasFocus():
            self.control.setFocus()
        self.back.setVisible(value != default)

    def haystack(self) -> str:
        """Return the text to search."""
        listed = ""
        if isinstance(self.control, Picker):
            listed = self.control.listed()
        elif isinstance(self.control, Compound):
            listed = told(self.control)
        return f"{self._title.plain} {self.sentence.plain} {self.key} {listed}"

    def mark(self, sought: Sequence[str]) -> None:
        """Highlight the words `sought`."""
        self._title.mark(sought)
        self.sentence.mark(sought)


def told(widget: QWidget) -> str:
    """Return all texts of a widget and its children, for search."""
    inside = [widget, *widget.findChildren(QWidget)]
    said = [one.text() for one in inside if isinstance(one, Label | QAbstractButton)]
    return " ".join([*said, *(one.accessibleName() for one in inside)])


def _label(text: str, role: str) -> Marked:
    made = Marked(text)
    made.setProperty("role", role)
    made.setWordWrap(True)
    return made
