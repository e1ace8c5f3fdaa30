"""Keep the app's folders and files private to their user, also where they exist already with wider modes.

Folders become 0700 and files 0600, as new ones are. Only Intone's own are changed, recognized by name: a folder is
restricted where everything in it has a name that Intone gives, else only its files that have. Never a folder that all
of the user's programs use, and never the target of a symbolic link. Where the file system cannot do that (vfat, a
read-only one, files of another user), the app works all the same, and the paths that stay open are returned, to be
reported.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

XDG_VARIABLES = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
"""Variables that name folders which all programs share."""

OTHERS_MODE = stat.S_IRWXG | stat.S_IRWXO
"""All mode bits of users other than the owner."""

_MKSTEMP_SUFFIX = "[a-z0-9_]{8}"
"""The random part of the names of `desktop.core.files.create_unique_file`, and of `mkstemp`'s in older versions."""

_FILE_NAMES = re.compile(
    r"(settings|keys|vocabulary|applications|styles)\.toml"
    rf"|\.(settings|keys|vocabulary|applications|styles|valid-settings)\.toml\.{_MKSTEMP_SUFFIX}"
    rf"|history\.(sealed\.)?(damaged-\d{{8}}-\d{{6}}(-\d+)?\.)?db(-wal|-shm|-journal|\.other|\.wiping|\.part|\.{_MKSTEMP_SUFFIX})*"
    r"|history\.(cleared(\.part)?|unread|begun|seal(\.new|\.part)?|lock|key\.lock|sealing\.lock)"
    r"|(hushed|muted|clock|pill|updates|speeds|bench|portal-keys)\.json(\.part)?|speeds\.new|declined\.cleaned"
    r"|remote-desktop\.token|muted\.lock|calls\.offered|first-run\.done"
    r"|valid-settings\.toml(\.part)?|(intone|settings)\.lock|intone-[0-9a-f]{12}\.(sock|lock|port(\.part)?)"
)
"""Names of files in the folders of settings, data, state and the socket."""

_SUBFOLDER_FILE_NAMES = {
    "audio": re.compile(r"\d{8}-\d{6}-\d{6}\.flac(\.part)?"),
    "logs": re.compile(r"intone\.log(\.\d+)?"),
    "spool": re.compile(rf".+\.take(\.part)?|tmp{_MKSTEMP_SUFFIX}\.part"),
    "models": re.compile(r"(?!)"),
    "emotion": re.compile(rf"voice-[\w.-]+\.(npz|json|md)|\.voice-[\w.-]+\.npz\.{_MKSTEMP_SUFFIX}"),
}
"""Names of files in the subfolders of those."""


def restrict_to_owner(path: Path) -> bool:
    """Remove all access of other users to the file or folder at `path`; return whether they have none now.

    A symbolic link is not followed: only the mode of its target is checked. Raises `FileNotFoundError`.
    """
    if not hasattr(os, "getuid"):  # Windows has no such modes
        return True
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return not path.stat().st_mode & OTHERS_MODE
    if mode & OTHERS_MODE:
        # Not by a descriptor: closing one would end SQLite's locks on that file.
        with suppress(OSError, NotImplementedError):  # the latter where a link has replaced it meanwhile
            path.chmod(stat.S_IMODE(mode) & ~OTHERS_MODE, follow_symlinks=False)
        mode = path.lstat().st_mode  # some file systems accept every mode and store none
    return not mode & OTHERS_MODE


def is_shared_dir(folder: Path) -> bool:
    """Return whether all of the user's programs share `folder`, by whatever path: then it is not Intone's alone.

    That is the home directory, its parents, and the XDG base directories.
    """
    try:
        home = Path.home()
    except RuntimeError:  # a user without one
        return False
    shared = [home / name for name in (".config", ".cache", ".local", ".local/share", ".local/state")]
    shared += [Path(os.environ[name]) for name in XDG_VARIABLES if os.environ.get(name)]
    return any(_is_same_file(folder, other) for other in (home, *home.parents, *home.resolve().parents, *shared))


def _is_same_file(first: Path, second: Path) -> bool:
    try:
        return first.samefile(second)
    except OSError:  # at least one does not exist
        return False


def can_restrict(folder: Path) -> bool:
    """Return whether `folder` is Intone's alone: no link, not shared, and everything in it has a name of Intone's.

    True for an empty folder.
    """
    return not folder.is_symlink() and not is_shared_dir(folder) and _contains_only_own(folder)


