"""OpenAI's client over the app's own connections: what is sent and when, what is refused, and what never leaves."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import anyio
import anyio.to_thread
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from desktop.core.errors import ServiceError
from desktop.llm.chat_completions import LLMRequest
from desktop.llm.client import LLMClient, LLMCompletion
from desktop.network.client import MAX_ABANDONED_AT_WARM, MAX_ANSWER_BYTES, ServiceAnswer, ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.errors import refusal_error
from desktop.network.openai_sdk import OpenAIClient
from tests.support.cloud.relay import relayed
from tests.support.cloud.tls_server import Served, serve, trusting

pytestmark = pytest.mark.anyio

LIMIT_S = 60.0

FORM = "multipart/form-data; boundary=intone"

UPLOAD_PATH = "/audio/transcriptions"

OPENAI_VARIABLES = {
    "OPENAI_ORG_ID": "org-of-mine",
    "OPENAI_PROJECT_ID": "proj-of-mine",
    "OPENAI_CUSTOM_HEADERS": "X-Team: mine\nAuthorization: Bearer mine\nUser-Agent: mine\n"
    "Content-Type: multipart/form-data; boundary=mine",
    "OPENAI_BASE_URL": "https://mine.invalid/v1",
    "OPENAI_API_KEY": "mine",
    "OPENAI_ADMIN_KEY": "mine",
    "OPENAI_WEBHOOK_SECRET": "mine",
}


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
    return Response("".join(f"data: {one}\n\n" for one in data), media_type="text/event-stream")


def service(url: str, key: str = "sk-test", *, optional: bool = False) -> Service:
    return Service("Example", f"{url}/v1", ServiceKey("openai", lambda name: key), is_key_optional=optional)


@contextmanager
def recording(answer: Callable[[Request], Response] | None = None) -> Iterator[tuple[Recorder, Served]]:
    recorder = Recorder(answer)
    with serve(recorder.app) as served:
        yield recorder, served


@asynccontextmanager
async def connected(there: Service, http: str = "2") -> AsyncIterator[OpenAIClient]:
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


@pytest.mark.parametrize("http", ["2", "1.1"])
async def test_upload_arrives_before_its_end_is_there(http: str) -> None:
    with recording() as (recorder, served):

        async def body() -> AsyncIterator[bytes]:
            yield b"first frame, "
            await anyio.to_thread.run_sync(recorder.arrived.wait)
            yield b"last frame"

        async with connected(service(served.url), http) as client:
            answer = await client.upload(UPLOAD_PATH, FORM, body)
    assert (answer.status, recorder.bodies) == (200, [b"first frame, last frame"])
    assert recorder.headers[0][1]["content-type"] == FORM


async def test_warm_upload_and_completion_share_one_connection() -> None:
    with recording() as (recorder, served), relayed(served, 0.0, None) as relay:
        async with connected(service(relay.url)) as client:
            listing = await client.warm()
            assert listing is not None
            assert listing.names == ("m",)
            assert await client.warm() is None, "it was used just now"
            answer = await client.upload(UPLOAD_PATH, FORM, one_piece)
            await complete(client)
        assert (answer.timing.http, answer.timing.connect_s, answer.timing.tls_s) == ("HTTP/2", None, None)
        assert (relay.connections, len(recorder.headers)) == (1, 3)


async def test_completions_leave_nothing_open_at_the_server() -> None:
    with recording() as (recorder, served), relayed(served, 0.0, None) as relay:
        async with connected(service(relay.url)) as client:
            for _ in range(MAX_ABANDONED_AT_WARM + 1):
                await complete(client)
            await client.warm()
            await complete(client)
        assert len(recorder.headers) == MAX_ABANDONED_AT_WARM + 2
        assert relay.connections == 1, "streams that are left open have a connection given up"


@EACH
async def test_a_body_is_sent_again_on_a_new_connection(ask: Ask) -> None:
    with recording() as (recorder, served), relayed(served, 0.0, None) as relay:
        async with connected(service(relay.url)) as client:
            await ask(client)
            relay.freeze()
            relay.reset()
            await ask(client)
        assert relay.connections == 2
        assert recorder.bodies[0] == recorder.bodies[1]


@EACH
@pytest.mark.parametrize("key", ["sk-test", ""])
async def test_only_our_headers_are_sent(monkeypatch: pytest.MonkeyPatch, ask: Ask, key: str) -> None:
    for name, value in OPENAI_VARIABLES.items():
        monkeypatch.setenv(name, value)
    with recording() as (recorder, served):
        async with connected(service(served.url, key, optional=True)) as client:
            await ask(client)
    ((path, headers),) = recorder.headers
    kind = {UPLOAD_PATH: FORM, "/chat/completions": "application/json", "/models": None}[path]
    expected = {"accept": "*/*", "accept-encoding": headers["accept-encoding"], "user-agent": "Intone"}
    expected |= {"authorization": f"Bearer {key}"} if key else {}
    expected |= {"content-type": kind} if kind else {}
    expected |= {"content-length": str(len(recorder.bodies[0]))} if path == "/chat/completions" else {}
    assert {name: value for name, value in headers.items() if name != "host"} == expected
    assert "mine" not in recorder.bodies[0].decode()


async def test_each_host_gets_its_own_key_alone() -> None:
    with recording() as (one, served), recording() as (other, elsewhere):
        http_client = ServiceClient(ssl_context=trusting())
        for _ in range(2):
            for there in (service(served.url, "sk-one"), service(elsewhere.url, "sk-other")):
                client = OpenAIClient(http_client, there)
                for ask in (upload, list_models, complete):
                    await ask(client)
        await http_client.aclose()
    assert {headers["authorization"] for _, headers in one.headers} == {"Bearer sk-one"}
    assert {headers["authorization"] for _, headers in other.headers} == {"Bearer sk-other"}


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


async def test_cancelled_upload_ends_its_body_and_costs_nothing() -> None:
    with recording() as (recorder, served), relayed(served, 0.0, None) as relay:
        closed: list[bool] = []

        async def endless() -> AsyncIterator[bytes]:
            try:
                yield b"spoken"
                await anyio.sleep_forever()
            finally:
                closed.append(True)

        async with connected(service(relay.url)) as client:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(client.upload, UPLOAD_PATH, FORM, endless)
                await anyio.to_thread.run_sync(recorder.arrived.wait)
                tasks.cancel_scope.cancel()
            assert closed == [True]
            assert (await client.upload(UPLOAD_PATH, FORM, one_piece)).status == 200
        assert relay.connections == 1


async def test_timing_and_headers_of_an_upload_are_returned() -> None:
    answer = Response(b"{}", headers={"OpenAI-Processing-MS": "120"}, media_type="application/json")
    with recording(lambda request: answer) as (_, served):
        answers: list[ServiceAnswer] = []
        async with connected(service(served.url)) as client, anyio.create_task_group() as tasks:
            for _ in range(2):  # each has its own, also at once

                async def ask() -> None:
                    answers.append(await client.upload(UPLOAD_PATH, FORM, one_piece))

                tasks.start_soon(ask)
    assert [one.headers["openai-processing-ms"] for one in answers] == ["120", "120"]
    assert all(one.timing.wait_s is not None and one.timing.total_s > 0 for one in answers)


IMPORTS = """
import sys, threading
import anyio
from desktop.llm.client import LLMClient
from desktop.llm.chat_completions import LLMRequest
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.openai_sdk import OpenAIClient

assert not {"openai", "jiter"} & set(sys.modules), "they are for those who use them"
looked_for = {}

class Watching:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("openai", "jiter"):
            looked_for.setdefault(threading.current_thread() is threading.main_thread(), []).append(name)

async def body():
    yield b"spoken"

async def main():
    there = Service("Example", sys.argv[1] + "/v1", ServiceKey("openai", lambda name: "sk-test"))
    http_client = ServiceClient()
    client = OpenAIClient(http_client, there)
    await client.warm()
    await client.upload("/audio/transcriptions", "multipart/form-data; boundary=a", body)
    llm = LLMClient(http_client, there, "m", openai=False)
    await llm.create_completion(LLMRequest("Do.", "hello", 100)).run(lambda text: None)
    await http_client.aclose()

sys.meta_path.insert(0, Watching())
anyio.run(main)
print(looked_for.get(True, []), "openai" in looked_for[False])
"""


async def test_the_client_is_imported_in_a_worker_thread_alone() -> None:
    with recording() as (_, served):
        environ = {**os.environ, **served.environ}
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", IMPORTS, served.url],
            env=environ,
            capture_output=True,
            text=True,
            check=True,
        )
    assert done.stdout.strip() == "[] True"
