"""Recording sessions of Windows, muted by the app's muter."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from desktop.audio.calls.mute_file import MuteFile
from desktop.audio.calls.muter import CallMuter, CallMutes, NoRestorer
from desktop.audio.calls.session_calls import SessionCalls, convert_session
from desktop.platforms.windows.com import ComError
from desktop.platforms.windows.sound import PlaybackSession

ZOOM = PlaybackSession("{0.0.1}|\\Device\\Zoom\\bin\\Zoom.exe%b{1}", "zoom|1", 41, 1.0, True, False)
QUIET = replace(ZOOM, program="quiet", instance="quiet|1", is_muted=True)


class Mixer:
    """Windows' mixer with these sessions; it fails while `is_gone`."""

    def __init__(self, *sessions: PlaybackSession) -> None:
        self.sessions = {session.instance: session for session in sessions}
        self.is_gone = False

    def list_recording_sessions(self) -> list[PlaybackSession]:
        if self.is_gone:
            raise ComError(-1)
        return list(self.sessions.values())

    def set_recording_mute(self, instance: str, is_muted: bool) -> bool:
        if instance in self.sessions:
            self.sessions[instance] = replace(self.sessions[instance], is_muted=is_muted)
        return instance in self.sessions

    def mutes(self) -> dict[str, bool]:
        return {instance: session.is_muted for instance, session in self.sessions.items()}


async def until_mutes(mixer: Mixer, wanted: dict[str, bool]) -> None:
    with anyio.fail_after(20):
        while mixer.mutes() != wanted:
            await anyio.lowlevel.checkpoint()


@pytest.mark.parametrize(
    ("session", "hears_user", "is_paused"),
    [(ZOOM, True, False), (replace(ZOOM, pid=7), False, False), (replace(ZOOM, is_playing=False), True, True)],
)
def test_another_programs_session_hears_the_user(session: PlaybackSession, hears_user: bool, is_paused: bool) -> None:
    stream = convert_session(session, 7)
    assert (stream.title, stream.hears_user, stream.is_paused) == ("Zoom", hears_user, is_paused)


@pytest.mark.anyio
async def test_sessions_are_muted_for_a_recording_and_given_back(tmp_path: Path) -> None:
    mixer, said, file = Mixer(ZOOM, QUIET), list[CallMutes](), tmp_path / "muted.json"
    muter = CallMuter(file, SessionCalls(mixer), NoRestorer(), said.append)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(muter.run)
        async with muter.muting():
            await until_mutes(mixer, {"zoom|1": True, "quiet|1": True})
            assert [one.title for one in MuteFile(file).read()] == ["Zoom"]
            mixer.sessions["meet|1"] = replace(ZOOM, program="meet", instance="meet|1")
            await until_mutes(mixer, {"zoom|1": True, "quiet|1": True, "meet|1": True})
        await until_mutes(mixer, {"zoom|1": False, "quiet|1": True, "meet|1": False})
        tasks.cancel_scope.cancel()
    assert not file.exists()
    assert not any(mutes.is_failing for mutes in said)


@pytest.mark.anyio
async def test_the_next_start_gives_back_what_a_kill_left(tmp_path: Path) -> None:
    mixer, file = Mixer(ZOOM), tmp_path / "muted.json"
    async with anyio.create_task_group() as tasks:
        killed = CallMuter(file, SessionCalls(mixer), NoRestorer(), lambda mutes: None)
        tasks.start_soon(killed.run)
        async with killed.muting():
            await until_mutes(mixer, {"zoom|1": True})
            left = file.read_text()
        await until_mutes(mixer, {"zoom|1": False})
        tasks.cancel_scope.cancel()
    mixer.set_recording_mute("zoom|1", True)
    file.write_text(left)
    muter = CallMuter(file, SessionCalls(mixer), NoRestorer(), lambda mutes: None)
    muter.is_wanted = False
    await muter.run()
    assert mixer.mutes() == {"zoom|1": False}


class SlowMixer(Mixer):
    """One that is overtaken by the next look while it tells of the first, unless that waits for its turn."""

    def __init__(self, *sessions: PlaybackSession) -> None:
        super().__init__(*sessions)
        self.has_read, self.is_overtaken = threading.Event(), threading.Event()

    def list_recording_sessions(self) -> list[PlaybackSession]:
        found = super().list_recording_sessions()
        if self.has_read.is_set():
            self.is_overtaken.set()
        else:
            self.has_read.set()
            self.is_overtaken.wait(0.3)
        return found


@pytest.mark.anyio
async def test_mute_that_is_made_during_a_look_is_seen_after_it() -> None:
    mixer, is_done, is_read = SlowMixer(ZOOM), anyio.Event(), anyio.Event()
    calls = SessionCalls(mixer)

    async def look() -> None:
        await calls.refresh()
        is_read.set()

    with anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(calls.run, lambda: None)
            tasks.start_soon(look)
            await anyio.to_thread.run_sync(mixer.has_read.wait)
            calls.set_mute("zoom|1", is_muted=True, on_done=lambda is_made: is_done.set())
            await is_done.wait()
            await is_read.wait()
            tasks.cancel_scope.cancel()
    assert calls.streams["zoom|1"].is_muted


@pytest.mark.anyio
async def test_without_the_sound_service_it_is_said(tmp_path: Path) -> None:
    mixer, said = Mixer(ZOOM), list[CallMutes]()
    mixer.is_gone = True
    muter = CallMuter(tmp_path / "muted.json", SessionCalls(mixer), NoRestorer(), said.append)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(muter.run)
        async with muter.muting():
            with anyio.fail_after(20):
                while not (said and said[-1].is_failing):
                    await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()
