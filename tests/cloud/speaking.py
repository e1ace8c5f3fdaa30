"""Speech whose frames a test lets go one by one, or all of a clip at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from math import inf

import anyio

from desktop.ports import FRAME, Audio, Frame


class Speaking:
    """Iterate it to hear what `say` was given, up to `end`, which is the key coming up."""

    def __init__(self) -> None:
        self._give, self._take = anyio.create_memory_object_stream[Frame](inf)

    def say(self, audio: Audio) -> None:
        """Somebody has just said this."""
        for at in range(0, len(audio), FRAME):
            self._give.send_nowait(audio[at : at + FRAME])

    def end(self) -> None:
        """Nothing more will be said."""
        self._give.close()

    async def __aiter__(self) -> AsyncIterator[Frame]:
        with self._take:
            async for frame in self._take:
                yield frame
