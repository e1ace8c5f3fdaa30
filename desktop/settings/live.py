"""The settings in force, which outlast an invalid or missing settings file, and a restart with an invalid one."""

from __future__ import annotations

import logging
from dataclasses import replace
from threading import Lock

from desktop.core.files import write_file
from desktop.core.messages import Message
from desktop.core.paths import Paths, make_private_dir
from desktop.settings import store
from desktop.settings.safety import DELETION_PAUSED
from desktop.settings.store import LoadedSettings

logger = logging.getLogger(__name__)


def load_in_force(paths: Paths) -> LoadedSettings:
    """Return the settings in force, as an app that starts now has them. Never raises, never writes."""
    return LiveSettings(paths).load()


class LiveSettings:
    """The settings in the file at `paths.settings`, and in safe mode those that were in force before.

    For every line that is not valid now, what was in force when the file was last valid stays in force. A copy of that
    file (`paths.valid_settings`, written by the app alone) makes this hold across restarts, and for commands. So
    private mode does not end for a misspelt line, nor for a missing bracket during an edit.

    A file that is missing or empty at a start means the defaults: the user has removed it, and the copy goes too. While
    the app runs nothing changes (a checkout of dotfiles, an editor that met a full disk), and the next write restores
    such a file first: one with only the new key would reset everything else. Any thread may call.
    """

    def __init__(self, paths: Paths) -> None:
        self.path = paths.settings
        self._copy = paths.valid_settings
        self._last: LoadedSettings | None = None
        self._valid: LoadedSettings | None = None
        self._copied_text: str | None = None
        self._lock = Lock()
        self._copy_lock = Lock()

    def load(self) -> LoadedSettings:
        """Return the settings in force now. Never raises."""
        with self._lock:
            return self._load()

    def _load(self) -> LoadedSettings:
        if self._last is None:
            self._read_copy()
        last = self._last or self._valid
        loaded = store.load_settings(self.path, self._valid.settings if self._valid is not None else None)
        error = loaded.read_error
        if self._last is not None and loaded.is_empty and not self._last.is_empty:
            error = Message("settings-gone", path=str(self.path))
        if error is None:
            self._last = loaded
            if not loaded.is_safe_mode:
                self._valid = loaded
        elif last is not None:
            self._last = last
            consequences = (Message("settings-kept", problem=error), DELETION_PAUSED)
            unread = replace(last, is_safe_mode=True, may_decrypt=False, read_error=error)
            return replace(unread, consequences=consequences, lines=(), notice=Message("settings-unread-kept"))
        return loaded

    def _read_copy(self) -> None:
        copy = store.load_settings(self._copy)
        self._copied_text = None if copy.is_safe_mode else copy.text
        self._valid = None if copy.is_safe_mode or copy.is_empty else copy

    def save_valid(self) -> None:
        """Copy the settings file as it was when it was last valid, where the copy differs. Blocks; for the app."""
        with self._copy_lock:
            valid = self._valid
            if valid is None:
                return
            text = "" if valid.is_empty else valid.text
            if text == self._copied_text:
                return
            try:
                if text:
                    make_private_dir(self._copy.parent)
                    write_file(self._copy, text, sync=True)
                else:
                    self._copy.unlink(missing_ok=True)
            except OSError as error:
                logger.warning("the valid settings could not be copied: %s", error.strerror)
                return
            self._copied_text = text

    def write_setting(self, key: str, value: str) -> None:
        """Write `key` into the file, as `desktop.settings.store.write_setting`."""
        store.write_setting(self.path, key, value, self._fallback_text)

    def reset_setting(self, key: str) -> None:
        """Remove `key` from the file, as `desktop.settings.store.reset_setting`."""
        store.reset_setting(self.path, key, self._fallback_text)

    def ensure_file(self) -> None:
        """Create the file where it is missing, as `desktop.settings.store.ensure_file`."""
        store.ensure_file(self.path, self._fallback_text)

    @property
    def _fallback_text(self) -> str:
        """The text of the file that was in force last."""
        return self._last.text if self._last is not None else ""
