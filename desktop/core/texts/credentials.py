"""Texts about API keys."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    # Keys that are given
    "key-empty": Text(
        QT_TRANSLATE_NOOP("messages", "No key was given."),
        QT_TRANSLATE_NOOP("messages", "Paste it at the prompt, or pipe it in: intone key set NAME < FILE"),
        command="intone key set NAME < FILE",
    ),
    "key-invalid": Text(
        QT_TRANSLATE_NOOP("messages", "This is no key: it has blanks, line breaks or marks that no key has."),
        QT_TRANSLATE_NOOP("messages", "Copy the key alone."),
    ),
    "key-variable-invalid": Text(
        QT_TRANSLATE_NOOP("messages", "{variable} is no key: it has blanks, line breaks or marks that no key has."),
        QT_TRANSLATE_NOOP("messages", "Copy the key alone."),
    ),
    # The unencrypted file
    "key-file-unusable": Text(
        QT_TRANSLATE_NOOP("messages", "The keys in {path} cannot be read or written."), "{instruction}"
    ),
    "key-file-exposed": Text(
        QT_TRANSLATE_NOOP("messages", "The key in {path} is not used: other users of this machine can read it."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Make it yours alone with chmod 600, or keep the key in the keyring with `intone key set {name}`.",
        ),
        command="intone key set {name}",
    ),
    # The keyring: for API keys, which may be elsewhere too, and for what only a keyring may keep
    "keyring-missing-for-key": Text(
        QT_TRANSLATE_NOOP("messages", "No keyring is here to keep keys in."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Start a Secret Service (GNOME Keyring, KWallet, KeePassXC); or set {variable}, or keep the key "
            "unencrypted: intone key set {name} --plain",
        ),
        command="intone key set {name} --plain",
    ),
    "keyring-missing": Text(
        QT_TRANSLATE_NOOP("messages", "No keyring is here to keep keys in."),
        QT_TRANSLATE_NOOP("messages", "Start a Secret Service (GNOME Keyring, KWallet, KeePassXC)."),
    ),
    "keyring-locked-for-key": Text(
        QT_TRANSLATE_NOOP("messages", "The keyring is locked."),
        QT_TRANSLATE_NOOP(
            "messages",
            "Unlock it and try again; or set {variable}, or keep the key unencrypted: intone key set {name} --plain",
        ),
        command="intone key set {name} --plain",
    ),
    "keyring-locked": Text(
        QT_TRANSLATE_NOOP("messages", "The keyring is locked."),
        QT_TRANSLATE_NOOP("messages", "Unlock it and try again."),
    ),
    "keyring-failed-for-key": Text(
        QT_TRANSLATE_NOOP("messages", "The keyring does not work ({error})."),
        QT_TRANSLATE_NOOP("messages", "Set {variable}, or keep the key unencrypted: intone key set {name} --plain"),
        command="intone key set {name} --plain",
    ),
    "keyring-failed": Text(
        QT_TRANSLATE_NOOP("messages", "The keyring does not work ({error})."),
        QT_TRANSLATE_NOOP("messages", "Start a keyring that keeps what it is given, and try again."),
    ),
    "keyring-forgetful-for-key": Text(
        QT_TRANSLATE_NOOP("messages", "The keyring did not keep the key."),
        QT_TRANSLATE_NOOP("messages", "Set {variable}, or keep the key unencrypted: intone key set {name} --plain"),
        command="intone key set {name} --plain",
    ),
    "keyring-forgetful": Text(
        QT_TRANSLATE_NOOP("messages", "The keyring did not keep the key."),
        QT_TRANSLATE_NOOP("messages", "Start a keyring that keeps what it is given, and try again."),
    ),
    # Where a key is
    "key-place-keyring": Text(QT_TRANSLATE_NOOP("messages", "the keyring")),
    "key-place-environment": Text(QT_TRANSLATE_NOOP("messages", "the environment ({variable})")),
    "key-place-file": Text(QT_TRANSLATE_NOOP("messages", "the file {path}, unencrypted")),
}
