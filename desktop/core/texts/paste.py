"""Texts about putting text into windows."""

from __future__ import annotations

from desktop.core.texts.text import Text
from desktop.core.translatable import QT_TRANSLATE_NOOP

TEXTS: dict[str, Text] = {
    "paste-nothing-yet": Text(
        QT_TRANSLATE_NOOP("messages", "There is nothing to paste yet."),
        QT_TRANSLATE_NOOP("messages", "Dictate something first."),
    ),
    "paste-row-empty": Text(
        QT_TRANSLATE_NOOP("messages", "There is nothing to paste."),
        QT_TRANSLATE_NOOP("messages", "The dictation came to no words, or was deleted."),
    ),
    "swap-nothing-yet": Text(
        QT_TRANSLATE_NOOP("messages", "There is nothing to swap yet."),
        QT_TRANSLATE_NOOP("messages", "Dictate something first."),
    ),
    # The desktop
    "paste-screen-unreachable": Text(
        QT_TRANSLATE_NOOP("messages", "The screen cannot be reached, so text cannot be put into windows."),
        QT_TRANSLATE_NOOP("messages", "Start Intone from within your desktop session."),
    ),
    "paste-xtest-missing": Text(
        QT_TRANSLATE_NOOP("messages", "This screen does not let programs press keys (it lacks XTEST)."),
        QT_TRANSLATE_NOOP("messages", "Use another X server or display."),
    ),
    "paste-compositor-unreachable": Text(
        QT_TRANSLATE_NOOP(
            "messages", "The desktop's compositor cannot be reached, so text cannot be put into windows."
        ),
        QT_TRANSLATE_NOOP("messages", "Start Intone from within your desktop session."),
    ),
    "paste-windows-without-window": Text(
        QT_TRANSLATE_NOOP("messages", "Windows gives Intone no window, so text cannot be put into others."),
        QT_TRANSLATE_NOOP("messages", "Start Intone from your desktop."),
    ),
}
