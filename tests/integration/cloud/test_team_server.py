"""The front of a team's server as `packaging/server/Caddyfile` has it, with a real Caddy and a stand-in behind it."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ResponseReceived
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from desktop.core.errors import ServiceError
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from tests.support.cloud.team_server import KEY, Front, caddy
from tests.support.cloud.tls_server import serve

SPEECH = "/audio/transcriptions"


async def anything(request: Request) -> Response:
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
