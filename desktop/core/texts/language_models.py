"""Texts about language models."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    # Which model
    "language-model-unchosen": Text(
        QT_TRANSLATE_NOOP("messages", "No language model is chosen."),
        QT_TRANSLATE_NOOP("messages", "Choose one for polish."),
    ),
    "language-model-missing": Text(
        QT_TRANSLATE_NOOP("messages", "No language model is installed."),
        QT_TRANSLATE_NOOP(
            "messages", "Run `intone models pull {name}` or `intone models pull {smallest}` to have one."
        ),
        command="intone models pull {name}",
    ),
    "language-model-unknown": Text(
        QT_TRANSLATE_NOOP("messages", "There is no language model called {name} and no such file."),
        QT_TRANSLATE_NOOP("messages", "Choose a .gguf file, or one of {names}."),
    ),
    "language-model-library-missing": Text(
        QT_TRANSLATE_NOOP("messages", "The library that runs language models is not installed."), "{hint}"
    ),
    # Its process
    "language-model-unstartable": Text(
        QT_TRANSLATE_NOOP("messages", "The language model {name} cannot be loaded."),
        QT_TRANSLATE_NOOP("messages", "Close something, then try again."),
    ),
    "language-model-unloadable": Text(
        QT_TRANSLATE_NOOP("messages", "The language model {name} cannot be loaded."),
        QT_TRANSLATE_NOOP("messages", "Fetch it again with `intone models pull {name}`, or choose another."),
        command="intone models pull {name}",
    ),
    "language-model-closed": Text(QT_TRANSLATE_NOOP("messages", "The local model is not in use any more.")),
    "language-model-stopped": Text(
        QT_TRANSLATE_NOOP("messages", "The local model stopped."),
        QT_TRANSLATE_NOOP("messages", "The next dictation starts it again."),
    ),
}
