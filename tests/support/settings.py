"""The settings in force, for what is given them as they were loaded."""

from __future__ import annotations

from pathlib import Path

from desktop.core.paths import Paths
from desktop.settings.live import LiveSettings
from desktop.settings.schema import HistorySettings, Settings
from desktop.settings.store import LoadedSettings


def in_force(history: HistorySettings, *, is_safe_mode: bool = False, may_decrypt: bool = False) -> LoadedSettings:
    """All defaults but the history's settings."""
    return LoadedSettings(Settings(history=history), is_safe_mode=is_safe_mode, may_decrypt=may_decrypt)


def live_settings(file: Path) -> LiveSettings:
    """Those of an app with this settings file and its state beside it."""
    paths = Paths(config=file.parent, data=file.parent, state=file.parent, runtime=file.parent)
    assert paths.settings == file
    return LiveSettings(paths)
