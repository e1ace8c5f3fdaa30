"""Look once for other programs that record a microphone."""

from __future__ import annotations

from contextlib import suppress

import anyio

from desktop.audio.calls.pulse_calls import CallStreams
from desktop.audio.calls.streams import RecordingStream

LOOK_TIMEOUT_S = 1.0
"""Seconds that the sound server may take."""


async def find_recording_programs(calls: CallStreams) -> tuple[str, ...]:
    """Return the names of the programs that hear the user, by a connection that ends with the look. Never raises."""
    is_known, found = anyio.Event(), list[RecordingStream]()

    async def read() -> None:
        with suppress(OSError):
            await calls.run(is_known.set)
        is_known.set()

    with anyio.move_on_after(LOOK_TIMEOUT_S):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(read)
            await is_known.wait()
            await calls.refresh()
            found += calls.streams.values()
            tasks.cancel_scope.cancel()
    return name_hearers(found)


def name_hearers(streams: list[RecordingStream]) -> tuple[str, ...]:
    """Return the names of the programs that hear the user by `streams`, each once."""
    heard = (stream for stream in streams if stream.hears_user and not stream.is_paused and not stream.is_muted)
    return tuple(dict.fromkeys(stream.title for stream in heard if stream.title))
