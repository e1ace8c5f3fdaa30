"""Texts about the running app."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    "app-internal-error": Text(
        QT_TRANSLATE_NOOP("messages", "Something went wrong in Intone."),
        QT_TRANSLATE_NOOP("messages", "The log says more."),
    ),
    "keys-paused": Text(QT_TRANSLATE_NOOP("messages", "The keys are paused.")),
    # Trials
    "trial-while-dictating": Text(
        QT_TRANSLATE_NOOP("messages", "You are dictating just now."),
        QT_TRANSLATE_NOOP("messages", "Try it when that has ended."),
    ),
    "trial-recording-missing": Text(
        QT_TRANSLATE_NOOP("messages", "There is no recording that could be used."),
        QT_TRANSLATE_NOOP("messages", "Say something instead."),
    ),
    "trial-failed": Text(
        QT_TRANSLATE_NOOP("messages", "Something went wrong in the test."),
        QT_TRANSLATE_NOOP("messages", "The log says what."),
    ),
    # Newer versions
    "update-address-missing": Text(
        QT_TRANSLATE_NOOP("messages", "There is no address to look at."),
        QT_TRANSLATE_NOOP("messages", "Enter the one that publishes new versions, or leave it empty."),
    ),
    # Requests of a window
    "request-failed": Text(
        QT_TRANSLATE_NOOP("messages", "Something went wrong."), QT_TRANSLATE_NOOP("messages", "The log says what.")
    ),
    "history-request-failed": Text(
        QT_TRANSLATE_NOOP("messages", "Something went wrong with the history."),
        QT_TRANSLATE_NOOP("messages", "The log says what."),
    ),
    "models-request-failed": Text(
        QT_TRANSLATE_NOOP("messages", "Something went wrong with the models."),
        QT_TRANSLATE_NOOP("messages", "The log says what."),
    ),
    "vocabulary-request-failed": Text(
        QT_TRANSLATE_NOOP("messages", "Something went wrong with your words."),
        QT_TRANSLATE_NOOP("messages", "The log says what."),
    ),
}
