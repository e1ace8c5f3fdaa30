"""A recognizer that fails, and a window that cannot be found, stop no recording."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from desktop.core.errors import RecognizerError, UserError
from desktop.core.state import Failed, Listening
from desktop.core.types import FRAME_SAMPLES, Outcome, Target
from tests.support.stage import on

pytestmark = pytest.mark.anyio


async def test_engine_failure_does_not_stop_recording(tmp_path: Path) -> None:
    async with on(tmp_path, "hello") as stage:
        stage.recognizer.problem = RecognizerError(
            "reported-message", title="The model is gone.", advice="Fetch it again."
        )
        recording = await stage.press()
        recording.say(2)
        await stage.until_state(Listening)
        recording.say(20)
        stage.release()
        failed = await stage.until_state(Failed)
        assert failed == Failed(stage.recognizer.problem)
        await stage.until(lambda: len(stage.rows) == 1)
        assert stage.rows[0].delivery is Outcome.FAILED
        assert "The model is gone." in stage.rows[0].note


async def test_bug_in_engine_does_not_stop_recording(tmp_path: Path) -> None:
    async with on(tmp_path, "never") as stage:
        stage.recognizer.problem = ValueError("oops")
        recording = await stage.press()
        recording.say(1)
        (newest,) = stage.dictation._unfinished_sessions
        await stage.until(lambda: newest._capture.captured_s > 0)
        for _ in range(200):  # the engine has failed long since
            await anyio.lowlevel.checkpoint()
        recording.say(50)
        stage.release()
        await stage.until(lambda: len(stage.rows) == 1)
        assert newest._capture.captured_s == pytest.approx(51 * FRAME_SAMPLES / 16_000)


@pytest.mark.parametrize("silent", [True, False])
async def test_a_window_that_cannot_be_told_holds_up_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: bool
) -> None:
    monkeypatch.setattr("desktop.dictation.target.LOOKUP_TIMEOUT_S", 0.05)
    async with on(tmp_path, "hello", "world") as stage:
        whole = stage.paster.find_target

        async def target() -> Target:
            if silent:
                await anyio.sleep_forever()
            raise TypeError("an odd window")

        stage.paster.find_target = target  # type: ignore[method-assign]
        for count, text in enumerate(("Hello.", "World."), start=1):
            (await stage.press()).say(2)
            stage.release()
            await stage.until(lambda count=count: len(stage.rows) == count)
            assert (stage.rows[-1].text, stage.microphone.recordings[-1].closed) == (text, True)
            stage.paster.find_target = whole  # type: ignore[method-assign]
        assert stage.paster.pasted == [("Hello.", 0), ("World.", 1)]


async def test_a_bug_is_logged_and_becomes_a_sentence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with on(tmp_path, "hello") as stage:
        stage.recognizer.problem = ZeroDivisionError("oops")
        (await stage.press()).say(2)
        stage.release()
        failed = await stage.until_state(Failed)
        assert isinstance(failed, Failed)
        assert type(failed.problem) is UserError
        assert "ZeroDivisionError" in caplog.text
