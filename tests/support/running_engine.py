"""The app's engine without a session, and without windows: no screen, no buses, no sound, but its own socket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio import to_thread

from desktop.app.engine import Engine
from desktop.core.paths import Paths
from desktop.core.types import Outcome
from desktop.history.rows import HistoryEntry
from desktop.settings.live import LiveSettings


class NoWindows:
    """Windows that show nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: None


def without_session(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """Have this process, and those that it starts, see no session; return the paths of an app in `folder`."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("INTONE_HOME", str(folder))
    return Paths(folder, folder, folder, folder)


@contextmanager
def environ_without_session(folder: Path) -> Iterator[Paths]:
    """Do the same outside a test, for as long as the context lasts."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield without_session(folder, monkeypatch)


@asynccontextmanager
async def running(paths: Paths, windows: object | None = None) -> AsyncIterator[Engine]:
    """Yield an engine that runs, and end it."""
    frontend: Any = windows or NoWindows()
    engine = Engine(paths, frontend, LiveSettings(paths))
    async with anyio.create_task_group() as tasks:
        await tasks.start(engine.run)
        try:
            yield engine
        finally:
            engine.stop()


async def dictated(engine: Engine, text: str, *, private: bool = False, **columns: Any) -> int:
    """Record a dictation as a session does at its end, and return its row's id."""
    entry = HistoryEntry(
        **{"started_at": datetime.now(UTC), "text": text, "raw_text": text, "delivery": Outcome.INSERTED, **columns}
    )
    service = engine._history_service

    def record() -> int:
        with service.spool.create(entry.started_at) as spool_file:
            return service.record(private, entry, spool_file)

    return await to_thread.run_sync(record)
