"""Texts about the history and its encryption."""

from __future__ import annotations

from desktop.core.texts.text import Text
from desktop.core.translatable import QT_TRANSLATE_NOOP

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
}
