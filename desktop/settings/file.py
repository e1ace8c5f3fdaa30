"""The settings file on disk: read as a whole, changed one key at a time, replaced atomically.

TOML, because users edit it; tomlkit, because their comments and order must survive our writes. Reading alone uses
tomllib: tomlkit takes seconds for a few kilobytes of tables whose parts are apart, and the app's start need not wait
for its import. Two programs that write at the same
moment (the settings window and the command line) take turns by a lock on the folder.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.core.errors import SettingsError
from desktop.core.files import read_own_text, write_file
from desktop.core.locks import lock_folder
from desktop.core.paths import make_private_dir

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

MAX_DEPTH = 32
"""Deepest nesting of tables and lists; readers recurse into them."""


def read_values(path: Path) -> tuple[str, dict[str, Any]]:
    """Return the text of the file at `path` and its values; both empty where there is none.

    Raises `SettingsError`, also for a broken link.
    """
    return _read_file(path, _parse_values)


def _parse_values(text: str) -> dict[str, Any]:
    values = tomllib.loads(text)
    level: list[Any] = [values]
    for _ in range(MAX_DEPTH):
        level = [item for table in level for item in (table.values() if isinstance(table, dict) else table)]
        level = [item for item in level if isinstance(item, dict | list)]
        if not level:
            return values
    raise ValueError(f"more than {MAX_DEPTH} tables within each other")


def _parse_document(text: str) -> TOMLDocument:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        document.unwrap()  # only this finds a key that two parts of one table define
    except TOMLKitError as error:
        raise ValueError(str(error)) from error
    return document


def _read_file[T](path: Path, parse: Callable[[str], T]) -> tuple[str, T]:
    try:
        text = read_own_text(path, "utf-8-sig")
        return text, parse(text)
    except FileNotFoundError:
        _require_target(path)
        return "", parse("")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsError("settings-not-utf8", path=str(path), line=line) from error
    except (ValueError, RecursionError) as error:
        raise SettingsError("settings-not-toml", path=str(path), reason=str(error)) from error
    except OSError as error:
        raise SettingsError("file-unreadable-owner", path=str(path), reason=str(error.strerror)) from error


@contextmanager
def edit_document(path: Path, fallback_text: str = "") -> Iterator[TOMLDocument]:
    """Yield the document at `path` for changes, written at the end, under a lock.

    A file that is missing or has nothing but comments starts with `fallback_text`. Raises `SettingsError`.
    """
    import tomlkit

    try:
        _require_target(path)
        is_own = not (path.is_symlink() or path.parent.is_symlink())
        path = path.resolve()
        make_private_dir(path.parent, is_own=is_own)  # a link's target belongs to the user
        with lock_folder(path.parent):
            _, document = _read_file(path, _parse_document)
            if not document.unwrap():
                document = tomlkit.parse(f"{tomlkit.dumps(document).rstrip()}\n{fallback_text}".lstrip())
            yield document
            write_file(path, tomlkit.dumps(document), sync=True, unique=True)
    except OSError as error:
        raise SettingsError("settings-unwritable", path=str(path), reason=error.strerror or str(error)) from error


def _require_target(path: Path) -> None:
    """Raise `SettingsError` where `path`, or a folder above it, is a broken link (not mounted yet)."""
    for part in (path, *path.parents):
        if part.is_symlink() and not part.exists():
            raise SettingsError("settings-link-broken", path=str(part))
