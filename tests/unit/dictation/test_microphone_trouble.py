"""A microphone that is missing, muted or unplugged, and what the user is shown of it."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from desktop.core.errors import MicrophoneError
from desktop.core.messages import Message
from desktop.core.state import Done, Failed
from desktop.core.types import Outcome
from desktop.hotkeys.gesture import DictationIntent
from tests.support.stage import on

pytestmark = pytest.mark.anyio


async def test_a_microphone_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        stage.microphone.problem = MicrophoneError("microphone-missing")
        stage.mean(DictationIntent.BEGIN)
        assert await stage.until_state(Failed) == Failed(stage.microphone.problem)
        assert stage.overs == 1


async def test_an_unplugged_microphone_keeps_what_was_heard(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        recording = await stage.press()
        recording.say(3)
        loss = Message("microphone-unplugged", device="USB Audio")
        recording.unplugged = MicrophoneError("recording-ended-with-speech", loss=loss, seconds="1")
        recording.stop(anyio.current_time())
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.paster.pasted == [("Hello.", 1)]
        assert "unplugged" in stage.rows[0].note
        assert stage.overs == 1


async def test_microphone_trouble_is_shown_until_resolved(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        recording = await stage.press()
        recording.problem = MicrophoneError("microphone-muted", device="USB Audio")
        recording.say()
        await stage.until(lambda: getattr(stage.states[-1], "problem", None) is recording.problem)
        recording.problem = None
        recording.notes = (Message("microphone-was-muted", device="USB Audio", seconds="2"),)
        recording.say()
        await stage.until(lambda: getattr(stage.states[-1], "problem", recording) is None)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert (stage.rows[0].delivery, stage.rows[0].note) == (Outcome.INSERTED, "USB Audio was muted for 2 s.")


async def test_silent_dictation_reports_microphone_state(tmp_path: Path) -> None:
    async with on(tmp_path) as stage:
        recording = await stage.press()
        recording.problem = MicrophoneError("microphone-muted", device="USB Audio")
        recording.say()
        stage.release()
        assert await stage.until_state(Done) == Done(Outcome.SILENT, notes=(recording.problem.message,))
