"""How soon the text is there after the release, over sockets, on a line of 80 ms round trip and 2 Mbit/s up.

Real speech of 3, 11 and 30 s is fed at the pace of speech to each streaming engine; servers of the real protocols with
the real Whisper behind answer through a relay that delays. What the server takes from the end of the sound to its last
word is told by the server and taken off: left is what the network and we take. The bar is one round trip and 30 ms, for
the median of each engine and length. Before an engine's first take nothing is said for 4 minutes, and no connection may
be made at any release.

Beside each take the naive way: at the release a new client sends the take as one WAV to the same vendor's batch engine,
over the same line.

`--limit N` takes N of each length, and idles for as many seconds.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio
import httpx2
import numpy as np
import soundfile

from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame
from desktop.network import endpoint
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.stt.cloud.deepgram_streaming import DeepgramStreamingRecognizer
from desktop.stt.cloud.openai_realtime import OpenAIRealtimeRecognizer
from desktop.stt.cloud.request import CloudRequest
from tests.prove.record import Line, Run, tell
from tests.prove.recordings import clips, sound
from tests.support.cloud.deepgram import Deepgram
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.relay import Relay, relayed
from tests.support.cloud.tls_server import serve, trusting
from tests.support.cloud.words import whisper

RTT_S, UP_BIT_S = 0.08, 2_000_000.0

LENGTHS_S, TIMES, IDLE_S = (3, 11, 30), 5, 240.0

ALLOWED_MS = 1000 * RTT_S + 30

KEY = "sk-test"


@dataclass(frozen=True, slots=True)
class Stand:
    """An engine on its line. `live_s` and `naive_s` give what the last answer took the server."""

    live: OpenAIRealtimeRecognizer | DeepgramStreamingRecognizer
    relay: Relay
    live_s: Callable[[], float]
    naive: Callable[[bytes], Awaitable[str]]
    naive_s: Callable[[], float]


def prove(run: Run) -> dict[str, Any]:
    """Measure all takes that are not measured yet."""
    speech = np.concatenate([sound(clip) for clip in clips(("en",))])
    keys = anyio.run(_measure, run, speech)
    found = {key: run.lines[key] for key in keys}
    rows = [_row(engine, seconds, found) for engine in ENGINES for seconds in LENGTHS_S]
    return {
        "takes": len(found),
        "round_trip_ms": 1000 * RTT_S,
        "uplink_bit_s": UP_BIT_S,
        "idle_s": _idle_s(run),
        "allowed_ms": ALLOWED_MS,
        "engines": rows,
        "connections_at_release": sum(line["connections"] for line in found.values()),
        "without_words": sum(not line["words"] for line in found.values()),
        "ok": all(row["over_ms"] <= ALLOWED_MS for row in rows)
        and not any(line["connections"] or not line["words"] for line in found.values()),
    }


def _row(engine: str, seconds: int, found: dict[str, Line]) -> dict[str, Any]:
    """The takes of one engine and length: medians, and the worst."""
    lines = [line for line in found.values() if (line["engine"], line["seconds"]) == (engine, seconds)]
    over = [line["text_ms"] - line["server_ms"] for line in lines]
    median = {key: statistics.median(line[key] for line in lines) for key in ("text_ms", "server_ms", "naive_ms")}
    return {
        "engine": engine,
        "seconds": seconds,
        **{key: round(value, 1) for key, value in median.items()},
        "over_ms": round(statistics.median(over), 1),
        "over_worst_ms": round(max(over), 1),
        "naive_over_ms": round(statistics.median(line["naive_ms"] - line["naive_server_ms"] for line in lines), 1),
        "ratio": round(median["naive_ms"] / median["text_ms"], 2),
    }


def _idle_s(run: Run) -> float:
    return IDLE_S if run.limit is None else float(run.limit)


async def _measure(run: Run, speech: Audio) -> list[str]:
    """The keys of all takes, measured."""
    await whisper().hear(speech[: 5 * RATE_HZ])  # a model is slow the first time
    keys = []
    for place, engine in enumerate(ENGINES):
        takes = {}
        for seconds in LENGTHS_S:
            for number in range(run.upto(TIMES)):
                drawn = np.random.default_rng([run.seed, place, seconds, number])
                start = int(drawn.integers(0, len(speech) - seconds * RATE_HZ))
                takes[f"{engine} {seconds} {number}"] = speech[start : start + seconds * RATE_HZ]
        keys += takes
        if any(key not in run.lines for key in takes):
            await _speak(run, engine, takes)
    return keys


async def _speak(run: Run, engine: str, takes: dict[str, Audio]) -> None:
    """Measure an engine's takes, after a first one and the silence."""
    async with AsyncExitStack() as stack:
        there = await ENGINES[engine](stack)
        await _one(there, engine, next(iter(takes.values())))
        tell(f"{engine}: {_idle_s(run):.0f} s of silence")
        await anyio.sleep(_idle_s(run))
        for key, take in takes.items():
            line = await run.lines.once(key, partial(_one, there, engine, take))
            tell(f"{key}: {line['text_ms']:.0f} ms, of these {line['server_ms']:.0f} the server's")


