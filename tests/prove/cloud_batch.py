"""From the release to the text with the engines that are sent whole files, over a link of 80 ms there and back that
takes 2 Mbit/s.

Real servers on loopback with the real Whisper behind, a relay in between, speech at its own pace. Each way (engine and
HTTP version) has a client for all of its takes, which has idled for four minutes before the first. The bar for every
take: what was left to send at the release, one round trip, the server's own time, and 50 ms. In the same run, beside
it, the naive way: a new client, and the WAV once the key is up.

What was left to send is what had not arrived at the server when the key came up: 40 ms of what is counted as left were
on their way already.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import anyio
import numpy as np

from desktop.audio import file as audio_file
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.stt.cloud.audio_upload import MultipartForm
from desktop.stt.cloud.deepgram import DeepgramRecognizer
from desktop.stt.cloud.encoding import AudioEncoder, FlacEncoder, WavEncoder
from desktop.stt.cloud.openai import OpenAIRecognizer
from desktop.stt.cloud.request import CloudRequest
from tests.conftest import sentences
from tests.prove.record import Line, Run, tell
from tests.support.cloud import deepgram, openai
from tests.support.cloud.relay import Relay, relayed
from tests.support.cloud.server import Server
from tests.support.cloud.tls_server import serve, trusting
from tests.support.cloud.words import whisper

RTT_S, UP_BIT_S = 0.08, 2e6
TAKES, LENGTHS_S = 5, (3, 11, 30)
IDLE_S = 240.0
SPARE_MS = 50.0

ENGINES = ("openai", "deepgram", "compatible")
WAYS = [(engine, http) for http in ("2", "1.1") for engine in ENGINES]


@dataclass(frozen=True)
class Way:
    """One engine over one version of HTTP, and the link it uses."""

    name: str
    server: Server
    relay: Relay
    recognizer: OpenAIRecognizer | DeepgramRecognizer
    service: Service

    @property
    def server_ms(self) -> float:
        """How long the last answer took the server itself."""
        return 1000 * self.server.asked[-1].took_s


def prove(run: Run) -> dict[str, Any]:
    """Dictate; `run.limit` is how many takes of each length, of which fewer than all idle for 10 s each before."""
    return anyio.run(_prove, run)


async def _prove(run: Run) -> dict[str, Any]:
    takes = run.upto(TAKES)
    idle_s = IDLE_S if run.limit is None else min(IDLE_S, 10.0 * run.limit)
    plan = [(way, take, seconds) for take in range(takes) for seconds in LENGTHS_S for way in WAYS]
    async with AsyncExitStack() as opened:
        if any(_key(*step) not in run.lines for step in plan):
            ways = {way: await opened.enter_async_context(_standing(*way)) for way in WAYS}
            for way in ways.values():
                await _dictated(way, _speech(2))
            tell(f"cloud-batch: idle for {idle_s:.0f} s")
            await anyio.sleep(idle_s)
        for number, step in enumerate(plan):
            if _key(*step) not in run.lines:
                run.lines.add(_key(*step), await _measured(ways[step[0]], _speech(step[2])))
            tell(f"cloud-batch: {number + 1}/{len(plan)}", "\r")
    found = {way: [run.lines[_key(*step)] for step in plan if step[0] == way] for way in WAYS}
    lines = [line for some in found.values() for line in some]
    return {
        "takes": len(lines),
        "idle_s": idle_s,
        "new_connections_at_release": sum(line["new_at_release"] for line in lines),
        "worst_over_ms": max(line["over_ms"] for line in lines),
        "ways": {f"{engine} HTTP/{http}": _summary(found[engine, http]) for engine, http in WAYS},
        "ok": all(line["over_ms"] <= SPARE_MS and not line["new_at_release"] and line["heard"] for line in lines),
    }


def _key(way: tuple[str, str], take: int, seconds: int) -> str:
    return f"{' '.join(way)} {seconds} s {take}"


def _summary(lines: list[Line]) -> dict[str, Any]:
    """Medians in ms by length; `ratio`: the naive way's release to text by ours."""
    told = {}
    for seconds in LENGTHS_S:
        some = [line for line in lines if line["seconds"] == seconds]
        names = [name for name in some[0] if name.endswith("_ms")]
        medians = {name: round(median(line[name] for line in some), 1) for name in names}
        left = round(median(line["left_bytes"] for line in some))
        told[f"{seconds} s"] = {**medians, "left_bytes": left, "ratio": round(median(map(_ratio, some)), 2)}
    return told


