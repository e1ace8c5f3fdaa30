"""Half an hour of speech through each service, cut as a limit of its makes it: no word lost at a seam, none said twice.

The speech is fed as fast as the servers behind (the tests' own, with the real model) can follow, so that nothing waits
longer than the engines' patience; what they do with time is proved elsewhere. The limit is set far below the real ones,
for more seams. The words are compared with what was said and with one decode of the whole recording by the same model.
Two decodes differ everywhere by a few words in a hundred; so the seams are looked at one by one, and a word counts as
lost or doubled there where both comparisons say so. Where a model drops a phrase, as they do now and then, the cut is
innocent; where the cut lost sound, every engine lost the words, for all are cut alike.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.lowlevel

from desktop.audio.file import iterate_frames
from desktop.core.interfaces import Recognizer
from desktop.core.types import RATE_HZ, Audio, Frame, Transcript
from desktop.network import endpoint
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.stt.cloud.chunking import ChunkingRecognizer
from desktop.stt.cloud.deepgram import DeepgramRecognizer
from desktop.stt.cloud.deepgram_streaming import DeepgramStreamingRecognizer
from desktop.stt.cloud.openai import OpenAIRecognizer
from desktop.stt.cloud.openai_realtime import OpenAIRealtimeRecognizer
from desktop.stt.cloud.request import CloudRequest
from tests.prove.corpus import joined
from tests.prove.heard import counts, ignore, normal, rate
from tests.prove.long import plan
from tests.prove.record import Line, Run, tell
from tests.prove.recordings import recorded
from tests.prove.seams import seams
from tests.support.cloud import deepgram, openai
from tests.support.cloud.tls_server import serve, trusting
from tests.support.cloud.words import whisper

LENGTH_S = 1800
LIMIT_S = 75.0
"""Instead of 10 minutes to an hour, according to the service: 25 pieces and more."""

AHEAD = 1
"""Pieces that may be unanswered while the next is fed."""

RUN = 2
"""Words at a seam that every engine lost, or said twice, from which on it is the cut."""

UNHEARD_S = 0.1
"""By how much the pieces together may be shorter or longer than the recording."""

IDLE_S = 120.0
"""How long the server waits for sound: here it is fed faster than it hears, and the next piece has to wait."""

KEY = "key-of-the-proofs"

type Make = Callable[[ServiceClient, str, str], Recognizer]
"""A recognizer from the root of its server, for HTTP and for sockets."""


def _service(url: str, scheme: str = "Bearer") -> Service:
    return Service("The service", url, ServiceKey("proof", lambda name: KEY), scheme)


def _asked(model: str) -> CloudRequest:
    return CloudRequest(model, ("en",))


def _deepgram() -> deepgram.Deepgram:
    server = deepgram.Deepgram(whisper(), key=KEY)
    server.idle_s = IDLE_S
    return server


ENGINES: dict[str, tuple[Callable[[], Any], Make]] = {
    "openai": (
        lambda: openai.OpenAI(whisper(), key=KEY),
        lambda client, root, sockets: OpenAIRecognizer(
            client, _service(endpoint.openai_base_url(root)), _asked("auto")
        ),
    ),
    "compatible": (
        lambda: openai.OpenAI(whisper(), key=KEY, compatible=True),
        lambda client, root, sockets: OpenAIRecognizer(
            client, _service(endpoint.openai_base_url(root)), _asked("auto"), is_compatible=True
        ),
    ),
    "openai-live": (
        lambda: openai.OpenAI(whisper(), key=KEY),
        lambda client, root, sockets: OpenAIRealtimeRecognizer(
            client, _service(endpoint.openai_realtime_url(sockets)), _asked("auto")
        ),
    ),
    "deepgram": (
        _deepgram,
        lambda client, root, sockets: DeepgramRecognizer(
            client, _service(endpoint.deepgram_base_url(root), "Token"), _asked("nova-3")
        ),
    ),
    "deepgram-live": (
        _deepgram,
        lambda client, root, sockets: _deepgram_live(client, sockets, "nova-3"),
    ),
    "flux": (
        _deepgram,
        lambda client, root, sockets: _deepgram_live(client, sockets, "flux-general-en"),
    ),
}
"""Each engine's server and its recognizer; `flux` is a model of `deepgram-live` with a protocol of its own."""


def _deepgram_live(client: ServiceClient, sockets: str, model: str) -> Recognizer:
    return DeepgramStreamingRecognizer(
        client, _service(endpoint.deepgram_stream_url(sockets, model), "Token"), _asked(model)
    )


