"""Ducking on Windows: who is turned down, and that each gets its own volume back."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import anyio
import pytest

from desktop.app.factory import create_ducker
from desktop.audio.ducking import AudioDucker, DuckedStream
from desktop.audio.session_ducker import SessionDucker, find_changes, find_ducked, watch_sessions
from desktop.platforms.windows.com import ComError
from desktop.platforms.windows.sound import PlaybackSession

MUSIC = PlaybackSession("player.exe", "player.exe|1", 40, 0.8, True, False)
CALL = PlaybackSession("call.exe", "call.exe|1", 41, 0.5, True, False)


class Mixer:
    """Windows' mixer with these sessions; it fails while `is_gone`."""

    def __init__(self, *sessions: PlaybackSession) -> None:
        self.sessions = {session.instance: session for session in sessions}
        self.is_gone = False

    def list_sessions(self) -> list[PlaybackSession]:
        if self.is_gone:
            raise ComError(-1)
        return list(self.sessions.values())

    def set_volume(self, instance: str, level: float) -> bool:
        if instance in self.sessions:
            self.sessions[instance] = replace(self.sessions[instance], volume=level)
        return instance in self.sessions

    def volumes(self) -> dict[str, float]:
        return {instance: session.volume for instance, session in self.sessions.items()}


def ducker(mixer: Mixer, folder: Path) -> AudioDucker:
    made = AudioDucker(folder / "hushed.json", {"duck": SessionDucker(mixer)}, watch_sessions)
    made.mode = "duck"
    return made


async def until_volumes(mixer: Mixer, wanted: dict[str, float]) -> None:
    with anyio.fail_after(20):
        while mixer.volumes() != wanted:
            await anyio.lowlevel.checkpoint()


@pytest.mark.parametrize(
    ("session", "is_ducked"),
    [
        (MUSIC, True),
        (replace(MUSIC, is_playing=False), False),
        (replace(MUSIC, is_muted=True), False),
        (replace(MUSIC, pid=os.getpid()), False),
        (replace(MUSIC, pid=0), True),
    ],
)
def test_what_is_heard_and_not_ours_is_ducked(session: PlaybackSession, is_ducked: bool) -> None:
    changes = find_changes([session], os.getpid())
    assert [(change.before, change.after) for change in changes] == ([((800_000,), (160_000,))] if is_ducked else [])


def test_only_what_is_still_soft_is_given_back() -> None:
    (change,) = find_changes([MUSIC], 0)
    soft = replace(MUSIC, volume=0.16)
    assert find_ducked([soft], change) == ["player.exe|1"]
    assert find_ducked([replace(soft, volume=0.3)], change) == []
    assert find_ducked([replace(soft, instance="player.exe|2")], change) == ["player.exe|2"]
    assert find_ducked([MUSIC, replace(soft, instance="player.exe|2")], change) == []


@pytest.mark.parametrize(("read", "is_ours"), [(0.1563, True), (0.164, True), (0.17, False), (0.15, False)])
def test_volume_that_a_driver_rounds_is_still_ours(read: float, is_ours: bool) -> None:
    (change,) = find_changes([MUSIC], 0)
    assert find_ducked([replace(MUSIC, volume=read)], change) == (["player.exe|1"] if is_ours else [])


@pytest.mark.anyio
async def test_volumes_are_back_after_the_dictation(tmp_path: Path) -> None:
    mixer = Mixer(MUSIC, CALL)
    ducking = ducker(mixer, tmp_path)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ducking.run)
        async with ducking.ducked():
            await until_volumes(mixer, {"player.exe|1": 0.16, "call.exe|1": 0.1})
        await until_volumes(mixer, {"player.exe|1": 0.8, "call.exe|1": 0.5})
        tasks.cancel_scope.cancel()
    assert json.loads((tmp_path / "hushed.json").read_text()) == []


@pytest.mark.anyio
async def test_volume_is_back_after_a_kill(tmp_path: Path) -> None:
    mixer = Mixer(MUSIC)
    killed = ducker(mixer, tmp_path)
    await killed._duck("duck")
    assert mixer.volumes() == {"player.exe|1": 0.16}
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ducker(mixer, tmp_path).run)
        await until_volumes(mixer, {"player.exe|1": 0.8})
        tasks.cancel_scope.cancel()


@pytest.mark.anyio
async def test_program_that_ended_softly_gets_it_back_later(tmp_path: Path) -> None:
    mixer = Mixer(MUSIC)
    ducking = ducker(mixer, tmp_path)
    await ducking._duck("duck")
    del mixer.sessions["player.exe|1"]
    await ducking._restore_all()
    assert len(ducking.ducked_streams) == 1
    mixer.sessions["player.exe|2"] = replace(MUSIC, instance="player.exe|2", volume=0.16)
    await ducking._restore_all()
    assert mixer.volumes() == {"player.exe|2": 0.8}
    assert ducking.ducked_streams == []


@pytest.mark.anyio
async def test_without_the_sound_service_nothing_is_lost(tmp_path: Path) -> None:
    mixer = Mixer(MUSIC)
    ducking = ducker(mixer, tmp_path)
    await ducking._duck("duck")
    mixer.is_gone = True
    await ducking._restore_all()
    assert len(ducking.ducked_streams) == 1
    mixer.is_gone = False
    await ducking._restore_all()
    assert mixer.volumes() == {"player.exe|1": 0.8}


@pytest.mark.anyio
async def test_players_are_paused_on_linux_alone(tmp_path: Path) -> None:
    assert set(create_ducker(tmp_path / "a", "linux")._methods) == {"duck", "pause"}
    assert set(create_ducker(tmp_path / "b", "darwin")._methods) == {"duck"}


class WatchedPath(type(Path())):  # type: ignore[misc]
    """A path that notes the threads in which its file is written."""

    writers: ClassVar[set[int]] = set()

    def with_name(self, name: str) -> Path:
        WatchedPath.writers.add(threading.get_ident())
        named: Path = super().with_name(name)
        return named


@pytest.mark.anyio
async def test_changes_are_written_outside_the_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file may be open elsewhere, and its folder slow."""
    monkeypatch.setattr(WatchedPath, "writers", set())
    file = WatchedPath(tmp_path / "hushed.json")
    made = AudioDucker(file, {"duck": SessionDucker(Mixer(MUSIC))}, watch_sessions)
    await made._save([DuckedStream("duck", "player.exe", "player.exe|1", (800_000,), (160_000,))])
    assert json.loads(file.read_text())[0]["who"] == "player.exe"
    assert len(WatchedPath.writers) == 1
    assert threading.get_ident() not in WatchedPath.writers
