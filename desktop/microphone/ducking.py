"""Turning other streams down, by the sound server's own volumes.

The server remembers the last volume of a program's stream for its next one, so one that ended while it was turned down
would make that program soft for ever. Such a debt stays open until the next stream begins as softly, and is paid there.
"""

from __future__ import annotations

import os
import subprocess
from functools import partial
from typing import Any

from anyio import to_thread

from desktop.microphone.devices import pactl, tell
from desktop.microphone.others import Debt
from desktop.playing import CLIENT
from desktop.problems import MicrophoneProblem

SOFT = 0.2
"""To how much of its volume other sound is turned down."""


class Ducking:
    """`others.Kind` for every stream that plays now, but our own."""

    async def find(self) -> list[Debt]:
        """What plays now."""
        return [
            Debt("duck", _who(stream), str(stream["index"]), volumes(stream), soft(volumes(stream)))
            for stream in await _streams()
            if not (stream["corked"] or stream["mute"] or _ours(stream))
        ]

    async def make(self, debt: Debt) -> None:
        """Turn it down."""
        await _set(debt.where, debt.after)

    async def pay(self, debt: Debt) -> bool:
        """Turn it up again, or the program's next stream."""
        theirs = [stream for stream in await _streams() if _who(stream) == debt.who]
        same = [stream for stream in theirs if str(stream["index"]) == debt.where]
        for stream in same or theirs:
            if volumes(stream) == debt.after:
                await _set(str(stream["index"]), debt.before)
        return bool(theirs)


def volumes(stream: dict[str, Any]) -> tuple[int, ...]:
    """The volume of each channel, 65536 for 100 %."""
    return tuple(channel["value"] for channel in stream["volume"].values())


def soft(values: tuple[int, ...]) -> tuple[int, ...]:
    """The same, turned down."""
    return tuple(round(SOFT * value) for value in values)


def _who(stream: dict[str, Any]) -> str:
    properties = stream["properties"]
    return str(properties.get("module-stream-restore.id") or properties.get("application.name", ""))


def _ours(stream: dict[str, Any]) -> bool:
    properties: dict[str, str] = stream["properties"]
    return properties.get("application.name") == CLIENT or properties.get("application.process.id") == f"{os.getpid()}"


async def _streams() -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = await to_thread.run_sync(partial(pactl, "list", "sink-inputs"))
    except (MicrophoneProblem, FileNotFoundError, subprocess.CalledProcessError):
        return []
    return found


async def _set(index: str, values: tuple[int, ...]) -> None:
    await to_thread.run_sync(partial(tell, "set-sink-input-volume", index, *map(str, values)))
