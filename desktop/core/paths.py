"""The app's folders and files: the platform's own, or all under `INTONE_HOME` for portable installs and tests."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from desktop.core.permissions import OTHERS_MODE, can_restrict, is_shared_dir, restrict_to_owner

RUNTIME_PREFIX = "intone-"
"""Prefix of the folder for the socket where there is no `XDG_RUNTIME_DIR`."""

_left_open: set[Path] = set()
"""Folders that `make_private_dir` could not or may not close. Checking them at each use would cost milliseconds."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The app's folders and files. Naming one creates nothing; `make_private_dir` creates one for the user alone."""

    config: Path
    data: Path
    state: Path
    runtime: Path

    @property
    def settings(self) -> Path:
        """The settings file, edited by hand."""
        return self.config / "settings.toml"

    @property
    def valid_settings(self) -> Path:
        """A copy of the settings file as it was when it was last valid."""
        return self.state / "valid-settings.toml"

    @property
    def keys(self) -> Path:
        """API keys that the user chose to store unencrypted."""
        return self.config / "keys.toml"

    @property
    def applications(self) -> Path:
        """The user's own rules for pasting into applications."""
        return self.config / "applications.toml"

    @property
    def styles(self) -> Path:
        """The user's own styles of writing, and where they apply."""
        return self.config / "styles.toml"

    @property
    def vocabulary(self) -> Path:
        """The user's own words, replacements and snippets, edited by hand."""
        return self.config / "vocabulary.toml"

    @property
    def declined_cleaned_marker(self) -> Path:
        """Marker: the vocabulary has been cleaned of pairs that earlier versions called declined."""
        return self.state / "declined.cleaned"

    @property
    def history(self) -> Path:
        """The SQLite file."""
        return self.data / "history.db"

    @property
    def audio(self) -> Path:
        """Recordings of the history, one FLAC file per row."""
        return self.data / "audio"

    @property
    def spool(self) -> Path:
        """The recording of the running dictation, and those that a crash left behind."""
        return self.state / "spool"

    @property
    def ducked_streams(self) -> Path:
        """The volumes of other programs before a dictation turned them down."""
        return self.state / "hushed.json"

    @property
    def muted_calls(self) -> Path:
        """The other programs' recording streams that a dictation has muted; missing where none is."""
        return self.state / "muted.json"

    @property
    def calls_offered_marker(self) -> Path:
        """Marker: it was offered to mute the user in calls."""
        return self.state / "calls.offered"

    @property
    def first_run_marker(self) -> Path:
        """Marker: the user has closed the first run."""
        return self.state / "first-run.done"

    @property
    def clock(self) -> Path:
        """When the clock was last checked."""
        return self.state / "clock.json"

    @property
    def pill(self) -> Path:
        """Where the user dragged the pill to, on each screen."""
        return self.state / "pill.json"

    @property
    def models(self) -> Path:
        """Speech models, one folder each."""
        return self.data / "models"

    @property
    def voice_heads(self) -> Path:
        """Heads for voices that the user has built (`desktop.emotion.voice_heads`)."""
        return self.data / "emotion"

    @property
    def model_speeds(self) -> Path:
        """Measured speeds of models on this machine."""
        return self.state / "speeds.json"

    @property
    def bench_results(self) -> Path:
        """What models made of the recordings of the history: counts, no words."""
        return self.state / "bench.json"

    @property
    def updates(self) -> Path:
        """The newest version at the last check for updates."""
        return self.state / "updates.json"

    @property
    def logs(self) -> Path:
        """The folder of the log file."""
        return self.state / "logs"

    @property
    def portal_keys(self) -> Path:
        """Which keys a Wayland desktop was allowed to give: it is asked for them again without a dialog."""
        return self.state / "portal-keys.json"

    @property
    def remote_desktop(self) -> Path:
        """The token by which a Wayland desktop grants key presses again."""
        return self.state / "remote-desktop.token"

    @property
    def socket(self) -> Path:
        """The socket of the running app. Its name contains a hash of the home, so that two homes do not collide."""
        return self.runtime / f"intone-{self._home_hash}.sock"

    @property
    def endpoint(self) -> Path:
        """The port of the running app and the token of its clients, where its channel is a port (Windows)."""
        return self.runtime / f"intone-{self._home_hash}.port"

    @property
    def lock(self) -> Path:
        """Locked for as long as an app serves this home."""
        return self.runtime / f"intone-{self._home_hash}.lock"

    @property
    def state_lock(self) -> Path:
        """A second lock: two apps with different runtime folders would share one spool."""
        return self.state / "intone.lock"

    @property
    def owns_runtime(self) -> bool:
        """Return whether the socket's folder is the app's own, and not the session's."""
        return self.runtime.name.startswith(RUNTIME_PREFIX)

    @property
    def _home_hash(self) -> str:
        return hashlib.sha256(os.fsencode(self.config.resolve())).hexdigest()[:12]


def find_paths(platform: str = sys.platform) -> Paths:
    """Return the folders for this process, by its environment.

    Without `XDG_RUNTIME_DIR` (a bare console, a chroot) the socket goes to the user's own folder under the temporary
    directory; `make_private_dir` refuses it if another user owns it. On Windows locks and the file of the channel are
    under `%LOCALAPPDATA%`, whose access list keeps other users out, also with `INTONE_HOME`.
    """
    dirs = platformdirs.PlatformDirs("intone", appauthor=False)
    if platform == "win32":
        runtime = dirs.user_data_path
    else:
        own = Path(tempfile.gettempdir()) / f"{RUNTIME_PREFIX}{os.getuid()}"
        runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or own)
    home = os.environ.get("INTONE_HOME")
    if home:
        root = Path(home).expanduser().absolute()
        return Paths(config=root, data=root, state=root, runtime=runtime)
    return Paths(config=dirs.user_config_path, data=dirs.user_data_path, state=dirs.user_state_path, runtime=runtime)


def make_private_dir(folder: Path, *, is_own: bool = True) -> Path:
    """Create `folder` for this user alone (0700) and return it; close an existing one to other users.

    Left as they are: a folder that is not the app's own (`is_own`), one that contains any name that is not Intone's, a
    symbolic link and what lies in one, the home directory and its parents. Where the file system cannot close a folder,
    it stays open (`desktop.core.permissions.restrict_all` returns it) and is not checked again. On Windows access lists
    take the place of modes: a new folder gets one for this user, and what exists is left as it is.
    Raises `PermissionError` when it exists and belongs to another user.
    """
    if not folder.is_dir():
        for missing in reversed([above for above in (folder, *folder.parents) if not above.exists()]):
            _make_dir(missing)  # `mkdir(parents=True)` would ignore the mode for parents
    if not folder.is_dir():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))
    if hasattr(os, "getuid"):
        status = folder.stat()
        if status.st_uid != os.getuid():
            raise PermissionError(f"{folder} belongs to another user")
        if folder.lstat().st_uid not in (os.getuid(), 0):  # in a world-writable folder others can plant links
            raise PermissionError(f"{folder} is another user's link")
        if is_own and status.st_mode & OTHERS_MODE and folder not in _left_open:
            linked = folder.parent.is_symlink() and not is_shared_dir(folder.parent)
            if linked or not can_restrict(folder) or not restrict_to_owner(folder):
                _left_open.add(folder)
    return folder


def _make_dir(folder: Path) -> None:
    if hasattr(os, "getuid"):
        folder.mkdir(exist_ok=True, mode=0o700)
    else:
        from desktop.core.windows_access import make_user_folder

        make_user_folder(folder)
