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

from desktop.settings.schema import AUTO
from desktop.ui import i18n, wording
from desktop.ui.style import glyphs, icons, tokens
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.key_field import HotkeyField
from desktop.ui.widgets.label import PlainLabel, set_tool_tip

MAX_DEFAULT_CHARS = 22
"""Characters of a default shown beside its name; a button does not wrap."""


class TextField(QLineEdit):
    """A text field whose value is set on Enter or when it loses the focus."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._value = ""
        self.editingFinished.connect(self._on_editing_finished)

    def set_value(self, value: str) -> None:
        """Show `value`; text being edited stays when the value is unchanged."""
        if value == self._value and self.hasFocus() and self.isModified():
            return
        self._value = value
        self.setText(value)

    def label_for(self, value: str) -> str:
        """Return the label of `value`: its words for `auto`, which is otherwise written as it is."""
        return self.tr("Automatic") if value == AUTO else value

    def _on_editing_finished(self) -> None:
        self.setModified(False)
        if self.text() != self._value:
            self.chosen.emit(self.text())


class CompoundControl(QWidget):
    """A control made of several widgets, with the same `chosen` and `set_value` as the others."""

    chosen = Signal(str)

    def set_value(self, value: str) -> None:
        """Show `value`."""
        raise NotImplementedError

    def label_for(self, value: str) -> str:
        """Return the label of `value`."""
        return value


class HighlightLabel(PlainLabel):
    """A label that can highlight search words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.plain_text = text
        self._terms: Sequence[str] = ()
        self._show()

    def setText(self, text: str) -> None:
        """Set the text."""
        self.plain_text = text
        self._show()

    def highlight(self, terms: Sequence[str]) -> None:
        """Highlight each of `terms`; nothing when there are none."""
        self._terms = terms
        self._show()

    def _show(self) -> None:
        if not self._terms or not self.plain_text:
            self.setTextFormat(Qt.TextFormat.PlainText)
            super().setText(self.plain_text)
            return
        ground = tokens.blend_with_raised(QColor(tokens.current_palette().accent), tokens.HIGHLIGHT_SHARE).name()
        parts = re.split(f"({'|'.join(map(re.escape, self._terms))})", self.plain_text, flags=re.IGNORECASE)
        highlighted = (f'<span style="background:{ground}">{escape(part)}</span>' for part in parts[1::2])
        plain = [escape(part) for part in parts[::2]]
        text = plain[0] + "".join(mark + rest for mark, rest in zip(highlighted, plain[1:], strict=True))
        super().clear()  # otherwise the old text would be parsed as markup
        self.setTextFormat(Qt.TextFormat.RichText)
        super().setText(text)


def with_object_name[W: QWidget](widget: W, name: str) -> W:
    """Set the object name for the style sheet and return `widget`."""
    widget.setObjectName(name)
    return widget


type FormControl = HotkeyField | OptionPicker | TextField | CompoundControl


def value_label(control: FormControl, value: str) -> str:
    """Return the control's label for `value`."""
    if isinstance(control, HotkeyField):
        return wording.key_name(value) if value else ""
    name = getattr(control, "label_for", None)
    return str(name(value)) if callable(name) else value


class SettingRow(QWidget):
    """A setting: name and sentence at the left, its control at the right or `below`, and its problem.

    Beside the name a different default is shown; clicking it emits `reset_requested`.
    """

    reset_requested = Signal()

    def __init__(
        self,
        name: str,
        sentence: str,
        control: FormControl | None = None,
        *,
        below: bool = False,
        aside: QWidget | None = None,
    ) -> None:
        """`aside` takes the control's place without being one, such as a button."""
        super().__init__()
        self.name = name
        self.key = ""
        self.control = control
        self._problem = _create_label("", "bad")
        self._problem.hide()
        self.sentence = _create_label(sentence, "quiet")
        self._title = HighlightLabel(name)
        self._title.setMinimumHeight(tokens.LINK_HEIGHT)  # nothing moves when the default link appears
        self._globe, self._host = PlainLabel(), _create_label("", "quiet")
        self._host.setWordWrap(False)
        self.reset_button = with_object_name(QPushButton(), "link")
        self.reset_button.setAccessibleName(self.tr("{0}: reset").format(name))
        self.reset_button.hide()
        self.reset_button.clicked.connect(self.reset_requested)
        first = QHBoxLayout()
        first.setSpacing(tokens.UNIT)
        first.addWidget(self._title)
        first.addStretch(1)
        first.addWidget(self.reset_button)
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
        self.show_host("")
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

    def add_below(self, layout: QLayout) -> None:
        """Add a layout below the text of a row with its control below."""
        self._line.addLayout(layout)

    def show_problem(self, problem: i18n.Sayable) -> None:
        """Show `problem`; an empty text hides it."""
        self._problem.setText(i18n.message_text(problem))
        self._problem.setVisible(bool(problem))

    def show_host(self, host: str) -> None:
        """Show that data leaves the machine for `host`; an empty `host` hides it."""
        self._host.setText(host)
        self._host.setVisible(bool(host))
        self._globe.setVisible(bool(host))
        if host:
            self._globe.setPixmap(icons.create_pixmap(glyphs.globe, tokens.current_palette().quiet, tokens.GLOBE_SIZE))
            self._globe.setAccessibleName(self.tr("Leaves this machine"))

    def set_value(self, value: str) -> None:
        """Show `value`. A row whose control is in its `column` overrides this."""
        if self.control is not None:
            self.control.set_value(value)

    def show_default(self, value: str, default: str) -> None:
        """Show the default when it differs from `value`, which is in force."""
        if value != default:
            default_text = (value_label(self.control, default) if self.control is not None else default) or self.tr(
                "none"
            )
            short = (
                default_text
                if len(default_text) <= MAX_DEFAULT_CHARS
                else f"{default_text[: MAX_DEFAULT_CHARS - 1].rstrip()}…"
            )
            self.reset_button.setText(self.tr("Default: {0}  ·  Reset").format(short))
            self.reset_button.setAccessibleName(
                self.tr("{0}: reset to the default, {1}").format(self.name, default_text)
            )
            set_tool_tip(self.reset_button, default_text if short != default_text else "")
        elif self.control is not None and self.reset_button.hasFocus():
            self.control.setFocus()
        self.reset_button.setVisible(value != default)

    def searchable_text(self) -> str:
        """Return the text to search."""
        listed = ""
        if isinstance(self.control, OptionPicker):
            listed = self.control.searchable_text()
        elif isinstance(self.control, CompoundControl):
            listed = collect_text(self.control)
        return f"{self._title.plain_text} {self.sentence.plain_text} {self.key} {listed}"

    def highlight(self, terms: Sequence[str]) -> None:
        """Highlight the search words in the name and the sentence."""
        self._title.highlight(terms)
        self.sentence.highlight(terms)


def collect_text(widget: QWidget) -> str:
    """Return all texts of a widget and its children, for search."""
    inside = [widget, *widget.findChildren(QWidget)]
    texts = [child.text() for child in inside if isinstance(child, PlainLabel | QAbstractButton)]
    return " ".join([*texts, *(child.accessibleName() for child in inside)])


def _create_label(text: str, role: str) -> HighlightLabel:
    label = HighlightLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label
