"""Texts about accessibility, by which password fields are known."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

_SWITCH_ON = QT_TRANSLATE_NOOP(
    "messages",
    "Switch it on by this command; programs may become a little slower. Chrome, Chromium and Electron programs "
    "name their fields only if they were also started with --force-renderer-accessibility.\n{command}",
)

TEXTS: dict[str, Text] = {
    "accessibility-on": Text(
        QT_TRANSLATE_NOOP("messages", "It is on: GTK, Qt and Firefox tell which field has the focus")
    ),
    "accessibility-off": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "Accessibility is off, so that Intone does not know the password fields of Qt and Firefox: it writes into "
            "them as into any other.",
        ),
        _SWITCH_ON,
        command="{command}",
    ),
    "accessibility-off-windows": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "Accessibility is off, so that Intone does not know the password fields of Qt and Firefox, nor their "
            "windows if they are not X11's: it writes into them as into any other.",
        ),
        _SWITCH_ON,
        command="{command}",
    ),
    "accessibility-off-fields-told": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "Accessibility is off, so that Intone knows password fields only of GTK, and of programs that tell input "
            "methods about them: it writes into others as into any field.",
        ),
        _SWITCH_ON,
        command="{command}",
    ),
    "accessibility-missing": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "There is no accessibility bus, so that Intone does not know password fields by it: it writes into them as "
            "into any other.",
        ),
        "{command}",
        command="{command}",
    ),
    "accessibility-without-bus": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "No session bus answers, so that Intone does not know password fields by accessibility: it writes into "
            "them as into any other.",
        ),
        QT_TRANSLATE_NOOP("messages", "Start Intone from your desktop session."),
    ),
}
