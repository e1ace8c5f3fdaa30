"""Texts about polish and styles."""

from __future__ import annotations

from desktop.core.texts.text import Text
from desktop.core.translatable import QT_TRANSLATE_NOOP

TEXTS: dict[str, Text] = {
    "polish-answer-late": Text(QT_TRANSLATE_NOOP("messages", "{name} did not answer in time.")),
    # Styles
    "style-rules-not-array": Text(
        QT_TRANSLATE_NOOP("messages", "The rules in styles.toml are not written as [[rule]]."),
        QT_TRANSLATE_NOOP("messages", "Mend the file, then go on."),
    ),
    "style-name-invalid": Text(QT_TRANSLATE_NOOP("messages", "A style's name has one to {limit} characters.")),
    "style-name-taken": Text(QT_TRANSLATE_NOOP("messages", "There is a style {name} already.")),
    "style-rule-without-style": Text(
        QT_TRANSLATE_NOOP("messages", "{file}: rule {number}: there is no style {style}.")
    ),
    "style-section-unknown": Text(QT_TRANSLATE_NOOP("messages", "{file}: {section}: there are only style and rule.")),
    "style-section-form": Text(QT_TRANSLATE_NOOP("messages", "{file}: {section}: write {form}.")),
}
