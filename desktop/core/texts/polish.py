"""Texts about polish and styles."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

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
    "style-rule-without-place": Text(QT_TRANSLATE_NOOP("messages", "Give an app, a title or a site.")),
    "polish-rule-unknown": Text(QT_TRANSLATE_NOOP("messages", "There is no rule {name}.")),
    "style-section-unknown": Text(QT_TRANSLATE_NOOP("messages", "{file}: {section}: there are only style and rule.")),
    "style-section-form": Text(QT_TRANSLATE_NOOP("messages", "{file}: {section}: write {form}.")),
    # Why the rules are used and not a language model
    "polish-rules-used": Text(QT_TRANSLATE_NOOP("messages", "Used the rules.")),
    "polish-late": Text(QT_TRANSLATE_NOOP("messages", "{name} did not polish in {seconds} s.")),
    "polish-failed": Text(QT_TRANSLATE_NOOP("messages", "The polish failed.")),
    "polish-answer-unfinished": Text(QT_TRANSLATE_NOOP("messages", "{name} did not finish.")),
    "polish-answer-empty": Text(QT_TRANSLATE_NOOP("messages", "{name} gave no text.")),
    "polish-answer-talk": Text(QT_TRANSLATE_NOOP("messages", "{name} answered instead.")),
    "polish-answer-too-long": Text(QT_TRANSLATE_NOOP("messages", "{name} wrote much more than was said.")),
    "polish-language-changed": Text(QT_TRANSLATE_NOOP("messages", "{name} changed the language.")),
    "polish-words-replaced": Text(QT_TRANSLATE_NOOP("messages", "{name} wrote other words.")),
    "polish-words-added": Text(QT_TRANSLATE_NOOP("messages", "{name} added words.")),
    "polish-words-missing": Text(QT_TRANSLATE_NOOP("messages", "{name} left something out.")),
    "polish-number-changed": Text(QT_TRANSLATE_NOOP("messages", "{name} changed a number.")),
    "polish-negation-changed": Text(QT_TRANSLATE_NOOP("messages", "{name} changed a negation.")),
    "polish-name-changed": Text(QT_TRANSLATE_NOOP("messages", "{name} changed a name.")),
    "polish-meaning-reversed": Text(QT_TRANSLATE_NOOP("messages", "{name} wrote the opposite.")),
    # Rules
    "rule-edits-refused": Text(
        QT_TRANSLATE_NOOP("messages", "What {rules} would have made of a number or a negation was not used.")
    ),
}
