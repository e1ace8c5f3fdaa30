"""The settings' file is followed while the app runs: who edits it by hand sees the app and its windows do as it says.

Its folder is watched as well as the file, since editors put a new file in the old one's place. Events come several for
one write, so what counts is that the file is another than it was, and it is looked at once they have settled.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from desktop.paths import private

SETTLE_MS = 120
"""Longer than an editor takes from its first write to its last, shorter than anybody waits."""


class SettingsWatch(QObject):
    """Watches the file at `path`; `written` comes whenever it is another, `looked` after each look."""

    written = Signal()
    looked = Signal()

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._settling = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settling.timeout.connect(self._look)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(lambda: self._settling.start())
        self._watcher.directoryChanged.connect(lambda: self._settling.start())
        with suppress(OSError):  # somebody else's folder: the settings window says so when one sets something
            self._watcher.addPath(str(private(path.parent)))
        self._seen = self._state()
        self._follow()

    def _look(self) -> None:
        self._follow()
        now = self._state()
        if now != self._seen:
            self._seen = now
            self.written.emit()
        self.looked.emit()

    def _follow(self) -> None:
        """A watch ends with the file that it was on."""
        if str(self._path) not in self._watcher.files() and self._path.exists():
            self._watcher.addPath(str(self._path))

    def _state(self) -> tuple[int, int, int] | None:
        try:
            told = self._path.stat()
        except OSError:
            return None
        return told.st_ino, told.st_mtime_ns, told.st_size
