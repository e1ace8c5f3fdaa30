"""The streaming engines with the servers that they speak to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import anyio
from anyio import to_thread

from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame, Transcript
from desktop.network import endpoint
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.stt.cloud.deepgram_streaming import DeepgramStreamingRecognizer
from desktop.stt.cloud.openai_realtime import OpenAIRealtimeRecognizer
from desktop.stt.cloud.request import CloudRequest
from desktop.stt.cloud.streaming import StreamingTimeouts
from tests.support.cloud.deepgram import Deepgram
from tests.support.cloud.faults import Fault
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.relay import Relay, relayed
from tests.support.cloud.tls_server import serve, trusting
from tests.support.cloud.words import Words

KEY = "secret"

PROMPT, SOON = StreamingTimeouts(hold_s=0.0), StreamingTimeouts(hold_s=0.0, answer_s=0.5)
"""The second for what never answers."""


@dataclass
class Stand:
    """A server, the relay before it where one was asked for, and an engine that speaks to it."""

    server: OpenAI | Deepgram
    engine: OpenAIRealtimeRecognizer | DeepgramStreamingRecognizer
    relay: Relay | None
    rate_hz: int
    usd_per_minute: float


type Begin = Callable[..., AbstractAsyncContextManager[Stand]]


@asynccontextmanager
async def openai(
    words: Words | None = None, *faults: Fault, model: str = "auto", query: str = "", **given: Any
) -> AsyncIterator[Stand]:
    """OpenAI, and its live engine."""

    def engine(client: ServiceClient, root: str, key: str, **more: Any) -> OpenAIRealtimeRecognizer:
        service = Service("OpenAI", endpoint.openai_realtime_url(root + query), ServiceKey("openai", lambda name: key))
        return OpenAIRealtimeRecognizer(client, service, CloudRequest(model, ("en",), ("Intone",)), **more)

    async with standing(OpenAI(words, key=KEY, faults=faults), engine, 24_000, 0.017, **given) as stand:
        yield stand


@asynccontextmanager
async def deepgram(
    words: Words | None = None, *faults: Fault, model: str = "nova-3", **given: Any
) -> AsyncIterator[Stand]:
    """Deepgram, and its live engine."""

    def engine(client: ServiceClient, root: str, key: str, **more: Any) -> DeepgramStreamingRecognizer:
        url = endpoint.deepgram_stream_url(root, model)
        service = Service("Deepgram", url, ServiceKey("deepgram", lambda name: key), auth_scheme="Token")
        return DeepgramStreamingRecognizer(client, service, CloudRequest(model, ("en",), ("Intone",)), **more)

    price = 0.0065 if model.startswith("flux") else 0.0048
    async with standing(Deepgram(words, key=KEY, faults=faults), engine, 16_000, price, **given) as stand:
        yield stand


@asynccontextmanager
async def standing(
    server: OpenAI | Deepgram,
    make: Callable[..., OpenAIRealtimeRecognizer | DeepgramStreamingRecognizer],
    rate_hz: int,
    usd_per_minute: float,
    *,
    key: str = KEY,
    far: bool = False,
    waits: StreamingTimeouts = PROMPT,
    **more: Any,
) -> AsyncIterator[Stand]:
    """The server runs, `far` behind a relay; at the end every socket is closed on both sides."""
    client = ServiceClient(ssl_context=trusting())
    with serve(server) as served:
        with relayed(served) if far else nullcontext() as relay:
            engine = make(client, (relay or served).sockets, key, timeouts=waits, **more)
            try:
                yield Stand(server, engine, relay, rate_hz, usd_per_minute)
            finally:
                await engine.aclose()
                await client.aclose()
        await to_thread.run_sync(server.when, lambda: all(session.over for session in server.sessions))


def flux(*args: Any, **given: Any) -> AbstractAsyncContextManager[Stand]:
    """Deepgram's Flux."""
    return deepgram(*args, model="flux-general-en", **given)


async def spoken(audio: Audio, gate: anyio.Event | None = None) -> AsyncIterator[Frame]:
    """All of `audio` at once; its last second when `gate` opens."""
    held = len(audio) - RATE_HZ
    for start in range(0, len(audio), FRAME_SAMPLES):
        if gate is not None and start >= held:
            await gate.wait()
        yield audio[start : start + FRAME_SAMPLES]


def ignore(transcript: Transcript) -> None:
    """Look at nothing."""


async def transcribed(engine: OpenAIRealtimeRecognizer | DeepgramStreamingRecognizer, audio: Audio) -> Transcript:
    """Return the text of `audio`, all of it said at once."""
    with anyio.fail_after(20):
        return await engine.transcribe(spoken(audio), ignore)
