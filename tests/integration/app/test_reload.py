"""Settings that are read again are in force, also where a part of the app fails at them."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.types import Target
from desktop.settings.schema import Settings
from desktop.settings.store import write_setting
from tests.support.running_engine import NoWindows, running, without_session

pytestmark = pytest.mark.anyio


class BrokenWindows(NoWindows):
    """Windows that fail at changed settings."""

    def on_settings_changed(self, settings: Settings) -> None:
        raise RuntimeError("no windows")


async def test_reload_with_a_failing_part_turns_private_mode_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = without_session(tmp_path, monkeypatch)
    async with running(paths, BrokenWindows()) as engine:
        controller = engine._dictation_controller
        assert controller.dependencies.is_kept(Target())
        write_setting(paths.settings, "history.private", "on")
        with pytest.raises(RuntimeError, match="no windows"):
            engine.reload()
        assert not controller.dependencies.is_kept(Target())
