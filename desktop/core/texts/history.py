"""Texts about the history and its encryption."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    # Its key
    "history-encryption-unsupported": Text(
        QT_TRANSLATE_NOOP("messages", "The history cannot be encrypted or decrypted here."),
        QT_TRANSLATE_NOOP("messages", "SQLCipher is not made for this machine. Encrypt the disk instead."),
    ),
    "history-marker-damaged": Text(
        QT_TRANSLATE_NOOP("messages", "{path} does not say how the history is encrypted."),
        QT_TRANSLATE_NOOP("messages", "Copy it back from a backup, or remove it: the keyring's key is then tried."),
    ),
    "history-keyring-closed": Text(
        QT_TRANSLATE_NOOP("messages", "The history is encrypted, and its keyring is not open yet."),
        QT_TRANSLATE_NOOP("messages", "Open it; what you say meanwhile is kept then."),
        unkept_remedy=QT_TRANSLATE_NOOP("messages", "Nothing was kept; open it, then say it again."),
        outside_remedy=QT_TRANSLATE_NOOP("messages", "Open it, then try again."),
    ),
    "history-key-unavailable": Text(
        QT_TRANSLATE_NOOP("messages", "The history is encrypted, and its key cannot be had."), "{problem}"
    ),
    "history-key-missing": Text(
        QT_TRANSLATE_NOOP("messages", "The history is encrypted, and its key is not in the keyring."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Open the keyring that was in use when it was encrypted; if that is lost, move history.sealed.db and "
            "history.seal away to begin a new history.",
        ),
    ),
    "history-key-different": Text(
        QT_TRANSLATE_NOOP("messages", "The history is encrypted, and the keyring has another key."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Open the keyring that was in use when it was encrypted; if that is lost, move history.sealed.db and "
            "history.seal away to begin a new history.",
        ),
    ),
    "history-key-invalid": Text(
        QT_TRANSLATE_NOOP("messages", "The keyring has no key under intone/history, but something else.")
    ),
    # Its recordings
    "recording-unwritable": Text(
        QT_TRANSLATE_NOOP("messages", "The recording could not be kept."),
        QT_TRANSLATE_NOOP("messages", "Make room on the disk."),
    ),
    "recording-damaged": Text(
        QT_TRANSLATE_NOOP("messages", "The recording is damaged."),
        QT_TRANSLATE_NOOP("messages", "Its text is still in the history."),
    ),
    # The file
    "history-newer": Text(
        QT_TRANSLATE_NOOP("messages", "The history {path} was written by a newer Intone."),
        QT_TRANSLATE_NOOP("messages", "Update Intone, or move the file away to begin a new history."),
    ),
    "history-unusable": Text(
        QT_TRANSLATE_NOOP("messages", "The history {path} cannot be used ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Check its folder and the disk."),
    ),
    "history-unusable-owner": Text(
        QT_TRANSLATE_NOOP("messages", "{path} cannot be used ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Check who owns it."),
    ),
    "history-disk-full": Text(
        QT_TRANSLATE_NOOP("messages", "The disk is full, so the history cannot be written."),
        QT_TRANSLATE_NOOP("messages", "Make some room on it."),
    ),
    "history-busy": Text(
        QT_TRANSLATE_NOOP("messages", "Another program holds the history."),
        QT_TRANSLATE_NOOP("messages", "Try again in a moment."),
    ),
    "history-damaged": Text(
        QT_TRANSLATE_NOOP("messages", "The history {path} is damaged."),
        QT_TRANSLATE_NOOP("messages", "Start Intone anew: it keeps the file aside and begins another."),
    ),
    "history-begun-anew": Text(
        QT_TRANSLATE_NOOP(
            "messages", "The history was damaged, and a new one was begun. The old one is kept as {names}."
        ),
        QT_TRANSLATE_NOOP("messages", "What could be read of it is in the new one."),
    ),
    "history-begun-anew-deleted": Text(
        QT_TRANSLATE_NOOP("messages", "The history was damaged, and a new one was begun."),
        QT_TRANSLATE_NOOP("messages", "The old one was deleted with everything else."),
    ),
    "history-unmovable": Text(
        QT_TRANSLATE_NOOP("messages", "{path} cannot be moved ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Move it away yourself."),
    ),
    "history-key-wrong": Text(
        QT_TRANSLATE_NOOP("messages", "The history is encrypted, and the key in the keyring does not open it."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Open the keyring that was in use when it was encrypted; if that is lost, move history.sealed.db and "
            "history.seal away to begin a new history.",
        ),
    ),
    "history-copy-failed": Text(
        QT_TRANSLATE_NOOP("messages", "The history could not be copied ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Nothing was changed; make room on the disk, then start Intone anew."),
    ),
    "history-copy-incomplete": Text(
        QT_TRANSLATE_NOOP("messages", "Not every dictation could be copied."),
        QT_TRANSLATE_NOOP("messages", "Nothing was changed; export the history, then try again."),
    ),
    # Rows
    "history-row-unreadable": Text(
        QT_TRANSLATE_NOOP("messages", "Not all of dictation {id} can be read any more."),
        QT_TRANSLATE_NOOP("messages", "The list of the history shows what can be, and an export has it."),
    ),
    "emotion-unknown": Text(
        QT_TRANSLATE_NOOP("messages", "There is no emotion {label}."),
        QT_TRANSLATE_NOOP("messages", "Choose one of {labels}."),
    ),
    "history-spool-undeletable": Text(
        QT_TRANSLATE_NOOP("messages", "A recording in {folder} cannot be deleted ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Quit Intone, then delete it there."),
    ),
    "history-recording-undeletable": Text(
        QT_TRANSLATE_NOOP("messages", "A recording in {folder} cannot be deleted ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Check who owns it."),
    ),
    # Export and import
    "history-export-format": Text(
        QT_TRANSLATE_NOOP("messages", "The history cannot be exported as {name}."),
        QT_TRANSLATE_NOOP("messages", "Give the file a name that ends in one of {formats}."),
    ),
    "history-import-format": Text(
        QT_TRANSLATE_NOOP("messages", "A history cannot be read from {name}."),
        QT_TRANSLATE_NOOP("messages", "Give a file in {formats}."),
    ),
    "history-import-unreadable": Text(
        QT_TRANSLATE_NOOP("messages", "{path} cannot be read ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Check its name and who owns it."),
    ),
    "history-import-empty": Text(QT_TRANSLATE_NOOP("messages", "{name} has no dictation: line {line}: {reason}")),
    # What is wrong with a line of an import, within the text above and after "Line 3 was left out: "
    "history-line-invalid": Text(QT_TRANSLATE_NOOP("messages", "{field}: {reason}")),
    "history-line-no-object": Text(QT_TRANSLATE_NOOP("messages", "it is no object")),
    "history-line-no-json": Text(QT_TRANSLATE_NOOP("messages", "it is no JSON ({reason} at {column})")),
    "history-line-no-utf8": Text(QT_TRANSLATE_NOOP("messages", "it is no UTF-8")),
    "history-line-too-deep": Text(QT_TRANSLATE_NOOP("messages", "it has too much inside of each other")),
    "history-line-no-row": Text(QT_TRANSLATE_NOOP("messages", "it is no row of a table ({reason})")),
    "history-line-cells": Text(QT_TRANSLATE_NOOP("messages", "it has {count} fields, the first line {expected}")),
    "history-line-duration": Text(QT_TRANSLATE_NOOP("messages", "a duration is no number, or too long")),
    "history-field-missing": Text(QT_TRANSLATE_NOOP("messages", "it is missing")),
    "history-field-no-text": Text(QT_TRANSLATE_NOOP("messages", "it is no text")),
    "history-field-no-number": Text(QT_TRANSLATE_NOOP("messages", "it is no number")),
    "history-field-no-boolean": Text(QT_TRANSLATE_NOOP("messages", "it is neither true nor false")),
    "history-field-no-time": Text(QT_TRANSLATE_NOOP("messages", "it is no date with a time")),
    "history-field-no-list": Text(QT_TRANSLATE_NOOP("messages", "it is no list")),
    "history-field-no-offset": Text(QT_TRANSLATE_NOOP("messages", "it needs an offset such as +01:00")),
    "history-field-choice-unknown": Text(QT_TRANSLATE_NOOP("messages", "choose {choices}")),
    "history-field-no-emotion": Text(QT_TRANSLATE_NOOP("messages", "there is no such emotion")),
    "history-field-year": Text(QT_TRANSLATE_NOOP("messages", "it is not from {first} to {last}")),
    "history-field-refused": Text("{reason}"),
    # Notes
    "history-unwritable-then": Text(
        QT_TRANSLATE_NOOP("messages", "The history could not be written when this was said, so there is no recording.")
    ),
    "recording-words-lost": Text(
        QT_TRANSLATE_NOOP(
            "messages", "The history was damaged, and the words of this recording are gone. Transcribe it again."
        )
    ),
    "row-partly-readable": Text(QT_TRANSLATE_NOOP("messages", "Not all of this dictation can be read any more.")),
}
