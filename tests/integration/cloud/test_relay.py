"""The way to the tests' servers: as long and as narrow as it is said to be, and broken where it is broken."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import httpx2
import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from trustme import LeafCert
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from desktop.core.errors import ServiceError
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.relay import SEGMENT, Wire, relayed
from tests.support.cloud.tls_server import Served, elsewhere, expired, not_yet, serve, stranger, trusting

RTT_S = 0.08
PATIENCE_S = 0.4

NOISE = np.random.default_rng(5).bytes(200_000)


async def echo(request: Request) -> Response:
    return Response(await request.body())


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serve(Starlette(routes=[Route("/", echo, methods=["POST"])])) as served:
        yield served


@asynccontextmanager
async def asking(http: str = "2") -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(verify=trusting(), http2=http == "2", timeout=20.0) as client:
        yield client


def test_a_wire_sends_one_thing_after_the_other() -> None:
    wire = Wire(0.04, 250_000.0)
    assert wire.arrives(10.0, 1000) == pytest.approx(10.044)
    assert wire.arrives(10.0, 1000) == pytest.approx(10.048), "it has to wait for the first"
    assert wire.arrives(11.0, 1000) == pytest.approx(11.044), "by then the wire is free"
    assert Wire(0.04, None).arrives(10.0, 1_000_000) == pytest.approx(10.04)


@pytest.mark.anyio
async def test_nothing_passes_faster_than_the_link(server: Served) -> None:
    """The other way round, that it passes hardly slower, is what the proofs over it measure."""
    with relayed(server, RTT_S, up_bit_s=8e6) as relay:
        async with asking() as client:
            began = time.perf_counter()
            assert (await client.post(relay.url, content=b"")).status_code == 200
            cold_s, began = time.perf_counter() - began, time.perf_counter()
            assert (await client.post(relay.url, content=NOISE)).content == NOISE
            warm_s = time.perf_counter() - began
        assert cold_s >= 3 * RTT_S, "TCP, TLS and the request"
        assert warm_s >= RTT_S + (len(NOISE) - SEGMENT) / 1e6
        assert relay.connections == 1
        assert relay.up_bytes > len(NOISE)
        assert relay.down_bytes > len(NOISE)


@pytest.mark.anyio
@pytest.mark.parametrize("http", ["2", "1.1"])
async def test_an_answer_breaks_in_its_middle(server: Served, http: str) -> None:
    with relayed(server, 0.0, None) as relay:
        async with asking(http) as client:
            await client.post(relay.url, content=b"")
            relay.reset_after(len(NOISE) // 2)
            with pytest.raises(httpx2.ReadError):
                await client.post(relay.url, content=NOISE)
            assert (await client.post(relay.url, content=NOISE)).content == NOISE
        assert relay.connections == 2


@pytest.mark.anyio
async def test_what_is_frozen_is_silent_and_open(server: Served) -> None:
    with relayed(server, 0.0, None) as relay:
        async with asking() as client:
            await client.post(relay.url, content=b"")
            relay.freeze()
            with pytest.raises(httpx2.ReadTimeout):
                await client.post(relay.url, content=b"", timeout=PATIENCE_S)
        async with asking() as client:
            assert (await client.post(relay.url, content=b"")).status_code == 200, "a new one passes"
        relay.freeze(new=True)
        async with asking() as client:
            with pytest.raises(httpx2.ConnectTimeout):
                await client.post(relay.url, content=b"", timeout=PATIENCE_S)


@pytest.mark.anyio
async def test_nobody_listens_and_then_somebody_does(server: Served) -> None:
    with relayed(server, 0.0, None) as relay:
        relay.refuse()
        async with asking() as client:
            with pytest.raises(httpx2.ConnectError):
                await client.post(relay.url, content=b"")
            relay.thaw()
            assert (await client.post(relay.url, content=b"")).status_code == 200


@pytest.mark.anyio
async def test_a_socket_passes_and_is_reset() -> None:
    with serve(OpenAI()) as served, relayed(served, 0.0) as relay:
        async with connect(f"{relay.sockets}/v1/realtime?intent=transcription", ssl=trusting()) as connection:
            assert "session.created" in str(await connection.recv())
            relay.reset()
            with pytest.raises(ConnectionClosed) as end:
                await connection.recv()
            assert end.value.rcvd is None


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        (stranger, "is not trusted"),
        (elsewhere, "is not trusted"),
        (expired, "does not hold at this computer's time"),
        (not_yet, "does not hold at this computer's time"),
    ],
)
async def test_a_bad_certificate_is_one(certificate: Callable[[], LeafCert], words: str) -> None:
    with serve(OpenAI(), certificate=certificate()) as served:
        client = ServiceClient(ssl_context=trusting())
        with pytest.raises(ServiceError, match=words):
            await client.request(
                Service("Example", served.url, ServiceKey("openai", lambda name: "k")), "GET", "/v1/models"
            )
        await client.aclose()
