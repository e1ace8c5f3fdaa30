"""Texts about what a bound key no longer does in other programs."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    "key-lost-help": Text(QT_TRANSLATE_NOOP("messages", "{key} opens help in many programs. They no longer get it.")),
    "key-lost-rename": Text(QT_TRANSLATE_NOOP("messages", "{key} renames in many programs. They no longer get it.")),
    "key-lost-find-again": Text(
        QT_TRANSLATE_NOOP("messages", "{key} finds again in many programs. They no longer get it.")
    ),
    "key-lost-reload": Text(QT_TRANSLATE_NOOP("messages", "{key} reloads in many programs. They no longer get it.")),
    "key-lost-address": Text(
        QT_TRANSLATE_NOOP("messages", "{key} goes to the address in many programs. They no longer get it.")
    ),
    "key-lost-menu": Text(
        QT_TRANSLATE_NOOP("messages", "{key} opens the menu in many programs. They no longer get it.")
    ),
    "key-lost-full-screen": Text(
        QT_TRANSLATE_NOOP("messages", "{key} fills the screen in many programs. They no longer get it.")
    ),
    "key-lost-developer-tools": Text(
        QT_TRANSLATE_NOOP("messages", "{key} opens the developer's tools in many programs. They no longer get it.")
    ),
    "key-lost-overwriting": Text(
        QT_TRANSLATE_NOOP(
            "messages", "{key} changes between inserting and overwriting in many programs. They no longer get it."
        )
    ),
    "key-lost-context-menu": Text(
        QT_TRANSLATE_NOOP(
            "messages", "{key} opens the menu of what is selected in many programs. They no longer get it."
        )
    ),
    "key-lost-screenshot": Text(
        QT_TRANSLATE_NOOP("messages", "{key} takes a picture of the screen in many programs. They no longer get it.")
    ),
    "key-lost-middle-click": Text(
        QT_TRANSLATE_NOOP(
            "messages",
            "{key} pastes what is selected and opens links in new tabs in many programs. They no longer get it.",
        )
    ),
    "key-lost-back": Text(QT_TRANSLATE_NOOP("messages", "{key} goes back in many programs. They no longer get it.")),
    "key-lost-forward": Text(
        QT_TRANSLATE_NOOP("messages", "{key} goes forward in many programs. They no longer get it.")
    ),
    "key-lost-select-all": Text(
        QT_TRANSLATE_NOOP("messages", "{key} selects all in many programs. They no longer get it.")
    ),
    "key-lost-copy": Text(QT_TRANSLATE_NOOP("messages", "{key} copies in many programs. They no longer get it.")),
    "key-lost-find": Text(QT_TRANSLATE_NOOP("messages", "{key} finds in many programs. They no longer get it.")),
    "key-lost-new": Text(
        QT_TRANSLATE_NOOP("messages", "{key} makes something new in many programs. They no longer get it.")
    ),
    "key-lost-open": Text(QT_TRANSLATE_NOOP("messages", "{key} opens in many programs. They no longer get it.")),
    "key-lost-print": Text(QT_TRANSLATE_NOOP("messages", "{key} prints in many programs. They no longer get it.")),
    "key-lost-quit": Text(QT_TRANSLATE_NOOP("messages", "{key} quits in many programs. They no longer get it.")),
    "key-lost-save": Text(QT_TRANSLATE_NOOP("messages", "{key} saves in many programs. They no longer get it.")),
    "key-lost-new-tab": Text(
        QT_TRANSLATE_NOOP("messages", "{key} opens a tab in many programs. They no longer get it.")
    ),
    "key-lost-close": Text(QT_TRANSLATE_NOOP("messages", "{key} closes in many programs. They no longer get it.")),
    "key-lost-cut": Text(QT_TRANSLATE_NOOP("messages", "{key} cuts in many programs. They no longer get it.")),
    "key-lost-redo": Text(
        QT_TRANSLATE_NOOP("messages", "{key} does again what was undone in many programs. They no longer get it.")
    ),
    "key-lost-undo": Text(QT_TRANSLATE_NOOP("messages", "{key} undoes in many programs. They no longer get it.")),
    "key-lost-close-window": Text(
        QT_TRANSLATE_NOOP("messages", "{key} closes windows in many programs. They no longer get it.")
    ),
    "key-lost-next-window": Text(
        QT_TRANSLATE_NOOP("messages", "{key} goes to the next window in many programs. They no longer get it.")
    ),
    "key-lost-menu-letter": Text(
        QT_TRANSLATE_NOOP("messages", "{key} opens a menu in many programs. They no longer get it.")
    ),
    "key-of-the-desktop": Text(
        QT_TRANSLATE_NOOP(
            "messages", "{key} belongs to the desktop, which may not give it, or no longer does what it did."
        )
    ),
    "key-typing-capitals": Text(
        QT_TRANSLATE_NOOP("messages", "{key} types capitals: that goes on, and what it began is dropped.")
    ),
    "key-typing-signs": Text(
        QT_TRANSLATE_NOOP(
            "messages", "{key} types signs on some keyboards: that goes on, and what it began is dropped."
        )
    ),
}