async def _one(there: Stand, engine: str, take: Audio) -> Line:
    """One take, live and the naive way."""
    released_at, connections = 0.0, 0

    async def spoken() -> AsyncIterator[Frame]:
        nonlocal released_at, connections
        began = time.monotonic()
        for start in range(0, len(take), FRAME_SAMPLES):
            due = began + min(start + FRAME_SAMPLES, len(take)) / RATE_HZ
            await anyio.sleep(max(0.0, due - time.monotonic()))
            yield take[start : start + FRAME_SAMPLES]
        connections = there.relay.connections
        released_at = time.monotonic()

    found = await there.live.transcribe(spoken(), lambda _: None)
    text_s = time.monotonic() - released_at
    connections = there.relay.connections - connections
    server_s = there.live_s()
    file = io.BytesIO()
    released_at = time.monotonic()
    soundfile.write(file, take, RATE_HZ, subtype="PCM_16", format="WAV")
    naive = await there.naive(file.getvalue())
    naive_s = time.monotonic() - released_at
    return {
        "engine": engine,
        "seconds": round(len(take) / RATE_HZ),
        "text_ms": 1000 * text_s,
        "server_ms": 1000 * server_s,
        "connections": connections,
        "words": len(found.text.split()),
        "naive_ms": 1000 * naive_s,
        "naive_server_ms": 1000 * there.naive_s(),
        "naive_words": len(naive.split()),
    }


async def _openai(stack: AsyncExitStack) -> Stand:
    server, relay, client = await _line(stack, OpenAI(whisper(), key=KEY))
    service = Service("OpenAI", endpoint.openai_realtime_url(relay.sockets), ServiceKey("openai", lambda _: KEY))
    live = OpenAIRealtimeRecognizer(client, service, CloudRequest("gpt-live-transcribe", ("en",)))
    stack.push_async_callback(live.aclose)

    async def naive(wav: bytes) -> str:
        async with httpx2.AsyncClient(verify=trusting(), timeout=60) as new:
            answer = await new.post(
                f"{relay.url}/v1/audio/transcriptions",
                headers={"Authorization": f"Bearer {KEY}"},
                data={"model": "gpt-transcribe", "languages[]": "en"},
                files={"file": ("speech.wav", wav)},
            )
        return str(answer.raise_for_status().json()["text"])

    return Stand(live, relay, lambda: _last(server), naive, lambda: server.asked[-1].took_s)


async def _deepgram(stack: AsyncExitStack, model: str) -> Stand:
    server, relay, client = await _line(stack, Deepgram(whisper(), key=KEY))
    service = Service(
        "Deepgram", endpoint.deepgram_stream_url(relay.sockets, model), ServiceKey("deepgram", lambda _: KEY), "Token"
    )
    live = DeepgramStreamingRecognizer(client, service, CloudRequest(model, ("en",)))
    stack.push_async_callback(live.aclose)

    async def naive(wav: bytes) -> str:
        async with httpx2.AsyncClient(verify=trusting(), timeout=60) as new:
            answer = await new.post(
                f"{relay.url}/v1/listen?model=nova-3&language=en",
                headers={"Authorization": f"Token {KEY}", "Content-Type": "audio/wav"},
                content=wav,
            )
        heard = answer.raise_for_status().json()["results"]["channels"][0]["alternatives"][0]
        return str(heard["transcript"])

    return Stand(live, relay, lambda: _last(server), naive, lambda: server.asked[-1].took_s)


def _last(server: OpenAI | Deepgram) -> float:
    """Seconds from the end of the last take's sound to its last word, at the server; none where all was said before.

    OpenAI's commits are measured each, the last is that at the end; Deepgram's stream may be closed after the end, when
    its words are late, and the first is the end.
    """
    took_s = server.sessions[-1].took_s
    return sum(took_s[-1:] if isinstance(server, OpenAI) else took_s[:1])


async def _line[S: (OpenAI, Deepgram)](stack: AsyncExitStack, server: S) -> tuple[S, Relay, ServiceClient]:
    """A server, the relay before it and a client."""
    opened = ExitStack()
    stack.callback(opened.close)
    relay = opened.enter_context(relayed(opened.enter_context(serve(server)), RTT_S, UP_BIT_S))
    client = ServiceClient(ssl_context=trusting())
    stack.push_async_callback(client.aclose)
    return server, relay, client


ENGINES: dict[str, Callable[[AsyncExitStack], Awaitable[Stand]]] = {
    "openai-live": _openai,
    "deepgram-live nova": lambda stack: _deepgram(stack, "nova-3"),
    "deepgram-live flux": lambda stack: _deepgram(stack, "flux-general-en"),
}
