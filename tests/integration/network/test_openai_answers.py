"""OpenAI's client with what small servers, the environment and a damaged installation do to it."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from types import ModuleType
from typing import Any

import anyio
import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from desktop.core.errors import ServiceError
from desktop.network import openai_sdk
from desktop.network.openai_sdk import OpenAIClient, _StreamedAnswer, load_openai
from tests.support.cloud.openai_recorder import (
    EACH,
    FORM,
    LIMIT_S,
    UPLOAD_PATH,
    Ask,
    complete,
    completion,
    connected,
    one_piece,
    recording,
    service,
)

pytestmark = pytest.mark.anyio

CHUNK = 'data: {"choices": [{"delta": {"content": "Hello."}, "finish_reason": "stop"}]}\n\n'

DONE = "data: [DONE]\n\n"

NO_CLIENT: Any = None


def add_note(request: Request) -> Response:
    if request.url.path.endswith("/completions"):
        return Response(CHUNK + DONE, headers={"Content-Type": "text/event-stream; note=Größe"})
    return JSONResponse({"data": [{"id": "m"}], "text": "Hello."}, headers={"X-Note": "Größe"})


@EACH
async def test_header_that_is_not_ascii_is_read(ask: Ask) -> None:
    with recording(add_note) as (recorder, served):
        async with connected(service(served.url)) as client:
            await ask(client)
            assert (await client.upload(UPLOAD_PATH, FORM, one_piece)).headers["x-note"] == "Größe"
    assert len(recorder.headers) == 2


@EACH
@pytest.mark.parametrize(
    ("name", "value"),
    [("OPENAI_ORG_ID", "Größe"), ("OPENAI_PROJECT_ID", "Größe"), ("OPENAI_CUSTOM_HEADERS", "X-Team: Größe")],
)
async def test_variable_that_is_not_ascii_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, ask: Ask, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with recording() as (recorder, served):
        async with connected(service(served.url)) as client:
            await ask(client)
    assert len(recorder.headers) == 1


@pytest.mark.parametrize(
    "empty", ["id: 7\n\n: ping\n\n", "retry: 500\n\n", "event: ping\n\n", "id: 7\n\n", "data:\n\n"]
)
async def test_event_without_data_is_passed_over(empty: str) -> None:
    answer = Response(empty + CHUNK + empty + DONE, media_type="text/event-stream")
    with recording(lambda request: answer) as (_, served):
        async with connected(service(served.url)) as client:
            assert await completion(client).run(lambda text: None) == "Hello."


async def test_answer_without_an_end_is_not_waited_for() -> None:
    async def chunks() -> AsyncGenerator[bytes]:
        yield DONE.encode()
        await anyio.sleep_forever()

    answer = _StreamedAnswer(chunks(), AsyncExitStack())
    first = aiter(answer)
    assert await anext(first) == DONE.encode()
    with anyio.fail_after(LIMIT_S):
        assert [chunk async for chunk in answer] == []


async def test_exchange_is_closed_where_its_answer_cannot_be_built() -> None:
    closed: list[bool] = []

    class Answering:
        @asynccontextmanager
        async def stream(self, *_: object, **__: object) -> AsyncIterator[httpx2.Response]:
            response: Any = httpx2.Response(200)
            response.headers = {"content-type": "\ud800"}
            try:
                yield response
            finally:
                closed.append(True)

    http_client: Any = Answering()
    with pytest.raises(UnicodeEncodeError):
        await complete(OpenAIClient(http_client, service("https://example.org")))
    assert closed == [True]


class Damaged(ModuleType):
    """A module of which nothing can be imported."""

    def __init__(self, error: Exception) -> None:
        super().__init__("openai")
        self._error = error

    def __getattr__(self, name: str) -> object:
        raise self._error


@pytest.mark.parametrize("error", [ImportError("a part is gone"), OSError(5, "I/O error"), RuntimeError("no thread")])
@pytest.mark.parametrize("load", [load_openai, lambda: complete(OpenAIClient(NO_CLIENT, service("https://a.org")))])
async def test_client_that_cannot_be_loaded_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, load: Callable[[], Any], error: Exception
) -> None:
    openai_sdk._import_sdk.cache_clear()
    monkeypatch.setitem(sys.modules, "openai", Damaged(error))
    with pytest.raises(ServiceError, match="cannot be loaded") as raised:
        await load()
    assert raised.value.remedy
    assert caplog.records[-1].exc_info is not None
    assert caplog.records[-1].exc_info[1] is error
