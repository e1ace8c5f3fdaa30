"""Notice that this app's files were replaced while it runs, and load no part of another version into it.

A package manager puts a new version in the place of the one that runs. What is loaded stays as it was; a module that is
imported later would come from the new version. A package of which a part is loaded therefore loads no more of itself
then, unless it is a library in the same version as before. One of which nothing is loaded may still come, since all of
it is of one version. A bundle has all its modules in the file that was replaced, and loads none of them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from desktop.core.errors import UserError
from desktop.core.installation import find_program
from desktop.core.process import PACKAGE_ROOT

type FileStamp = tuple[int, int, int, int]
"""Device, inode, time of change in nanoseconds and bytes of a file: another file has another stamp."""


class AppReplacedError(UserError, ImportError):
    """A module belongs to another version; also an `ImportError`, which libraries expect where they try one."""

    def __init__(self, name: str) -> None:
        UserError.__init__(self, "app-replaced")
        self.name = name


class InstalledFiles:
    """The installed files of this app, by one of them that every version has and replaces."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._first = self.read_stamp()

    def read_stamp(self) -> FileStamp | None:
        """Return the file's stamp; None while it is missing."""
        try:
            found = os.stat(self._file)  # noqa: PTH116 (for each import: a `Path` takes twice as long)
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


OWN_PACKAGES = ("desktop", "models")
"""The packages of this app, which are of another version whenever its files are replaced."""


class ImportGuard(MetaPathFinder):
    """Refuses modules of another version once `files` are replaced, by `AppReplacedError`."""

    def __init__(self, files: InstalledFiles, *, frozen: bool = hasattr(sys, "frozen")) -> None:
        self._files = files
        self._frozen = frozen
        self._loaded: frozenset[str] | None = None

    def install(self) -> None:
        """Guard all imports from now on."""
        import desktop.core.texts.table  # noqa: F401 (what a refusal says is imported by then)

        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        """Guard no more."""
        sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find nothing, which leaves it to the others. Raises `AppReplacedError`."""
        if not self._files.are_replaced:
            self._loaded = None
            return None
        if self._loaded is None:
            self._loaded = frozenset(name.partition(".")[0] for name in sys.modules) - sys.stdlib_module_names
        root = fullname.partition(".")[0]
        if self._frozen and root not in sys.builtin_module_names:
            raise AppReplacedError(fullname)
        if root in self._loaded and not _is_in_same_version(root):
            raise AppReplacedError(fullname)
        return None


def _is_in_same_version(root: str) -> bool:
    """Return whether a loaded library is installed in the version that is loaded; False where that is not known."""
    from importlib import metadata

    loaded = getattr(sys.modules.get(root), "__version__", None)
    try:
        return root not in OWN_PACKAGES and loaded is not None and metadata.version(root) == loaded
    except metadata.PackageNotFoundError:
        return False
