"""Supervise a recording: report why there is no sound, and move it to another stream.

A check every 0.1 s is enough, because a recording without a stream yields silence until it is moved. A lost stream is
replaced by the first microphone of the user's list that delivers anything. A working stream is left only for a
preferred microphone (listed earlier, or the new system default), and only once that one delivers sound, so that no word
falls between the two.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from functools import partial
from typing import Protocol

import anyio
from anyio import to_thread

from desktop.audio.microphone.devices import PULSE, served
from desktop.audio.microphone.health import Trouble, explain, gone, nothing, silent, unplugged, waking
from desktop.audio.microphone.recording import SystemRecording
from desktop.audio.microphone.stillness import START_S, Doubt
from desktop.audio.microphone.stream import Chunk, Line, Listener
from desktop.core.errors import MicrophoneProblem

LOOK_S = 0.1
"""Seconds between two checks of a recording."""

ASK_S = 0.5
"""Seconds between two queries of the sound server while a stream has no sound."""

RETRY_S = 0.25
"""Seconds between two attempts to find another stream."""

SPEAK_S = 1.0
"""Seconds in which a replacement stream must deliver something before the next microphone is tried."""


class Lines(Protocol):
    """Opens and releases streams. `preferred_id` is the id of the preferred microphone, None if unknown."""

    @property
    def wanted(self) -> str | None:
        """See the class."""
        ...

    async def another(self, listener: Listener, old: Line, avoid: Collection[str]) -> Line:
        """Open a stream other than `old` with `listener` on it, avoiding the device ids in `avoid` if there is another.

        Raises `MicrophoneError`.
        """
        ...

    async def leave(self, line: Line, listener: Listener) -> None:
        """Remove `listener` from `stream` and close the stream if it is unused."""
        ...


class Probe:
    """Listener that records whether a stream delivers data, and whether that is more than zeros."""

    def __init__(self) -> None:
        self.heard_until = 0.0
        self.given = self.sounds = False

    def post(self, line: Line, *chunks: Chunk | None) -> None:
        """Receive chunks on PortAudio's thread."""
        for chunk in chunks:
            if chunk is not None:
                self.given = True
                self.sounds = self.sounds or chunk.sounds

    def give_way(self, at: float) -> None:
        """Do nothing: a probe has no audio to hand over."""


async def attend(take: SystemRecording, lines: Lines) -> None:
    """Supervise `recording` until cancelled."""
    refused: str | None = None
    asked_at = -ASK_S
    while True:
        await anyio.sleep(LOOK_S)
        match take.doubt():
            case Doubt.LOST:
                await _replace(take, lines)
            case None:
                asked_at = -ASK_S
                if take.still.sounded:
                    take.name(None)
            case doubt if time.monotonic() - asked_at > ASK_S:
                asked_at = time.monotonic()
                await _explain(take, doubt)
        if not take.lost and lines.wanted not in (None, take.line.device.id, refused):
            refused = await _follow(take, lines)


async def _explain(take: SystemRecording, doubt: Doubt) -> None:
    """Set the recording's trouble from what the sound server knows."""
    line, now = take.line, time.monotonic()
    if line.device.bluetooth and take.still.wakes(now):
        take.name(waking(line.device))
        return
    known = await to_thread.run_sync(partial(explain, line.device))
    if take.line is not line or take.doubt() is None:
        return  # it recovered meanwhile
    if known is None and doubt is Doubt.NOTHING:
        known = nothing(line.device)
    if known is None and take.still.silent(now):
        known = silent(line.device)
    take.name(known)


async def _replace(take: SystemRecording, lines: Lines) -> None:
    """Find a stream for a recording that lost its own.

    Returns when it has one, when the key is up, or when the server explains why the old stream is only silent.
    """
    old, heard_at = take.line.device, take.still.arrived_at
    known = None if take.line.lost else await to_thread.run_sync(partial(explain, old))
    if known is not None:  # the stream will come back
        take.name(known)
        take.give_up(known.title)
        await anyio.sleep(RETRY_S)
        return
    why = await to_thread.run_sync(partial(gone, old))
    take.give_up(why)
    take.name(Trouble(why, "Intone looks for another microphone. What you said so far is not lost."))
    avoid = set[str]()
    while take.lost and not take.stopped:
        # Without its server the device would be opened exclusively, and the server could not take it back.
        if old.portaudio != PULSE or await to_thread.run_sync(_serves):
            async with _probed(take, lines, avoid) as (line, probe):
                if line is not None and await _met(lambda: probe.given or not take.lost, SPEAK_S) and take.lost:
                    then = "It was back" if line.device.id == old.id else f"Went on with {line.device.name}"
                    take.move(line, f"{why} {then} after {time.monotonic() - heard_at:.1f} s.")
                elif line is not None:
                    avoid.add(line.device.id)
        if take.lost:
            await anyio.sleep(RETRY_S)


async def _follow(take: SystemRecording, lines: Lines) -> str | None:
    """Move `recording` to the preferred microphone once that delivers sound; return its id on failure, to prevent
    retries.

    If the old device is gone, any data is enough, though its stream may live on (a server moves it to another
    microphone); then attempts go on until the new one delivers anything.
    """
    old = take.line.device
    why = await to_thread.run_sync(partial(gone, old))
    went = why == unplugged(old)
    async with _probed(take, lines) as (line, probe):
        if line is None:
            await anyio.sleep(RETRY_S)
            return None
        if not await _met(lambda: probe.sounds or (probe.given and (went or take.lost)), START_S):
            return None if went else line.device.id
        then = f"Went on with {line.device.name}"
        take.move(line, f"{why} {then}." if went else f"{then} instead of {old.name}.")
    return None


@asynccontextmanager
async def _probed(
    take: SystemRecording, lines: Lines, avoid: Collection[str] = ()
) -> AsyncIterator[tuple[Line | None, Probe]]:
    """Yield another stream for `recording` (None if none can be opened) and its probe; then close the unused one of the
    two."""
    probe, old = Probe(), take.line
    try:
        line = await lines.another(probe, old, avoid)
    except MicrophoneProblem:
        yield None, probe
        return
    try:
        yield line, probe
    finally:
        await lines.leave(line, probe)
        await lines.leave(old, probe)


async def _met(condition: Callable[[], bool], within_s: float) -> bool:
    """Wait up to `within_s` seconds for `condition`; return whether it became true."""
    until = time.monotonic() + within_s
    while True:
        if condition() or time.monotonic() > until:
            return condition()
        await anyio.sleep(LOOK_S / 4)


def _serves() -> bool:
    try:
        return served() is not None
    except MicrophoneProblem:
        return False
