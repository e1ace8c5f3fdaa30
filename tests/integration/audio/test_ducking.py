"""Other sound while one talks, turned down: real streams on a real sound server."""

from __future__ import annotations

import json
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from importlib import import_module
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from desktop.app.call_service import CallService
from desktop.app.microphone_service import MicrophoneService
from desktop.audio.ducking import (
    NEW_STREAM_EVENTS,
    RESTORE_EXPIRY_S,
    AudioDucker,
    DuckedStream,
    DuckingMicrophone,
    DuckingMode,
    VolumeDucker,
)
from desktop.audio.media_players import PlayerPauser
from desktop.audio.microphone.devices import watch_changes
from desktop.core import tasks as core_tasks
from desktop.settings.schema import AudioSettings
from tests.support.sound_server import Sound
from tests.support.stage import FakeMicrophone

PATIENCE_S = 10.0
DEVICES = import_module("desktop.audio.microphone.devices")  # a function has the module's name
FULL, SOFT = 65536, 13107


def others(folder: Path, mode: DuckingMode = "duck", after_s: float = 0.0) -> AudioDucker:
    made = AudioDucker(folder / "hushed.json", {"duck": VolumeDucker(), "pause": PlayerPauser()})
    made.mode, made.min_press_s = mode, after_s
    return made


async def offer_nothing(program: str) -> bool:
    raise AssertionError(program)


def unmuted_calls(folder: Path) -> CallService:
    return CallService(folder / "muted.json", folder / "calls.offered", lambda mutes: None, offer_nothing)


@asynccontextmanager
async def living(these: AudioDucker) -> AsyncIterator[None]:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(these.run)
        yield
        tasks.cancel_scope.cancel()


async def until(met: Callable[[], object]) -> None:
    with anyio.fail_after(PATIENCE_S):
        while not await to_thread.run_sync(met):
            pass


def owed(folder: Path) -> int:
    return len(json.loads((folder / "hushed.json").read_text()))


@pytest.mark.anyio
async def test_other_audio_is_ducked_and_restored(sound: Sound, tmp_path: Path) -> None:
    sound.stream("music")
    sound.stream("game")
    sound.stream("Intone")
    sound.set_volume("game", 40_000)
    these = others(tmp_path)
    async with living(these):
        async with DuckingMicrophone(FakeMicrophone(), these).open():
            await until(lambda: sound.volumes() == {"music": SOFT, "game": 8_000, "Intone": FULL})
            assert owed(tmp_path) == 2
            async with DuckingMicrophone(FakeMicrophone(), these).open():
                await to_thread.run_sync(sound.stream, "advert")
            await until(lambda: sound.volumes()["advert"] == SOFT)
        await until(lambda: sound.volumes() == {"music": FULL, "game": 40_000, "Intone": FULL, "advert": FULL})
    assert owed(tmp_path) == 0


@pytest.mark.anyio
async def test_volume_changed_by_others_meanwhile_stays(sound: Sound, tmp_path: Path) -> None:
    sound.stream("music")
    these = others(tmp_path)
    async with living(these):
        async with these.ducked():
            await until(lambda: sound.volumes()["music"] == SOFT)
            sound.set_volume("music", 30_000)
        await until(lambda: not these.ducked_streams)
    assert sound.volumes()["music"] == 30_000


@pytest.mark.anyio
async def test_app_end_and_start_after_crash_restore_volume(sound: Sound, tmp_path: Path) -> None:
    sound.stream("music")
    these = others(tmp_path)
    async with living(these), these.ducked():
        await until(lambda: sound.volumes()["music"] == SOFT)
        left_by_a_crash = (tmp_path / "hushed.json").read_text()
    assert sound.volumes()["music"] == FULL
    sound.set_volume("music", SOFT)
    (tmp_path / "hushed.json").write_text(left_by_a_crash)
    async with living(others(tmp_path)):
        await until(lambda: sound.volumes()["music"] == FULL)


@pytest.mark.anyio
async def test_ducked_program_that_stops_is_restored_later(sound: Sound, tmp_path: Path) -> None:
    sound.load("module-stream-restore")
    player = sound.stream("music")
    these = others(tmp_path)
    async with living(these):
        async with these.ducked():
            await until(lambda: sound.volumes()["music"] == SOFT)
            player.terminate()
            await until(lambda: not sound.volumes())
        await until(lambda: owed(tmp_path) == 1)
        await to_thread.run_sync(sound.stream, "music")
        await until(lambda: sound.volumes()["music"] == FULL)
    assert owed(tmp_path) == 0


REFUSES = """#!/bin/sh
case "$*" in set-sink-input-volume*) exit 1;; esac
PATH="$REAL_PATH" exec pactl "$@"
"""


