"""Watch the settings file, so that a manual edit takes effect while the application runs.

The folder is watched as well, because editors replace the file. One write causes several events, so the file's stat is
compared after they have settled. Only events of the file itself are waited out: those of the folder may never end,
since each read of the history makes and removes files there.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from desktop.core.paths import make_private_dir

SETTLE_MS = 120
"""Milliseconds without events before the file is checked: longer than an editor takes to write, too short to notice."""


class SettingsWatcher(QObject):
    """Watches the file at `path`. `changed` is emitted when it changed, `checked` after each check."""

    changed = Signal()
    checked = Signal()

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._settle_timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle_timer.timeout.connect(self._check_file)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(lambda: self._settle_timer.start())
        self._watcher.directoryChanged.connect(self._check_soon)
        with suppress(OSError):  # a folder of another user: the settings window reports it when a setting is changed
            self._watcher.addPath(str(make_private_dir(path.parent)))
        self._last_stat = self._read_stat()
        self._watch_file()

    def _check_soon(self) -> None:
        if not self._settle_timer.isActive():
            self._settle_timer.start()

    def _check_file(self) -> None:
        self._watch_file()
        now = self._read_stat()
        if now != self._last_stat:
            self._last_stat = now
            self.changed.emit()
        self.checked.emit()

    def _watch_file(self) -> None:
        """Watch the file again: a watch ends with the file that it was on."""
        if str(self._path) not in self._watcher.files() and self._path.exists():
            self._watcher.addPath(str(self._path))

    def _read_stat(self) -> tuple[int, int, int] | None:
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns, stat.st_size
