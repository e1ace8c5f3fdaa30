"""An OpenAI server that keeps what it is sent, and the ways in which OpenAI's client asks it."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import anyio
import anyio.to_thread
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from desktop.llm.chat_completions import LLMRequest
from desktop.llm.client import LLMClient, LLMCompletion
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.openai_sdk import OpenAIClient
from tests.support.cloud.tls_server import Served, serve, trusting

LIMIT_S = 60.0

FORM = "multipart/form-data; boundary=intone"

UPLOAD_PATH = "/audio/transcriptions"


class Recorder:
    """An OpenAI server that keeps the headers of each request and counts the bytes of a body as they arrive.

    `answer` replaces what it says; `arrived` has been set once a body has begun.
    """

    def __init__(self, answer: Callable[[Request], Response] | None = None) -> None:
        self.headers: list[tuple[str, dict[str, str]]] = []
        self.bodies: list[bytes] = []
        self.arrived = threading.Event()
        self._answer = answer
        paths = ("/v1/models", f"/v1{UPLOAD_PATH}", "/v1/chat/completions")
        self.app = Starlette(routes=[Route(path, self._serve, methods=["GET", "POST"]) for path in paths])

    async def _serve(self, request: Request) -> Response:
        self.headers.append((request.url.path.removeprefix("/v1"), dict(request.headers)))
        body = b""
        async for piece in request.stream():
            body += piece
            if piece:
                self.arrived.set()
        self.bodies.append(body)
        if self._answer is not None:
            return self._answer(request)
        if request.url.path.endswith("/completions"):
            return events('{"choices": [{"delta": {"content": "Hello."}, "finish_reason": "stop"}]}', "[DONE]")
        return JSONResponse({"data": [{"id": "m"}], "text": "Hello."})


def events(*data: str) -> Response:
    """An answer of server-sent events."""
    return Response("".join(f"data: {one}\n\n" for one in data), media_type="text/event-stream")


def service(url: str, key: str = "sk-test", *, optional: bool = False) -> Service:
    """The service at `url`, with its key."""
    return Service("Example", f"{url}/v1", ServiceKey("openai", lambda name: key), is_key_optional=optional)


@contextmanager
def recording(answer: Callable[[Request], Response] | None = None) -> Iterator[tuple[Recorder, Served]]:
    """A recorder that runs."""
    recorder = Recorder(answer)
    with serve(recorder.app) as served:
        yield recorder, served


@asynccontextmanager
async def connected(there: Service, http: str = "2") -> AsyncIterator[OpenAIClient]:
    """OpenAI's client over connections of its own."""
    http_client = ServiceClient(http, trusting())
    try:
        with anyio.fail_after(LIMIT_S):
            yield OpenAIClient(http_client, there)
    finally:
        await http_client.aclose()


async def one_piece() -> AsyncIterator[bytes]:
    yield b"spoken"


async def upload(client: OpenAIClient) -> None:
    await client.upload(UPLOAD_PATH, FORM, one_piece)


async def list_models(client: OpenAIClient) -> None:
    await client.list_models()


def completion(client: OpenAIClient) -> LLMCompletion:
    llm = LLMClient(client.http_client, client.service, "m", openai=False)
    return llm.create_completion(LLMRequest("Do.", "hello", 100))


async def complete(client: OpenAIClient) -> None:
    await completion(client).run(lambda text: None)


EACH = pytest.mark.parametrize("ask", [upload, list_models, complete])

type Ask = Callable[[OpenAIClient], Awaitable[None]]
