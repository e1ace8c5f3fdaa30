"""Read the names of a project from its folder: identifiers of two words or more, and files. Nothing is written.

Hidden folders, those that tools make, and what a .gitignore names are left out: a line of it that begins with an
exclamation mark counts for nothing, so that in doubt less is read. Git itself is not asked: it runs what the settings
of a repository name.
"""

from __future__ import annotations

import fnmatch
import os
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from desktop.core.types import ProjectNames

MAX_FILES, MAX_FILE_BYTES, MAX_BYTES = 4_000, 200_000, 12_000_000
"""Most files of a project whose names are read, and most bytes that are read of one file and of all. A larger file is
data, or was made by a program.
"""

MAX_SECONDS = 2.0
"""Most seconds that one reading takes, on a worker thread; the next one goes on with the rest."""

MAX_FOLDER_ENTRIES = 1_000
"""Entries of a folder above which it holds data."""

MAX_WORDS = 6
"""Most words of an identifier that is said without a case command."""

SURE_SHARE = 2
"""How many times as often as all other spellings of the same words one must be there to be meant."""

SOURCES = frozenset(
    (
        *("py", "pyi", "js", "jsx", "ts", "tsx", "mjs", "cjs", "c", "h", "cc", "cpp", "hpp", "hh", "cs", "java", "kt"),
        *("go", "rs", "rb", "php", "swift", "m", "sh", "bash", "sql", "vue", "svelte", "lua", "scala", "zig", "proto"),
    )
)
"""Endings of files in which identifiers are looked for."""

_MADE_FOLDERS = frozenset(
    ("node_modules", "build", "dist", "target", "venv", "env", "__pycache__", "vendor", "out", "third_party")
)
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{3,60}")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PLAIN = re.compile(r"[a-z0-9]+|[A-Z][a-z0-9]*|[A-Z0-9]+")


@dataclass(slots=True)
class ReadFiles:
    """What was read of the files of a folder: the time of change of each, and how often it has which identifier."""

    identifiers: dict[str, tuple[int, Counter[str]]] = field(default_factory=dict)


def read_project(folder: Path, known: ReadFiles) -> ProjectNames:
    """Return the names in `folder`; of what is `known`, only files that have changed are read. Blocks for a while."""
    deadline = time.monotonic() + MAX_SECONDS
    paths = list(_list_files(folder, deadline))
    left = MAX_BYTES
    kept: dict[str, tuple[int, Counter[str]]] = {}
    for path in paths:
        if path.suffix[1:].lower() not in SOURCES:
            continue
        try:
            stat = path.stat()
            before = known.identifiers.get(str(path))
            if before is not None and before[0] == stat.st_mtime_ns:
                kept[str(path)] = before
            elif stat.st_size <= min(MAX_FILE_BYTES, left) and time.monotonic() < deadline:
                left -= stat.st_size
                found = _IDENTIFIER.findall(path.read_text(encoding="utf-8", errors="ignore"))
                kept[str(path)] = stat.st_mtime_ns, Counter(name for name in found if _PLAIN.fullmatch(name) is None)
        except OSError:  # it has gone
            continue
    known.identifiers = kept
    return ProjectNames(
        find_identifiers(counts for _, counts in kept.values()), find_files(path.name for path in paths)
    )


def find_identifiers(files: Iterable[Mapping[str, int]]) -> dict[tuple[str, ...], str]:
    """Return identifiers by their words, where one spelling is clearly the most frequent in the `files`."""
    spellings: dict[tuple[str, ...], Counter[str]] = {}
    for counts in files:
        for name, count in counts.items():
            words = split_name(name)
            if 1 < len(words) <= MAX_WORDS:
                spellings.setdefault(words, Counter())[name] += count
    sure = {words: _find_sure(counts) for words, counts in spellings.items()}
    return {words: name for words, name in sure.items() if name is not None}


def find_files(names: Iterable[str]) -> dict[tuple[str, ...], str]:
    """Return the stems of files by their words with the ending behind them, where there is but one spelling."""
    stems: dict[tuple[str, ...], set[str]] = {}
    for name in names:
        stem, _, ending = name.rpartition(".")
        if stem and ending and (words := split_name(stem)):
            stems.setdefault((*words, ending.lower()), set()).add(stem)
    return {words: next(iter(found)) for words, found in stems.items() if len(found) == 1}


def split_name(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case: getUserName, get_user_name, get-user-name."""
    return tuple(part.lower() for part in _PART.findall(name))


def _find_sure(counts: Counter[str]) -> str | None:
    (name, count), *others = counts.most_common()
    return name if count >= SURE_SHARE * sum(number for _, number in others) else None


def _list_files(folder: Path, deadline: float) -> Iterator[Path]:
    """Yield the files of a project, those near its root first."""
    folders, count = [(folder, tuple[str, ...]())], 0
    while folders and time.monotonic() < deadline:
        here, ignored = folders.pop(0)
        ignored += tuple(_read_ignored(here))
        try:
            with os.scandir(here) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError:
            continue
        if len(entries) > MAX_FOLDER_ENTRIES:
            continue
        for entry in entries:
            relative = Path(entry.path).relative_to(folder).as_posix()
            if entry.name.startswith(".") or entry.is_symlink() or _is_ignored(entry.name, relative, ignored):
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _MADE_FOLDERS:
                    folders.append((Path(entry.path), ignored))
            elif count < MAX_FILES:
                count += 1
                yield Path(entry.path)


def _read_ignored(folder: Path) -> Iterator[str]:
    """Yield the patterns of a folder's .gitignore."""
    try:
        lines = (folder / ".gitignore").read_text(encoding="utf-8", errors="ignore").splitlines()
    except OSError:
        return
    for line in lines:
        if (pattern := line.strip().strip("/")) and not pattern.startswith(("#", "!")):
            yield pattern


def _is_ignored(name: str, relative: str, patterns: Iterable[str]) -> bool:
    return any(
        fnmatch.fnmatchcase(name, pattern) or fnmatch.fnmatchcase(relative, pattern.removeprefix("**/"))
        for pattern in patterns
    )
