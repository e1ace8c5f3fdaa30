"""The tests' servers go wrong where and how their script says: a fault that did not happen would let every test of it
pass."""

from __future__ import annotations

from contextlib import suppress

import anyio
import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.cloud.deepgram import Deepgram
from tests.support.cloud.faults import At, Close, Fault, Refuse, Say, Silence, Skip, Slow, Stall, Truncate, refused
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.openai_realtime import completed, error, failed
from tests.support.cloud.openai_rules import Wrong
from tests.support.cloud.server import Server
from tests.support.cloud.tls_server import Served, serve, trusting
from tests.support.cloud.wire_client import (
    APPEND,
    COMMIT,
    LESS,
    LIVE,
    PATIENCE_S,
    STREAM,
    TURNS,
    asking,
    flac,
    follows,
    realtime,
    say,
    socket,
    update,
)


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
        await anyio.wait_all_tasks_blocked()  # the client hangs up: in Windows the server cannot do so alone
