"""The client against a real server: HTTP/2 over TLS, kept connections, the key's header and what is refused."""

from __future__ import annotations

import json
import socket
import zlib
from collections.abc import AsyncIterator, Iterator

import anyio
import anyio.to_thread
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Close

from desktop.core.errors import ServiceError
from desktop.doctor.network.connection import measure_connection
from desktop.doctor.network.measurement import ConnectionTimes
from desktop.llm.chat_completions import LLMRequest
from desktop.llm.client import LLMClient
from desktop.network.client import MAX_ANSWER_BYTES, ServiceClient, read_body
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.errors import iterate_causes, refusal_error, service_error, service_errors
from tests.support.cloud.tls_server import Served, serve, trusting

KEY = "sk-test"


async def models(request: Request) -> Response:
    if request.headers.get("authorization") != f"Bearer {KEY}":
        return JSONResponse({"error": {"message": "Incorrect API key provided."}}, 401)
    return JSONResponse({"version": request.scope["http_version"]})


async def echo(request: Request) -> Response:
    return Response(await request.body())


async def too_much(request: Request) -> Response:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(MAX_ANSWER_BYTES // 65_536 + 2):
            yield b" " * 65_536

    return StreamingResponse(body(), int(request.query_params["status"]))


async def answers_on_and_on(request: Request) -> Response:
    """A stream of nothing in the form that the key names, and then of an end."""
    form = request.headers["authorization"].removeprefix("Bearer ")
    filling = "a" * 65_000
    some = f'data: {{"choices": [], "more": "{filling}"}}\n\n' if form == "events" else f": {filling}\n\n"
    packing = zlib.compressobj(wbits=31)

    def packed(text: str) -> bytes:
        told = text.encode()
        return packing.compress(told) + packing.flush(zlib.Z_SYNC_FLUSH) if form == "packed" else told

    async def body() -> AsyncIterator[bytes]:
        for _ in range(MAX_ANSWER_BYTES // len(some) + 2):
            yield packed(some)
        yield packed('data: {"choices": [{"finish_reason": "stop"}]}\n\n')

    headers = {"Content-Encoding": "gzip"} if form == "packed" else {}
    return StreamingResponse(body(), 200, headers, "text/event-stream")


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    routes = [Route("/models", models), Route("/echo", echo, methods=["POST"]), Route("/too-much", too_much)]
    routes += [Route("/chat/completions", answers_on_and_on, methods=["POST"])]
    with serve(Starlette(routes=routes)) as served:
        yield served


def service(served: Served, key: str = KEY) -> Service:
    return Service("Example", served.url, ServiceKey("openai", lambda name: key))


@pytest.mark.anyio
async def test_local_address_bypasses_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        serve(Starlette(routes=[Route("/models", models)])) as served,
        socket.create_server(("127.0.1.1", 0)) as other,
        socket.socket() as nobody,
    ):
        nobody.bind(("127.0.0.1", 0))
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{nobody.getsockname()[1]}")
        client = ServiceClient(ssl_context=trusting())
        assert (await client.request(service(served), "GET", "/models")).status == 200
        here = Service("Here", f"http://127.0.1.1:{other.getsockname()[1]}", ServiceKey("openai", lambda name: KEY))
        other.settimeout(10)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.request, here, "GET", "/models")
            connection, _ = await anyio.to_thread.run_sync(other.accept)  # somebody comes, and waits for an answer
            tasks.cancel_scope.cancel()
        connection.close()
        away = Service("Away", "https://example.invalid", ServiceKey("openai", lambda name: KEY))
        with pytest.raises(ServiceError):
            await client.request(away, "GET", "/models")
        await client.aclose()


@pytest.mark.anyio
async def test_proxy_password_with_bracket_works(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        monkeypatch.setenv("http_proxy", f"http://me:p[w@127.0.0.1:{proxy.getsockname()[1]}")
        away = Service("Away", "http://away.invalid", ServiceKey("openai", lambda name: ""), is_key_optional=True)
        found: list[ConnectionTimes] = []
        await measure_connection(away, "2", trusting, found.append)
        assert found[-1].proxy == f"127.0.0.1:{proxy.getsockname()[1]}"
        proxy.settimeout(10)
        proxy.accept()[0].close()
        client = ServiceClient(ssl_context=trusting())
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.request, away, "GET", "/models")
            connection, _ = await anyio.to_thread.run_sync(proxy.accept)
            connection.settimeout(10)
            assert b"http://away.invalid/models" in await anyio.to_thread.run_sync(connection.recv, 1000)
            tasks.cancel_scope.cancel()
        connection.close()
        await client.aclose()


