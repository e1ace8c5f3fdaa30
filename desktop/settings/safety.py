"""Decide what is safe while a line of the settings file is invalid: about the history, and about addresses.

An invalid line costs no other, and its field gets the default. There are two exceptions. By the defaults recordings are
deleted and what is encrypted is decrypted, which cannot be undone: so until the line is repaired, or the file can be
read, nothing is deleted, nothing is decrypted, and a running app keeps its earlier settings (`LiveSettings`). An app
that starts then knows of no private mode: dictations are stored, since they can be deleted later; where it starts
without a file, retention follows the defaults. And the default address is another provider's, which the user did not
choose to send anything to: what would have been sent there is switched off.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desktop.settings.schema import LOCAL, EnginesSettings, HistorySettings, Settings, SettingsSection

URL_KEYS = (*(f"engines.{name}.url" for name in EnginesSettings.model_fields), "polish.url")
"""The keys of the addresses."""

DELETION_PAUSED = "Until it can be read nothing that is kept is deleted or decrypted."

PRIVACY_OFF = "Private mode is off, and no application is excluded."

NAME_SIMILARITY = 0.7
"""Similarity of two names from which one may be meant for the other, at most 1."""


@dataclass(frozen=True, slots=True)
class InvalidLine:
    """A line of the file that cannot be used, and the sentence about it."""

    key: str
    value: object
    message: str


class UncertainHistorySettings(HistorySettings):
    """The history's settings while the file is uncertain. Only an `encrypted` that is on counts as explicit."""


class DecryptedHistorySettings(HistorySettings):
    """The history's settings where `encrypted` is in the file and off: what is encrypted is to be decrypted.

    A missing line leaves no trace, so decrypting requires an explicit one.
    """


def find_lost_urls(document: Mapping[str, Any], invalid: Sequence[InvalidLine]) -> Iterator[tuple[str, str]]:
    """Yield the key of each address that cannot be used, and of the line that needs repair.

    A line that may have been meant for an address (misspelt, or in another section) counts as one, unless that address
    is in the file as well, or the line is a setting of another section.
    """
    for key in URL_KEYS:
        is_present = _is_in_document(document, key)
        lines = [line.key for line in invalid if line.key == key or (not is_present and _may_mean_url(line, key))]
        if lines:
            yield key, lines[0]


def disable_url(settings: Settings, key: str, line: str) -> tuple[Settings, list[str]]:
    """Return `settings` without the address `key` and what would be sent there, and sentences on what is off now.

    `line` is the one that needs repair. The address becomes empty, which `network.services.build_service` refuses.
    """
    if key == "polish.url":
        return _disable_llm(settings, line)
    name = key.split(".")[1]
    engine = getattr(settings.engines, name).model_copy(update={"url": ""})
    changed: dict[str, SettingsSection] = {"engines": settings.engines.model_copy(update={name: engine})}
    if settings.recognizer.engine.replace("-", "_") != name:
        return settings.model_copy(update=changed), []
    changed["recognizer"] = settings.recognizer.model_copy(update={"engine": "whisper"})
    return settings.model_copy(update=changed), [f"No sound is sent until {line} is mended."]


def describe_lost_url(key: str, line: str | None) -> str:
    """Return the text beside the address `key`, lost until `line` is repaired; empty where `line` is None."""
    if line is None:
        return ""
    if line != key:
        return f"Off until {line} is mended."
    return f"The address in {key} cannot be used. Give one such as https://example.org/v1."


def mark_decrypted(settings: Settings) -> Settings:
    """Return `settings`, with `DecryptedHistorySettings` where the file explicitly switches encryption off.

    The fields that are set must be those in the file.
    """
    history = settings.history
    if history.encrypted == "on" or "encrypted" not in history.model_fields_set:
        return settings
    return settings.model_copy(update={"history": DecryptedHistorySettings.model_validate(dict(history))})


def mark_uncertain(settings: Settings) -> Settings:
    """Return `settings` under which nothing is deleted or decrypted."""
    return settings.model_copy(update={"history": UncertainHistorySettings.model_validate(dict(settings.history))})


def find_uncertain_line(invalid: Iterable[InvalidLine]) -> str | None:
    """Return the first invalid line that may have been meant for the history, also with its section misspelt or
    missing."""
    return next((line.key for line in invalid if _may_mean_history(line)), None)


def is_setting(key: str) -> bool:
    """Return whether there is a setting with this key."""
    value: object = Settings()
    for name in key.split("."):
        if not isinstance(value, SettingsSection) or name not in type(value).model_fields:
            return False
        value = getattr(value, name)
    return not isinstance(value, SettingsSection)


def iterate_lines(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Yield a line of the file by name, and where it is a table or list those within it."""
    yield name, value
    if isinstance(value, Mapping):
        for inner_name, inner_value in value.items():
            yield from iterate_lines(inner_name, inner_value)
    elif isinstance(value, list):
        for item in value:
            yield from iterate_lines(name, item)


def _disable_llm(settings: Settings, line: str) -> tuple[Settings, list[str]]:
    uses_llm = settings.polish.mode == "llm" or settings.emotion.engine == "llm" or bool(settings.hotkey.edit)
    polish: dict[str, str] = {"url": ""}
    changed: dict[str, SettingsSection] = {}
    if settings.polish.mode == "llm":
        polish["mode"] = "rules"
    if settings.emotion.engine == "llm":
        changed["emotion"] = settings.emotion.model_copy(update={"engine": Settings().emotion.engine})
    if settings.hotkey.edit:
        changed["hotkey"] = settings.hotkey.model_copy(update={"edit": ()})
    changed["polish"] = settings.polish.model_copy(update=polish)
    sentences = [f"No language model is asked until {line} is mended."] if uses_llm else []
    return settings.model_copy(update=changed), sentences


def _is_in_document(document: Mapping[str, Any], key: str) -> bool:
    value: object = document
    for name in key.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return False
        value = value[name]
    return True


def _may_mean_url(line: InvalidLine, key: str) -> bool:
    """Return whether the line may have been meant for the address `key`.

    True where it is or is named like an address, in whatever section, or selects the local language model.
    """
    section = line.key.split(".")[0]
    is_same_section = section == key.split(".")[0]
    if line.key in URL_KEYS or (is_setting(line.key) and not is_same_section):
        return False
    local = key == "polish.url" and (is_same_section or section not in Settings.model_fields)
    for name, value in iterate_lines(line.key, line.value):
        text = str(value).strip().casefold()
        if "://" in text or name.rpartition(".")[2].casefold() == "url" or (local and text == LOCAL):
            return True
    return False


def _may_mean_history(line: InvalidLine) -> bool:
    if is_setting(line.key):
        return line.key.startswith("history.")
    names = [part for name, _ in iterate_lines(line.key, line.value) for part in name.split(".")]
    known = ("history", *HistorySettings.model_fields)
    return any(difflib.get_close_matches(name.casefold(), known, 1, NAME_SIMILARITY) for name in names)
