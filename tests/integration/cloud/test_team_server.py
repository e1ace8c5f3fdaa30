"""The front of a team's server as `packaging/server/Caddyfile` has it, with a real Caddy and a stand-in behind it."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from desktop.core.errors import ServiceError
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from tests.support.cloud.tls_server import serve
from tests.support.desk import until

KEY = "0123456789abcdef0123456789abcdef"
SPEECH = "/audio/transcriptions"
FRONT = Path(__file__).parents[3] / "packaging/server/Caddyfile"


async def anything(request: Request) -> Response:
    return JSONResponse({"path": request.url.path, "bytes": len(await request.body())})


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ssl.SSLContext]]:
    """Its address, and what trusts it."""
    home = tmp_path_factory.mktemp("caddy")
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"localhost:{free.getsockname()[1]}"
    behind = Starlette(routes=[Route("/{path:path}", anything, methods=["GET", "POST"])])
    with serve(behind, tls=False) as served:
        environ = {"SPEECH_ADDRESS": address, "SPEECH_KEY": KEY, "SPEECH_SERVERS": f"127.0.0.1:{served.port}"}
        homes = {"HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_CONFIG_HOME": str(home)}
        command = ["caddy", "run", "--config", str(FRONT), "--adapter", "caddyfile"]
        caddy = subprocess.Popen(command, env={**os.environ, **environ, **homes}, stderr=subprocess.DEVNULL)
        root = home / "caddy/pki/authorities/local/root.crt"
        try:
            until(lambda: root.exists() and answers(address, root), "Caddy has its certificate")
            yield f"https://{address}/v1", ssl.create_default_context(cafile=str(root))
        finally:
            caddy.terminate()
            caddy.wait(timeout=10)


def answers(address: str, root: Path) -> bool:
    """Whether a handshake comes to its end: it listens before it has made its certificate."""
    host, port = address.split(":")
    try:
        trust = ssl.create_default_context(cafile=str(root))
        with socket.create_connection((host, int(port)), 5) as line, trust.wrap_socket(line, server_hostname=host):
            return True
    except OSError:
        return False


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
    # Debian's Caddy 2.6 knows no 413 behind a proxy, and httpx2 may meet the end of the request before its answer.
    with pytest.raises(ServiceError, match=r"too long|status 502|connection to .* broke"):
        await client.request(service(url), "POST", SPEECH, body=bytes(27_000_000))
    await client.aclose()
