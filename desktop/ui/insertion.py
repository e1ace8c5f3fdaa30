"""A dictation into a window of ours: no clipboard and no key is needed, since the field can be told.

It is told as an input method would: every field that can be typed into understands that, keeps to its own rules and can
take it back.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

HIDDEN = Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData
"""What Qt says of a field that shows dots, or dots once it is left."""


def insert(text: str, window: int) -> bool:
    """Put `text` where the cursor is in our window with the id `window`. On the main thread.

    False, and nothing is done, unless the focus is there in a field that can be written to and hides nothing.
    """
    widget = QApplication.focusWidget()
    if widget is None or int(widget.window().winId()) != window or not _open(widget):
        return False
    before = _content(widget)
    event = QInputMethodEvent()
    event.setCommitString(text if _hints(widget) & Qt.InputMethodHint.ImhMultiLine else text.replace("\n", " "))
    QApplication.sendEvent(widget, event)
    return _content(widget) != before


def _open(widget: QWidget) -> bool:
    """Whether it takes text and shows it: Qt takes the input method from what is read-only."""
    takes = widget.isEnabled() and widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    return takes and not _hints(widget) & HIDDEN


def _hints(widget: QWidget) -> Qt.InputMethodHint:
    return Qt.InputMethodHint(widget.inputMethodQuery(Qt.InputMethodQuery.ImHints))


def _content(widget: QWidget) -> list[object]:
    """The text around the cursor, where that is, and where the selection began; nothing for what is no text."""
    query = Qt.InputMethodQuery
    return [
        widget.inputMethodQuery(each)
        for each in (query.ImSurroundingText, query.ImAbsolutePosition, query.ImAnchorPosition)
    ]
