"""Turn down what other programs play on Windows, where each has a volume of its own (an audio session).

Windows remembers that volume for the program's next start, as a sound server does (`desktop.audio.ducking`).
"""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncGenerator, Callable
from functools import partial
from typing import Protocol

import anyio
from anyio import to_thread

from desktop.audio.ducking import DuckedStream, duck_volumes
from desktop.platforms.windows.com import ComError
from desktop.platforms.windows.sound import PlaybackSession

logger = logging.getLogger(__name__)

UNIT = 1_000_000
"""Steps of a volume: it is stored in whole numbers."""

ROUNDING = UNIT // 200
"""Steps by which a volume may differ when it is read back: a driver may round what was set."""

WATCH_INTERVAL_S = 3.0
"""Seconds between two looks for programs that began to play, while something is turned down."""


class SessionMixer(Protocol):
    """Windows' volumes of programs."""

    def list_sessions(self) -> list[PlaybackSession]:
        """Return what plays or played. Raises `ComError`."""
        ...

    def set_volume(self, instance: str, level: float) -> bool:
        """Set the volume of a session and return whether it was there. Raises `ComError`."""
        ...


class SessionDucker:
    """`DuckingMethod` for every playing session of `mixer` except our own."""

    def __init__(self, mixer: SessionMixer) -> None:
        self._mixer = mixer

    async def find_streams(self) -> list[DuckedStream]:
        """Return the playing sessions and their reduced volumes."""
        return find_changes(await self._list_sessions(), os.getpid())

    async def apply(self, ducked: DuckedStream) -> None:
        """Turn the session down."""
        await self._set_volume(ducked.where, ducked.after)

    async def restore(self, ducked: DuckedStream) -> bool:
        """Restore the volume of the session, or of the program's next one; return whether that was done."""
        sessions = [session for session in await self._list_sessions() if session.program == ducked.who]
        done = [await self._set_volume(instance, ducked.before) for instance in find_ducked(sessions, ducked)]
        return bool(sessions) and all(done)

    async def _list_sessions(self) -> list[PlaybackSession]:
        return await self._ask(self._mixer.list_sessions) or []

    async def _set_volume(self, instance: str, volumes: tuple[int, ...]) -> bool:
        return bool(await self._ask(partial(self._mixer.set_volume, instance, volumes[0] / UNIT)))

    async def _ask[T](self, call: Callable[[], T]) -> T | None:
        try:
            return await to_thread.run_sync(call)
        except ComError as error:
            logger.info("the programs' volumes cannot be reached: %s", error)
            return None


def find_changes(sessions: list[PlaybackSession], own_pid: int) -> list[DuckedStream]:
    """Return the changes to make: every session that is heard and not ours is turned down."""
    return [
        DuckedStream("duck", session.program, session.instance, before, duck_volumes(before))
        for session in sessions
        if session.is_playing and not session.is_muted and session.pid != own_pid
        for before in [_volumes_of(session)]
    ]


def find_ducked(sessions: list[PlaybackSession], ducked: DuckedStream) -> list[str]:
    """Return the instances, of the program's `sessions`, that still have the volume that we set: the same one if it is
    there, else all."""
    same = [session for session in sessions if session.instance == ducked.where]
    return [session.instance for session in same or sessions if _has_volumes(session, ducked.after)]


async def watch_sessions() -> AsyncGenerator[None]:
    """Yield every `WATCH_INTERVAL_S`: asking takes a millisecond."""
    while True:
        yield
        await anyio.sleep(WATCH_INTERVAL_S)


def _has_volumes(session: PlaybackSession, volumes: tuple[int, ...]) -> bool:
    return all(abs(own - other) <= ROUNDING for own, other in zip(_volumes_of(session), volumes, strict=False))


def _volumes_of(session: PlaybackSession) -> tuple[int, ...]:
    return (round(session.volume * UNIT),)
