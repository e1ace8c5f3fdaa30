"""The tests' servers refuse what the vendors refuse, and go wrong where and how their script says: a fault that did not
happen would let every test of it pass."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from copy import deepcopy
from typing import Any

import anyio
import httpx2
import numpy as np
import pytest
import soundfile
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.cloud.deepgram import Deepgram
from tests.support.cloud.faults import At, Close, Fault, Refuse, Say, Silence, Skip, Slow, Stall, Truncate, refused
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.openai_realtime import completed, error, failed
from tests.support.cloud.openai_rules import BIGGEST, Wrong
from tests.support.cloud.server import Server
from tests.support.cloud.tls_server import Served, serve, trusting
from tests.support.cloud.words import Said

KEY = "a-key"

SECOND = bytes(2 * 24_000)
APPEND = {"type": "input_audio_buffer.append", "audio": base64.b64encode(SECOND).decode()}
COMMIT = {"type": "input_audio_buffer.commit"}
LIVE = {"model": "gpt-live-transcribe", "languages": ["en"]}
LESS = bytes(2 * 15_000)
"""At 16 kHz: so little that nobody guesses at it."""

STREAM = "/v1/listen?model=nova-3&encoding=linear16&sample_rate=16000"
TURNS = "/v2/listen?model=flux-general-en&encoding=linear16&sample_rate=16000"

PATIENCE_S, LIMIT_S = 0.2, 20.0
"""How long what must never come is waited for, and what must."""


def update(**transcription: Any) -> dict[str, Any]:
    """A session as it should be asked for."""
    heard = {"format": {"type": "audio/pcm", "rate": 24000}, "transcription": transcription, "turn_detection": None}
    return {"type": "session.update", "session": {"type": "transcription", "audio": {"input": heard}}}


def flac(seconds: float = 1.0) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, np.zeros(int(seconds * 16_000)), 16_000, format="FLAC")
    return file.getvalue()


@pytest.fixture(scope="module")
def openai() -> Iterator[tuple[OpenAI, Served]]:
    server = OpenAI(Said("Words."), key=KEY)
    with serve(server) as served:
        yield server, served


@pytest.fixture(scope="module")
def deepgram() -> Iterator[tuple[Deepgram, Served]]:
    server = Deepgram(Said("Words."), key=KEY)
    with serve(server) as served:
        yield server, served


@asynccontextmanager
async def asking(served: Served, scheme: str = "Bearer") -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"Authorization": f"{scheme} {KEY}"}
    async with httpx2.AsyncClient(base_url=served.url, verify=trusting(), http2=True, headers=headers) as client:
        yield client


def socket(served: Served, path: str, scheme: str = "Bearer", **headers: str) -> Any:
    headers = {"Authorization": f"{scheme} {KEY}", **headers}
    return connect(f"{served.sockets}{path}", ssl=trusting(), additional_headers=headers)


def realtime(served: Served, query: str = "intent=transcription", **headers: str) -> Any:
    return socket(served, f"/v1/realtime?{query}", **headers)


async def say(connection: ClientConnection, *events: dict[str, Any] | bytes) -> None:
    for event in events:
        await connection.send(event if isinstance(event, bytes) else json.dumps(event))


async def until(connection: ClientConnection, kind: str) -> list[dict[str, Any]]:
    """What is told up to an event whose type ends so."""
    events = [json.loads(await connection.recv())]
    while not events[-1]["type"].endswith(kind):
        events.append(json.loads(await connection.recv()))
    return events


async def rest(connection: ClientConnection, most: int) -> list[str]:
    """The last words of the types of what is still told, up to `most`, and how it ends: "silence", or "closed" with its
    code. Only the silence that is expected is short."""
    told: list[str] = []
    try:
        while True:
            with anyio.fail_after(LIMIT_S if len(told) < most else PATIENCE_S):
                told.append(json.loads(await connection.recv())["type"].rpartition(".")[2])
    except TimeoutError:
        return [*told, "silence"]
    except ConnectionClosed as end:
        return [*told, f"closed {end.rcvd.code if end.rcvd else None}"]


async def follows(connection: ClientConnection, told: list[str]) -> None:
    """This, and nothing else, is still told."""
    assert await rest(connection, len(told) - (told[-1] == "silence")) == told


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("fields", "name", "status", "param"),
    [
        ({"model": "gpt-transcribe", "languages[]": ["en", "de"], "keywords[]": ["A b"]}, "a.flac", 200, None),
        ({"model": "gpt-transcribe", "language": "en"}, "a.flac", 400, "language"),
        ({"model": "gpt-transcribe", "languages[]": ["en-US"]}, "a.flac", 400, "languages"),
        ({"model": "gpt-transcribe", "keywords[]": ["<b>"]}, "a.flac", 400, "keywords"),
        ({"model": "gpt-4o-transcribe", "language": "en", "prompt": "Names."}, "a.ogg", 200, None),
        ({"model": "gpt-4o-transcribe", "languages[]": ["en"]}, "a.flac", 400, "languages"),
        ({"model": "gpt-4o-transcribe", "keywords[]": ["A"]}, "a.flac", 400, "keywords"),
        ({"model": "gpt-4o-transcribe", "response_format": "text"}, "a.flac", 400, "response_format"),
        ({"model": "gpt-4o-transcribe", "language": "jw"}, "a.flac", 400, "language"),
        ({"model": "whisper-1", "response_format": "verbose_json"}, "a.flac", 200, None),
        ({"model": "whisper-1", "hotwords": "A"}, "a.flac", 400, "hotwords"),
        ({"model": "whisper-1"}, "a.opus", 400, "file"),
        ({"model": "whisper-2"}, "a.flac", 404, None),
        ({}, "a.flac", 400, "model"),
    ],
)
async def test_openai_takes_of_each_model_what_it_takes(
    openai: tuple[OpenAI, Served], fields: dict[str, Any], name: str, status: int, param: str | None
) -> None:
    server, served = openai
    async with asking(served) as client:
        answer = await client.post("/v1/audio/transcriptions", data=fields, files={"file": (name, flac())})
    assert answer.status_code == status
    assert answer.json().get("error", {}).get("param") == param
    assert server.asked[-1].http == "2"


@pytest.mark.anyio
async def test_a_compatible_server_takes_only_what_all_do() -> None:
    server = OpenAI(Said("Words."), compatible=True)
    with serve(server, tls=False) as served:
        async with asking(served) as client:
            files = {"file": ("a.wav", flac())}
            good = await client.post("/v1/audio/transcriptions", data={"model": "any", "language": "en"}, files=files)
            bad = await client.post("/v1/audio/transcriptions", data={"model": "any", "stream": "true"}, files=files)
    assert good.json() == {"text": "Words."}
    assert bad.json()["error"]["code"] == "unknown_parameter"


@pytest.mark.anyio
async def test_files_that_are_none_are_refused(openai: tuple[OpenAI, Served], deepgram: tuple[Any, Served]) -> None:
    async with asking(openai[1]) as client:
        path, fields = "/v1/audio/transcriptions", {"model": "whisper-1"}
        big, noise, short = [
            await client.post(path, data=fields, files={"file": ("a.flac", data)})
            for data in (bytes(BIGGEST + 1), b"no audio", flac(0.05))
        ]
    async with asking(deepgram[1], "Token") as client:
        told = await client.post("/v1/listen", content=b"no audio")
    assert (big.status_code, noise.status_code, short.json()["error"]["code"]) == (413, 400, "audio_too_short")
    assert (told.status_code, set(told.json())) == (400, {"err_code", "err_msg", "request_id"})


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"audio.input.transcription.language": "en"}, "languages"),
        ({"audio.input.transcription.languages": ["en-US"]}, "languages"),
        ({"audio.input.transcription": {"model": "gpt-live-transcribe", "language": "en"}}, "language"),
        ({"audio.input.transcription": {"model": "gpt-realtime-whisper", "prompt": "Names."}}, "prompt"),
        ({"audio.input.transcription.delay": "low"}, "delay"),
        ({"audio.input.turn_detection": {"type": "server_vad"}}, "turn_detection"),
        ({"audio.input.format": {"type": "audio/pcm", "rate": 16000}}, "format"),
        ({"input_audio_format": "pcm16"}, "input_audio_format"),
        ({"type": "realtime"}, "type"),
    ],
)
async def test_openai_takes_sessions_of_one_shape(
    openai: tuple[OpenAI, Served], changes: dict[str, Any], param: str
) -> None:
    asked = deepcopy(update(**LIVE))
    for path, value in changes.items():
        *above, name = path.split(".")
        here = asked["session"]
        for step in above:
            here = here[step]
        here[name] = value
    async with realtime(openai[1]) as connection:
        await say(connection, {**asked, "event_id": "mine"}, update(**LIVE))
        events = await until(connection, "session.updated")
    assert [event["type"] for event in events] == ["session.created", "error", "session.updated"]
    assert events[1]["error"]["event_id"] == "mine"
    assert events[1]["error"]["param"].endswith(param)


@pytest.mark.anyio
async def test_openai_knows_the_traps_of_its_sockets(openai: tuple[OpenAI, Served]) -> None:
    async with realtime(openai[1], "intent=transcription&model=gpt-live-transcribe") as connection:
        await say(connection, update(**LIVE))
        assert (await until(connection, "error"))[0]["session"]["type"] == "realtime"
    async with realtime(openai[1], **{"OpenAI-Beta": "realtime=v1"}) as connection:
        assert (await until(connection, "error"))[0]["error"]["code"] == "beta_api_shape_disabled"
        await follows(connection, ["closed 4000"])
    async with realtime(openai[1]) as connection:
        await say(connection, update(**LIVE), COMMIT)
        assert (await until(connection, "error"))[-1]["error"]["code"] == "input_audio_buffer_commit_empty"
        await say(connection, APPEND, {"type": "input_audio_buffer.clear"}, COMMIT)
        assert [event["type"] for event in await until(connection, "error")] == ["input_audio_buffer.cleared", "error"]


@pytest.mark.anyio
@pytest.mark.parametrize(
    "query",
    [
        "model=nova-9",
        "model=nova-3&smart_format=True",
        "model=nova-3&language=english",
        "model=nova-3&keywords=Intone",
        "model=nova-2&keyterm=Intone",
        "model=nova-3&hotwords=Intone",
        "model=nova-3&keyterm=" + "a" * 2001,
    ],
)
async def test_deepgram_refuses_what_it_does_not_know(deepgram: tuple[Deepgram, Served], query: str) -> None:
    async with asking(deepgram[1], "Token") as client:
        answer = await client.post(f"/v1/listen?{query}", content=flac())
    assert (answer.status_code, answer.json()["err_code"]) == (400, "INVALID_QUERY_PARAMETER")
    with pytest.raises(InvalidStatus) as refusal:
        await socket(deepgram[1], f"/v1/listen?{query}&encoding=linear16&sample_rate=16000", "Token")
    assert json.loads(refusal.value.response.body)["err_code"] == "INVALID_QUERY_PARAMETER"


@pytest.mark.anyio
async def test_nobody_gets_in_without_the_key(openai: tuple[OpenAI, Served], deepgram: tuple[Any, Served]) -> None:
    for served, scheme, paths in (
        (openai[1], "Token", ("/v1/realtime?intent=transcription",)),
        (deepgram[1], "Bearer", (STREAM, TURNS)),
    ):
        async with asking(served, scheme) as client:
            assert (await client.get("/v1/models")).status_code == 401
        for path in paths:
            with pytest.raises(InvalidStatus) as refusal:
                await socket(served, path, scheme)
            assert refusal.value.response.status_code == 401


@pytest.mark.anyio
async def test_deepgram_finals_hold_only_their_own_stretch() -> None:
    with serve(Deepgram(Said("One,", "two", "three.", phrase_s=1.0))) as served:
        async with socket(served, STREAM) as connection:
            await say(connection, bytes(5 * 16_000), {"type": "Finalize"})
            events = await until(connection, "Results")
            while not events[-1]["from_finalize"]:
                events += await until(connection, "Results")
            # an empty buffer, and JSON that is audio
            await say(connection, {"type": "Finalize"}, b'{"type": "CloseStream"}', {"type": "KeepAlive"})
            await follows(connection, ["silence"])
            await say(connection, {"type": "Nonsense"}, {"type": "CloseStream"})
            await follows(connection, ["Error", "Results", "Metadata", "closed 1000"])
    texts = [event["channel"]["alternatives"][0]["transcript"] for event in events]
    assert texts == ["one", "two", "three"], "and no punctuation that nobody asked for"
    assert [(event["start"], event["duration"]) for event in events] == [(0.0, 1.0), (1.0, 1.0), (2.0, 0.5)]


@pytest.mark.anyio
async def test_deepgrams_turns_end_in_pauses_and_by_silence() -> None:
    for words, query, triggers in (
        (Said("One.", "Two.", "Three.", phrase_s=1.0), "", ["model", "model", "manual"]),
        (Said("One.", "Two.", "Three.", phrase_s=1.0), "&eot_threshold=1.0", ["manual"]),
        (Said("One.", "", phrase_s=1.0), "&eot_threshold=1.0&eot_timeout_ms=2000", ["timeout"]),
    ):
        with serve(Deepgram(words)) as served:
            async with socket(served, TURNS + query + "&eager_eot_threshold=0.5") as connection:
                for _ in range(25):
                    await say(connection, bytes(3_200))
                await say(connection, {"type": "ForceEndTurn"}, {"type": "CloseStream"})
                events = [json.loads(event) async for event in connection][1:]
        ends = [event for event in events if event["event"] == "EndOfTurn"]
        eager = [event["transcript"] for event in events if event["event"] == "EagerEndOfTurn"]
        assert [event["trigger"] for event in ends] == triggers
        assert [event["transcript"] for event in ends] == eager
        assert [event["turn_index"] for event in ends] == list(range(len(triggers)))


@pytest.mark.anyio
async def test_deepgram_closes_what_is_silent() -> None:
    server = Deepgram()
    server.idle_s = 0.2
    with serve(server) as served:
        async with socket(served, STREAM) as connection:
            with pytest.raises(ConnectionClosed, match="NET-0001"):
                await connection.recv()


@pytest.mark.anyio
async def test_requests_go_wrong_in_turn_and_then_right(openai: tuple[OpenAI, Served]) -> None:
    server, served = openai
    server.faults += [
        refused(At.TRANSCRIPTION, 429, {"Retry-After": "7"}, error={"code": "insufficient_quota"}),
        Truncate(At.TRANSCRIPTION),
        Refuse(At.TRANSCRIPTION, 200, body=b'{"words": 3}'),
        Slow(At.TRANSCRIPTION, 0.01),
        Stall(At.TRANSCRIPTION),
        Stall(At.TRANSCRIPTION, share=0.5),
    ]
    async with asking(served) as client:

        async def ask() -> httpx2.Response:
            form = {"data": {"model": "whisper-1"}, "files": {"file": ("a.flac", flac())}}
            return await client.post("/v1/audio/transcriptions", timeout=PATIENCE_S, **form)

        first = await ask()
        assert (first.status_code, first.headers["retry-after"]) == (429, "7")
        assert first.json()["error"]["code"] == "insufficient_quota"
        assert (await client.get("/v1/models")).status_code == 200, "other requests are not meant"
        with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
            (await ask()).json()
        assert (await ask()).json() == {"words": 3}
        assert (await ask()).json()["text"] == "Words."
        for _ in range(2):
            with pytest.raises(httpx2.ReadTimeout):
                await ask()
        assert (await ask()).json()["text"] == "Words."


STRANGER = completed("item_of_another", "Not yours.")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("faults", "told"),
    [
        ([], ["created", "updated", "committed", "added", "done", "delta", "completed", "silence"]),
        ([Close(At.ACCEPTED, 1011)], ["closed 1011"]),
        ([Close(At.CREATED, 1012)], ["created", "closed 1012"]),
        ([Close(At.UPDATED, 1013)], ["created", "updated", "closed 1013"]),
        ([Close(At.AUDIO)], ["created", "updated", "closed 1011"]),
        ([Close(At.ENDING)], ["created", "updated", "closed 1011"]),
        ([Close(At.COMMITTED)], ["created", "updated", "committed", "added", "done", "closed 1011"]),
        ([Silence(At.CREATED)], ["created", "silence"]),
        ([Skip(At.COMMITTED)], ["created", "updated", "committed", "added", "done", "silence"]),
        ([Skip(At.ENDING)], ["created", "updated", "delta", "completed", "silence"]),
        (
            [Say(At.COMMITTED, STRANGER)],
            ["created", "updated", "committed", "added", "done", "completed", "delta", "completed", "silence"],
        ),
        (
            [Say(At.COMMITTED, failed("item")), Silence(At.COMMITTED)],
            ["created", "updated", "committed", "added", "done", "failed", "silence"],
        ),
        ([Say(At.AUDIO, error(Wrong("No."))), Close(At.AUDIO)], ["created", "updated", "error", "closed 1011"]),
    ],
)
async def test_realtime_goes_wrong_at_every_point(
    openai: tuple[OpenAI, Served], faults: list[Fault], told: list[str]
) -> None:
    server, served = openai
    server.faults += faults
    async with realtime(served) as connection:
        with suppress(ConnectionClosed):
            await say(connection, update(**LIVE), APPEND, COMMIT)
        await follows(connection, told)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "fault", "told"),
    [
        (STREAM, None, ["Results", "Metadata", "closed 1000"]),
        (STREAM, Close(At.ACCEPTED), ["closed 1011"]),
        (STREAM, Close(At.AUDIO), ["closed 1011"]),
        (STREAM, Close(At.ENDING), ["closed 1011"]),
        (STREAM, Silence(At.ENDING), ["silence"]),
        (STREAM, Close(At.CLOSING), ["Results", "closed 1011"]),
        (STREAM, Skip(At.CLOSING), ["Results", "silence"]),
        (TURNS, None, ["Connected", "TurnInfo", "TurnInfo", "closed 1000"]),
        (TURNS, Close(At.ACCEPTED), ["closed 1011"]),
        (TURNS, Silence(At.AUDIO), ["Connected", "silence"]),
        (TURNS, Close(At.ENDING), ["Connected", "closed 1011"]),
        (TURNS, Skip(At.ENDING), ["Connected", "TurnInfo", "closed 1000"]),
        (TURNS, Close(At.CLOSING), ["Connected", "TurnInfo", "TurnInfo", "closed 1011"]),
    ],
)
async def test_deepgram_goes_wrong_at_every_point(
    deepgram: tuple[Deepgram, Served], path: str, fault: Fault | None, told: list[str]
) -> None:
    server, served = deepgram
    server.faults += [fault] if fault else []
    ending = "Finalize" if path == STREAM else "ForceEndTurn"
    async with socket(served, path, "Token") as connection:
        with suppress(ConnectionClosed):
            await say(connection, LESS, {"type": ending}, {"type": "CloseStream"})
        await follows(connection, told)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", [OpenAI, Deepgram])
async def test_a_handshake_can_be_refused_or_never_answered(kind: type[Server]) -> None:
    server = kind(faults=[refused(At.HANDSHAKE, 503, error={"message": "Busy."}), Silence(At.HANDSHAKE)])
    with serve(server) as served:
        path = "/v1/realtime?intent=transcription" if kind is OpenAI else STREAM
        with pytest.raises(InvalidStatus) as refusal:
            await socket(served, path)
        assert refusal.value.response.status_code == 503
        with pytest.raises(TimeoutError):
            await connect(f"{served.sockets}{path}", ssl=trusting(), open_timeout=PATIENCE_S)
