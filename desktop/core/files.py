"""The libraries that Intone uses and their licences, read from the installed packages so the list is never stale."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import metadata

OURS = "intone"

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_SHIPPED_EXTRA = re.compile(r"extra == ['\"](cuda|local-llm)")
_LONG = 60
"""Longest name of a licence in characters; some packages put its whole text there."""


@dataclass(frozen=True, slots=True)
class Component:
    """A library that is installed with the app."""

    name: str
    version: str
    licence: str


def components() -> list[Component]:
    """Return every installed library that the app needs, by name. Blocks for some tenths of a second."""
    found: dict[str, Component] = {}
    ahead = _needs(OURS)
    while ahead:
        name = ahead.pop()
        known = re.sub(r"[-_.]+", "-", name).lower()
        if known in found:
            continue
        try:
            told = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # for another system, or of an extra that is not installed
            continue
        found[known] = Component(told.metadata["Name"] or name, told.version, _licence(told.metadata))
        ahead += _needs(name)
    return sorted(found.values(), key=lambda one: one.name.lower())


def _needs(name: str) -> list[str]:
    try:
        needed = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []
    wanted = (one for one in needed if "extra ==" not in one or (name == OURS and _SHIPPED_EXTRA.search(one)))
    return [match[0] for one in wanted if (match := _NAME.match(one))]


def _licence(told: metadata.PackageMetadata) -> str:
    said = told.get("License-Expression") or ""
    if not said:
        classed = told.get_all("Classifier") or []
        said = ", ".join(one.rpartition(" :: ")[2] for one in classed if one.startswith("License ::"))
    if not said:
        said = (told.get("License") or "").strip().splitlines()[0] if told.get("License") else ""
    return said if 0 < len(said) <= _LONG else "see the package"
