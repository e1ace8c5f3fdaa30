"""Keep the app's folders and files private to their user, also where they exist already with wider modes.

Folders become 0700 and files 0600, as new ones are. Only Intone's own are changed, recognized by name: a folder is
restricted where everything in it has a name that Intone gives, else only its files that have. Never a folder that all
of the user's programs use, and never the target of a symbolic link. Where the file system cannot do that (vfat, a
read-only one, files of another user), work goes on, and the paths that stay open are returned, to be reported.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.core.paths import Paths

XDG = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
"""Variables that name folders which all programs share."""

OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""All mode bits of users other than the owner."""

_NEW = "[a-z0-9_]{8}"
"""The random part of `mkstemp`'s names."""

_TOP = re.compile(
    rf"(settings|keys|vocabulary|applications|styles)\.toml|\.(settings|keys|vocabulary|applications|styles)\.toml\.{_NEW}"
    rf"|history\.(sealed\.)?(damaged-\d{{8}}-\d{{6}}(-\d+)?\.)?db(-wal|-shm|-journal|\.other|\.wiping|\.part|\.{_NEW})*"
    r"|history\.(cleared(\.part)?|unread|begun|seal(\.new)?|lock|key\.lock|sealing\.lock)"
    r"|(hushed|clock|pill|updates|speeds)\.json(\.part)?|speeds\.new|declined\.cleaned|remote-desktop\.token"
    r"|intone\.lock|intone-[0-9a-f]{12}\.(sock|lock)"
)
"""Names of files in the folders of settings, data, state and the socket."""

_WITHIN = {
    "audio": re.compile(r"\d{8}-\d{6}-\d{6}\.flac(\.part)?"),
    "logs": re.compile(r"intone\.log(\.\d+)?"),
    "spool": re.compile(rf".+\.take|tmp{_NEW}\.part"),
    "models": re.compile(r"(?!)"),
}
"""Names of files in the subfolders of those."""


def narrow(path: Path) -> bool:
    """Remove all access of other users to the file or folder at `path`; return whether they have none now.

    A symbolic link is not followed: only the mode of its target is checked. Raises `FileNotFoundError`.
    """
    if not hasattr(os, "getuid"):  # Windows has no such modes
        return True
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return not path.stat().st_mode & OTHERS
    if mode & OTHERS:
        # Not by a descriptor: closing one would end SQLite's locks on that file.
        with suppress(OSError, NotImplementedError):  # the latter where a link has replaced it meanwhile
            path.chmod(stat.S_IMODE(mode) & ~OTHERS, follow_symlinks=False)
        mode = path.lstat().st_mode  # some file systems accept every mode and store none
    return not mode & OTHERS


def is_personal(folder: Path) -> bool:
    """Return whether all of the user's programs share `folder`, by whatever path: then it is not Intone's alone.

    That is the home directory, its parents, and the XDG base directories.
    """
    try:
        home = Path.home()
    except RuntimeError:  # a user without one
        return False
    shared = [home / name for name in (".config", ".cache", ".local", ".local/share", ".local/state")]
    shared += [Path(os.environ[name]) for name in XDG if os.environ.get(name)]
    return any(_is_same(folder, one) for one in (home, *home.parents, *home.resolve().parents, *shared))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # at least one does not exist
        return False


def may_close(folder: Path) -> bool:
    """Return whether `folder` is Intone's alone: no link, not shared, and everything in it has a name of Intone's.

    True for an empty folder.
    """
    return not folder.is_symlink() and not is_personal(folder) and _holds_only_ours(folder)


def _holds_only_ours(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return all(_is_ours(entry, folder) for entry in sorted(entries, key=os.DirEntry.is_dir))  # files first
    except OSError:
        return False


def _is_ours(entry: os.DirEntry[str], folder: Path) -> bool:
    if folder.name == "models" and _is_model(entry):
        return True
    if entry.name in _WITHIN:
        return entry.is_symlink() or (entry.is_dir() and _holds_only_ours(Path(entry.path)))
    return _is_our_file(entry, folder)


def _is_our_file(entry: os.DirEntry[str], folder: Path) -> bool:
    within = _WITHIN.get(folder.name)
    named = (within and within.fullmatch(entry.name)) or _TOP.fullmatch(entry.name)
    return bool(named) and not entry.is_dir(follow_symlinks=False)


def _is_model(entry: os.DirEntry[str]) -> bool:
    """Return whether it is a catalog model with no other files, or contains models being downloaded."""
    from models.catalog import catalogue  # needed only where the folder of models is not restricted

    if entry.is_symlink():
        return entry.name in catalogue()
    if not entry.is_dir():
        return entry.name.endswith(".lock") and entry.name.removesuffix(".lock") in catalogue()
    try:
        if entry.name == ".staging":
            with os.scandir(entry.path) as staged:
                return all(_is_model(one) for one in staged)
        if (model := catalogue().get(entry.name)) is None:
            return False
        names = {Path(file.name).parts[0] for source in model.sources for file in source.files}
        return all(file.name.removesuffix(".part") in names for file in Path(entry.path).iterdir())
    except OSError:  # it belongs to another user
        return False


def narrow_all(here: Paths) -> list[Path]:
    """Make all of the app's files private; return the paths that stay open to others, without those behind links.

    Lists the folders, and checks about thirty files. A restricted folder hides its contents, so recordings are checked
    one by one only where the user's own files lie among them. For recordings that stay open only the folder is
    returned.
    """
    wide = [path for path in _ours(here) if not _is_shut(path)]
    return list(dict.fromkeys(path.parent if path.parent == here.audio else path for path in wide))


def _is_shut(path: Path) -> bool:
    try:
        return path.is_symlink() or narrow(path)
    except OSError:  # it does not exist, or belongs to another user and is hidden from this one
        return True


def _ours(here: Paths) -> Iterator[Path]:
    for root in dict.fromkeys((here.config, here.data, here.state)):
        entries = _listed(root)
        if _closes(root):
            yield root
        for entry in entries:
            if entry.name in _WITHIN:
                yield from _kept(Path(entry.path))
            elif _is_our_file(entry, root):
                yield Path(entry.path)
    yield here.lock


def _kept(folder: Path) -> Iterator[Path]:
    """Yield Intone's files in one of the subfolders, and the folder itself where all of it is Intone's."""
    ours = _is_model if folder.name == "models" else lambda entry: _is_our_file(entry, folder)
    if closes := _closes(folder):
        yield folder
    if not closes or folder.name in ("logs", "spool"):
        yield from (Path(entry.path) for entry in _listed(folder) if ours(entry) and _is_wide(entry))


def _is_wide(entry: os.DirEntry[str]) -> bool:
    """Return whether other users have any access; faster than `restrict_to_owner` for thousands of recordings."""
    try:
        return bool(entry.stat(follow_symlinks=False).st_mode & OTHERS)
    except OSError:
        return False


def _closes(folder: Path) -> bool:
    """Return whether the folder is restricted or may be."""
    try:
        return not folder.lstat().st_mode & OTHERS or may_close(folder)
    except OSError:
        return False


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    """Return the folder's entries by name; empty where it is a link or cannot be read."""
    try:
        if folder.is_symlink():
            return []
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []
