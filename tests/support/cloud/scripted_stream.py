"""A server of live speech whose other end follows a script, and speech that is spoken as a test wants it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

import anyio
import numpy as np
from websockets.asyncio.server import Request, Response, ServerConnection, serve

from desktop.core.errors import ServiceError
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Frame, Transcript
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.websockets import WebSockets
from desktop.stt.cloud.deepgram_nova import NovaProtocol
from desktop.stt.cloud.pcm_buffer import seconds_to_bytes
from desktop.stt.cloud.streaming import CloudStream, StreamingEndpoint, StreamingTimeouts, transcribe_stream

PROMPT = StreamingTimeouts(hold_s=0.0, final_s=5.0, answer_s=5.0)
type Script = Callable[[Heard], Awaitable[None]]


@dataclass
class Heard:
    """A connection as the server has it."""

    socket: ServerConnection
    sound: bytearray = field(default_factory=bytearray)
    said: list[str] = field(default_factory=list)
    gone: anyio.Event = field(default_factory=anyio.Event)

    async def until(self, kind: str = "", seconds: float = 0.0) -> None:
        """Hear until a message of that kind, or so much sound, has come; of what is being spoken less than a frame
        waits for more."""
        while (kind and kind not in self.said) or len(self.sound) < seconds_to_bytes(seconds):
            message = await self.socket.recv()
            if isinstance(message, bytes):
                self.sound += message
            else:
                self.said.append(json.loads(message)["type"])

    async def final(self, start: float, duration: float, text: str, **flags: bool) -> None:
        """Send a final result."""
        channel = {"alternatives": [{"transcript": text}]}
        told = {"type": "Results", "start": start, "duration": duration, "is_final": True, "channel": channel}
        await self.socket.send(json.dumps(told | flags))


@dataclass
class Server:
    """Follows one script a connection; `status` refuses the handshake."""

    scripts: list[Script]
    status: HTTPStatus | None = None
    asked: int = 0
    heard: list[Heard] = field(default_factory=list)
    port: int = 0

    async def talk(self, socket: ServerConnection) -> None:
        heard = Heard(socket)
        self.heard.append(heard)
        try:
            await self.scripts[len(self.heard) - 1](heard)
            await socket.wait_closed()
        finally:
            heard.gone.set()

    def answer(self, socket: ServerConnection, request: Request) -> Response | None:
        self.asked += 1
        return None if self.status is None else socket.respond(self.status, '{"err_msg": "No."}')


@asynccontextmanager
async def server(
    *scripts: Script, status: HTTPStatus | None = None, ping_s: float = 4.0
) -> AsyncIterator[tuple[Server, StreamingEndpoint]]:
    """A server, and the line to it; at the end both sides of every socket are closed."""
    made = Server(list(scripts), status)
    async with serve(made.talk, "127.0.0.1", 0, process_request=made.answer, compression=None) as running:
        made.port = next(iter(running.sockets)).getsockname()[1]
        service = Service(
            "Example", f"ws://127.0.0.1:{made.port}/v1/listen", ServiceKey("deepgram", lambda name: "key")
        )
        client = ServiceClient()
        sockets = WebSockets(client.ssl_context, ping_s, ping_s)
        yield (
            made,
            StreamingEndpoint(sockets, service, lambda: NovaProtocol(service.url), "deepgram-live", "nova-3", "en"),
        )
        await sockets.aclose()
        await client.aclose()
        with anyio.fail_after(5):
            for heard in made.heard:
                await heard.gone.wait()


class Voice:
    """Speech that is spoken as a test wants it: every sample tells its place."""

    def __init__(self) -> None:
        self._frames: asyncio.Queue[Frame | None] = asyncio.Queue()
        self._samples = 0

    def say(self, duration_s: float) -> Voice:
        """Speak so long."""
        until = self._samples + round(duration_s * RATE_HZ)
        while self._samples < until:
            count = min(FRAME_SAMPLES, until - self._samples)
            place = np.arange(self._samples, self._samples + count, dtype=np.float32)
            self._frames.put_nowait(place % 30_000 / np.float32(32767))
            self._samples += count
        return self

    def end(self) -> Voice:
        """Let go."""
        self._frames.put_nowait(None)
        return self

    async def __aiter__(self) -> AsyncIterator[Frame]:
        while (frame := await self._frames.get()) is not None:
            yield frame


def place(sound: bytes) -> int:
    """At which sample of the speech `sound` begins."""
    return int(np.frombuffer(sound[:2], "<i2")[0])


class Batch:
    """An engine that is asked for the whole; `words` None: it fails; it answers when it is `allowed`."""

    def __init__(self, words: str | None, *, allowed: bool = True) -> None:
        self.samples = 0
        self.asked = anyio.Event()
        self._words = words
        self._allowed = anyio.Event()
        if allowed:
            self._allowed.set()

    async def transcribe(self, speech: AsyncIterator[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        self.asked.set()
        async for frame in speech:
            self.samples += len(frame)
        await self._allowed.wait()
        if self._words is None:
            raise ServiceError("host-unreachable", host="Batch")
        return Transcript(self._words, engine="batch")


async def transcribed(
    line: StreamingEndpoint,
    voice: Voice,
    batch: Batch | None = None,
    waits: StreamingTimeouts = PROMPT,
    shown: list[Transcript] | None = None,
) -> Transcript:
    with anyio.fail_after(10):
        show = shown.append if shown is not None else lambda _: None
        return await transcribe_stream(CloudStream(line, show, waits), voice, waits, batch)


async def dies(heard: Heard) -> None:
    heard.socket.transport.abort()


async def silent(heard: Heard) -> None:
    await heard.until("a message that never comes")


async def answers(heard: Heard) -> None:
    await heard.until("Finalize")
    await heard.final(0.0, len(heard.sound) / seconds_to_bytes(1.0), "three four", from_finalize=True)
