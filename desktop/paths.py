"""Where everything lies: each platform's own folders, or all under `INTONE_HOME` for portable installs and tests."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from desktop.permissions import OTHERS, is_personal, may_close, narrow

RUNTIME = "intone-"
"""How the folder for the socket begins where there is no session's."""

_left_open: set[Path] = set()
"""Folders that `private` could not or may not close: to look through them again at each use would cost milliseconds."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The app's folders and files. Nothing is created by naming it; `private` creates one for the user alone."""

    config: Path
    data: Path
    state: Path
    runtime: Path

    @property
    def settings(self) -> Path:
        """The settings file, written for people."""
        return self.config / "settings.toml"

    @property
    def keys(self) -> Path:
        """Keys of services that the user chose to keep unencrypted."""
        return self.config / "keys.toml"

    @property
    def applications(self) -> Path:
        """The person's own rules for pasting into applications."""
        return self.config / "applications.toml"

    @property
    def styles(self) -> Path:
        """The person's own styles of writing, and where they hold."""
        return self.config / "styles.toml"

    @property
    def vocabulary(self) -> Path:
        """The person's own words, replacements and snippets, written for people."""
        return self.config / "vocabulary.toml"

    @property
    def declined_cleaned(self) -> Path:
        """Is there once the vocabulary was rid of pairs that earlier versions called declined."""
        return self.state / "declined.cleaned"

    @property
    def history(self) -> Path:
        """The SQLite file."""
        return self.data / "history.db"

    @property
    def audio(self) -> Path:
        """Kept recordings, one FLAC a history row."""
        return self.data / "audio"

    @property
    def spool(self) -> Path:
        """What is being said right now and what a crash left."""
        return self.state / "spool"

    @property
    def hushed(self) -> Path:
        """What other programs' sound was like before a dictation made it softer."""
        return self.state / "hushed.json"

    @property
    def clock(self) -> Path:
        """When the clock was last looked at."""
        return self.state / "clock.json"

    @property
    def pill(self) -> Path:
        """Where the pill was dragged to, on each screen."""
        return self.state / "pill.json"

    @property
    def models(self) -> Path:
        """Speech models, a folder each."""
        return self.data / "models"

    @property
    def speeds(self) -> Path:
        """How fast models were measured to be on this machine."""
        return self.state / "speeds.json"

    @property
    def updates(self) -> Path:
        """Which version was the newest when that was last asked for."""
        return self.state / "updates.json"

    @property
    def logs(self) -> Path:
        """The log file's folder."""
        return self.state / "logs"

    @property
    def remote_desktop(self) -> Path:
        """The token by which a Wayland desktop lets us press keys again."""
        return self.state / "remote-desktop.token"

    @property
    def socket(self) -> Path:
        """The running app's socket, named by the home it serves so that two homes do not meet."""
        return self.runtime / f"intone-{self._home_hash}.sock"

    @property
    def lock(self) -> Path:
        """Locked for as long as an app serves this home."""
        return self.runtime / f"intone-{self._home_hash}.lock"

    @property
    def state_lock(self) -> Path:
        """Locked as well: two apps with runtime folders of their own would have one spool."""
        return self.state / "intone.lock"

    @property
    def owns_runtime(self) -> bool:
        """Whether the socket's folder is ours alone, and not the session's."""
        return self.runtime.name.startswith(RUNTIME)

    @property
    def _home_hash(self) -> str:
        return hashlib.sha256(os.fsencode(self.config.resolve())).hexdigest()[:12]


def paths() -> Paths:
    """The folders for this process, by its environment.

    Without `XDG_RUNTIME_DIR` (a bare console, a chroot) the socket goes to a folder of this user's own under the
    temporary directory; `private` refuses it if another user owns it.
    """
    uid = os.getuid() if hasattr(os, "getuid") else 0
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or Path(tempfile.gettempdir()) / f"{RUNTIME}{uid}")
    home = os.environ.get("INTONE_HOME")
    if home:
        root = Path(home).expanduser().absolute()
        return Paths(config=root, data=root, state=root, runtime=runtime)
    dirs = platformdirs.PlatformDirs("intone", appauthor=False)
    return Paths(config=dirs.user_config_path, data=dirs.user_data_path, state=dirs.user_state_path, runtime=runtime)


def private(folder: Path, *, ours: bool = True) -> Path:
    """Create `folder` for this user alone (0700) and return it; one that is there already is closed to others.

    A folder that is not `ours` stays as it is, and so do one with anything in it that bears no name of ours, a link and
    what lies in a link, the home and what is above it. Where the file system cannot close it, it stays open
    (`permissions.narrow_all` says so), and is not looked through again. Raises `PermissionError` when it exists and
    belongs to another user.
    """
    for missing in reversed([above for above in (folder, *folder.parents) if not above.exists()]):
        missing.mkdir(exist_ok=True, mode=0o700)  # of its parents' mode `mkdir` has its own idea
    if not folder.is_dir():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))
    if hasattr(os, "getuid"):
        found = folder.stat()
        if found.st_uid != os.getuid():
            raise PermissionError(f"{folder} belongs to another user")
        if folder.lstat().st_uid not in (os.getuid(), 0):  # where everybody may write, they may lead us anywhere
            raise PermissionError(f"{folder} is another user's link")
        if ours and found.st_mode & OTHERS and folder not in _left_open:
            linked = folder.parent.is_symlink() and not is_personal(folder.parent)
            if linked or not may_close(folder) or not narrow(folder):
                _left_open.add(folder)
    return folder


def settle(folder: Path) -> None:
    """Have the names in `folder` on the disk, as its files are: a power cut else undoes a rename and keeps a deletion
    that came later. What has no such call (Windows) does so by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
