"""The recording streams of Windows, where each program that records has a mute of its own (an audio session).

Windows tells a program of a new session only on a thread of its own, so they are read again and again while one
dictates, which takes milliseconds; at other times nothing is read.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import partial
from typing import Protocol

from anyio import to_thread

from desktop.audio.calls.streams import RecordingStream
from desktop.platforms.windows.com import ComError
from desktop.platforms.windows.sound import PlaybackSession

POLL_S = 0.5
"""Seconds between two looks for programs that began to record."""

SERVER = "windows"
"""In place of a server's name: its sessions have names that occur once."""


class RecordingMixer(Protocol):
    """Windows' mutes of programs that record."""

    def list_recording_sessions(self) -> list[PlaybackSession]:
        """Return what records or recorded. Raises `ComError`."""
        ...

    def set_recording_mute(self, instance: str, is_muted: bool) -> bool:
        """Mute a session or unmute it, and return whether it was there. Raises `ComError`."""
        ...


class SessionCalls:
    """`desktop.audio.calls.pulse_calls.CallStreams` for every recording session of `mixer` except our own."""

    poll_s = POLL_S

    def __init__(self, mixer: RecordingMixer) -> None:
        self.streams: dict[str, RecordingStream] = {}
        self.server = ""
        self._mixer = mixer
        self._asked: asyncio.Queue[tuple[str, bool, Callable[[bool], None]]] = asyncio.Queue()
        self._order = asyncio.Lock()

    async def run(self, on_change: Callable[[], None]) -> None:
        """See `CallStreams`. What is asked is done here, one after the other."""
        self.server = SERVER
        on_change()
        while True:
            where, is_muted, on_done = await self._asked.get()
            is_done = await self._ask(partial(self._mixer.set_recording_mute, where, is_muted), False)
            await self.refresh()
            on_done(is_done)

    async def refresh(self) -> None:
        """See `CallStreams`."""
        sessions = await self._ask(self._mixer.list_recording_sessions, list[PlaybackSession]())
        self.streams = {session.instance: convert_session(session, os.getpid()) for session in sessions}

    def set_mute(self, where: str, *, is_muted: bool, on_done: Callable[[bool], None]) -> None:
        """See `CallStreams`."""
        self._asked.put_nowait((where, is_muted, on_done))

    async def _ask[T](self, call: Callable[[], T], otherwise: T) -> T:
        try:
            async with self._order:  # what was read before a mute, and told after it, would look like the user's unmute
                found = await to_thread.run_sync(call)
        except ComError:
            self.server = ""
            return otherwise
        self.server = SERVER
        return found


def convert_session(session: PlaybackSession, own_pid: int) -> RecordingStream:
    """Convert a session of Windows, whose program is named by a path between other things."""
    file = session.program.rpartition("\\")[2].partition("%")[0]
    return RecordingStream(
        where=session.instance,
        order=0,
        program=session.program,
        title=file.removesuffix(".exe"),
        is_muted=session.is_muted,
        hears_user=session.pid != own_pid,
        is_paused=not session.is_playing,
    )
