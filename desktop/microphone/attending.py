"""Who looks after a take while it goes on: says why nothing is heard, and finds it another line.

A look every tenth of a second is enough: a take asks nothing of it but to be moved, and gives silence until then. A
line that is lost is replaced by the first microphone of the person's list that gives anything at all. A line that is
well is left only for a microphone that is wanted more (the list says so, or the system's default is another now), and
only once that one sounds, so that no word falls between the two.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from functools import partial
from typing import Protocol

import anyio
from anyio import to_thread

from desktop.microphone.devices import PULSE, served
from desktop.microphone.line import Chunk, Line, Listener
from desktop.microphone.recording import SystemRecording
from desktop.microphone.stillness import START_S, Doubt
from desktop.microphone.trouble import Trouble, explain, gone, nothing, silent, unplugged, waking
from desktop.problems import MicrophoneProblem

LOOK_S = 0.1
"""How often a take is looked at."""

ASK_S = 0.5
"""How often the sound server is asked again while a line is still."""

RETRY_S = 0.25
"""How often another line is looked for."""

SPEAK_S = 1.0
"""A line that is to replace a lost one gives something within this, or the next microphone is tried."""


class Lines(Protocol):
    """Where lines come from. `wanted` is the id of the microphone that is to be heard, None where nobody knows."""

    @property
    def wanted(self) -> str | None:
        """See the class."""
        ...

    async def another(self, listener: Listener, old: Line, avoid: Collection[str]) -> Line:
        """Have `listener` on a line that is not `old`, to none of the devices in `avoid` where there is another one.

        Raises `MicrophoneProblem`.
        """
        ...

    async def leave(self, line: Line, listener: Listener) -> None:
        """Have `listener` no more on `line`, and close that if nobody needs it."""
        ...


class Probe:
    """Hears whether a line gives anything, and whether that is sound."""

    def __init__(self) -> None:
        self.heard_until = 0.0
        self.given = self.sounds = False

    def post(self, line: Line, *chunks: Chunk | None) -> None:
        """Be given sound, on PortAudio's thread."""
        for chunk in chunks:
            if chunk is not None:
                self.given = True
                self.sounds = self.sounds or chunk.sounds

    def give_way(self, at: float) -> None:
        """It has nothing to give."""


async def attend(take: SystemRecording, lines: Lines) -> None:
    """Look after `take` until cancelled."""
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
    """Name what is wrong with the line, if it is worth a word."""
    line, now = take.line, time.monotonic()
    if line.device.bluetooth and take.still.wakes(now):
        take.name(waking(line.device))
        return
    known = await to_thread.run_sync(partial(explain, line.device))
    if take.line is not line or take.doubt() is None:
        return  # it is well meanwhile
    if known is None and doubt is Doubt.NOTHING:
        known = nothing(line.device)
    if known is None and take.still.silent(now):
        known = silent(line.device)
    take.name(known)


async def _replace(take: SystemRecording, lines: Lines) -> None:
    """Find a line for a take that has lost its own; return when it has one, or its key is up, or the server says why
    the old one is only still."""
    old, heard_at = take.line.device, take.still.arrived_at
    known = None if take.line.lost else await to_thread.run_sync(partial(explain, old))
    if known is not None:  # it will be there again
        take.name(known)
        take.give_up(known.title)
        await anyio.sleep(RETRY_S)
        return
    why = await to_thread.run_sync(partial(gone, old))
    take.give_up(why)
    take.name(Trouble(why, "Intone looks for another microphone. What you said so far is not lost."))
    avoid = set[str]()
    while take.lost and not take.stopped:
        # Without its server a device would be opened for us alone, and the server could not have it back.
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
    """Move `take` to the microphone that is wanted now, if that sounds before long; return its id if it does not, so
    that nobody tries again.

    It need not sound where the old one is gone, though its stream may live (a server moves that to another microphone);
    then it is tried until it gives anything.
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
    """Another line for `take` and what it gives; None where none can be opened. Of the two, only what is heard stays
    open afterwards."""
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
    """Whether `condition` comes true `within_s`."""
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
