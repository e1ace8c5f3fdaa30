"""Find the files of a project, and read plain ones.

Hidden folders, those that tools make, and what a .gitignore names are left out: a line of it that begins with an
exclamation mark counts for nothing, so that in doubt less is read. Git itself is not asked: it runs what the settings
of a repository name.
"""

from __future__ import annotations

import fnmatch
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

MAX_FILES = 4_000
"""Most files of a project."""

MAX_FOLDER_ENTRIES = 1_000
"""Entries of a folder above which it holds data."""

MAX_IGNORE_BYTES = 64_000
"""Bytes of a .gitignore above which its folder is left out."""

_MADE_FOLDERS = frozenset(
    ("node_modules", "build", "dist", "target", "venv", "env", "__pycache__", "vendor", "out", "third_party")
)
_OPENING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
"""A pipe is opened without waiting for its writer, and a link not at all."""


@dataclass(frozen=True, slots=True)
class IgnoreFile:
    """A .gitignore in the folder with the parts `base`: `names` match anywhere below it, `paths` from it on."""

    base: tuple[str, ...]
    names: re.Pattern[str] | None
    paths: tuple[tuple[str, ...], ...]


def is_left_out(name: str) -> bool:
    """Return whether a folder of this name is hidden, or made by tools."""
    return name.startswith(".") or name in _MADE_FOLDERS


def read_plain_file(path: Path, limit: int) -> str:
    """Return the text of a plain file, `limit` bytes of it at most. Raises `OSError` for a link, a pipe or a device."""
    descriptor = os.open(path, _OPENING)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"no plain file: {path.name}")
        return file.read(limit).decode("utf-8", errors="ignore")


def list_files(folder: Path, deadline: float) -> Iterator[Path]:
    """Yield the files of a project until `deadline` (`time.monotonic()`), those near its root first."""
    folders, count = [(folder, tuple[str, ...](), tuple[IgnoreFile, ...]())], 0
    while folders and time.monotonic() < deadline:
        here, parts, ignored = folders.pop(0)
        try:
            ignored += tuple(_read_ignored(here, parts))
            with os.scandir(here) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except (OSError, ValueError, re.error):
            continue
        if len(entries) > MAX_FOLDER_ENTRIES:
            continue
        for entry in entries:
            inner = (*parts, entry.name)
            if entry.name.startswith(".") or entry.is_symlink() or is_ignored(inner, ignored):
                continue
            if entry.is_dir(follow_symlinks=False):
                if not is_left_out(entry.name):
                    folders.append((Path(entry.path), inner, ignored))
            elif count < MAX_FILES and entry.is_file(follow_symlinks=False):
                count += 1
                yield Path(entry.path)


def _read_ignored(folder: Path, parts: tuple[str, ...]) -> Iterator[IgnoreFile]:
    """Yield what a folder's .gitignore says, if there is one. Raises `ValueError` if it is too long."""
    try:
        text = read_plain_file(folder / ".gitignore", MAX_IGNORE_BYTES + 1)
    except OSError:  # there is none; Git follows no link here either
        return
    if len(text) > MAX_IGNORE_BYTES:
        raise ValueError("too long")
    yield parse_ignored(text, parts)


def parse_ignored(text: str, base: tuple[str, ...] = ()) -> IgnoreFile:
    """Return the content of a .gitignore. Folders and files count alike."""
    names, paths = list[str](), list[tuple[str, ...]]()
    for line in map(str.strip, text.splitlines()):
        if not line or line.startswith(("#", "!")):
            continue
        steps = tuple(step for step in line.replace("\\", "").split("/") if step)
        if "/" in line.rstrip("/"):
            paths.append(steps)
        elif steps:
            names.append(fnmatch.translate(steps[0]))
    return IgnoreFile(base, re.compile("|".join(names)) if names else None, tuple(paths))


def is_ignored(parts: tuple[str, ...], ignored: Iterable[IgnoreFile]) -> bool:
    """Return whether the file or folder with the `parts` of its path is ignored."""
    return any(
        (each.names is not None and each.names.match(parts[-1]) is not None)
        or any(_match_steps(parts[len(each.base) :], steps) for steps in each.paths)
        for each in ignored
    )


def _match_steps(parts: Sequence[str], steps: Sequence[str]) -> bool:
    """Return whether `steps`, of which ** stands for any number of folders, match all of `parts`."""
    at = step = 0
    star, mark = -1, 0
    while at < len(parts):
        if step < len(steps) and steps[step] == "**":
            star, mark, step = step, at, step + 1
        elif step < len(steps) and fnmatch.fnmatchcase(parts[at], steps[step]):
            at, step = at + 1, step + 1
        elif star >= 0:
            mark += 1
            at, step = mark, star + 1
        else:
            return False
    return all(each == "**" for each in steps[step:])
