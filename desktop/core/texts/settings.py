"""Texts about the settings file."""

from __future__ import annotations

from desktop.core.texts.text import QT_TRANSLATE_NOOP, Text

TEXTS: dict[str, Text] = {
    # The file
    "settings-not-utf8": Text(
        QT_TRANSLATE_NOOP("messages", "{path} is not text in UTF-8, in line {line}."),
        QT_TRANSLATE_NOOP("messages", "Mend it."),
    ),
    "settings-not-toml": Text(
        QT_TRANSLATE_NOOP("messages", "{path} is not valid TOML ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Mend it."),
    ),
    "settings-unwritable": Text(
        QT_TRANSLATE_NOOP("messages", "{path} cannot be written ({reason})."),
        QT_TRANSLATE_NOOP("messages", "Check its folder and the disk."),
    ),
    "settings-link-broken": Text(
        QT_TRANSLATE_NOOP("messages", "{path} is a link to what is not there."),
        QT_TRANSLATE_NOOP("messages", "Mend the link, or mount what it leads to."),
    ),
    "settings-gone": Text(QT_TRANSLATE_NOOP("messages", "{path} is gone or empty.")),
    # Safe mode
    "settings-defaults-used": Text(QT_TRANSLATE_NOOP("messages", "{problem} The defaults are used.")),
    "settings-kept": Text(QT_TRANSLATE_NOOP("messages", "{problem} What was in force before still is.")),
    "settings-valid-kept": Text(QT_TRANSLATE_NOOP("messages", "{problem} The last valid settings are in force.")),
    "settings-deletion-paused": Text(
        QT_TRANSLATE_NOOP("messages", "Until it can be read nothing that is kept is deleted or decrypted.")
    ),
    "settings-deletion-paused-by-line": Text(
        QT_TRANSLATE_NOOP("messages", "Nothing that is kept is deleted or decrypted until {line} is mended.")
    ),
    "settings-privacy-off": Text(
        QT_TRANSLATE_NOOP("messages", "Private mode is off, no application is excluded, and no service is used.")
    ),
    "settings-no-sound-sent": Text(QT_TRANSLATE_NOOP("messages", "No sound is sent until {line} is mended.")),
    "settings-no-model-asked": Text(
        QT_TRANSLATE_NOOP("messages", "No language model is asked until {line} is mended.")
    ),
    "settings-no-model-fetched": Text(
        QT_TRANSLATE_NOOP("messages", "No speech model is fetched by itself until {line} is mended."),
        QT_TRANSLATE_NOOP("messages", "Mend it, or fetch one in the settings."),
    ),
    "settings-partly-in-force": Text(
        QT_TRANSLATE_NOOP("messages", "Not everything in settings.toml is in force."), "{problem}"
    ),
    "settings-unread": Text(QT_TRANSLATE_NOOP("messages", "settings.toml cannot be read."), "{effect}"),
    "settings-absent": Text(
        QT_TRANSLATE_NOOP("messages", "settings.toml is gone or empty."),
        QT_TRANSLATE_NOOP("messages", "{effect} The next change of a setting writes it anew."),
    ),
    "settings-kept-in-force": Text(QT_TRANSLATE_NOOP("messages", "What was in force before still is.")),
    "settings-valid-in-force": Text(QT_TRANSLATE_NOOP("messages", "The last valid settings are in force.")),
    "settings-defaults-in-force": Text(QT_TRANSLATE_NOOP("messages", "The defaults are in force.")),
    "settings-value-until-mended": Text(QT_TRANSLATE_NOOP("messages", "{key} is {value} until {line} is mended.")),
    "setting-off-until-mended": Text(QT_TRANSLATE_NOOP("messages", "Off until {line} is mended.")),
    "setting-url-unusable": Text(
        QT_TRANSLATE_NOOP("messages", "The address in {key} cannot be used. Give one such as https://example.org/v1.")
    ),
    # Values
    "setting-unknown": Text(QT_TRANSLATE_NOOP("messages", "There is no setting named {key}."), "{hint}"),
    "settings-list-hint": Text(QT_TRANSLATE_NOOP("messages", "`intone settings list` shows them all.")),
    "did-you-mean": Text(QT_TRANSLATE_NOOP("messages", "Did you mean {name}?")),
    "setting-value-invalid": Text(QT_TRANSLATE_NOOP("messages", "{key} cannot be {value}."), "{hint}"),
    "value-empty": Text(QT_TRANSLATE_NOOP("messages", "empty")),
    "value-choices": Text(QT_TRANSLATE_NOOP("messages", "Choose {choices}.")),
    "value-bounds": Text(QT_TRANSLATE_NOOP("messages", "Give a whole number from {least} to {most}.")),
    "value-number": Text(QT_TRANSLATE_NOOP("messages", "Give a number, such as 1.5.")),
    "end-silence-form": Text(QT_TRANSLATE_NOOP("messages", "Give 0, or seconds from {least} to {most}.")),
    "value-missing": Text(QT_TRANSLATE_NOOP("messages", "Give it a value, or reset it.")),
    "value-alternatives": Text(QT_TRANSLATE_NOOP("messages", "{others} or {last}")),
    "value-boolean": Text(QT_TRANSLATE_NOOP("messages", "Give true or false.")),
    "value-text": Text(QT_TRANSLATE_NOOP("messages", "Give a text, in quotation marks.")),
    "value-list": Text(QT_TRANSLATE_NOOP("messages", "Give a list of texts.")),
    "value-table": Text(QT_TRANSLATE_NOOP("messages", "Give a table of names and values.")),
    "value-absent": Text(QT_TRANSLATE_NOOP("messages", "It has no value.")),
    "value-name-unknown": Text(QT_TRANSLATE_NOOP("messages", "There is nothing of this name.")),
    "value-refused": Text("{reason}."),
    "languages-form": Text(
        QT_TRANSLATE_NOOP("messages", "Give `auto` alone, or languages that Whisper knows, separated by commas. {hint}")
    ),
    "layouts-form": Text(
        QT_TRANSLATE_NOOP("messages", "Give a layout and its languages, such as cz=cs or ch=de/fr, not {entry}.")
    ),
    "layout-language": Text(QT_TRANSLATE_NOOP("messages", "{entry} has a language that Whisper does not know. {hint}")),
    "layout-twice": Text(QT_TRANSLATE_NOOP("messages", "Name the layout {name} once.")),
    "language-codes": Text(QT_TRANSLATE_NOOP("messages", "Use codes such as en, de or zh.")),
    "url-form": Text(QT_TRANSLATE_NOOP("messages", "Give an address such as https://example.org/v1.")),
    "url-with-key": Text(QT_TRANSLATE_NOOP("messages", "Keep the key out of the address: `intone key set` takes it.")),
    "url-port": Text(QT_TRANSLATE_NOOP("messages", "Give a port from 1 to 65535.")),
    "url-https": Text(QT_TRANSLATE_NOOP("messages", "Give an address that begins with https://, or none.")),
    "url-or-local": Text(QT_TRANSLATE_NOOP("messages", "{form} Or give `{local}`, for a model on this machine.")),
    "value-not-a-public-key": Text(
        QT_TRANSLATE_NOOP("messages", "Give the line of the public key that begins with RW, or none.")
    ),
    "value-not-a-command": Text(QT_TRANSLATE_NOOP("messages", "Close every quotation mark of the command.")),
    "rules-form": Text(QT_TRANSLATE_NOOP("messages", "Give rules of polish, separated by commas: {names}.")),
}
