"""The tests' own servers, checked by the vendors' clients: what those complete a transcription against speaks the
protocol that the app must speak. Behind each kind of it once is the real model, so that the words are real."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile
import soxr
from deepgram import AsyncDeepgramClient
from deepgram.environment import DeepgramClientEnvironment
from openai import AsyncOpenAI, DefaultAsyncHttpxClient
from openai.types.realtime import RealtimeServerEvent

from desktop.audio import file as audio_file
from desktop.core.types import RATE_HZ
from tests.conftest import Clip
from tests.support.cloud.deepgram import Deepgram
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.tls_server import Served, serve, trusting
from tests.support.cloud.words import Said, whisper
from tests.support.words import error_rate

KEY = "a-key"

GOOD_ENOUGH = 0.35
"""The word error rate below which even the smallest model, on phrases cut as they come, has plainly heard it."""

PIECE_S = 0.1

pytestmark = pytest.mark.filterwarnings(r"ignore:websockets\..* is deprecated:DeprecationWarning")
"""Deepgram's client imports names that websockets has others for."""

LIVE = {
    "type": "transcription",
    "audio": {
        "input": {
            "format": {"type": "audio/pcm", "rate": 24000},
            "transcription": {"model": "gpt-live-transcribe", "languages": ["en"]},
            "turn_detection": None,
        }
    },
}


@pytest.fixture(scope="module")
def openai() -> Iterator[Served]:
    with serve(OpenAI(whisper(), key=KEY)) as served:
        yield served


@pytest.fixture(scope="module")
def deepgram() -> Iterator[Served]:
    with serve(Deepgram(whisper(), key=KEY)) as served:
        yield served


@asynccontextmanager
async def openai_client(served: Served) -> AsyncIterator[AsyncOpenAI]:
    http = DefaultAsyncHttpxClient(verify=trusting(), http2=True)
    url = f"{served.url}/v1"
    async with AsyncOpenAI(api_key=KEY, base_url=url, max_retries=0, http_client=http) as client:
        yield client


@asynccontextmanager
async def deepgram_client(served: Served, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsyncDeepgramClient]:
    monkeypatch.setenv("SSL_CERT_FILE", served.environ["SSL_CERT_FILE"])  # its sockets take no context
    where = DeepgramClientEnvironment(
        base=served.url, production=served.sockets, agent=served.sockets, agent_rest=served.url
    )
    async with httpx.AsyncClient(verify=trusting()) as http:
        yield AsyncDeepgramClient(api_key=KEY, environment=where, httpx_client=http)


def pieces(path: Path, rate_hz: int = RATE_HZ) -> Iterator[bytes]:
    """The sound of a file as 16-bit samples, a tenth of a second at a time."""
    sound = soxr.resample(audio_file.read_audio(path), RATE_HZ, rate_hz)
    samples = (np.clip(sound, -1, 1) * 32767).astype("<i2")
    step = int(PIECE_S * rate_hz)
    for start in range(0, len(samples), step):
        yield samples[start : start + step].tobytes()


@pytest.mark.anyio
@pytest.mark.parametrize("form", ["FLAC", "OGG"])
async def test_openai_hears_a_file(openai: Served, clips: list[Clip], tmp_path: Path, form: str) -> None:
    file = tmp_path / f"speech.{form.lower()}"
    soundfile.write(file, audio_file.read_audio(clips[0].path), RATE_HZ, subtype="OPUS" if form == "OGG" else None)
    async with openai_client(openai) as client:
        raw = await client.audio.transcriptions.with_raw_response.create(
            model="gpt-transcribe", file=file, languages=["en"], keywords=["Intone"]
        )
    assert error_rate(clips[0].text, raw.parse().text) < GOOD_ENOUGH
    assert int(raw.headers["openai-processing-ms"]) > 0
    assert raw.headers["x-request-id"].startswith("req_")


@pytest.mark.anyio
async def test_openai_streams_the_words_of_a_file(clips: list[Clip]) -> None:
    with serve(OpenAI(Said("one two three"), key=KEY)) as served:
        async with openai_client(served) as client:
            events = [
                event
                async for event in await client.audio.transcriptions.create(
                    model="gpt-4o-mini-transcribe", file=clips[0].path, language="en", stream=True
                )
            ]
            whole = await client.audio.transcriptions.create(
                model="whisper-1", file=clips[0].path, response_format="verbose_json"
            )
            text = await client.audio.transcriptions.create(
                model="whisper-1", file=clips[0].path, response_format="text"
            )
    assert [event.type for event in events] == ["transcript.text.delta"] * 3 + ["transcript.text.done"]
    assert "".join(event.delta for event in events if event.type == "transcript.text.delta") == "one two three"
    assert whole.duration == pytest.approx(soundfile.info(clips[0].path).duration, abs=0.01)
    assert text.strip() == "one two three"


