"""What Deepgram's two kinds of sockets have in common: audio in binary frames, JSON in text frames, an end for those
that are silent.

JSON in a binary frame is audio, and an empty frame is nothing at all, as there. Points of faults: `HANDSHAKE`,
`ACCEPTED`, `AUDIO`, `ENDING` (Finalize or ForceEndTurn has come; `Skip` ignores it), `CLOSING` (CloseStream has).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.websockets import WebSocket

from tests.support.cloud.faults import AUDIO_S, At
from tests.support.cloud.line import Ended, Line, parsed
from tests.support.cloud.phrase_recognizer import Hearing
from tests.support.cloud.words import Pcm

if TYPE_CHECKING:
    from tests.support.cloud.deepgram import Deepgram

NO_AUDIO = (1011, "No audio or text message came in time. See NET-0001.")


class Session:
    """One connection. `query` is what was asked, `audio_s` the seconds of audio that came, `told` the types of the text
    frames that came, `took_s` how long each end took from its message to the last words, `line.sent` what was told."""

    hearing: Hearing

    def __init__(self, server: Deepgram, socket: WebSocket) -> None:
        self.line = Line(socket, server.faults)
        self.headers = dict(socket.headers)
        self.query = tuple(socket.query_params.multi_items())
        self.request = token_hex(16)
        self.audio_s = 0.0
        self.told: list[str] = []
        self.took_s: list[float] = []
        self.over = False
        self._server = server
        self._asked = dict(self.query)
        self._heard_at = 0.0
        self._in_order = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def asks(self, flag: str) -> bool:
        """Whether the query has this set."""
        return self._asked.get(flag) == "true"

    def does(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What is done at each message, by its type."""
        raise NotImplementedError

    async def begin(self) -> None:
        """Say what is said first."""

    async def misunderstood(self, frame: str) -> None:
        """Say that a text frame makes no sense."""
        raise NotImplementedError

    async def run(self, refusal: Response | None) -> None:
        """From the handshake to the end."""
        try:
            await self.line.accept(refusal)
            self._pcm = Pcm(int(self._asked["sample_rate"]))
            self._heard_at = time.monotonic()
            self._watch()
            await self.begin()
            async for frame in self.line.frames():
                with suppress(Ended):
                    await self._do(frame)
                self._server.tell()
        except Ended:
            async for _ in self.line.frames():
                pass
        finally:
            self.over = True
            for task in self._tasks:
                task.cancel()
            if hasattr(self, "hearing"):
                self.hearing.stop()
            self._server.tell()

    async def ended(self, at: At, end: Callable[[], Awaitable[None]]) -> None:
        """Have `end` happen after the faults of its point, in its turn, and note how long it took."""
        began = time.perf_counter()
        async with self._in_order:
            with suppress(Ended):
                if not await self.line.meet(at):
                    await end()
                    self.took_s.append(time.perf_counter() - began)
        self._server.tell()

    async def hear(self, sound: Any) -> None:
        """Hear some audio."""
        self.hearing.feed(sound)

    async def _do(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            self._heard_at = time.monotonic()
            before, sound = self.audio_s, self._pcm.sound(frame)
            self.audio_s += len(frame) / 2 / int(self._asked["sample_rate"])
            await self.hear(sound)
            if before < AUDIO_S <= self.audio_s:
                await self.line.meet(At.AUDIO)
            return
        kind = parsed(frame).get("type", "")
        self.told.append(kind)
        if kind not in self.does():
            return await self.misunderstood(frame)
        self._heard_at = time.monotonic()
        self._start(self.does()[kind]())
        await asyncio.sleep(0)  # what comes after it is not meant

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _watch(self) -> None:
        """Close the socket when nothing comes any more; what is still being transcribed is no silence."""
        if self._tasks:
            self._heard_at = time.monotonic()
        left = self._heard_at + self._server.idle_s - time.monotonic()
        if left > 0 and not self.over:
            asyncio.get_running_loop().call_later(left, self._watch)
        elif not self.over:
            self._start(self.line.close(*NO_AUDIO))
