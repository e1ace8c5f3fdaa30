"""The settings in force, for what is given them as they were loaded."""

from __future__ import annotations

from desktop.settings.schema import HistorySettings, Settings
from desktop.settings.store import LoadedSettings


def in_force(history: HistorySettings, *, is_safe_mode: bool = False, may_decrypt: bool = False) -> LoadedSettings:
    """All defaults but the history's settings."""
    return LoadedSettings(Settings(history=history), is_safe_mode=is_safe_mode, may_decrypt=may_decrypt)
