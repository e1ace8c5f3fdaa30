"""The settings of a running app, which outlast an invalid or missing settings file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Lock

from desktop.core.messages import Message
from desktop.settings import store
from desktop.settings.safety import DELETION_PAUSED
from desktop.settings.store import LoadedSettings


class LiveSettings:
    """The settings in the file at `path`, and in safe mode those that were in force before.

    So private mode does not end for a missing bracket during an edit, nor for a misspelt line, nor when a file that was
    not empty is missing or empty (a checkout of dotfiles, an editor that met a full disk). The next write restores such
    a file first: one with only the new key would reset everything else. Any thread may call.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last: LoadedSettings | None = None
        self._lock = Lock()

    def load(self) -> LoadedSettings:
        """Return the settings in force now. Never raises."""
        with self._lock:
            return self._load()

    def _load(self) -> LoadedSettings:
        last = self._last
        loaded = store.load_settings(self.path, last)
        error = loaded.read_error
        if last is not None and loaded.is_empty and not last.is_empty:
            error = Message("settings-gone", path=str(self.path))
        if error is None:
            self._last = loaded
        elif last is not None:
            consequences = (Message("settings-kept", problem=error), DELETION_PAUSED)
            unread = replace(last, is_safe_mode=True, may_decrypt=False, read_error=error)
            return replace(unread, consequences=consequences, lines=())
        return loaded

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
