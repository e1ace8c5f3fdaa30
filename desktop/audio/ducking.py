"""Turn other programs' streams down with the sound server's own volumes.

The server remembers the last volume of a program's stream for its next one, so a stream that ended while ducked would
leave that program soft for ever. Its `DuckedStream` therefore stays open until the program's next stream begins as
softly, and is restored there.
"""

from __future__ import annotations

import os
from functools import partial

from anyio import to_thread

from desktop.audio.microphone import pulse as server
from desktop.audio.microphone.pulse import Playing
from desktop.audio.others import Debt
from desktop.audio.playback import CLIENT
from desktop.core.errors import MicrophoneProblem

SOFT = 0.2
"""Share of its volume to which a stream is turned down."""


class Ducking:
    """`DuckingMethod` for every playing stream except our own."""

    async def find(self) -> list[Debt]:
        """Return the playing streams and their reduced volumes."""
        return [
            Debt("duck", _who(stream), str(stream.index), stream.volumes, soft(stream.volumes))
            for stream in await _streams()
            if not (stream.corked or stream.mute or _ours(stream))
        ]

    async def make(self, debt: Debt) -> None:
        """Turn the stream down."""
        await _set(debt.where, debt.after)

    async def pay(self, debt: Debt) -> bool:
        """Restore the volume of the stream, or of the program's next one; return whether that was done."""
        theirs = [stream for stream in await _streams() if _who(stream) == debt.who]
        same = [stream for stream in theirs if str(stream.index) == debt.where]
        soft = [stream for stream in same or theirs if stream.volumes == debt.after]
        done = [await _set(str(stream.index), debt.before) for stream in soft]
        return bool(theirs) and all(done)


def soft(values: tuple[int, ...]) -> tuple[int, ...]:
    """Return the ducked channel volumes."""
    return tuple(round(SOFT * value) for value in values)


def _who(stream: Playing) -> str:
    return stream.told("module-stream-restore.id") or stream.told("application.name")


def _ours(stream: Playing) -> bool:
    return stream.told("application.name") == CLIENT or stream.told("application.process.id") == str(os.getpid())


async def _streams() -> list[Playing]:
    try:
        return await to_thread.run_sync(server.playing)
    except (MicrophoneProblem, *server.NONE):
        return []


async def _set(index: str, values: tuple[int, ...]) -> bool:
    return await to_thread.run_sync(partial(server.tell, "set-sink-input-volume", index, *map(str, values)))
