"""The base of a section, and what a field says about its values beside pydantic's `title` and `description`.

`title` is the label of a setting and `description` its help, as the settings window shows them; in it `{0}` is the
title of the section, where that is a service. These two and the labels of `Choices` are translated.
`desktop.settings.description` collects everything about a setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


class SettingsSection(BaseModel):
    """A section: frozen, without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class ProperName(str):
    """A label that is the same in every language."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """The labels of values, in the order of the settings window.

    Of a text or a number only special values have one; of a list, its items.
    """

    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of a number, in English."""

    name: str


@dataclass(frozen=True, slots=True)
class Details:
    """What the reference and the command line say beyond the help, in English."""

    text: str
