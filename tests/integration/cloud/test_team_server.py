"""The front of a team's server as `packaging/server/Caddyfile` has it, with a real Caddy and a stand-in behind it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from desktop.core.errors import ServiceError
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from tests.support.cloud.team_server import KEY, caddy
from tests.support.cloud.tls_server import serve

SPEECH = "/audio/transcriptions"


async def anything(request: Request) -> Response:
    if request.headers.get("x-upstream") == "starting":
        return PlainTextResponse("Path '/v1/models' not found.", 404)
    return JSONResponse({"path": request.url.path, "bytes": len(await request.body())})


@pytest.fixture(scope="module")
def front() -> Iterator[tuple[str, ssl.SSLContext]]:
    """Its address, and what trusts it."""
    behind = Starlette(routes=[Route("/{path:path}", anything, methods=["GET", "POST"])])
    with serve(behind, tls=False) as served, caddy(served.port) as running:
        yield running.url, running.context


def service(url: str, key: str = KEY) -> Service:
    return Service("The team's server", url, ServiceKey("compatible", lambda name: key), is_key_optional=True)


@pytest.mark.anyio
async def test_audio_reaches_server_over_http_2_with_key(front: tuple[str, ssl.SSLContext]) -> None:
    url, context = front

    async def spoken() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield bytes(10_000)

    client = ServiceClient(ssl_context=context)
    models = await client.warm(service(url))
    assert models is not None
    assert (models.timing.http, models.content) == ("HTTP/2", b'{"path":"/v1/models","bytes":0}')
    answer = await client.request(service(url), "POST", SPEECH, body=spoken)
    assert answer.content == b'{"path":"/v1/audio/transcriptions","bytes":1000000}'
    assert answer.timing.connect_s is None, "the connection was kept"
    await client.aclose()


@pytest.mark.anyio
@pytest.mark.parametrize("key", ["", "wrong", KEY[:-1], f"{KEY}0"])
@pytest.mark.parametrize(("method", "path"), [("GET", "/models"), ("POST", SPEECH)])
async def test_nobody_is_let_in_without_the_key(
    front: tuple[str, ssl.SSLContext], key: str, method: str, path: str
) -> None:
    url, context = front
    client = ServiceClient(ssl_context=context)
    with pytest.raises(ServiceError, match="does not accept the key"):
        await client.request(service(url, key), method, path)
    await client.aclose()


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/chat/completions", "/models/x", "/../pause", "/../tokenize", "/../metrics"])
async def test_nothing_else_of_the_server_is_for_the_network(front: tuple[str, ssl.SSLContext], path: str) -> None:
    url, context = front
    client = ServiceClient(ssl_context=context)
    with pytest.raises(ServiceError, match="does not know this model or address"):
        await client.request(service(url), "GET", path)
    await client.aclose()


@pytest.mark.anyio
async def test_a_file_above_the_limit_is_refused(front: tuple[str, ssl.SSLContext]) -> None:
    url, context = front
    client = ServiceClient(ssl_context=context)
    # Debian's Caddy 2.6 knows no 413 behind a proxy.
    with pytest.raises(ServiceError, match=r"too long|status 502"):
        await client.request(service(url), "POST", SPEECH, body=bytes(27_000_000))
    await client.aclose()


@pytest.mark.anyio
async def test_a_server_that_starts_is_no_unknown_model(front: tuple[str, ssl.SSLContext]) -> None:
    url, context = front
    client = ServiceClient(ssl_context=context)
    with pytest.raises(ServiceError, match=r"problem of its own \(status 503\)"):
        await client.request(service(url), "GET", "/models", headers={"X-Upstream": "starting"})
    await client.aclose()