@pytest.mark.anyio
@pytest.mark.parametrize(("http", "spoken"), [("2", "HTTP/2"), ("1.1", "HTTP/1.1")])
async def test_a_second_exchange_needs_no_handshake(server: Served, http: str, spoken: str) -> None:
    client = ServiceClient(http, trusting())
    first = await client.warm(service(server))
    assert first is not None
    assert first.timing.http == spoken
    assert first.timing.tls_s is not None
    assert await client.warm(service(server)) is None, "it was used just now"
    second = await client.request(service(server), "GET", "/models")
    assert second.timing.connect_s is second.timing.tls_s is None
    await client.aclose()


@pytest.mark.anyio
async def test_a_body_is_sent_as_it_comes(server: Served) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"spoken "
        yield b"words"

    client = ServiceClient(ssl_context=trusting())
    answer = await client.request(service(server), "POST", "/echo", body=body)
    assert answer.content == b"spoken words"
    await client.aclose()


@pytest.mark.anyio
async def test_rejected_or_missing_key_raises_with_remedy(server: Served) -> None:
    client = ServiceClient(ssl_context=trusting())
    with pytest.raises(ServiceError, match=r"^Example does not accept the key\. .* intone key set openai$"):
        await client.request(service(server, "sk-wrong"), "GET", "/models")
    with pytest.raises(ServiceError, match="There is no key for Example"):
        await client.request(service(server, ""), "GET", "/models")
    await client.aclose()


@pytest.mark.anyio
@pytest.mark.parametrize("http", ["2", "1.1"])
@pytest.mark.parametrize("status", [200, 500])
async def test_an_answer_without_measure_is_refused(server: Served, http: str, status: int) -> None:
    client = ServiceClient(http, trusting())
    with pytest.raises(ServiceError, match="makes no sense"):
        await client.request(service(server), "GET", f"/too-much?status={status}")
    await client.aclose()


@pytest.mark.anyio
async def test_oversized_answer_is_not_read_to_the_end(server: Served) -> None:
    client = ServiceClient(ssl_context=trusting())
    async with client.stream(service(server), "GET", "/too-much?status=200") as response:
        with pytest.raises(ServiceError, match="makes no sense"), service_errors(service(server)):
            await read_body(response, service(server), 100_000)
        assert response.num_bytes_downloaded < MAX_ANSWER_BYTES // 4
    await client.aclose()


@pytest.mark.anyio
@pytest.mark.parametrize("form", ["comments", "events", "packed"])
async def test_a_stream_of_nothing_ends_all_the_same(server: Served, form: str) -> None:
    client = ServiceClient(ssl_context=trusting())
    completion = LLMClient(client, service(server, form), "m", openai=False).create_completion(
        LLMRequest("Do.", "one two", 100)
    )
    with pytest.raises(ServiceError, match="makes no sense"):
        await completion.run(lambda draft: None)
    assert completion.answer == ""
    await client.aclose()


def test_service_message_cannot_control_the_terminal() -> None:
    service, told = (
        Service("Example", "https://example.org", ServiceKey("polish", lambda name: "")),
        "no\x1b]0;evil\x07\u202e go.",
    )
    closed = service_error(service, ConnectionClosedError(Close(4000, told), None))
    for problem in (refusal_error(service, 400, {}, json.dumps({"error": told}).encode()), closed):
        assert "(no ]0;evil go)" in str(problem)
        assert problem.log_text.startswith("Example ")
        assert "evil" not in problem.log_text


def test_self_referencing_exception_is_explained() -> None:
    inner = ConnectionRefusedError()
    group = ExceptionGroup("", [inner])
    inner.__context__ = group
    assert list(iterate_causes(group)) == [inner]
