"""Speech whose frames a test releases one by one, or a whole clip at once; and a client that is closed before its
server, which otherwise waits for it."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from desktop.core.interfaces import Recognizer
from desktop.core.types import FRAME_SAMPLES, Audio, Frame, Transcript
from desktop.network.client import ServiceClient
from tests.support.cloud.tls_server import App, Served, serve, trusting


class Speaking:
    """Iterate it to hear what `say` was given, up to `end`, which is the key coming up."""

    def __init__(self) -> None:
        self._frames: deque[Frame] = deque()
        self._over = False
        self._more = anyio.Event()

    def say(self, audio: Audio) -> None:
        """Add this to the speech."""
        self._frames.extend(audio[at : at + FRAME_SAMPLES] for at in range(0, len(audio), FRAME_SAMPLES))
        self._tell()

    def end(self) -> None:
        """Nothing more will be said."""
        self._over = True
        self._tell()

    async def __aiter__(self) -> AsyncIterator[Frame]:
        while True:
            while self._frames:
                yield self._frames.popleft()
            if self._over:
                return
            await self._more.wait()

    def _tell(self) -> None:
        self._more.set()
        self._more = anyio.Event()


async def dictate(recognizer: Recognizer, audio: Audio) -> Transcript:
    """The transcript of `audio`, spoken in no time."""
    speech = Speaking()
    speech.say(audio)
    speech.end()
    return await recognizer.transcribe(speech, lambda transcript: None)


@asynccontextmanager
async def standing(app: App, http: str = "2", *, tls: bool = True) -> AsyncIterator[tuple[ServiceClient, Served]]:
    """A server, and a client that trusts it."""
    with serve(app, tls=tls) as served:
        client = ServiceClient(http, trusting())
        yield client, served
        await client.aclose()
