"""The libraries that Intone uses and their licences, read from the installed packages so the list is never stale.

Keep the texts in exported tables from being read as formulas.

A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula, which may access a network or start a
program, and our tables contain foreign text: recognized words, names of programs. So such a text gets an apostrophe
before it in our files, and loses it when we read them. A text that begins with an apostrophe before such a sign gets
one more, so that every text comes back as it was.

How this Intone was installed, so that a remedy names a command that works here.

A package's environment under /opt/intone belongs to the system, and a bundle cannot be added to: `make` or pip would
not work there. All three are made in packaging/shipping.

Read a TOML file that the user writes by hand. It may be missing, and an error in it costs no dictation.

Replace a file atomically, and read the tables of our packages.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path
from typing import Any, BinaryIO

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


_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def escape_formula(cell: str) -> str:
    """Return `cell` escaped, so that no spreadsheet calculates it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unescape_formula(cell: str) -> str:
    """Return the text that `escape_formula` was called with."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


DEBIAN_PREFIX = Path("/opt/intone")
"""The environment of the Debian package."""


def format_install_hint(extra: str, *, prefix: str = sys.prefix, frozen: bool = hasattr(sys, "frozen")) -> str:
    """Return the sentence that says how to install `extra` (`cuda`, `local-llm`) here."""
    if frozen:
        return f"This build cannot be added to: install Intone's Debian package and intone-{extra}, or use uv."
    if Path(prefix) == DEBIAN_PREFIX:
        return f"Install the package intone-{extra}, which is made for this one."
    return f"Install it with `make {extra}`, or `pip install intone[{extra}]`."


def read_user_table(path: Path, warnings: list[str]) -> dict[str, Any]:
    """Return the contents of the file at `path`; empty where it is missing or cannot be read.

    `warnings` gets a sentence where it cannot be read. Never raises.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        warnings.append(f"{path.name} cannot be read: {error}.")
        return {}


def read_package_table(package: str, name: str) -> dict[str, Any]:
    """Return the contents of the TOML file `name` in our package `package`. Callers cache what they make of it."""
    return tomllib.loads(resources.files(package).joinpath(name).read_text(encoding="utf-8"))


@contextmanager
def replace_file(path: Path, *, sync: bool = False, unique: bool = False) -> Iterator[BinaryIO]:
    """Yield a new file that replaces the one at `path` when the context ends, and is removed on an exception.

    It has mode 0600 and the name of `path` with `.part`. `sync` flushes it to the disk first (not its folder:
    `core.paths.sync_dir`). `unique` gives it a name that no file has, for folders that hold other programs' files and
    for several writers. Raises `OSError`.
    """
    if unique:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        part = Path(name)
    else:
        part = path.with_name(f"{path.name}.part")
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            if sync:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def write_file(path: Path, content: str | bytes, *, sync: bool = False, unique: bool = False) -> None:
    """Replace the file at `path` by one with this content, text in UTF-8. See `replace_file`."""
    with replace_file(path, sync=sync, unique=unique) as file:
        file.write(content.encode() if isinstance(content, str) else content)
