"""The libraries that Intone uses and their licences, read from the installed packages so the list is never stale."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import metadata

PACKAGE_NAME = "intone"

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_SHIPPED_EXTRA = re.compile(r"extra == ['\"](cuda|local-llm)")
_MAX_LICENCE_CHARACTERS = 60
"""Longest name of a licence in characters; some packages put its whole text there."""


@dataclass(frozen=True, slots=True)
class InstalledLibrary:
    """A library that is installed with the app."""

    name: str
    version: str
    licence: str


def list_libraries() -> list[InstalledLibrary]:
    """Return every installed library that the app needs, by name. Blocks for some tenths of a second."""
    found: dict[str, InstalledLibrary] = {}
    pending = _list_requirements(PACKAGE_NAME)
    while pending:
        name = pending.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # for another system, or of an extra that is not installed
            continue
        found[key] = InstalledLibrary(
            distribution.metadata["Name"] or name, distribution.version, _find_licence(distribution.metadata)
        )
        pending += _list_requirements(name)
    return sorted(found.values(), key=lambda one: one.name.lower())


def _list_requirements(name: str) -> list[str]:
    try:
        needed = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []
    selected = (one for one in needed if "extra ==" not in one or (name == PACKAGE_NAME and _SHIPPED_EXTRA.search(one)))
    return [match[0] for one in selected if (match := _NAME.match(one))]


def _find_licence(package: metadata.PackageMetadata) -> str:
    licence = package.get("License-Expression") or ""
    if not licence:
        classed = package.get_all("Classifier") or []
        licence = ", ".join(one.rpartition(" :: ")[2] for one in classed if one.startswith("License ::"))
    if not licence:
        licence = (package.get("License") or "").strip().splitlines()[0] if package.get("License") else ""
    return licence if 0 < len(licence) <= _MAX_LICENCE_CHARACTERS else "see the package"
