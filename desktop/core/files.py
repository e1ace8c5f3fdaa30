"""Read and write files in the ways that several parts of the app share."""

from __future__ import annotations

import errno
import os
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, BinaryIO

from desktop.core.locks import rename_over
from desktop.core.messages import Message

_MAX_NAMES = 100
"""Names that are tried for a new file."""


def read_own_text(path: Path, encoding: str = "utf-8") -> str:
    """Return the text of a file that the user edits.

    Raises `OSError`, also where it is another user's, who could have put it there while the folder was open to all and
    can change it since; and `ValueError` where it is no text.
    """
    with path.open(encoding=encoding) as file:
        if hasattr(os, "getuid"):
            owners = {os.fstat(file.fileno()).st_uid}
            if path.is_symlink():  # its maker chose the file, whose owner a sandbox may not know
                owners.add(path.lstat().st_uid)
            if owners.isdisjoint((os.getuid(), 0)):
                raise PermissionError(errno.EPERM, "it belongs to another user")
        return file.read()


def read_user_toml(path: Path, warnings: list[Message]) -> dict[str, Any]:
    """Return the contents of a TOML file that the user edits; empty where it is missing or cannot be read.

    A message is added to `warnings` where it cannot be read. Never raises: an error in it stops no dictation.
    """
    try:
        return tomllib.loads(read_own_text(path))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        warnings.append(Message("file-unreadable", file=path.name, reason=str(error)))
        return {}


def read_package_toml(package: str, name: str) -> dict[str, Any]:
    """Return the contents of the TOML file `name` in our package `package`. Callers cache what they make of it."""
    return tomllib.loads(read_package_text(package, name))


@cache
def read_package_text(package: str, name: str) -> str:
    """Return the text of the file `name` in our package `package`, as it was when it was read for the first time."""
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")


def create_unique_file(folder: Path, prefix: str, suffix: str = "") -> tuple[int, Path]:
    """Create an empty file of mode 0600 under a name that no file has, and return its descriptor and path.

    Not `tempfile.mkstemp`, which on Windows tries 2,147,483,647 names in a folder that refuses new files, which
    takes hours. Raises `OSError`.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    for tries_left in reversed(range(_MAX_NAMES)):
        path = folder / f"{prefix}{os.urandom(4).hex()}{suffix}"  # as `desktop.core.permissions` knows it
        try:
            return os.open(path, flags, 0o600), path
        except FileExistsError:
            if not tries_left:
                raise
    raise AssertionError


@contextmanager
def replace_file(path: Path, *, sync: bool = False, unique: bool = False) -> Iterator[BinaryIO]:
    """Yield a new file that replaces the one at `path` when the context ends, and is removed on an exception.

    It has mode 0600 and the name of `path` with `.part`. `sync` flushes it to the disk first (not its folder:
    `sync_dir`). `unique` gives it a name that no file has, for folders that hold other programs' files and
    for several writers. Raises `OSError`.
    """
    if unique:
        descriptor, part = create_unique_file(path.parent, f".{path.name}.")
    else:
        part = path.with_name(f"{path.name}.part")
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            if sync:
                file.flush()
                os.fsync(file.fileno())
        rename_over(part, path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def write_file(path: Path, content: str | bytes, *, sync: bool = False, unique: bool = False) -> None:
    """Replace the file at `path` by one with this content, text in UTF-8. See `replace_file`."""
    with replace_file(path, sync=sync, unique=unique) as file:
        file.write(content.encode() if isinstance(content, str) else content)


def sync_dir(folder: Path) -> None:
    """Flush the names in `folder` to the disk, as fsync does for files.

    Otherwise a power cut undoes a rename and keeps a deletion that came later. Does nothing on Windows, which has no
    such call and flushes them itself.
    """
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
