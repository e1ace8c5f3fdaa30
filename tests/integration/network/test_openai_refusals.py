"""What OpenAI's client refuses over the app's own connections, and in which words."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator

import anyio
import anyio.to_thread
import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from desktop.core.errors import ServiceError
from desktop.network.client import MAX_ANSWER_BYTES
from desktop.network.errors import refusal_error
from tests.support.cloud.openai_recorder import EACH, Ask, complete, completion, connected, events, recording, service
from tests.support.cloud.relay import relayed

pytestmark = pytest.mark.anyio


@EACH
async def test_without_a_needed_key_nothing_is_asked(ask: Ask) -> None:
    with recording() as (recorder, served):
        async with connected(service(served.url, "")) as client:
            with pytest.raises(ServiceError, match="There is no key for Example"):
                await ask(client)
    assert recorder.headers == []


@EACH
@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("http", ["2", "1.1"])
async def test_an_answer_beyond_the_limit_is_refused(ask: Ask, status: int, http: str) -> None:
    def answer(request: Request) -> Response:
        async def body() -> AsyncIterator[bytes]:
            for _ in range(MAX_ANSWER_BYTES // 65_536 + 2):
                yield b" " * 65_536

        return StreamingResponse(body(), status, media_type="text/event-stream")

    with recording(answer) as (_, served):
        async with connected(service(served.url), http) as client:
            with pytest.raises(ServiceError, match="makes no sense"):
                await ask(client)


@EACH
@pytest.mark.parametrize(
    ("status", "headers", "body", "words"),
    [
        (401, {}, b'{"error": {"message": "Incorrect key."}}', "does not accept the key"),
        (402, {}, b"{}", "credit"),
        (404, {}, b'{"error": {"message": "No such model."}}', "No such model"),
        (418, {}, b"[[[", "418"),
        (429, {"Retry-After": "7"}, b'{"error": "Slow down."}', "7 s"),
        (429, {}, b'{"error": {"code": "insufficient_quota"}}', "credit"),
        (302, {"Location": "/v1/models"}, b"", "302"),
        (500, {}, b"<html>", "500"),
        (503, {"Retry-After": "1"}, b'{"detail": "Later."}', "503"),
        (503, {"Retry-After": "5"}, b'{"error": {"code":"server_busy"}}', "is busy. It asks to wait 5 s"),
        (503, {}, b'{"error": {"code":"server_busy"}}', "is busy. What you said is kept. Try again in a moment."),
    ],
)
async def test_a_refusal_is_told_in_the_usual_words(
    ask: Ask, status: int, headers: dict[str, str], body: bytes, words: str
) -> None:
    with recording(lambda request: Response(body, status, headers)) as (recorder, served):
        there = service(served.url)
        async with connected(there) as client:
            with pytest.raises(ServiceError) as refused:
                await ask(client)
    expected = refusal_error(there, status, {name.lower(): value for name, value in headers.items()}, body)
    assert (str(refused.value), refused.value.status) == (str(expected), status)
    assert words in str(expected)
    assert len(recorder.headers) == 1, "the client does not ask again by itself"


@pytest.mark.parametrize(
    "event",
    [
        '{"error": {"message": "No."}}',
        '{"choices": [{"delta"',
        '{"choices": [{"delta": {"content": 1}}]}',
        '{"choices": {"a": 1}}',
        '{"_fields_set": 1, "choices": []}',
        '{"_BaseModel__cls": 1}',
        "[" * 100_000,
        '"nonsense"',
        "null",
        "",
    ],
)
async def test_an_event_without_sense_is_refused(event: str) -> None:
    first = '{"choices": [{"delta": {"content": "Hel"}}]}'
    with recording(lambda request: events(first, event)) as (_, served):
        async with connected(service(served.url)) as client:
            asked = completion(client)
            with pytest.raises(ServiceError, match="makes no sense"):
                await asked.run(lambda text: None)
    assert asked.answer == "Hel"
    assert asked.receipt("polish") is not None


async def test_events_that_are_not_text_are_refused() -> None:
    answer = Response(b'data: {"choices": [{"delta": {"content": "\xff"}}]}\n\n', media_type="text/event-stream")
    with recording(lambda request: answer) as (_, served):
        async with connected(service(served.url)) as client:
            with pytest.raises(ServiceError, match="makes no sense"):
                await complete(client)


async def test_answer_that_breaks_off_tells_of_the_connection() -> None:
    over = threading.Event()

    def answer(request: Request) -> Response:
        async def body() -> AsyncIterator[bytes]:
            yield b'data: {"choices": [{"delta": {"content": "Hel"}}]}\n\n'
            await anyio.to_thread.run_sync(over.wait)

        return StreamingResponse(body(), media_type="text/event-stream")

    with recording(answer) as (_, served), relayed(served, 0.0, None) as relay:
        async with connected(service(relay.url)) as client:
            asked = completion(client)
            with pytest.raises(ServiceError, match="connection to Example broke") as broken:
                await asked.run(lambda text: relay.reset())
        over.set()
    assert (asked.answer, broken.value.status) == ("Hel", 0)
