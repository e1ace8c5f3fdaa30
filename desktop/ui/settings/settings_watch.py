"""Watch the settings file, so that a manual edit takes effect while the application runs.

The folder is watched as well, because editors replace the file. One write causes several events, so the file's stat is
compared after they have settled.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from desktop.core.paths import private

SETTLE_MS = 120
"""Milliseconds without events before the file is checked: longer than an editor takes to write, too short to notice."""


class SettingsWatch(QObject):
    """Watches the file at `path`. `written` is emitted when it changed, `looked` after each check."""

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
        with suppress(OSError):  # a folder of another user: the settings window reports it when a setting is changed
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
        """Watch the file again: a watch ends with the file that it was on."""
        if str(self._path) not in self._watcher.files() and self._path.exists():
            self._watcher.addPath(str(self._path))

    def _state(self) -> tuple[int, int, int] | None:
        try:
            told = self._path.stat()
        except OSError:
            return None
        return told.st_ino, told.st_mtime_ns, told.st_size
