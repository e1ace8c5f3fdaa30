"""Disable services whose address in the settings file cannot be used.

An invalid line costs no other, and its field gets the default. Addresses are an exception: the default is another
provider's, which the user did not choose to send anything to. So the address is empty, which `services.build_service`
refuses, and what would have been sent there is switched off. A line that may have been meant for an address (misspelt,
or in another section) counts as one, unless that address is in the file as well, or the line is a setting of another
section.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desktop.settings.schema import LOCAL, Engines, Settings, Tree

ADDRESSES = (*(f"engines.{name}.url" for name in Engines.model_fields), "polish.url")
"""The keys of the addresses."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line of the file that cannot be used, and the sentence about it."""

    key: str
    value: object
    said: str


def lost(document: Mapping[str, Any], wrong: Sequence[Wrong]) -> Iterator[tuple[str, str]]:
    """Yield the key of each address that cannot be used, and of the line that needs repair."""
    for key in ADDRESSES:
        there = _stands(document, key)
        lines = [one.key for one in wrong if one.key == key or (not there and _meant(one, key))]
        if lines:
            yield key, lines[0]


def without(settings: Settings, key: str, line: str) -> tuple[Settings, list[str]]:
    """Return `settings` without the address `key` and what would be sent there; and sentences for what is off until
    `line` is repaired."""
    if key == "polish.url":
        return _asking_nobody(settings, line)
    name = key.split(".")[1]
    engine = getattr(settings.engines, name).model_copy(update={"url": ""})
    changed: dict[str, Tree] = {"engines": settings.engines.model_copy(update={name: engine})}
    if settings.recognizer.engine.replace("-", "_") != name:
        return settings.model_copy(update=changed), []
    changed["recognizer"] = settings.recognizer.model_copy(update={"engine": "whisper"})
    return settings.model_copy(update=changed), [f"No sound is sent until {line} is mended."]


def trouble(key: str, line: str | None) -> str:
    """Return the text beside the address `key`, lost until `line` is repaired; empty where `line` is None."""
    if line is None:
        return ""
    if line != key:
        return f"Off until {line} is mended."
    return f"The address in {key} cannot be used. Give one such as https://example.org/v1."


def is_setting(key: str) -> bool:
    """Return whether there is a setting with this key."""
    at: object = Settings()
    for name in key.split("."):
        if not isinstance(at, Tree) or name not in type(at).model_fields:
            return False
        at = getattr(at, name)
    return not isinstance(at, Tree)


def lines(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Yield a line of the file by name, and where it is a table or list those within it."""
    yield name, value
    if isinstance(value, Mapping):
        for inner, one in value.items():
            yield from lines(inner, one)
    elif isinstance(value, list):
        for one in value:
            yield from lines(name, one)


def _asking_nobody(settings: Settings, line: str) -> tuple[Settings, list[str]]:
    asks = settings.polish.mode == "llm" or settings.emotion.engine == "llm" or bool(settings.hotkey.edit)
    polish: dict[str, str] = {"url": ""}
    changed: dict[str, Tree] = {}
    if settings.polish.mode == "llm":
        polish["mode"] = "rules"
    if settings.emotion.engine == "llm":
        changed["emotion"] = settings.emotion.model_copy(update={"engine": Settings().emotion.engine})
    if settings.hotkey.edit:
        changed["hotkey"] = settings.hotkey.model_copy(update={"edit": ()})
    changed["polish"] = settings.polish.model_copy(update=polish)
    said = [f"No language model is asked until {line} is mended."] if asks else []
    return settings.model_copy(update=changed), said


def _stands(document: Mapping[str, Any], key: str) -> bool:
    at: object = document
    for name in key.split("."):
        if not isinstance(at, Mapping) or name not in at:
            return False
        at = at[name]
    return True


def _meant(wrong: Wrong, key: str) -> bool:
    """Return whether the line may have been meant for the address `key`.

    True where it is or is named like an address, in whatever section, or selects the local language model.
    """
    section = wrong.key.split(".")[0]
    here = section == key.split(".")[0]
    if wrong.key in ADDRESSES or (is_setting(wrong.key) and not here):
        return False
    local = key == "polish.url" and (here or section not in Settings.model_fields)
    for name, value in lines(wrong.key, wrong.value):
        said = str(value).strip().casefold()
        if "://" in said or name.rpartition(".")[2].casefold() == "url" or (local and said == LOCAL):
            return True
    return False
