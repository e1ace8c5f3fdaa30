"""What is said in the windows is shown as it is: a text is never markup.

Qt guesses: a text that looks like HTML is taken for it in a label and in a tooltip, and what its `<img>` names is read,
be it without end. What the windows show comes from services, models, files, devices and other windows' names. So every
label is made here, and every tooltip given here. Markup of our own is asked for by name, as `fields.Marked` does, with
what stands in it escaped.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

JOINER = "\N{WORD JOINER}"
"""It has no width and is not seen; a `<` that is followed by it begins nothing."""


class Label(QLabel):
    """Words as they are, on one line, or on several where it `wraps`."""

    def __init__(self, text: str = "", *, wraps: bool = False) -> None:
        super().__init__(textFormat=Qt.TextFormat.PlainText, wordWrap=wraps)
        if text:
            self.setText(text)


class Tipped(Protocol):
    """What has a tooltip: a widget, an action, the tray's icon."""

    def setToolTip(self, text: str, /) -> None:
        """Have it."""
        ...


def tip(over: Tipped, text: str) -> None:
    """Give `over` a tooltip that reads as `text`."""
    over.setToolTip(as_it_is(text))


def as_it_is(text: str) -> str:
    """`text` for where Qt, or the desktop behind a tray, guesses whether it is markup: none is, and it reads alike."""
    return text.replace("<", f"<{JOINER}").replace("&lt;", f"&{JOINER}lt;")
