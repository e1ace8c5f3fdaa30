"""Keep the app's own folders and files private to their user, also where they exist already with wider modes.

Folders become 0700 and files 0600, as new ones are. Only what is ours: never a folder that the user's things lie in,
and never what a link leads to, which may be anybody's. Where the file system cannot keep that (vfat, a read-only one,
files of another user), work goes on, and what stays wide is returned, to be said.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.paths import Paths

XDG = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
"""What names folders in which all programs keep things."""

OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""Everything that a mode allows to others than the owner."""


def narrow(path: Path) -> bool:
    """Take all access of other users to the file or folder at `path` away; return whether they have none now.

    A link is not followed: of what it leads to only the mode counts. Raises `FileNotFoundError`.
    """
    if not hasattr(os, "getuid"):  # Windows has no such modes
        return True
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return not path.stat().st_mode & OTHERS
    if mode & OTHERS:
        with suppress(OSError):
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)
        mode = path.lstat().st_mode  # some file systems take every mode and keep none
    return not mode & OTHERS


def is_personal(folder: Path) -> bool:
    """Return whether `folder` is one in which all of the user's programs keep things: the home, what is above it, or a
    folder of the XDG base directories. It is none of ours, whatever it is used for."""
    try:
        home = Path.home()
    except RuntimeError:  # a user without one
        return False
    shared = [home / name for name in (".config", ".cache", ".local", ".local/share", ".local/state")]
    shared += [Path(os.environ[name]) for name in XDG if os.environ.get(name)]
    return folder in (home, *home.parents, *shared)


def narrow_all(here: Paths) -> list[Path]:
    """Make all that is kept `here` private; return what stays open to others, without what is behind links.

    Looks at some thirty names. A folder that is closed hides what is in it: not every recording is looked at.
    """
    return [path for path in _ours(here) if not _is_shut(path)]


def _is_shut(path: Path) -> bool:
    try:
        return path.is_symlink() or narrow(path)
    except OSError:  # it is not there, or others' so much that not even the user sees it
        return True


def _ours(here: Paths) -> Iterator[Path]:
    told = (here.config, (here.settings, here.keys, here.vocabulary, here.applications, here.styles))
    kept = (here.data, (here.audio, here.models, *here.data.glob(f"{here.history.stem}.*")))
    state = here.hushed, here.clock, here.pill, here.speeds, here.updates, here.remote_desktop, here.declined_cleaned
    working = (here.state, (here.spool, here.logs, here.state_lock, *state))
    for root, names in (told, kept, working):
        if not root.is_symlink():
            yield from names if is_personal(root) else (root, *names)
    for folder in (here.logs, here.spool):
        if not (folder.is_symlink() or here.state.is_symlink()):
            yield from folder.glob("*")
    yield here.lock
