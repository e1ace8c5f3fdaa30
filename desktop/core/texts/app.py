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
    "update-unsigned": Text(
        QT_TRANSLATE_NOOP("messages", "{host} did not sign its answer, so it was not believed."),
        QT_TRANSLATE_NOOP("messages", "Look whether the address is right, or ask who publishes Intone there."),
    ),
    "update-signature-wrong": Text(
        QT_TRANSLATE_NOOP("messages", "The answer of {host} is not signed by the key in your settings: not believed."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Install nothing from there. Try again later; if it stays so, ask who publishes Intone whether the key has "
            "changed.",
        ),
    ),
    "update-answer-outdated": Text(
        QT_TRANSLATE_NOOP("messages", "{host} gave an answer that is older than its last one, so it was not believed."),
        QT_TRANSLATE_NOOP("messages", "Try again tomorrow; if it stays so, ask who publishes Intone."),
    ),
    # How this Intone is updated
    "update-by-apt": Text(QT_TRANSLATE_NOOP("messages", "In a terminal: sudo apt update && sudo apt install intone")),
    "update-by-package": Text(
        QT_TRANSLATE_NOOP("messages", "Download its package and install that over this one, also while Intone runs.")
    ),
    "update-by-installer": Text(QT_TRANSLATE_NOOP("messages", "Run the newer installer, also while Intone runs.")),
    "update-by-download": Text(QT_TRANSLATE_NOOP("messages", "Download it and put it in place of this one.")),
    "update-by-tool": Text(
        QT_TRANSLATE_NOOP("messages", "Install it as you did this one, for example: uv tool upgrade intone")
    ),
    # Another version in place of the one that runs
    "app-restart-impossible": Text(
        QT_TRANSLATE_NOOP("messages", "What is installed now does not start, so Intone goes on as it is."),
        QT_TRANSLATE_NOOP("messages", "See what intone --version says in a terminal."),
    ),
    "app-restart-loses-words": Text(
        QT_TRANSLATE_NOOP("messages", "Words that are in memory alone would be lost, so Intone goes on as it is."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Paste the last text if you need it. Intone can start anew once a dictation is kept again; to do without "
            "the words, quit it and start it.",
        ),
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
