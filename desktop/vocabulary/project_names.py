"""Read the names of a project from its folder: identifiers of two words or more, and files. Nothing is written.

Only plain files are opened, never a link or a pipe. Names that a shell or an editor could take for more than a name are
left out.
"""

from __future__ import annotations

import math
import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from desktop.core.types import ProjectNames
from desktop.vocabulary.project_files import list_files, read_plain_file

MAX_FILE_BYTES, MAX_BYTES = 200_000, 12_000_000
"""Most bytes that are read of one file and of all. A larger file is data, or was made by a program."""

READING_S, COUNTING_S = 1.5, 0.5
"""Most seconds that reading takes, on a worker thread, and counting what was read. The next reading goes on with the
rest; files that are not counted in time are those furthest from the root.
"""

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

_IDENTIFIER = re.compile(r"(?<![\w\\])[A-Za-z_][A-Za-z0-9_]{3,60}(?!\w)")
_STEM = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_ENDING = re.compile(r"[A-Za-z0-9]+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PLAIN = re.compile(r"[a-z0-9]+|[A-Z][a-z0-9]*|[A-Z0-9]+")


@dataclass(slots=True)
class ReadFiles:
    """What was read of a folder: the time of change of each file, and how often it has which identifier. `names` are
    those of the files in `identifiers`, None where they have changed since.
    """

    identifiers: dict[str, tuple[int, Counter[str]]] = field(default_factory=dict)
    paths: list[Path] = field(default_factory=list)
    names: ProjectNames | None = None


def read_project(folder: Path, known: ReadFiles) -> ProjectNames:
    """Return the names in `folder`; of what is `known`, only files that have changed are read. Blocks for a while."""
    deadline = time.monotonic() + READING_S
    paths = list(list_files(folder, deadline))
    kept = _read_sources(paths, known.identifiers, deadline)
    is_same = paths == known.paths and kept.keys() == known.identifiers.keys()
    if known.names is None or not is_same or any(kept[path] is not known.identifiers[path] for path in kept):
        counts = [counts for _, counts in kept.values()]
        identifiers = find_identifiers(counts, time.monotonic() + COUNTING_S)
        known.names = ProjectNames(identifiers, find_files(path.name for path in paths))
    known.paths, known.identifiers = paths, kept
    return known.names


def _read_sources(
    paths: Iterable[Path], known: Mapping[str, tuple[int, Counter[str]]], deadline: float
) -> dict[str, tuple[int, Counter[str]]]:
    """Return what is in the sources among `paths`: what is `known`, and what is new as far as time and size allow."""
    left = MAX_BYTES
    kept: dict[str, tuple[int, Counter[str]]] = {}
    for path in paths:
        if path.suffix[1:].lower() not in SOURCES:
            continue
        try:
            stat = path.lstat()
            before = known.get(str(path))
            if before is not None and before[0] == stat.st_mtime_ns:
                kept[str(path)] = before
            elif stat.st_size <= min(MAX_FILE_BYTES, left) and time.monotonic() < deadline:
                left -= stat.st_size
                found = _IDENTIFIER.findall(read_plain_file(path, MAX_FILE_BYTES))
                kept[str(path)] = stat.st_mtime_ns, Counter(name for name in found if _PLAIN.fullmatch(name) is None)
        except OSError:  # it has gone, or is no plain file
            continue
    return kept


def find_identifiers(files: Iterable[Mapping[str, int]], deadline: float = math.inf) -> dict[tuple[str, ...], str]:
    """Return identifiers by their words, where one spelling is clearly the most frequent in the `files`.

    After the `deadline` (`time.monotonic()`) no further file is counted.
    """
    spellings: dict[tuple[str, ...], Counter[str]] = {}
    words_of: dict[str, tuple[str, ...]] = {}
    for counts in files:
        if time.monotonic() > deadline:
            break
        for name, count in counts.items():
            words = words_of.get(name) or words_of.setdefault(name, split_name(name))
            if 1 < len(words) <= MAX_WORDS:
                spellings.setdefault(words, Counter())[name] += count
    sure = {words: _find_sure(counts) for words, counts in spellings.items()}
    return {words: name for words, name in sure.items() if name is not None}


def find_files(names: Iterable[str]) -> dict[tuple[str, ...], str]:
    """Return the stems of files by their words with the ending behind them, where there is but one spelling."""
    stems: dict[tuple[str, ...], set[str]] = {}
    for name in names:
        stem, _, ending = name.rpartition(".")
        is_plain = _STEM.fullmatch(stem) and _ENDING.fullmatch(ending)
        if is_plain and (words := split_name(stem)):
            stems.setdefault((*words, ending.lower()), set()).add(stem)
    return {words: next(iter(found)) for words, found in stems.items() if len(found) == 1}


def split_name(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case: getUserName, get_user_name, get-user-name."""
    return tuple(part.lower() for part in _PART.findall(name))


def _find_sure(counts: Counter[str]) -> str | None:
    (name, count), *others = counts.most_common()
    return name if count >= SURE_SHARE * sum(number for _, number in others) else None
