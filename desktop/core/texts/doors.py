"""Texts about what other programs get of the app, and about the user's own command after a dictation.

What is said to those programs is in `desktop.core.texts.commands`.
"""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    "hook-not-started": Text(
        QT_TRANSLATE_NOOP("messages", "The command after a dictation did not start: {reason}."),
        QT_TRANSLATE_NOOP("messages", "Mend it: `intone settings set hooks.after`."),
    ),
    "hook-too-slow": Text(
        QT_TRANSLATE_NOOP("messages", "The command after a dictation was ended after {seconds} s."),
        QT_TRANSLATE_NOOP("messages", "`hooks.timeout_s` gives it more time."),
    ),
    "hook-failed": Text(
        QT_TRANSLATE_NOOP("messages", "The command after a dictation failed with status {status}."),
        QT_TRANSLATE_NOOP("messages", "The text is in its window all the same."),
    ),
    # Programs that ask
    "answer-given": Text(QT_TRANSLATE_NOOP("messages", "{program} has the words. They went into no window.")),
    "answer-private": Text(
        QT_TRANSLATE_NOOP(
            "messages", "Nothing that is said in private mode or to a private field is given to programs."
        )
    ),
    "answer-too-late": Text(QT_TRANSLATE_NOOP("messages", "The program that asked no longer waits.")),
}
