"""What a window hears of the microphone, from the engine's loop to the main thread and no longer than it wants."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, cast

import anyio
import pytest
from anyio import create_task_group
from anyio.from_thread import BlockingPortal, start_blocking_portal

from desktop.app.engine import Engine
from desktop.audio.soundcheck import RecordingVerdict, TrialRecording
from desktop.core.errors import MicrophoneError, UserError
from desktop.core.paths import Paths
from desktop.core.tasks import EngineTasks
from desktop.settings.live import LiveSettings
from desktop.settings.store import write_setting
from desktop.ui.controllers.audio import AudioController
from desktop.ui.controllers.controller import ControllerContext
from tests.support.microphone_sound import tone
from tests.support.sound_server import Sound

WAIT_S = 20


class Loop:
    """The part of an engine that spawns."""

    def __init__(self, work: EngineTasks) -> None:
        self._work = work

    def spawn(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        self._work.spawn(work)


class Main:
    """A main thread: `until` does what it is called to do, until something is so."""

    def __init__(self) -> None:
        self._calls = queue.Queue[Callable[[], object]]()
        self.call = self._calls.put

    def until(self, met: Callable[[], object]) -> None:
        while not met():
            self._calls.get(timeout=WAIT_S)()

    def drain(self) -> None:
        while not self._calls.empty():
            self._calls.get()()


@pytest.fixture
def main() -> Main:
    return Main()


@pytest.fixture
def asked(tmp_path: Path, main: Main, sound: Sound) -> Iterator[AudioController]:
    work, begun = EngineTasks(), threading.Event()
    engine = cast(Engine, Loop(work))

    async def live(over: anyio.Event) -> None:
        work.bind_loop(asyncio.get_running_loop())
        async with create_task_group() as tasks:
            work.tasks = tasks
            tasks.start_soon(work.run)
            begun.set()
            await over.wait()
            tasks.cancel_scope.cancel()

    here = Paths(tmp_path, tmp_path, tmp_path, tmp_path)
    with start_blocking_portal("asyncio") as portal:
        over = _event(portal)
        portal.start_task_soon(live, over)
        assert begun.wait(WAIT_S)
        yield AudioController(ControllerContext(here, LiveSettings(here), lambda do: work.post(do, engine), main.call))
        portal.call(over.set)


def _event(portal: BlockingPortal) -> anyio.Event:
    async def make() -> anyio.Event:
        return anyio.Event()

    return portal.call(make)


def test_level_is_reported_until_stopped_and_not_after(
    asked: AudioController, main: Main, sound: Sound, tmp_path: Path
) -> None:
    levels: list[float] = []
    sound.play(tone(tmp_path / "tone.wav", 48_000, 440, 10), wait=False)
    stop = asked.monitor(levels.append, lambda problem: None)
    main.until(lambda: levels and levels[-1] > 0.9)
    stop()
    heard = len(levels)
    main.drain()
    assert len(levels) == heard


def test_the_microphone_of_the_settings_is_heard(
    asked: AudioController, main: Main, sound: Sound, tmp_path: Path
) -> None:
    sound.plug("headset")
    write_setting(tmp_path / "settings.toml", "audio.device", "gone,headset")
    sound.play(tone(tmp_path / "tone.wav", 48_000, 440, 10), wait=False, name="headset")
    found: list[TrialRecording | UserError] = []
    asked.record(0.5, lambda level: None, found.append)
    main.until(lambda: found)
    assert isinstance(found[0], TrialRecording)
    assert (found[0].device, found[0].verdict) == ("headset-description", RecordingVerdict.GOOD)


def test_without_a_microphone_the_window_is_told_so(asked: AudioController, main: Main, sound: Sound) -> None:
    sound.unplug()
    found: list[object] = []
    asked.monitor(lambda level: None, found.append)
    asked.record(0.5, lambda level: None, found.append)
    main.until(lambda: len(found) == 2)
    assert [type(problem) for problem in found] == [MicrophoneError] * 2


def test_a_recording_that_was_stopped_is_nobodys(asked: AudioController, main: Main) -> None:
    found: list[object] = []
    levels: list[float] = []
    stop = asked.record(60, levels.append, found.append)
    main.until(lambda: levels)
    stop()
    asked.try_cue("start", found.append, aloud=False)
    main.until(lambda: found)
    assert found == [None]


def test_a_cue_is_played_on_the_way_to_the_loudspeaker(asked: AudioController, main: Main, sound: Sound) -> None:
    sound.load("module-null-sink", "sink_name=loudspeaker")
    told: list[UserError | None] = []
    asked.try_cue("stop", told.append, aloud=True)
    main.until(lambda: told)
    assert told == [None]
