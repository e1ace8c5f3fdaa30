"""Speech whose frames a test lets go one by one, or all of a clip at once; and a client that is closed before its
server, which otherwise waits for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf

import anyio

from desktop.network import Client
from desktop.ports import FRAME, Audio, Frame, Recognizer, Transcript
from tests.cloud.serving import App, Served, serve, trusting


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


async def dictate(recognizer: Recognizer, audio: Audio) -> Transcript:
    """The transcript of `audio`, spoken in no time."""
    speech = Speaking()
    speech.say(audio)
    speech.end()
    return await recognizer.transcribe(speech, lambda transcript: None)


@asynccontextmanager
async def standing(app: App, http: str = "2", *, tls: bool = True) -> AsyncIterator[tuple[Client, Served]]:
    """A server, and a client that trusts it."""
    with serve(app, tls=tls) as served:
        client = Client(http, trusting())
        yield client, served
        await client.aclose()
