"""WebSockets over TLS beside the HTTP client: one trust, two protocols, and a goodbye that nobody waits for."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import InvalidStatus

from desktop.core.errors import ServiceError
from desktop.doctor.network.probe import Endpoint, measure_service
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.errors import service_errors
from desktop.network.websockets import WebSockets
from tests.support.cloud.tls_server import Served, serve, trusting

closed = threading.Event()

MOVED = [300, 301, 302, 303, 307, 308]


async def version(request: Request) -> Response:
    return JSONResponse(request.scope["http_version"])


async def echo(line: WebSocket) -> None:
    if line.headers["authorization"] != "Token right":
        await line.send_denial_response(JSONResponse({"err_code": "INVALID_AUTH", "err_msg": "No."}, 403))
        return
    await line.accept()
    try:
        async for text in line.iter_text():
            await line.send_text(f"{text} {'sec-websocket-extensions' in line.headers}")
    finally:
        closed.set()


async def moved_socket(line: WebSocket) -> None:
    await line.send_denial_response(moved(line.query_params))


async def moved_page(request: Request) -> Response:
    return moved(request.query_params)


def moved(asked: Mapping[str, str]) -> Response:
    return Response("Elsewhere.", int(asked["status"]), {"Location": asked["to"]})


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    routes: list[Any] = [Route("/version", version), WebSocketRoute("/echo", echo)]
    routes += [Route("/moved", moved_page), WebSocketRoute("/moved", moved_socket)]
    with serve(Starlette(routes=routes)) as running:
        yield running


def service(url: str, key: str = "right") -> Service:
    return Service("Example", url, ServiceKey("deepgram", lambda name: key), auth_scheme="Token")


@pytest.mark.anyio
async def test_a_socket_opens_while_the_client_speaks_http_2(served: Served) -> None:
    client = ServiceClient(ssl_context=trusting())
    assert (await client.request(service(served.url), "GET", "/version")).content == b'"2"'
    sockets = WebSockets(client.ssl_context)
    there = service(served.sockets)
    closed.clear()
    with service_errors(there):
        opened = await sockets.open(there, f"{served.sockets}/echo")
        await opened.send("heard")
        assert await opened.recv() == "heard False"
    sockets.close_later(opened)
    await sockets.aclose()
    assert closed.wait(5), "the server has seen the goodbye"
    assert (await client.request(service(served.url), "GET", "/version")).content == b'"2"', (
        "nor is the client disturbed"
    )
    await client.aclose()


@pytest.mark.anyio
async def test_local_socket_bypasses_the_proxy(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    url, there = f"{served.sockets}/echo", service(served.sockets)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{nobody.getsockname()[1]}")
        sockets = WebSockets(trusting())
        with service_errors(there):
            sockets.close_later(await sockets.open(there, url))
        await sockets.aclose()
        found = await measure_service(Endpoint("deepgram", there, socket=url), create_ssl_context=trusting)
        assert found.failure is None
        assert found.connection is not None
        assert found.connection.proxy == ""
        away = service("wss://example.invalid")
        said = r"^Nothing answers at the proxy in (?i:https_proxy)\."
        with pytest.raises(ServiceError, match=said), service_errors(away):
            await sockets.open(away, away.url)


@pytest.mark.anyio
async def test_why_a_handshake_is_refused_is_told(served: Served) -> None:
    there = service(served.sockets, "wrong")
    with pytest.raises(ServiceError, match=r"^Example does not allow this \(No\)\.") as raised, service_errors(there):
        await WebSockets(trusting()).open(there, f"{served.sockets}/echo")
    assert isinstance(raised.value.__cause__, InvalidStatus)


@pytest.mark.anyio
async def test_who_is_not_trusted_is_not_talked_to(served: Served) -> None:
    there = service(served.sockets)
    client = ServiceClient()
    with pytest.raises(ServiceError, match=r"^The certificate of localhost:\d+ is not trusted"), service_errors(there):
        await WebSockets(client.ssl_context).open(there, f"{served.sockets}/echo")
    await client.aclose()


@pytest.mark.anyio
async def test_closed_port_and_unknown_host_differ() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for host, said in ((f"127.0.0.1:{port}", "Nothing answers at "), ("nowhere.invalid", "nowhere.invalid was not")):
        there = service(f"wss://{host}")
        with pytest.raises(ServiceError, match=f"^{said}"), service_errors(there):
            await WebSockets(trusting()).open(there, f"wss://{host}/echo")


@pytest.mark.anyio
async def test_without_a_key_nothing_is_opened(served: Served) -> None:
    with pytest.raises(ServiceError, match=r"^There is no key for Example\."):
        await WebSockets(trusting()).open(service(served.sockets, ""), f"{served.sockets}/echo")


@pytest.mark.anyio
@pytest.mark.parametrize("status", MOVED)
async def test_redirect_is_refused_and_leaks_no_key(served: Served, status: int) -> None:
    client = ServiceClient(ssl_context=trusting())
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.setblocking(False)
        path = f"/moved?status={status}&to=https://localhost:{other.getsockname()[1]}/echo"
        live = path.replace("https:", "wss:")
        there = service(served.sockets)
        said = rf"^Example refused the request \(status {status}\)\."
        with pytest.raises(ServiceError, match=said), service_errors(there):
            await WebSockets(trusting()).open(there, f"{served.sockets}{live}")
        found = await measure_service(
            Endpoint("deepgram", there, socket=f"{served.sockets}{live}"), create_ssl_context=trusting
        )
        assert found.failure is not None
        assert found.failure.status == status
        with pytest.raises(ServiceError, match=said):
            await client.request(service(served.url), "GET", path)
        with pytest.raises(BlockingIOError):  # nobody has come
            other.accept()
    await client.aclose()
