"""An app that quits while a paste waits for the window: the words go nowhere, and the next start has them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from desktop.app.recovery import recover_recordings
from desktop.core.interfaces import UserActivity
from desktop.core.paths import Paths
from desktop.core.types import InputField, Outcome, Target
from desktop.history.recorder import DictationRecorder
from desktop.history.store import HistoryStore
from desktop.paste.field import FocusedFieldReader
from desktop.paste.x11.paster import X11Paster
from desktop.settings.schema import HistorySettings
from tests.support.paste_desk import CONTROL_R
from tests.support.stage import FakeRecognizer, on
from tests.support.x_clients import PATIENCE_S, Hand, SlowReader, focused

pytestmark = pytest.mark.anyio


class SilentFields(FocusedFieldReader):
    """Fields whose program does not answer any more."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = anyio.Event()

    async def is_password_focused(self, target: Target) -> bool | None:
        self.asked.set()
        await anyio.sleep_forever()
        return None


class NamedFieldPaster(X11Paster):
    """A paster for windows whose programs named the focused field at the release."""

    async def find_target(self) -> Target:
        return replace(await super().find_target(), field=InputField(address=("a", "/b")))


async def never_dictating() -> None:
    """Return at once."""


async def test_words_kept_back_at_quit_are_recovered_as_such(display: str, tmp_path: Path) -> None:
    paths = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    recorder = DictationRecorder(paths, HistoryStore(paths.history))
    fields = SilentFields()
    paster = NamedFieldPaster(display, fields=fields)
    paster.start(asyncio.get_running_loop())
    with SlowReader(display, 0.0) as window, anyio.fail_after(PATIENCE_S):
        focused(display, "slow-reader")
        try:
            async with anyio.create_task_group() as tasks, on(tmp_path / "unused", "dear diary") as stage:
                stage.dictation.dependencies = replace(stage.parts(), spool=recorder.spool, paster=paster)
                recording = await stage.press()
                recording.say(5)
                stage.release()
                await fields.asked.wait()
                paster.end_checks()
                tasks.cancel_scope.cancel()
        finally:
            paster.close()
        assert (stage.rows, window.keys, window.read) == ([], [], [])
    await expect_recovery_without_notes(recorder, paths)


async def test_words_that_a_held_key_kept_back_at_quit_are_recovered(display: str, tmp_path: Path, hand: Hand) -> None:
    """They are on the clipboard, which may go with the app."""
    paths = Paths(config=tmp_path, data=tmp_path, state=tmp_path, runtime=tmp_path)
    recorder = DictationRecorder(paths, HistoryStore(paths.history))
    loop, waits = asyncio.get_running_loop(), anyio.Event()

    def is_talking() -> bool:
        loop.call_soon_threadsafe(waits.set)
        return True

    paster = X11Paster(display, UserActivity(is_talking=is_talking))
    paster.start(loop)
    hand.press(CONTROL_R)
    with SlowReader(display, 0.0) as window, anyio.fail_after(PATIENCE_S):
        focused(display, "slow-reader")
        try:
            async with anyio.create_task_group() as tasks, on(tmp_path / "unused", "dear diary") as stage:
                stage.dictation.dependencies = replace(stage.parts(), spool=recorder.spool, paster=paster)
                recording = await stage.press()
                recording.say(5)
                stage.release()
                await waits.wait()
                paster.end_checks()
                tasks.cancel_scope.cancel()
        finally:
            hand.release(CONTROL_R)
            paster.close()
        assert (stage.rows, window.read) == ([], [])
    await expect_recovery_without_notes(recorder, paths)


async def expect_recovery_without_notes(recorder: DictationRecorder, paths: Paths) -> None:
    (left,) = recorder.spool.find_leftovers()
    assert (left.header.leaving, left.header.unkept) == (False, False)
    recognizer = FakeRecognizer()
    recognizer.texts = ["Dear diary."]
    (entry,) = await recover_recordings(recorder, recognizer, HistorySettings(), never_dictating)
    (row,) = HistoryStore(paths.history).rows()
    assert (row.text, row.delivery, row.notes) == ("Dear diary.", Outcome.RECOVERED, ())
    assert entry.notes == ()
