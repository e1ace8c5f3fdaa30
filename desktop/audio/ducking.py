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
from desktop.audio.microphone.pulse import PlaybackStream
from desktop.audio.others import DuckedStream
from desktop.audio.playback import CLIENT_NAME
from desktop.core.errors import MicrophoneError

DUCKED_SHARE = 0.2
"""Share of its volume to which a stream is turned down."""


class VolumeDucker:
    """`DuckingMethod` for every playing stream except our own."""

    async def find_streams(self) -> list[DuckedStream]:
        """Return the playing streams and their reduced volumes."""
        return [
            DuckedStream(
                "duck", _get_program_name(stream), str(stream.index), stream.volumes, duck_volumes(stream.volumes)
            )
            for stream in await _list_streams()
            if not (stream.corked or stream.mute or _is_own(stream))
        ]

    async def apply(self, ducked: DuckedStream) -> None:
        """Turn the stream down."""
        await _set_volume(ducked.where, ducked.after)

    async def restore(self, ducked: DuckedStream) -> bool:
        """Restore the volume of the stream, or of the program's next one; return whether that was done."""
        theirs = [stream for stream in await _list_streams() if _get_program_name(stream) == ducked.who]
        same = [stream for stream in theirs if str(stream.index) == ducked.where]
        soft = [stream for stream in same or theirs if stream.volumes == ducked.after]
        done = [await _set_volume(str(stream.index), ducked.before) for stream in soft]
        return bool(theirs) and all(done)


def duck_volumes(values: tuple[int, ...]) -> tuple[int, ...]:
    """Return the ducked channel volumes."""
    return tuple(round(DUCKED_SHARE * value) for value in values)


def _get_program_name(stream: PlaybackStream) -> str:
    return stream.get_property("module-stream-restore.id") or stream.get_property("application.name")


def _is_own(stream: PlaybackStream) -> bool:
    return stream.get_property("application.name") == CLIENT_NAME or stream.get_property(
        "application.process.id"
    ) == str(os.getpid())


async def _list_streams() -> list[PlaybackStream]:
    try:
        return await to_thread.run_sync(server.list_playback_streams)
    except (MicrophoneError, *server.NO_SERVER_ERRORS):
        return []


async def _set_volume(index: str, values: tuple[int, ...]) -> bool:
    return await to_thread.run_sync(partial(server.run_command, "set-sink-input-volume", index, *map(str, values)))