def _ratio(line: Line) -> float:
    return float(line["naive_ms"] / line["release_to_text_ms"])


@asynccontextmanager
async def _standing(engine: str, http: str) -> AsyncIterator[Way]:
    server: Server = (
        deepgram.Deepgram(whisper())
        if engine == "deepgram"
        else openai.OpenAI(whisper(), compatible=engine == "compatible")
    )
    client = ServiceClient(http, trusting())
    with serve(server) as served, relayed(served, RTT_S, UP_BIT_S) as relay:
        service = Service(engine, f"{relay.url}/v1", ServiceKey(engine, lambda name: "a key"))
        recognizer: OpenAIRecognizer | DeepgramRecognizer
        if engine == "deepgram":
            recognizer = DeepgramRecognizer(client, service, CloudRequest("nova-3", ("en",)), encoding=FlacEncoder)
        else:
            kind: type[AudioEncoder] = FlacEncoder if engine == "openai" else WavEncoder
            alike = engine == "compatible"
            recognizer = OpenAIRecognizer(
                client, service, CloudRequest("gpt-transcribe", ("en",)), encoding=kind, is_compatible=alike
            )
        try:
            yield Way(engine, server, relay, recognizer, service)
        finally:
            await client.aclose()


def _speech(seconds: int) -> Audio:
    """So much of what the reader of the tests says."""
    said = np.concatenate([audio_file.read_audio(clip.path) for clip in sentences()])
    return np.resize(said, seconds * RATE_HZ)


async def _dictated(way: Way, sound: Audio) -> tuple[str, dict[str, float]]:
    """The text, and what was the case when the key came up."""
    then: dict[str, float] = {}

    async def speech() -> AsyncIterator[Frame]:
        async for frame in audio_file.iterate_frames(sound, realtime=True):
            yield frame
        then.update(at=time.monotonic(), up=way.relay.up_bytes, connections=way.relay.connections)

    said = await way.recognizer.transcribe(speech(), lambda transcript: None)
    return said.text, then


async def _measured(way: Way, sound: Audio) -> Line:
    text, then = await _dictated(way, sound)
    took_ms = 1000 * (time.monotonic() - then["at"])
    phases, left = way.recognizer.phases, way.relay.up_bytes - then["up"]
    assert phases is not None
    server_ms, left_ms = way.server_ms, 8000 * left / UP_BIT_S
    new = way.relay.connections - then["connections"]
    naive_ms = await _naive(way, sound)
    return {
        "seconds": len(sound) // RATE_HZ,
        "heard": bool(text),
        "http": phases.http,
        "release_to_text_ms": took_ms,
        "server_ms": server_ms,
        "left_bytes": left,
        "left_ms": left_ms,
        "wait_ms": 1000 * (phases.wait_s or 0.0),
        "read_ms": 1000 * (phases.read_s or 0.0),
        "over_ms": took_ms - server_ms - left_ms - 1000 * RTT_S,
        "new_at_release": new,
        "naive_ms": naive_ms,
        "naive_server_ms": way.server_ms,
    }


async def _naive(way: Way, sound: Audio) -> float:
    """From the release to the answer where a new client sends the WAV then."""
    coder = WavEncoder()
    wav = b"".join(coder.encode(sound[at : at + FRAME_SAMPLES]) for at in range(0, len(sound), FRAME_SAMPLES))
    began = time.monotonic()
    client = ServiceClient("1.1", trusting())
    if way.name == "deepgram":
        path, kind, body = "/listen?model=nova-3&language=en", coder.media_type, wav
    else:
        language = "languages[]" if way.name == "openai" else "language"
        form = MultipartForm([("model", "gpt-transcribe"), (language, "en")], coder)
        path, kind, body = "/audio/transcriptions", form.content_type, form.before + wav + form.after
    await client.request(way.service, "POST", path, headers={"Content-Type": kind}, body=body)
    took_ms = 1000 * (time.monotonic() - began)
    await client.aclose()
    return took_ms
