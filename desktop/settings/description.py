"""Describe a setting: its texts, what it may be, and its default, all taken from the schema."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAliasType, get_args, get_origin

from pydantic.fields import FieldInfo

from desktop.settings.schema import Settings, SettingsSection
from desktop.settings.section import Choices, Details, ProperName, Unit
from desktop.settings.store import get_setting
from desktop.settings.systems import has_choice, system_words
from desktop.settings.values import VALUE_FORMS


@dataclass(frozen=True, slots=True)
class SettingDescription:
    """What there is to say about the setting `key`.

    `form` says what its value is and `details` goes beyond the help; both are English. `choices` are its values, or
    some special ones, with their labels, empty where the value speaks for itself. `default` is as `get_setting` returns
    it.
    """

    key: str
    label: str
    help: str
    details: str
    form: str
    choices: Mapping[str, str]
    default: str


def describe_setting(key: str, translate: Callable[[str], str] = str, system: str = sys.platform) -> SettingDescription:
    """Describe the setting `key` in the words of `system` (as `sys.platform`), its label, help and choices by
    `translate`.

    Raises `SettingsError` for a key that does not exist.
    """
    default = get_setting(Settings(), key)
    *names, name = key.split(".")
    section: SettingsSection = Settings()
    for part in names:
        section = getattr(section, part)
    field = type(section).model_fields[name]
    assert field.title is not None
    assert field.description is not None
    notes = {type(note): note for note in field.metadata}
    labels = notes[Choices].labels if Choices in notes else {}

    def say(text: str) -> str:
        return translate(system_words(text, system))

    shown = {value: label if isinstance(label, ProperName) else say(label) for value, label in labels.items()}
    return SettingDescription(
        key,
        say(field.title),
        say(field.description).format(section.model_config.get("title")),
        system_words(notes[Details].text, system) if Details in notes else "",
        _describe_form(field) + (f", in {notes[Unit].name}" if Unit in notes else ""),
        {
            value: shown.get(value, "")
            for value in dict.fromkeys((*shown, *_closed_values(field.annotation)))
            if has_choice(key, value, system)
        },
        default,
    )


def _closed_values(kind: object) -> tuple[str, ...]:
    """Return all values of a type that has no others; none for other types."""
    if isinstance(kind, TypeAliasType):
        return _closed_values(kind.__value__)
    if get_origin(kind) is Annotated:
        return _closed_values(get_args(kind)[0])
    return get_args(kind) if get_origin(kind) is Literal else ()


def _describe_form(field: FieldInfo) -> str:
    if _closed_values(field.annotation):
        return "one of these"
    if field.annotation is int:
        bounds = {type(bound).__name__: bound for bound in field.metadata}
        return f"a whole number from {bounds['Ge'].ge} to {bounds['Le'].le}"
    return VALUE_FORMS[field.annotation]