def _contains_only_own(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return all(_is_own_entry(entry, folder) for entry in sorted(entries, key=os.DirEntry.is_dir))  # files first
    except OSError:
        return False


def _is_own_entry(entry: os.DirEntry[str], folder: Path) -> bool:
    if folder.name == "models" and _is_model_entry(entry):
        return True
    if entry.name in _SUBFOLDER_FILE_NAMES:
        return entry.is_symlink() or (entry.is_dir() and _contains_only_own(Path(entry.path)))
    return _is_own_file(entry, folder)


def _is_own_file(entry: os.DirEntry[str], folder: Path) -> bool:
    pattern = _SUBFOLDER_FILE_NAMES.get(folder.name)
    has_own_name = (pattern and pattern.fullmatch(entry.name)) or _FILE_NAMES.fullmatch(entry.name)
    return bool(has_own_name) and not entry.is_dir(follow_symlinks=False)


def _is_model_entry(entry: os.DirEntry[str]) -> bool:
    """Return whether it is a catalog model with no other files, or contains models being downloaded."""
    from models.catalog import load_catalog  # needed only where the folder of models is not restricted

    if entry.is_symlink():
        return entry.name in load_catalog()
    if not entry.is_dir():
        return entry.name.endswith(".lock") and entry.name.removesuffix(".lock") in load_catalog()
    try:
        if entry.name == ".staging":
            with os.scandir(entry.path) as staged:
                return all(map(_is_model_entry, staged))
        if (model := load_catalog().get(entry.name)) is None:
            return False
        names = {Path(file.name).parts[0] for source in model.sources for file in source.files}
        return all(file.name.removesuffix(".part") in names for file in Path(entry.path).iterdir())
    except OSError:  # it belongs to another user
        return False


class AppFolders(Protocol):
    """The paths of `desktop.core.paths.Paths` that `restrict_all` checks."""

    @property
    def config(self) -> Path:
        """The folder of the settings and the vocabulary."""
        ...

    @property
    def data(self) -> Path:
        """The folder of the history."""
        ...

    @property
    def state(self) -> Path:
        """The folder of logs and unfinished recordings."""
        ...

    @property
    def audio(self) -> Path:
        """The folder of recordings."""
        ...

    @property
    def lock(self) -> Path:
        """The file that allows only one running app."""
        ...


def restrict_all(paths: AppFolders) -> list[Path]:
    """Make all of the app's files private; return the paths that stay open to others, without those behind links.

    Lists the folders, and checks about thirty files. A restricted folder hides its contents, so recordings are checked
    one by one only where the user's own files lie among them. For recordings that stay open only the folder is
    returned. On Windows nothing is changed, and the folders are returned whose access lists let other users in.
    """
    if not hasattr(os, "getuid"):
        from desktop.core.windows_access import find_open_folders

        return find_open_folders(list(dict.fromkeys((paths.config, paths.data, paths.state, paths.lock.parent))))
    open_paths = [path for path in _iterate_own_paths(paths) if not _is_restricted(path)]
    return list(dict.fromkeys(path.parent if path.parent == paths.audio else path for path in open_paths))


def _is_restricted(path: Path) -> bool:
    try:
        return path.is_symlink() or restrict_to_owner(path)
    except OSError:  # it does not exist, or belongs to another user and is hidden from this one
        return True


def _iterate_own_paths(paths: AppFolders) -> Iterator[Path]:
    for root in dict.fromkeys((paths.config, paths.data, paths.state)):
        entries = _list_entries(root)
        if _is_restricted_or_can_be(root):
            yield root
        for entry in entries:
            if entry.name in _SUBFOLDER_FILE_NAMES:
                yield from _iterate_subfolder(Path(entry.path))
            elif _is_own_file(entry, root):
                yield Path(entry.path)
    yield paths.lock


def _iterate_subfolder(folder: Path) -> Iterator[Path]:
    """Yield Intone's files in one of the subfolders, and the folder itself where all of it is Intone's."""
    is_own = _is_model_entry if folder.name == "models" else lambda entry: _is_own_file(entry, folder)
    if is_closed := _is_restricted_or_can_be(folder):
        yield folder
    if not is_closed or folder.name in ("logs", "spool"):
        yield from (Path(entry.path) for entry in _list_entries(folder) if is_own(entry) and _is_open_to_others(entry))


def _is_open_to_others(entry: os.DirEntry[str]) -> bool:
    """Return whether other users have any access; faster than `restrict_to_owner` for thousands of recordings."""
    try:
        return bool(entry.stat(follow_symlinks=False).st_mode & OTHERS_MODE)
    except OSError:
        return False


def _is_restricted_or_can_be(folder: Path) -> bool:
    """Return whether the folder is restricted or may be."""
    try:
        return not folder.lstat().st_mode & OTHERS_MODE or can_restrict(folder)
    except OSError:
        return False


def _list_entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return the folder's entries by name; empty where it is a link or cannot be read."""
    try:
        if folder.is_symlink():
            return []
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []
