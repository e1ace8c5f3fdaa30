"""Know the names of the project in a window, while the user speaks, from the folders that the user allows.

They are read on a worker thread at the press, kept in memory alone, and taken by the rule for spoken code where they
are there at the release: no text waits for them, and nothing else gets them, neither a recognizer nor a language model.
"""

from __future__ import annotations

import logging
import re
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from anyio import CapacityLimiter, to_thread

from desktop.core.tasks import SpawnTask
from desktop.core.types import ProjectNames, Target
from desktop.vocabulary.project_files import is_left_out
from desktop.vocabulary.project_names import ReadFiles, read_project

logger = logging.getLogger(__name__)

MAX_PROJECTS, MAX_WINDOWS = 4, 64
"""Most projects whose names are kept in memory, and most windows whose project is."""

MAX_TITLE = 300
"""Characters of a title that are looked at."""

_TITLE_PARTS = re.compile(r"\s+[-–—|•]\s+|[\[\]():]|\s+")
_TITLE_PHRASES = re.compile(r"\s+[-–—|•]\s+|[\[\]():]")

NO_NAMES = ProjectNames()


def _list_working_folders(pid: int) -> list[Path]:
    if not pid or sys.platform != "linux":
        return []
    from desktop.platforms.linux.process_folders import list_working_folders

    return list_working_folders(pid)


class ProjectReader:
    """Reads projects within `allowed` folders, one at a time; `spawn` runs work on the loop. Folders that cannot be
    expanded, or that are not absolute, count for nothing.
    """

    def __init__(
        self,
        allowed: Iterable[str],
        spawn: SpawnTask,
        list_folders: Callable[[int], list[Path]] = _list_working_folders,
    ) -> None:
        self._allowed = tuple(_expand_folders(allowed))
        self._spawn = spawn
        self._list_folders = list_folders
        self._limiter = CapacityLimiter(1)
        self._is_reading = False
        self._files: OrderedDict[Path, ReadFiles] = OrderedDict()
        self._names: OrderedDict[tuple[int, int], ProjectNames] = OrderedDict()

    def begin(self, target: Target) -> None:
        """Begin to read the project in the window `target`, unless one is being read."""
        if not self._is_reading:
            self._is_reading = True
            self._spawn(partial(self._read_once, target))

    def names_in(self, target: Target) -> ProjectNames:
        """Return what is known of the project in the window `target`."""
        return self._names.get((target.handle, target.pid), NO_NAMES)

    async def read(self, target: Target) -> None:
        """Read the project in the window `target` on a worker thread."""
        names = await to_thread.run_sync(self._read, target, abandon_on_cancel=True, limiter=self._limiter)
        self._names[target.handle, target.pid] = names
        self._names.move_to_end((target.handle, target.pid))
        while len(self._names) > MAX_WINDOWS:
            self._names.popitem(last=False)

    async def _read_once(self, target: Target) -> None:
        try:
            await self.read(target)
        finally:
            self._is_reading = False

    def _read(self, target: Target) -> ProjectNames:
        folder = find_project(target.title, self._list_folders(target.pid), self._allowed)
        if folder is None:
            return NO_NAMES
        files = self._files.setdefault(folder, ReadFiles())
        self._files.move_to_end(folder)
        while len(self._files) > MAX_PROJECTS:
            self._files.popitem(last=False)
        names = read_project(folder, files)
        logger.debug("%d identifiers and %d files of a project", len(names.identifiers), len(names.files))
        return names


def _expand_folders(folders: Iterable[str]) -> Iterator[Path]:
    for folder in folders:
        try:
            path = Path(folder).expanduser()
        except RuntimeError:  # the home of a user that is not there
            logger.warning("a folder of vocabulary.projects cannot be found")
            continue
        if path.is_absolute():
            yield path


def find_project(title: str, folders: Sequence[Path], allowed: Sequence[Path]) -> Path | None:
    """Return the root of the project in a window with this title, whose programs work in `folders`; None if that is in
    doubt, or in none of the `allowed` folders.
    """
    allowed, title = [folder.resolve() for folder in allowed], title[:MAX_TITLE]
    named = _find_roots(_folders_in_title(title, allowed), allowed)
    if len(named) == 1:
        return named[0]
    roots = _find_roots(folders, allowed)
    if len(roots) > 1:
        roots = [root for root in roots if root in named or root.name in _TITLE_PARTS.split(title)]
    return roots[0] if len(roots) == 1 else None


def _folders_in_title(title: str, allowed: Sequence[Path]) -> Iterator[Path]:
    """Yield the folders that a title names: by a path, or by the name of an allowed folder or of one in it."""
    for part in _TITLE_PARTS.split(title):
        if part.startswith(("/", "~/")):
            yield Path(part).expanduser()
    for phrase in map(str.strip, _TITLE_PHRASES.split(title)):
        if phrase and "/" not in phrase and phrase not in (".", ".."):
            yield from (folder if folder.name == phrase else folder / phrase for folder in allowed)


def _find_roots(folders: Iterable[Path], allowed: Sequence[Path]) -> list[Path]:
    """Return the projects of those `folders` that are there and allowed: up to a folder with a repository, else up to
    the one in an allowed folder. None lies in a hidden folder or in one that tools make, unless that is allowed itself.
    """
    roots: dict[Path, None] = {}
    for folder in folders:
        try:
            here = folder.resolve()
            tops = [top for top in allowed if here.is_relative_to(top)]
            top = max(tops, key=lambda top: len(top.parts), default=None)
            if top is None or not here.exists() or any(map(is_left_out, here.relative_to(top).parts)):
                continue
            inside = [here, *(parent for parent in here.parents if parent.is_relative_to(top))]
            repository = next((parent for parent in inside if (parent / ".git").exists()), None)
        except (OSError, ValueError):  # too long for a path, or none
            continue
        inside = [folder for folder in inside if folder.is_dir()]
        below = [parent for parent in inside if parent != top]
        roots[repository or (below[-1] if below else top)] = None
    return list(roots)
