"""The tests' servers take what the vendors take, refuse what they refuse, and end as they do."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.cloud.deepgram import Deepgram
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.openai_rules import BIGGEST
from tests.support.cloud.tls_server import Served, serve
from tests.support.cloud.wire_client import (
    APPEND,
    COMMIT,
    LIVE,
    STREAM,
    TURNS,
    asking,
    flac,
    follows,
    realtime,
    say,
    socket,
    until,
    update,
)
from tests.support.cloud.words import Said


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
