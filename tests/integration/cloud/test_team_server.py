"""The front of a team's server as `packaging/server/Caddyfile` has it, with a real Caddy and a stand-in behind it."""

from __future__ import annotations

import socket
import threading
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ResponseReceived
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from desktop.core.errors import ServiceError
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from tests.support.cloud.team_server import KEY, Front, caddy
from tests.support.cloud.tls_server import serve

SPEECH = "/audio/transcriptions"


left = threading.Event()
"""Set when a client went away in the midst of an upload."""


async def anything(request: Request) -> Response:
    if request.headers.get("x-upstream") == "busy":
        return JSONResponse({"error": {"message": "The server is busy.", "code": "server_busy"}}, 503)
    if request.headers.get("x-upstream") == "leaving":
        with pytest.raises(ClientDisconnect):
            await request.body()
        left.set()
    if request.headers.get("x-upstream") == "starting":
        return PlainTextResponse("Path '/v1/models' not found.", 404)
    if "x-upstream" in request.headers:
        return JSONResponse([name for name in request.headers if name.startswith("x-request")])
    return JSONResponse({"path": request.url.path, "bytes": len(await request.body())})


@pytest.fixture(scope="module")
def behind() -> Iterator[int]:
    """The port of what is behind the front."""
    with serve(Starlette(routes=[Route("/{path:path}", anything, methods=["GET", "POST"])]), tls=False) as served:
        yield served.port


@pytest.fixture(scope="module")
def front(behind: int) -> Iterator[Front]:
    with caddy(behind) as running:
        yield running


def service(url: str, key: str = KEY) -> Service:
    return Service("The team's server", url, ServiceKey("compatible", lambda name: key), is_key_optional=True)


@pytest.mark.anyio
async def test_audio_reaches_server_over_http_2_with_key(front: Front) -> None:

    async def spoken() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield bytes(10_000)

    client = ServiceClient(ssl_context=front.context)
    models = await client.warm(service(front.url))
    assert models is not None
    assert (models.timing.http, models.content) == ("HTTP/2", b'{"path":"/v1/models","bytes":0}')
    answer = await client.request(service(front.url), "POST", SPEECH, body=spoken)
    assert answer.content == b'{"path":"/v1/audio/transcriptions","bytes":1000000}'
    assert answer.timing.connect_s is None, "the connection was kept"
    await client.aclose()


@pytest.mark.anyio
@pytest.mark.parametrize("key", ["", "wrong", KEY[:-1], f"{KEY}0"])
@pytest.mark.parametrize(("method", "path"), [("GET", "/models"), ("POST", SPEECH)])
async def test_nobody_is_let_in_without_the_key(front: Front, key: str, method: str, path: str) -> None:
    client = ServiceClient(ssl_context=front.context)
    with pytest.raises(ServiceError, match="does not accept the key"):
        await client.request(service(front.url, key), method, path)
    await client.aclose()


def ask_for_models(front: Front, authorization: str) -> str:
    """Return the status over HTTP/2, where nothing takes blanks from the end of a header."""
    address = urlsplit(front.url)
    fields = [(":method", "GET"), (":scheme", "https"), (":authority", address.netloc), (":path", "/v1/models")]
    h2 = H2Connection(H2Configuration(normalize_outbound_headers=False, validate_outbound_headers=False))
    h2.initiate_connection()
    h2.send_headers(1, [*fields, ("authorization", authorization)], end_stream=True)
    front.context.set_alpn_protocols(["h2"])
    with (
        socket.create_connection(("localhost", address.port or 0), 20) as line,
        front.context.wrap_socket(line, server_hostname="localhost") as connection,
    ):
        connection.sendall(h2.data_to_send())
        while data := connection.recv(65536):
            for event in h2.receive_data(data):
                if isinstance(event, ResponseReceived):
                    return dict(event.headers or [])[b":status"].decode()
    raise EOFError


@pytest.mark.parametrize("key", [None, "", "x" * 31])
def test_a_front_without_a_long_key_lets_nothing_in(behind: int, key: str | None) -> None:
    with caddy(behind, key) as front:
        assert ask_for_models(front, f"Bearer {key or ''}") == "401"


@pytest.mark.parametrize("key", ["*", "x*", f"{'x' * 32}*"])
def test_a_star_in_the_key_is_a_star(behind: int, key: str) -> None:
    with caddy(behind, key) as front:
        assert ask_for_models(front, f"Bearer {'x' * 40}") == "401"


def test_a_front_with_a_long_key_lets_it_in(front: Front) -> None:
    assert ask_for_models(front, f"Bearer {KEY}") == "200"


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/chat/completions", "/models/x", "/../pause", "/../tokenize", "/../metrics"])
async def test_nothing_else_of_the_server_is_for_the_network(front: Front, path: str) -> None:
    client = ServiceClient(ssl_context=front.context)
    with pytest.raises(ServiceError, match="does not know this model or address"):
        await client.request(service(front.url), "GET", path)
    await client.aclose()


@pytest.mark.anyio
async def test_a_file_above_the_limit_is_refused(front: Front) -> None:
    client = ServiceClient(ssl_context=front.context)
    # Debian's Caddy 2.6 knows no 413 behind a proxy.
    with pytest.raises(ServiceError, match=r"too long|status 502"):
        await client.request(service(front.url), "POST", SPEECH, body=bytes(27_000_000))
    await client.aclose()


@pytest.mark.anyio
async def test_a_server_that_starts_is_no_unknown_model(front: Front) -> None:
    client = ServiceClient(ssl_context=front.context)
    with pytest.raises(ServiceError, match=r"problem of its own \(status 503\)"):
        await client.request(service(front.url), "GET", "/models", headers={"X-Upstream": "starting"})
    await client.aclose()


@pytest.mark.anyio
async def test_a_client_cannot_change_rays_limits(front: Front) -> None:
    client = ServiceClient(ssl_context=front.context)
    headers = {"X-Request-Timeout-Seconds": "0", "X-Request-Disconnect-Disabled": "?1", "X-Upstream": "headers"}
    answer = await client.request(service(front.url), "GET", "/models", headers=headers)
    assert answer.content == b"[]"
    await client.aclose()


@pytest.mark.anyio
@pytest.mark.parametrize("is_spoken", [True, False])
async def test_a_refusal_is_read_while_a_dictation_is_spoken(front: Front, is_spoken: bool) -> None:
    async def spoken() -> AsyncIterator[bytes]:
        yield bytes(1000)
        await anyio.sleep_forever()

    client = ServiceClient(ssl_context=front.context)
    headers, body = {"X-Upstream": "busy"}, spoken if is_spoken else bytes(1000)
    with anyio.fail_after(60), pytest.raises(ServiceError, match="is busy"):
        await client.request(service(front.url), "POST", SPEECH, headers=headers, body=body)
    await client.aclose()


@pytest.mark.anyio
async def test_the_server_sees_that_a_dictation_is_cancelled(front: Front) -> None:
    client = ServiceClient(ssl_context=front.context)
    await client.warm(service(front.url))
    async with anyio.create_task_group() as tasks:

        async def spoken() -> AsyncIterator[bytes]:
            yield bytes(1000)
            await client.request(service(front.url), "GET", "/models")  # what was written before has arrived
            tasks.cancel_scope.cancel()
            await anyio.sleep_forever()

        await client.request(service(front.url), "POST", SPEECH, headers={"X-Upstream": "leaving"}, body=spoken)
    assert await anyio.to_thread.run_sync(left.wait, 60)
    await client.aclose()
