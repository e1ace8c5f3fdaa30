"""The app starts anew only where no word would end with it; by itself, no answer or choice of the user either."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import anyio
import pytest

from desktop.app.engine import Engine
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.core.state import Failed
from desktop.core.types import Outcome
from desktop.history.recorder import NO_ROW
from desktop.history.rows import HistoryEntry
from desktop.settings.store import write_setting
from tests.integration.app.doors.test_assistants import request
from tests.support.asked_user import SpeakingUser, User
from tests.support.running_engine import dictated, running, without_session

pytestmark = pytest.mark.anyio

LONG_AGO = -1e6
"""When the state last changed, on a monotonic clock."""


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    return without_session(tmp_path, monkeypatch)


class RestartingUser(User):
    """Windows that note when they are to end the engine."""

    def __init__(self) -> None:
        super().__init__()
        self.restarts: list[bool] = []

    def restart(self, is_asked: bool) -> None:
        self.restarts.append(is_asked)


@pytest.fixture
async def scene(paths: Paths) -> AsyncIterator[SpeakingUser]:
    user = RestartingUser()
    async with running(paths, user) as engine:
        await _settle(engine)
        engine._commands = replace(engine._commands, probe_version=_find_version)
        yield SpeakingUser(engine, user)


async def _find_version() -> str:
    return "9.2.0"


async def _settle(engine: Engine) -> None:
    """Wait until the engine has looked for leftovers, and fetches no model."""
    with anyio.fail_after(30):
        while not _may_restart(engine):
            for download in engine.downloads.downloads:
                if download.is_running:
                    engine.downloads.pause(download.name)
            await anyio.lowlevel.checkpoint()


def _may_restart(engine: Engine) -> bool:
    engine._status_publisher._state_set_at = LONG_AGO
    return engine._restart_service.may_restart()


async def test_stop_if_idle_ends_an_idle_engine(paths: Paths) -> None:
    async with anyio.create_task_group() as tasks, running(paths) as engine:
        await _settle(engine)
        assert engine.stop_if_idle(False)
        assert engine._stopped.is_set()
        tasks.cancel_scope.cancel()


async def test_stop_if_idle_after_a_press_that_nothing_shows_yet_goes_on(scene: SpeakingUser) -> None:
    assert _may_restart(scene.engine)
    scene.engine.gestures.start()
    assert not scene.engine.stop_if_idle(False)
    assert not scene.engine._stopped.is_set()
    await scene.until(lambda: bool(scene.microphone.recordings))
    scene.engine.gestures.stop()


async def test_asked_restart_waits_for_a_press_that_nothing_shows_yet(scene: SpeakingUser) -> None:
    scene.recognizer.texts = ["the last words"]
    scene.engine.gestures.start()
    assert not scene.engine.stop_if_idle(True)
    await scene.until(lambda: bool(scene.microphone.recordings))
    assert _restarts(scene) == []
    scene.microphone.recordings[-1].say(30)
    scene.engine.gestures.stop()
    await scene.until(lambda: _restarts(scene) == [True])
    assert [row.text for row in scene.engine.history.rows()] == ["The last words."]
    assert scene.engine.stop_if_idle(True)


async def test_asked_restart_with_words_in_memory_alone_is_refused(scene: SpeakingUser) -> None:
    await dictated(scene.engine, "for a window that took nothing", private=True, delivery=Outcome.REFUSED)
    with pytest.raises(UserError, match="would be lost"):
        await scene.engine._commands.run("restart")
    assert not scene.engine.stop_if_idle(True)
    await dictated(scene.engine, "for the window alone, which has it", private=True)
    await scene.engine._commands.run("restart")
    await scene.until(lambda: _restarts(scene) == [True])
    assert scene.engine.stop_if_idle(True)


def _restarts(scene: SpeakingUser) -> list[bool]:
    return cast(RestartingUser, scene.user).restarts


async def test_restart_waits_for_words_in_memory_alone(scene: SpeakingUser) -> None:
    assert await dictated(scene.engine, "for the window alone", private=True) == NO_ROW
    assert not _may_restart(scene.engine)
    await dictated(scene.engine, "for the history")
    assert _may_restart(scene.engine)
    recorder = scene.engine._recorder
    entry = HistoryEntry(started_at=datetime.now(UTC), text="held", raw_text="held", delivery=Outcome.INSERTED)
    recorder._pending.add(entry)
    assert not _may_restart(scene.engine)
    await dictated(scene.engine, "once it is written")
    assert _may_restart(scene.engine)


async def test_restart_comes_after_a_dictation_that_failed(scene: SpeakingUser) -> None:
    scene.recognizer.problem = UserError("speech-model-closed")
    await scene.speak("unheard")
    await scene.until(lambda: isinstance(scene.engine._status_publisher.app_state.state, Failed))
    await scene.until(lambda: _may_restart(scene.engine))
    assert [row.delivery for row in scene.engine.history.rows()] == [Outcome.FAILED]


async def test_restart_waits_for_a_recovery(scene: SpeakingUser) -> None:
    async with scene.engine._history_service._recovery_lock:
        assert not _may_restart(scene.engine)
    assert _may_restart(scene.engine)


async def test_restart_waits_for_a_recording_that_is_transcribed_again(scene: SpeakingUser) -> None:
    await scene.speak("as it was heard")
    await scene.until(lambda: _may_restart(scene.engine) and bool(scene.engine.history.rows()))
    scene.recognizer.texts, gate = ["as it is heard again"], anyio.Event()
    scene.recognizer.gates = [gate]
    (row,) = scene.engine.history.rows()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(scene.engine.trials.retranscribe, row)
        await scene.until(lambda: len(scene.recognizer.heard) == 2)
        assert not _may_restart(scene.engine)
        gate.set()
    assert _may_restart(scene.engine)
    assert [row.text for row in scene.engine.history.rows()] == ["As it is heard again."]


async def test_restart_waits_for_a_language_that_a_key_has_selected(scene: SpeakingUser, paths: Paths) -> None:
    write_setting(paths.settings, "recognizer.language", "en,de")
    scene.engine.reload()
    await _settle(scene.engine)
    scene.engine.recognition.select_next_language()
    assert not _may_restart(scene.engine)
    scene.engine.recognition.forget_selected_language()
    assert _may_restart(scene.engine)


async def test_restart_waits_for_another_programs_answer(scene: SpeakingUser, paths: Paths) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(request, paths, "search")
        await scene.user.asked.wait()
        assert not _may_restart(scene.engine)
        tasks.cancel_scope.cancel()
    await scene.until(lambda: _may_restart(scene.engine))


async def test_restart_waits_for_the_hook(scene: SpeakingUser, paths: Paths) -> None:
    write_setting(paths.settings, "hooks.after", "cat")
    scene.engine.reload()
    await _settle(scene.engine)
    id = await dictated(scene.engine, "to the hook")
    scene.engine.doors._run_hook(scene.engine.history.get(id))
    assert not _may_restart(scene.engine)
    await scene.until(lambda: _may_restart(scene.engine))
