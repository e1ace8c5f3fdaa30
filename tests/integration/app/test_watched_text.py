"""A field is no longer watched for corrections once the app itself changes the text in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import pytest

from desktop.app.engine import Engine
from desktop.core.types import InputField, Target
from desktop.settings.store import write_setting
from tests.support.running_engine import dictated, running, without_session

pytestmark = pytest.mark.anyio

SAID = "Push it to get hub now."
FIELD = Target(1, "editor", field=InputField(address=(":1.2", "/field")))


class OpenField:
    """A field that is read once, and then again for ever."""

    def __init__(self) -> None:
        self.was_read = anyio.Event()

    async def read_field(self, address: tuple[str, str]) -> str:
        if self.was_read.is_set():
            await anyio.sleep_forever()
        self.was_read.set()
        return SAID

    def close(self) -> None:
        """Nothing is open."""


async def edit(engine: Engine) -> None:
    start_edit = engine._dictation_controller.dependencies.start_edit
    assert start_edit is not None
    await start_edit().replace_text("Push it now.", FIELD, lambda: None)


async def scratch(engine: Engine) -> None:
    undo = engine._dictation_controller.dependencies.scratch
    assert undo is not None
    assert await undo(FIELD) is not None


@pytest.mark.parametrize("change", [edit, scratch])
async def test_text_that_is_changed_by_voice_is_not_watched_any_more(
    change: Callable[[Engine], Awaitable[None]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = without_session(tmp_path, monkeypatch)
    write_setting(paths.settings, "hotkey.edit", "f8")
    async with running(paths) as engine:
        await dictated(engine, SAID, app=FIELD.app)
        engine._correction_watcher._reader = field = OpenField()
        with anyio.fail_after(20):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(engine._correction_watcher.watch, SAID, FIELD)
                await field.was_read.wait()
                await change(engine)
