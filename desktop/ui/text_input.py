"""Insert a dictation into a window of our own, without clipboard or key presses.

The text is committed like an input method's: every editable field understands that, applies its own rules and can undo
it.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

HIDDEN_HINTS = Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData
"""Hints of a field that shows dots, or shows dots once it loses the focus."""


def insert_text(text: str, window: int) -> bool:
    """Insert `text` at the cursor in our window with the id `window`. Call on the main thread.

    Returns False, and does nothing, unless the focus is there in an editable field that hides nothing.
    """
    widget = QApplication.focusWidget()
    if widget is None or int(widget.window().winId()) != window or not _accepts_text(widget):
        return False
    before = _read_content(widget)
    event = QInputMethodEvent()
    event.setCommitString(text if _input_hints(widget) & Qt.InputMethodHint.ImhMultiLine else text.replace("\n", " "))
    QApplication.sendEvent(widget, event)
    return _read_content(widget) != before


def _accepts_text(widget: QWidget) -> bool:
    """Return whether the widget accepts and shows text: Qt disables the input method of read-only widgets."""
    takes = widget.isEnabled() and widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    return takes and not _input_hints(widget) & HIDDEN_HINTS


def _input_hints(widget: QWidget) -> Qt.InputMethodHint:
    return Qt.InputMethodHint(widget.inputMethodQuery(Qt.InputMethodQuery.ImHints))


def _read_content(widget: QWidget) -> list[object]:
    """Return the text around the cursor, and where it and the selection's anchor are; Nones where there is no text."""
    query = Qt.InputMethodQuery
    return [
        widget.inputMethodQuery(each)
        for each in (query.ImSurroundingText, query.ImAbsolutePosition, query.ImAnchorPosition)
    ]