@pytest.mark.anyio
async def test_openai_lists_its_models_and_completes_a_chat() -> None:
    server = OpenAI(key=KEY, chat=lambda messages: "It is polished now.")
    server.shutdowns["gpt-transcribe"] = "2026-01-01"
    with serve(server) as served:
        async with openai_client(served) as client:
            models = {model.id: model.shutdown_date async for model in client.models.list()}
            asked: dict[str, Any] = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "it is"}]}
            whole = await client.chat.completions.create(**asked)
            cut = await client.chat.completions.create(**asked, max_completion_tokens=2)
            options = {"include_usage": True, "include_obfuscation": False}
            stream = await client.chat.completions.create(**asked, stream=True, stream_options=options)
            chunks = [chunk async for chunk in stream]
    assert models["gpt-transcribe"] == "2026-01-01"
    assert models["whisper-1"] == "2027-02-26"
    assert models["gpt-live-transcribe"] is None
    assert whole.choices[0].message.content == "It is polished now."
    assert (cut.choices[0].message.content, cut.choices[0].finish_reason) == ("It is po", "length")
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks[:-1]) == "It is polished now."
    assert chunks[-1].usage == whole.usage


@pytest.mark.anyio
async def test_openai_hears_while_somebody_speaks(openai: Served, clips: list[Clip]) -> None:
    events: list[RealtimeServerEvent] = []
    async with (
        openai_client(openai) as client,
        client.realtime.connect(
            extra_query={"intent": "transcription"}, websocket_connection_options={"ssl": trusting()}
        ) as connection,
    ):
        await connection.session.update(session=LIVE)
        for piece in pieces(clips[0].path, 24_000):
            await connection.input_audio_buffer.append(audio=base64.b64encode(piece).decode())
        await connection.input_audio_buffer.commit()
        while not events or not events[-1].type.endswith("transcription.completed"):
            events.append(await connection.recv())
            assert events[-1].type != "error", events[-1]
    by_type = {event.type: event for event in events}
    completed = by_type["conversation.item.input_audio_transcription.completed"]
    deltas = [event for event in events if event.type == "conversation.item.input_audio_transcription.delta"]
    assert [event.type for event in events[:2]] == ["session.created", "session.updated"]
    assert error_rate(clips[0].text, completed.transcript) < GOOD_ENOUGH
    assert "".join(event.delta for event in deltas) == completed.transcript
    assert {event.item_id for event in [completed, *deltas]} == {by_type["input_audio_buffer.committed"].item_id}


@pytest.mark.anyio
async def test_deepgram_hears_a_file(deepgram: Served, clips: list[Clip], monkeypatch: pytest.MonkeyPatch) -> None:
    async with deepgram_client(deepgram, monkeypatch) as client:
        answer = await client.listen.v1.media.transcribe_file(
            request=clips[0].path.read_bytes(), model="nova-3", smart_format=True, keyterm=["Intone"]
        )
    best = answer.results.channels[0].alternatives[0]
    assert error_rate(clips[0].text, best.transcript) < GOOD_ENOUGH
    assert len(best.words) == len(best.transcript.split())
    assert answer.metadata.duration == pytest.approx(soundfile.info(clips[0].path).duration, abs=0.01)


@pytest.mark.anyio
async def test_deepgram_hears_while_somebody_speaks(
    deepgram: Served, clips: list[Clip], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"model": "nova-3", "encoding": "linear16", "sample_rate": 16000, "interim_results": True}
    async with deepgram_client(deepgram, monkeypatch) as client, client.listen.v1.connect(**asked) as connection:
        for piece in pieces(clips[0].path):
            await connection.send_media(piece)
        await connection.send_keep_alive()
        await connection.send_finalize()
        events = []
        while not events or not events[-1].from_finalize:
            events.append(await connection.recv())
        await connection.send_close_stream()
        events += [event async for event in connection]
    finals = [event for event in events if event.type == "Results" and event.is_final]
    text = " ".join(event.channel.alternatives[0].transcript for event in finals)
    assert error_rate(clips[0].text, text) < GOOD_ENOUGH
    assert sum(event.duration for event in finals) == pytest.approx(events[-1].duration)
    assert events[-1].type == "Metadata"


@pytest.mark.anyio
async def test_deepgram_tells_turns(deepgram: Served, clips: list[Clip], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"model": "flux-general-en", "encoding": "linear16", "sample_rate": 16000, "eot_threshold": 1.0}
    async with deepgram_client(deepgram, monkeypatch) as client, client.listen.v2.connect(**asked) as connection:
        for piece in pieces(clips[0].path):
            await connection.send_media(piece)
        await connection.send_force_end_turn()
        events = [await connection.recv()]
        while getattr(events[-1], "event", "") != "EndOfTurn":
            events.append(await connection.recv())
        await connection.send_close_stream()
        assert [event async for event in connection] == []
    assert events[0].type == "Connected"
    assert events[1].event == "StartOfTurn"
    assert [event.sequence_id for event in events] == list(range(len(events)))
    assert error_rate(clips[0].text, events[-1].transcript) < GOOD_ENOUGH
    assert events[-1].trigger == "manual"
