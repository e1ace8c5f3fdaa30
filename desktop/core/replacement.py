"""Notice that this app's files were replaced while it runs.

A package manager puts a new version in the place of the one that runs. What is loaded stays as it was; what is loaded
later comes from the new version (`desktop.app.preload`), but for the modules of a bundle, which imports them from the
program that runs.
"""

from __future__ import annotations

import sys
from pathlib import Path

from desktop.core.installation import find_program
from desktop.core.process import PACKAGE_ROOT

type FileStamp = tuple[int, int, int, int]
"""Device, inode, time of change in nanoseconds and bytes of a file: another file has another stamp."""


class InstalledFiles:
    """The installed files of this app, by one of them that every version has and replaces."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._first = self.read_stamp()

    def read_stamp(self) -> FileStamp | None:
        """Return the file's stamp; None while it is missing."""
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size

    @property
    def are_replaced(self) -> bool:
        """Return whether there are others now; False where there are none."""
        return self.read_stamp() not in (None, self._first)


def find_installed_files() -> InstalledFiles | None:
    """Return the files of this installation; None in a checkout, where they change as they are edited, and on Windows,
    where no file can be replaced that is in use."""
    import sysconfig

    if sys.platform == "win32":
        return None
    if getattr(sys, "frozen", False):
        return InstalledFiles(Path(find_program()[0]))
    installed = str(PACKAGE_ROOT) in map(sysconfig.get_path, ("purelib", "platlib"))
    return InstalledFiles(PACKAGE_ROOT / "desktop" / "__init__.py") if installed else None
