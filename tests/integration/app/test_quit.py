"""What an app that quits waits for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest

from desktop.app.engine import Engine
from desktop.core.paths import Paths
from desktop.settings.live import LiveSettings
from tests.support.stage import FakePaster

pytestmark = pytest.mark.anyio


class Windows:
    """Windows that show nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: None


class CheckingPaster(FakePaster):
    """A paster that waits for a field's answer until its checks are ended, as a paste that nothing cancels."""

    def __init__(self) -> None:
        super().__init__()
        self.checking, self.ended = anyio.Event(), anyio.Event()

    async def check(self) -> None:
        with anyio.move_on_after(10, shield=True):
            self.checking.set()
            await self.ended.wait()

    def end_checks(self) -> None:
        self.ended.set()


async def test_quit_ends_the_check_that_a_paste_waits_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path)
    windows: Any = Windows()
    engine = Engine(paths, windows, LiveSettings(paths))
    with anyio.fail_after(30):
        async with anyio.create_task_group() as tasks:
            await tasks.start(engine.run)
            paster = CheckingPaster()
            monkeypatch.setattr(engine, "_paster", paster)
            engine.spawn(paster.check)
            await paster.checking.wait()
            engine.stop()
    assert paster.ended.is_set()
