"""Play a tone, turn it down and give it its volume back by the app's ducker, and write its volume each time.

`python.exe -m tests.support.windows.ducking RESULT FILE`, with the ducker's file. Under Wine a program finds only its
own sessions, so that our own tone counts as another program's, and a session does not give its volume: it is had from
the session's manager here.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from ctypes import byref, c_float, c_uint32, c_void_p
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import anyio
import numpy as np
import sounddevice
from anyio import to_thread

from desktop.audio.ducking import AudioDucker, DuckedStream
from desktop.audio.session_ducker import SessionDucker, find_changes, watch_sessions
from desktop.platforms.windows import ole, sound_sessions
from desktop.platforms.windows.com import ComError, ComObject, Guid
from desktop.platforms.windows.sound_devices import RENDER, activate, enumerate_devices, list_active

RATE_HZ, LEVEL = 48_000, 0.1

VOLUME = 0.8
"""That of the tone, before it is turned down."""

PLAYED_BLOCKS = 50
"""After so many blocks the tone has begun: the first ones are filled before that."""

NO_PID = -1

NO_INTERFACE = 0x80004002 - (1 << 32)

TIMEOUT_S, POLL_S = 30, 0.1


class OwnDucker(SessionDucker):
    """A ducker to which no session is our own."""

    async def find_streams(self) -> list[DuckedStream]:
        """Return all that plays."""
        return find_changes(await self._list_sessions(), NO_PID)


class Session:
    """A session (IAudioSessionControl2) whose volume is had from its manager."""

    def __init__(self, control: ComObject, managers: Mapping[str, ComObject]) -> None:
        self._program, self._managers = ole.take_text(control.read(12, c_void_p)), managers  # GetSessionIdentifier
        self.read = control.read

    def query(self, _interface: Guid) -> ComObject:
        """Return the volume (ISimpleAudioVolume)."""
        return open_volume(self._program, self._managers)


def open_managers(stack: ExitStack) -> Mapping[str, ComObject]:
    """The managers of sessions (IAudioSessionManager2) by their loudspeakers, released with `stack`."""
    enumerator = stack.enter_context(enumerate_devices())
    return {
        ole.take_text(device.read(5, c_void_p)): stack.enter_context(  # GetId
            activate(device, sound_sessions._SESSION_MANAGER)
        )
        for device in list_active(enumerator, RENDER, stack)
    }


def open_volume(program: str, managers: Mapping[str, ComObject]) -> ComObject:
    """The volume of the session that a program has. Raises `ComError` for one without a name."""
    device, _, session = program.partition("|")
    guid = Guid.parse(session.rpartition("%b")[2])
    if bytes(guid) == bytes(Guid()):
        raise ComError(NO_INTERFACE)
    return managers[device].get(4, byref(guid), c_uint32(0))  # GetSimpleAudioVolume


def with_volumes(
    open_sessions: Callable[[ExitStack, int], Iterator[ComObject]],
) -> Callable[[ExitStack, int], Iterator[Session]]:
    """Return what opens the same sessions, with volumes."""

    def open_all(stack: ExitStack, flow: int = RENDER) -> Iterator[Session]:
        managers = open_managers(stack)
        for control in open_sessions(stack, flow):
            yield Session(control, managers)

    return open_all


async def wait_volume(volume: ComObject, is_met: Callable[[float], bool]) -> float:
    """The volume once it is as `is_met` wants it, or the time is up.

    It is asked alone: under Wine each list of the sessions adds those without a name to the next one.
    """
    with anyio.move_on_after(TIMEOUT_S):
        while not is_met(volume.read(4, c_float)):  # GetMasterVolume
            await to_thread.run_sync(Event().wait, POLL_S)
    return float(volume.read(4, c_float))


async def main(result: Path, file: Path) -> None:
    sound_sessions._open_sessions = with_volumes(sound_sessions._open_sessions)  # type: ignore[assignment]
    is_playing, blocks = Event(), count(1)

    def fill(sound: Any, *_: object) -> None:
        sound[:] = np.float32(LEVEL)
        if next(blocks) >= PLAYED_BLOCKS:
            is_playing.set()

    with sounddevice.OutputStream(RATE_HZ, channels=1, callback=fill), ExitStack() as stack:
        is_playing.wait(TIMEOUT_S)
        sessions = [session for session in sound_sessions.list_sessions() if session.is_playing]
        told: dict[str, Any] = {
            "programs": [session.program.rpartition("\\")[2].partition("%")[0] for session in sessions],
            "is_own": [session.pid == os.getpid() for session in sessions],
            "is_set": [sound_sessions.set_volume(session.instance, VOLUME) for session in sessions],
            "of_another": sound_sessions.set_volume("another", VOLUME),
        }
        volume = stack.enter_context(open_volume(sessions[0].program, open_managers(stack)))
        told["before"] = await wait_volume(volume, lambda volume: True)
        ducker = AudioDucker(file, {"duck": OwnDucker(sound_sessions)}, watch_sessions)
        ducker.mode = "duck"
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ducker.run)
            async with ducker.ducked():
                told["ducked"] = await wait_volume(volume, lambda volume: volume < VOLUME / 2)
            told["after"] = await wait_volume(volume, lambda volume: volume > VOLUME / 2)
            tasks.cancel_scope.cancel()
        told["left"] = json.loads(file.read_text(encoding="utf-8"))
    result.write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    anyio.run(main, Path(sys.argv[1]), Path(sys.argv[2]))
