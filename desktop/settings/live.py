"""The settings in force, which outlast an invalid or missing settings file, and a restart with an invalid one."""

from __future__ import annotations

import logging
from dataclasses import replace
from threading import Lock

from desktop.core.files import write_file
from desktop.core.locks import lock_folder
from desktop.core.messages import Message
from desktop.core.paths import Paths, make_private_dir
from desktop.settings import store
from desktop.settings.safety import DELETION_PAUSED, build_notice
from desktop.settings.store import LoadedSettings

logger = logging.getLogger(__name__)


def load_in_force(paths: Paths) -> LoadedSettings:
    """Return the settings in force, as an app that starts now has them. Never raises, never writes."""
    return LiveSettings(paths).load()


class LiveSettings:
    """The settings in the file at `paths.settings`, and in safe mode those that were in force before.

    For every line that is not valid now, what was in force when the file was last valid stays in force. A copy of that
    file (`paths.valid_settings`, brought up to date by the app and by commands that write settings) makes this hold
    across restarts, and for commands. So private mode does not end for a misspelt line, nor for a missing bracket
    during an edit.

    A file that is missing or empty though there was one is in doubt likewise (a folder that is mounted late, a checkout
    of dotfiles, an editor that met a full disk): nothing changes, and the next write restores it first, since one with
    only the new key would reset everything else. Any thread may call.
    """

    def __init__(self, paths: Paths) -> None:
        self.path = paths.settings
        self._copy = paths.valid_settings
        self._first_run_marker = paths.first_run_marker
        self._last: LoadedSettings | None = None
        self._valid: LoadedSettings | None = None
        self._had_file = False
        self._lock = Lock()

    def load(self) -> LoadedSettings:
        """Return the settings in force now. Never raises."""
        with self._lock:
            return self._load()

    def _load(self) -> LoadedSettings:
        if self._last is None and self._valid is None:
            self._read_copy()
        loaded = store.load_settings(self.path, self._valid)
        is_gone = loaded.is_empty and self._had_file
        self._had_file |= not loaded.is_empty
        error = Message("settings-gone", path=str(self.path)) if is_gone else loaded.read_error
        if error is None:
            self._last = loaded
            if not loaded.is_safe_mode:
                self._valid = loaded
            return loaded
        last = self._last or self._valid
        if last is None:
            return store.use_defaults(self.path, error)
        code, effect = ("settings-kept", "settings-kept-in-force")
        if self._last is None:  # what was set while a line was invalid is not in the copy
            code, effect = ("settings-valid-kept", "settings-valid-in-force")
        return replace(
            last,
            consequences=(Message(code, problem=error), DELETION_PAUSED),
            lines=(),
            is_safe_mode=True,
            may_decrypt=False,
            read_error=error,
            notice=build_notice(error, Message(effect)),
        )

    def _read_copy(self) -> None:
        """Take from the copy what was valid last; the lines of it that this version knows."""
        copy = store.load_settings(self._copy)
        self._had_file |= not copy.is_empty
        self._valid = None if copy.is_empty or copy.read_error is not None else copy

    def save_valid(self) -> None:
        """Copy the settings file as it is, or as it was when it was last valid, where the copy differs. Blocks."""
        try:
            folder = make_private_dir(self._copy.parent)
            with lock_folder(folder):  # of several writers the last copies what is in the file then
                self.load()
                valid = self._valid
                if valid is None or valid.is_empty or valid.text == store.load_settings(self._copy).text:
                    return
                write_file(self._copy, valid.text, sync=True, unique=True)
        except OSError as error:
            logger.warning("the valid settings could not be copied: %s", error.strerror)

    def write_setting(self, key: str, value: str) -> None:
        """Write `key` into the file, as `desktop.settings.store.write_setting`."""
        store.write_setting(self.path, key, value, self._find_fallback_text())

    def reset_setting(self, key: str) -> None:
        """Remove `key` from the file, as `desktop.settings.store.reset_setting`."""
        store.reset_setting(self.path, key, self._find_fallback_text())

    def finish_first_run(self) -> None:
        """Note that the user has closed the first run, and create the file where it is missing, as
        `desktop.settings.store.ensure_file`."""
        store.ensure_file(self.path, self._find_fallback_text())
        try:
            make_private_dir(self._first_run_marker.parent)
            self._first_run_marker.touch(mode=0o600)
        except OSError as error:
            logger.warning("that the first run is over could not be noted: %s", error.strerror)

    def is_first_start(self) -> bool:
        """Return whether there is no settings file and no copy of one."""
        return not self.path.exists() and not self._copy.exists()

    def is_first_run_finished(self) -> bool:
        """Return whether the user has closed the first run."""
        return self._first_run_marker.exists()

    def _find_fallback_text(self) -> str:
        """Return the text of the file that was in force last."""
        with self._lock:
            self._load()
            last = self._last or self._valid
            return last.text if last is not None else ""
