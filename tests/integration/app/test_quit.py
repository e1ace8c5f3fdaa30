"""What an app that quits waits for, and what a press ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import anyio
import pytest

from desktop.app.bench_service import BenchService
from desktop.app.engine import Engine
from desktop.core.paths import Paths
from desktop.hotkeys.gesture import GestureEvent
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


@pytest.fixture
async def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine without a session: no screen, no buses, no sound."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path)
    windows: Any = Windows()
    return Engine(paths, windows, LiveSettings(paths))


async def test_quit_ends_the_check_that_a_paste_waits_for(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with anyio.fail_after(30):
        async with anyio.create_task_group() as tasks:
            await tasks.start(engine.run)
            paster = CheckingPaster()
            monkeypatch.setattr(engine, "_paster", paster)
            engine.spawn(paster.check)
            await paster.checking.wait()
            engine.stop()
    assert paster.ended.is_set()


async def test_quit_right_after_a_release_leaves_no_tick(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tick would send the end of a dictation that no task awaits any more."""
    monkeypatch.setattr("desktop.hotkeys.gesture.RELEASE_GRACE_S", 60.0)
    with anyio.fail_after(30):
        async with anyio.create_task_group() as tasks:
            await tasks.start(engine.run)
            engine.gestures.handle_key(GestureEvent.DOWN)
            engine.gestures.handle_key(GestureEvent.UP)
            tick = engine.gestures._timer
            engine.stop()
    assert tick is not None
    assert tick.cancelled()


async def test_a_press_ends_a_comparison_of_models(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with anyio.fail_after(30):
        async with anyio.create_task_group() as tasks:
            await tasks.start(engine.run)
            waiting = (sys.executable, "-c", "import sys; sys.stdin.read()")
            bench = BenchService(engine.spawn, anyio.lowlevel.checkpoint, waiting)
            monkeypatch.setattr(engine.trials, "_bench", bench)
            bench.start()
            while bench.pid is None:
                await anyio.lowlevel.checkpoint()
            engine.gestures.handle_key(GestureEvent.DOWN)
            with anyio.fail_after(20):
                while bench.pid is not None:
                    await anyio.lowlevel.checkpoint()
            assert bench.progress.is_running, "it goes on afterwards"
            engine.stop()
    assert bench.pid is None
