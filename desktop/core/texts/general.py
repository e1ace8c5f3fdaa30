"""Texts about what concerns no part alone."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    # Parts of other texts
    "nothing-kept": Text("{problem}", QT_TRANSLATE_NOOP("messages", "Nothing was kept. {remedy}")),
    "two-sentences": Text(QT_TRANSLATE_NOOP("messages", "{first} {second}")),
    "reported-message": Text("{title}", "{advice}"),
    "run-command": Text("{command}", command="{command}"),
    # The running app
    "app-missing": Text(
        QT_TRANSLATE_NOOP("messages", "Intone is not running."),
        QT_TRANSLATE_NOOP("messages", "Start it with `intone`."),
        command="intone",
    ),
    "app-unresponsive": Text(
        QT_TRANSLATE_NOOP("messages", "Intone runs but does not answer."),
        QT_TRANSLATE_NOOP("messages", "Quit it from its tray icon and start it again."),
    ),
    "app-gone": Text(
        QT_TRANSLATE_NOOP("messages", "Intone went away before it answered."),
        QT_TRANSLATE_NOOP("messages", "Start it again with `intone`."),
        command="intone",
    ),
    "app-running-elsewhere": Text(
        QT_TRANSLATE_NOOP("messages", "Intone is already running, in another session."),
        QT_TRANSLATE_NOOP("messages", "Quit it there, or start this one with that session's XDG_RUNTIME_DIR."),
    ),
    "app-command-unknown": Text(
        QT_TRANSLATE_NOOP("messages", "Intone was asked for something it does not know. It knows {commands}.")
    ),
    "app-command-failed": Text(QT_TRANSLATE_NOOP("messages", "Intone could not do `{command}`. Its log says why.")),
    # The system
    "runtime-folder-unusable": Text(
        QT_TRANSLATE_NOOP("messages", "Intone cannot use {folder} ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Set XDG_RUNTIME_DIR to a folder of your own with a short path."),
    ),
    "local-folder-unusable": Text(
        QT_TRANSLATE_NOOP("messages", "Intone cannot use {folder} ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Check that the folder is yours and that its disk has room."),
    ),
    "log-unwritable": Text(
        QT_TRANSLATE_NOOP("messages", "The log {path} cannot be written ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Check its folder and the disk."),
    ),
    "autostart-entry-foreign": Text(
        QT_TRANSLATE_NOOP("messages", "Another entry starts Intone with the session."),
        QT_TRANSLATE_NOOP("messages", "It was not made here. Remove {path}."),
    ),
    "autostart-unwritable": Text(
        QT_TRANSLATE_NOOP("messages", "Intone cannot be made to start with the session."), "{reason}: {path}"
    ),
    "system-refusal": Text(QT_TRANSLATE_NOOP("messages", "The system refused")),
    # The installation
    "extra-not-addable": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "This build cannot be added to: install Intone's Debian package and intone-{extra}, or use uv.",
        )
    ),
    "extra-package": Text(
        QT_TRANSLATE_NOOP("messages", "Install the package intone-{extra}, which is made for this one.")
    ),
    "extra-command": Text(
        QT_TRANSLATE_NOOP("messages", "Install it with `make {extra}`, or `pip install intone[{extra}]`.")
    ),
    # Files
    "file-unreadable": Text(QT_TRANSLATE_NOOP("messages", "{file} cannot be read: {reason}.")),
    "file-unreadable-owner": Text(
        QT_TRANSLATE_NOOP("messages", "{path} cannot be read ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Check who owns it."),
    ),
    "file-entry-invalid": Text("{where}: {reason}"),
    "export-unwritable": Text(
        QT_TRANSLATE_NOOP("messages", "{path} cannot be written ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Choose another place."),
    ),
    # Windows
    "display-missing": Text(
        QT_TRANSLATE_NOOP("messages", "There is no display for Intone's windows."),
        QT_TRANSLATE_NOOP("messages", "Start it from a desktop session."),
    ),
    "display-unresponsive": Text(
        QT_TRANSLATE_NOOP("messages", "The display does not answer."),
        QT_TRANSLATE_NOOP("messages", "Check DISPLAY and whether you may use it."),
    ),
    "windows-unloadable": Text(
        QT_TRANSLATE_NOOP("messages", "Intone's windows cannot be loaded: {reason}."),
        QT_TRANSLATE_NOOP("messages", "`intone doctor` says what is missing."),
        command="intone doctor",
    ),
    # Errors within notes
    "problem-title": Text("{problem}"),
    "reported-messages": Text("{messages}"),
}