@pytest.mark.anyio
async def test_failed_restore_retries_after_next_recording(
    sound: Sound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = os.environ["PATH"]
    (tmp_path / "pactl").write_text(REFUSES)
    (tmp_path / "pactl").chmod(0o700)
    monkeypatch.setenv("REAL_PATH", path)
    sound.stream("music")
    these = others(tmp_path)
    async with these.ducked(), living(these):
        await until(lambda: sound.volumes()["music"] == SOFT)
        monkeypatch.setenv("PATH", f"{tmp_path}:{path}")
    assert owed(tmp_path) == 1
    async with living(these):
        async with these.ducked():
            monkeypatch.setenv("PATH", path)
        await until(lambda: owed(tmp_path) == 0)
        assert sound.volumes()["music"] == FULL


class Asked(VolumeDucker):
    """Ducking that counts in `times` how often it was asked what plays, and knows nothing the first time."""

    def __init__(self) -> None:
        self.times = 0

    async def find_streams(self) -> list[DuckedStream]:
        found = await super().find_streams() if self.times else []
        self.times += 1
        return found


@pytest.mark.anyio
async def test_sound_server_without_answer_is_asked_again(sound: Sound, tmp_path: Path) -> None:
    sound.stream("music")
    these = AudioDucker(tmp_path / "hushed.json", {"duck": Asked()})
    these.mode = "duck"
    async with living(these), these.ducked():
        await until(lambda: sound.volumes()["music"] == SOFT)


@pytest.mark.anyio
async def test_sound_first_starting_during_speech_is_ducked(
    sound: Sound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DEVICES, "MAX_QUIET_S", 0.05)
    asked = Asked()
    these = AudioDucker(tmp_path / "hushed.json", {"duck": asked})
    these.mode = "duck"
    async with living(these), these.ducked():
        await until(lambda: asked.times == 3)  # at the beginning, and twice for what began since
        await to_thread.run_sync(sound.stream, "music")
        await until(lambda: sound.volumes()["music"] == SOFT)


@pytest.mark.anyio
async def test_change_listener_idles_while_nothing_starts(sound: Sound, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DEVICES, "MAX_QUIET_S", 0.001)
    come = list[None]()

    async def listen() -> None:
        async with aclosing(watch_changes(NEW_STREAM_EVENTS, max_timeouts=1)) as news:
            async for _ in news:
                come.append(None)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(listen)
        await until(lambda: len(come) == 2)
        for _ in range(5):
            await to_thread.run_sync(sound.volumes)
        assert len(come) == 2
        await to_thread.run_sync(sound.stream, "music")
        await until(lambda: len(come) == 3)
        tasks.cancel_scope.cancel()


@pytest.mark.anyio
async def test_unrestored_volume_expires_after_a_month(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    old, new = (
        {"kind": "duck", "who": who, "where": "1", "before": [FULL], "after": [SOFT], "since": since}
        for who, since in (
            ("old", time.time() - RESTORE_EXPIRY_S - 60.0),
            ("new", time.time() - RESTORE_EXPIRY_S + 3600.0),
        )
    )
    before_there_were_times = {name: value for name, value in old.items() if name != "since"} | {"who": "older"}
    (tmp_path / "hushed.json").write_text(json.dumps([old, new, before_there_were_times]))
    async with living(others(tmp_path)):
        await until(lambda: owed(tmp_path) == 2)
    assert [debt.who for debt in others(tmp_path).ducked_streams] == ["new", "older"]


class Stumbling(AudioDucker):
    """Runs the second time only."""

    runs = 0

    async def run(self) -> None:
        self.runs += 1
        if self.runs == 1:
            raise OSError
        await super().run()


@pytest.mark.anyio
async def test_a_mistake_in_giving_back_does_not_end_it(
    sound: Sound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core_tasks, "RESTART_DELAY_S", 0.0)
    sound.stream("music")
    ear = MicrophoneService(tmp_path / "nothing.json", unmuted_calls(tmp_path), lambda problem: None)
    ear.audio_ducker = Stumbling(tmp_path / "hushed.json", {"duck": VolumeDucker()})
    ear.configure(AudioSettings(others="duck"), False)
    async with anyio.create_task_group() as tasks:
        ear.start(tasks)
        async with ear.audio_ducker.ducked():
            await until(lambda: sound.volumes()["music"] == SOFT)
        tasks.cancel_scope.cancel()


@pytest.mark.anyio
async def test_a_shortcut_changes_nothing(sound: Sound, tmp_path: Path) -> None:
    sound.stream("music")
    these = others(tmp_path, after_s=60)
    async with living(these):
        async with these.ducked():
            await until(lambda: True)
        async with these.ducked():
            await until(lambda: True)
        assert sound.volumes()["music"] == FULL
    assert these.ducked_streams == []


@pytest.mark.anyio
async def test_a_file_that_is_none_of_ours_owes_nothing(tmp_path: Path) -> None:
    (tmp_path / "hushed.json").write_text('{"kind": 1}')
    assert others(tmp_path).ducked_streams == []


@pytest.mark.anyio
async def test_missing_bus_or_sound_server_does_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    assert await PlayerPauser().find_streams() == []
    assert await VolumeDucker().find_streams() == []
