"""The settings' file: read whole, changed one at a time, swapped at once.

TOML, because people edit it; tomlkit, because their comments and their order must outlive our writes. What only reads
asks tomllib: tomlkit takes seconds for some kilobytes of tables whose parts stand apart. Two programs that write at the
same moment (the settings window and the command line) take turns by a lock on the folder.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from desktop.paths import private
from desktop.problems import SettingsProblem

DEEPEST = 32
"""Tables and lists within each other; who reads them goes down one by one."""


def stands(path: Path) -> tuple[str, dict[str, Any]]:
    """What stands in the file at `path`: its text, and the values in it; nothing where there is none. Raises
    `SettingsProblem`, also for a link to nowhere."""
    return _read(path, _values)


def _values(text: str) -> dict[str, Any]:
    values = tomllib.loads(text)
    level: list[Any] = [values]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
        level = [one for one in level if isinstance(one, dict | list)]
        if not level:
            return values
    raise ValueError(f"more than {DEEPEST} tables within each other")


def _document(text: str) -> tomlkit.TOMLDocument:
    document = tomlkit.parse(text)
    document.unwrap()  # a key that two parts of one table have is only found now
    return document


def _read[T](path: Path, parse: Callable[[str], T]) -> tuple[str, T]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        return text, parse(text)
    except FileNotFoundError:
        _require_target(path)
        return "", parse("")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsProblem(f"{path} is not text in UTF-8, in line {line}.", "Mend it or remove it.") from error
    except (TOMLKitError, ValueError, RecursionError) as error:
        raise SettingsProblem(f"{path} is not valid TOML ({error}).", "Mend it or remove it.") from error
    except OSError as error:
        raise SettingsProblem(f"{path} cannot be read ({error.strerror}).", "Check who owns it.") from error


@contextmanager
def changed(path: Path, stood: str = "") -> Iterator[tomlkit.TOMLDocument]:
    """The document at `path`, to be changed inside and written at the end, alone with it. Where there is none, or
    nothing in it but comments, it begins with what `stood` there. Raises `SettingsProblem`."""
    try:
        _require_target(path)
        ours = not (path.is_symlink() or path.parent.is_symlink())
        path = path.resolve()
        private(path.parent, ours=ours)  # where a link leads is the user's
        with _turn(path.parent):
            _, document = _read(path, _document)
            if not document.unwrap():
                document = tomlkit.parse(f"{tomlkit.dumps(document).rstrip()}\n{stood}".lstrip())
            yield document
            _swap(path, tomlkit.dumps(document))
    except OSError as error:
        why = error.strerror or error
        raise SettingsProblem(f"{path} cannot be written ({why}).", "Check its folder and the disk.") from error


def _require_target(path: Path) -> None:
    """Raise `SettingsProblem` where `path`, or a folder above it, is a link to what is not there (not mounted yet)."""
    for part in (path, *path.parents):
        if part.is_symlink() and not part.exists():
            raise SettingsProblem(f"{part} is a link to what is not there.", "Mend it or remove it.")


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    fd = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def _swap(path: Path, text: str) -> None:
    """Put `text` in the place of the file at once, readable by this user alone (as `mkstemp` makes it)."""
    fd, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(fd, "w", encoding="utf-8") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
