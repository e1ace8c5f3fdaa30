"""Texts about words and snippets."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    # Entries
    "vocabulary-word-invalid": Text(QT_TRANSLATE_NOOP("messages", "{word} cannot be listened for."), "{reason}"),
    "vocabulary-word-rule": Text(
        QT_TRANSLATE_NOOP("messages", "A word has a letter or a digit, no comma, and at most 100 characters.")
    ),
    "vocabulary-entry-invalid": Text(QT_TRANSLATE_NOOP("messages", "{heard} cannot be kept: {reason}.")),
    "vocabulary-heard-invalid": Text(
        QT_TRANSLATE_NOOP("messages", "what is heard is a few words, at most {limit} characters")
    ),
    "vocabulary-written-invalid": Text(
        QT_TRANSLATE_NOOP("messages", "what is written for it is a text of at most {limit} characters")
    ),
    "vocabulary-heard-rule": Text(
        QT_TRANSLATE_NOOP("messages", "What is heard is a few words, at most {limit} characters.")
    ),
    "vocabulary-written-rule": Text(
        QT_TRANSLATE_NOOP("messages", "What is written for it is a text of at most {limit} characters.")
    ),
    # The file
    "vocabulary-unreadable": Text(QT_TRANSLATE_NOOP("messages", "{problem} None of it is used.")),
    "vocabulary-section-unknown": Text(QT_TRANSLATE_NOOP("messages", "{file}: there is no section {section}.")),
    "vocabulary-section-no-table": Text(
        QT_TRANSLATE_NOOP("messages", '{where} must be a table of "heard" = "written".')
    ),
    "vocabulary-entry-left-out": Text(
        QT_TRANSLATE_NOOP("messages", "{file}: {section}: {heard} is left out: {reason}.")
    ),
    "vocabulary-entry-double": Text(QT_TRANSLATE_NOOP("messages", "it is there twice")),
    # Export and import
    "vocabulary-file-too-large": Text(
        QT_TRANSLATE_NOOP("messages", "{path} is too large for a vocabulary."),
        QT_TRANSLATE_NOOP(
            "messages", "Take out what is no vocabulary, or take it in by parts: 1 MB at most at a time."
        ),
    ),
    "vocabulary-file-unreadable": Text(
        QT_TRANSLATE_NOOP("messages", "{path} cannot be read ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Check its name."),
    ),
    "vocabulary-file-not-utf8": Text(
        QT_TRANSLATE_NOOP("messages", "{path} is not text in UTF-8."),
        QT_TRANSLATE_NOOP("messages", "Save it so, and import it again."),
    ),
    "vocabulary-file-not-toml": Text(
        QT_TRANSLATE_NOOP("messages", "{path} is not valid TOML ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Mend it and import it again."),
    ),
    "vocabulary-export-format": Text(
        QT_TRANSLATE_NOOP("messages", "The vocabulary cannot be exported as {name}."),
        QT_TRANSLATE_NOOP("messages", "Give the file a name that ends in one of {formats}."),
    ),
    "vocabulary-table-broken": Text(
        QT_TRANSLATE_NOOP("messages", "{file}, line {line}: {reason}. What comes after it is not read.")
    ),
    "vocabulary-line-word-invalid": Text("{where}: {reason}"),
    "vocabulary-line-kind-unknown": Text(QT_TRANSLATE_NOOP("messages", "{where}: {kind} is none of {kinds}.")),
    "vocabulary-line-invalid": Text("{where}: {reason}"),
    "vocabulary-import-empty": Text(QT_TRANSLATE_NOOP("messages", "{path} holds nothing to take in."), "{reason}"),
    "clipboard-unreadable": Text(QT_TRANSLATE_NOOP("messages", "The clipboard could not be read.")),
}
