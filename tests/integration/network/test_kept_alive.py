"""Connections that are kept between dictations: one that has died is found out in time, a server that is at work is not
taken for one, and after a sleep everything is made anew under those who hold the client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import anyio
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desktop.network import client as network_client
from desktop.network.client import ServiceAnswer, ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from tests.support.cloud.relay import Relay, relayed
from tests.support.cloud.tls_server import serve, trusting

BOTH = pytest.mark.parametrize("http", ["2", "1.1"])
LIMIT_S = 20.0


class Decoder:
    """A small server: while it decodes what was posted it answers nothing else. It is done once `done` is set."""

    def __init__(self) -> None:
        self.posts = 0
        self.decoding, self.asked_again, self.done = anyio.Event(), anyio.Event(), anyio.Event()
        self._gets = 0
        self._open = set[asyncio.StreamWriter]()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while True:
                await self._answer((await reader.readuntil(b"\r\n\r\n")).lower(), reader)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwords")
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    def hang_up(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader) -> None:
        if head.startswith(b"post"):
            await reader.readuntil(b"0\r\n\r\n")
            self.posts += 1
            self.decoding.set()
            await self.done.wait()
        elif self._gets:
            self.asked_again.set()
            await self.done.wait()
        self._gets += 1


@asynccontextmanager
async def decoding() -> AsyncIterator[tuple[Decoder, Service]]:
    decoder = Decoder()
    server = await asyncio.start_server(decoder.serve, "127.0.0.1", 0)
    try:
        yield decoder, service(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    finally:
        decoder.done.set()
        server.close()
        decoder.hang_up()


async def echo(request: Request) -> Response:
    return Response(await request.body())


@pytest.fixture
def relay() -> Iterator[Relay]:
    app = Starlette(routes=[Route("/echo", echo, methods=["GET", "POST"])])
    with serve(app) as served, relayed(served, 0.0, None) as relay:
        yield relay


@pytest.fixture(autouse=True)
def nothing_is_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection is as one that was not used for a while."""
    monkeypatch.setattr(network_client, "FRESH_CONNECTION_S", 0.0)


def service(url: str) -> Service:
    return Service("Example", url, ServiceKey("compatible", lambda name: ""), is_key_optional=True)


async def spoken(begun: anyio.Event, over: anyio.Event) -> AsyncIterator[bytes]:
    """A recording that is sent while somebody speaks."""
    yield b"spoken "
    begun.set()
    await over.wait()
    yield b"words"


@pytest.mark.anyio
@pytest.mark.parametrize("sent", ["before", "meanwhile"])
async def test_decoding_server_is_not_dead_or_asked_twice(sent: str) -> None:
    begun, over, client, answers = anyio.Event(), anyio.Event(), ServiceClient("1.1"), list[ServiceAnswer]()
    async with decoding() as (decoder, there):

        async def post() -> None:
            answers.append(await client.request(there, "POST", "/words", body=lambda: spoken(begun, over)))

        async def press() -> None:
            assert await client.warm(there) is None
            decoder.done.set()

        await client.warm(there)
        with anyio.fail_after(LIMIT_S):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(post)
                await begun.wait()
                if sent == "before":
                    over.set()
                    await decoder.decoding.wait()
                tasks.start_soon(press)
                if sent == "meanwhile":
                    await decoder.asked_again.wait()
                    over.set()
        assert (decoder.posts, answers[0].content) == (1, b"words")
        await client.aclose()


@pytest.mark.anyio
async def test_a_host_that_is_dead_costs_another_one_nothing(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_client, "PING_TIMEOUT_S", 0.1)
    begun, over, client, answers = (
        anyio.Event(),
        anyio.Event(),
        ServiceClient(ssl_context=trusting()),
        list[ServiceAnswer](),
    )
    over.set()
    async with decoding() as (decoder, there):

        async def post() -> None:
            answers.append(await client.request(there, "POST", "/words", body=lambda: spoken(begun, over)))

        await client.warm(there)
        await client.warm(service(relay.url), "/echo")
        with anyio.fail_after(LIMIT_S):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(post)
                await decoder.decoding.wait()
                relay.freeze()
                assert await client.warm(service(relay.url), "/echo") is not None
                decoder.done.set()
        assert (relay.connections, decoder.posts, answers[0].content) == (2, 1, b"words")
        await client.aclose()


@pytest.mark.anyio
@BOTH
@pytest.mark.parametrize("spoken_whole", [True, False])
async def test_dead_connection_is_detected_and_retried(
    relay: Relay, http: str, spoken_whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network_client, "PING_TIMEOUT_S", 0.2)
    begun, over, client, answers = anyio.Event(), anyio.Event(), ServiceClient(http, trusting()), list[ServiceAnswer]()
    there = service(relay.url)

    async def post() -> None:
        answers.append(await client.request(there, "POST", "/echo", body=lambda: spoken(begun, over)))

    async def press() -> None:
        assert await client.warm(there, "/echo") is not None
        over.set()

    await client.warm(there, "/echo")
    relay.freeze()
    if spoken_whole:
        over.set()
    with anyio.fail_after(LIMIT_S):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(press)
            tasks.start_soon(post)
    assert answers[0].content == b"spoken words"
    assert relay.connections > 1
    await client.aclose()


@pytest.mark.anyio
@BOTH
async def test_request_after_sleep_uses_a_new_connection(relay: Relay, http: str) -> None:
    begun, over, client, answers = anyio.Event(), anyio.Event(), ServiceClient("2", trusting()), list[ServiceAnswer]()
    over.set()
    there = service(relay.url)

    async def post() -> None:
        answers.append(await client.request(there, "POST", "/echo", body=lambda: spoken(begun, over)))

    await client.request(there, "GET", "/echo")
    relay.freeze()
    with anyio.fail_after(LIMIT_S):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(post)
            await begun.wait()
            await client.reconnect(http)
    assert answers[0].content == b"spoken words"
    assert (await client.request(there, "GET", "/echo")).timing.http == f"HTTP/{http}"
    assert relay.connections == 2
    await client.aclose()


@pytest.mark.anyio
async def test_closed_client_can_still_be_asked(relay: Relay) -> None:
    client = ServiceClient(ssl_context=trusting())
    for connections in (1, 2):
        assert (await client.request(service(relay.url), "GET", "/echo")).status == 200
        assert relay.connections == connections
        await client.aclose()