class Counted:
    """A recognizer whose answers are kept, and which knows how many are owed."""

    def __init__(self, one: Recognizer) -> None:
        self.said: dict[int, str] = {}
        self._one = one
        self._begun = 0
        self._news = anyio.Event()

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        number, self._begun = self._begun, self._begun + 1
        answer = await self._one.transcribe(speech, on_partial)
        self.said[number] = answer.text
        news, self._news = self._news, anyio.Event()
        news.set()
        return answer

    async def follows(self) -> None:
        """Wait while more than `AHEAD` answers are owed beside the piece that is fed."""
        while self._begun - len(self.said) > AHEAD + 1:
            await self._news.wait()


def prove(run: Run) -> dict[str, Any]:
    """Dictate it to each engine; `run.limit` is in seconds."""
    seconds = run.limit or LENGTH_S
    said = plan(run.seed, seconds)
    audio = recorded(joined(said))
    keys = {engine: f"{engine} {seconds} s" for engine in ENGINES}
    for engine, key in keys.items():
        if key not in run.lines:
            run.lines.add(key, anyio.run(_dictated, engine, audio, said.text, _whole(run, seconds, audio)))
    lines = {engine: run.lines[key] for engine, key in keys.items()}
    return {
        "seconds": round(len(audio) / RATE_HZ),
        "limit_s": LIMIT_S,
        "words": max(line["against_whole"]["words"] for line in lines.values()),
        "engines": {engine: _figures(line) for engine, line in lines.items()},
        "ok": all(line["seams"] and abs(line["unheard_s"]) < UNHEARD_S for line in lines.values())
        and not any(worst >= RUN for worst in _worst(list(lines.values()))),
    }


def _worst(lines: list[Line]) -> list[int]:
    """Of each seam, how many words every engine lost there, or said twice."""
    alike = zip(*(line["lost"] for line in lines), strict=True), zip(*(line["doubled"] for line in lines), strict=True)
    return [max(min(lost), min(doubled)) for lost, doubled in zip(*alike, strict=True)]


def _whole(run: Run, seconds: int, audio: Audio) -> str:
    """What the servers' model hears in all of `audio` at once; kept beside the corpora, since it takes a minute."""
    file = run.out / f"cloud-long-{run.seed}-{seconds}.txt"
    if not file.exists():
        file.write_text(anyio.run(whisper().hear, audio))
    return file.read_text()


def _figures(line: Line) -> Line:
    return {
        "wer": rate([line["against_reference"]]),
        "wer_whole": rate([line["whole"]]),
        "wer_against_whole": rate([line["against_whole"]]),
        "seams": line["seams"],
        "unheard_s": line["unheard_s"],
        "lost": sum(line["lost"]),
        "doubled": sum(line["doubled"]),
        "most_at_a_seam": max(line["lost"] + line["doubled"], default=0),
        "sent_mb": round(line["sent_bytes"] / 1e6, 1),
        "took_s": line["took_s"],
    }


@asynccontextmanager
async def _asking(engine: str) -> AsyncIterator[Recognizer]:
    server, make = ENGINES[engine]
    with serve(server()) as served:
        client = ServiceClient(ssl_context=trusting())
        one = make(client, served.url, served.sockets)
        try:
            yield one
        finally:
            if isinstance(one, OpenAIRealtimeRecognizer | DeepgramStreamingRecognizer):
                await one.aclose()
            await client.aclose()


async def _dictated(engine: str, audio: Audio, reference: str, whole: str) -> Line:
    began = time.monotonic()
    async with _asking(engine) as one:
        counted = Counted(one)
        fed_s = 0.0

        async def speech() -> AsyncIterator[Frame]:
            nonlocal fed_s
            async for frame in iterate_frames(audio):
                await counted.follows()
                yield frame
                fed_s += len(frame) / RATE_HZ
                if not int(fed_s * RATE_HZ) % (RATE_HZ * 8):
                    tell(f"cloud-long: {engine} {fed_s:.0f} s", "\r")
                    await anyio.lowlevel.checkpoint()

        said = await ChunkingRecognizer(counted, LIMIT_S).transcribe(speech(), ignore)
    pieces = [normal(counted.said[number]).split() for number in sorted(counted.said)]
    cuts = [seams(normal(text).split(), pieces) for text in (reference, whole)]
    return {
        "against_reference": counts(reference, said.text),
        "against_whole": counts(whole, said.text),
        "whole": counts(reference, whole),
        "seams": len(pieces) - 1,
        "unheard_s": round(len(audio) / RATE_HZ - said.duration_s, 3),
        "lost": [min(seam.lost for seam in both) for both in zip(*cuts, strict=True)],
        "doubled": [min(seam.doubled for seam in both) for both in zip(*cuts, strict=True)],
        "sent_bytes": sum(sent.audio_bytes for sent in said.sent),
        "took_s": round(time.monotonic() - began),
    }
