"""A language model's server that leaves a question for its models unanswered: it costs that question, and nothing that
comes after it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
import anyio.lowlevel
import pytest

from desktop.llm import client as llm_client
from desktop.llm.client import LLMClient
from desktop.network import client as network_client
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey

pytestmark = pytest.mark.anyio

LIMIT_S = 20.0
"""How long a slow machine may take: without the mend, nothing ends."""

MODELS = b'{"data": [{"id": "m"}]}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(MODELS), MODELS)


class Lister:
    """Answers who asks for the models, as long as it is `well`."""

    def __init__(self) -> None:
        self.well = True
        self.asked = 0
        self.unanswered = anyio.Event()
        self.open = set[asyncio.StreamWriter]()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open.add(writer)
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                self.asked += 1
                if self.well:
                    writer.write(ANSWER)
                else:
                    self.unanswered.set()
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()


@asynccontextmanager
async def talking() -> AsyncIterator[tuple[Lister, LLMClient]]:
    lister, client = Lister(), ServiceClient("1.1")
    server = await asyncio.start_server(lister.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        with anyio.fail_after(LIMIT_S):
            yield lister, LLMClient(client, Service("X", url, ServiceKey("polish", lambda name: "k")), openai=False)
    finally:
        await client.aclose()
        server.close()
        for writer in lister.open:
            writer.transport.abort()


@pytest.fixture
def ill(monkeypatch: pytest.MonkeyPatch) -> Callable[[Lister], None]:
    """Has a server answer no more, and nobody wait for it as long as is usual."""
    monkeypatch.setattr(network_client, "FRESH_CONNECTION_S", 0.0)

    def fall(lister: Lister) -> None:
        lister.well = False
        for module in (network_client, llm_client):
            monkeypatch.setattr(module, "CONNECT_TIMEOUT_S", 0.3)
        monkeypatch.setattr(network_client, "PING_TIMEOUT_S", 0.1)

    return fall


async def done(chat: LLMClient) -> None:
    while chat.is_warming:
        await anyio.lowlevel.checkpoint()


async def test_a_connection_is_not_waited_for_without_end(ill: Callable[[Lister], None]) -> None:
    async with talking() as (lister, chat):
        await chat.http_client.warm(chat.service)
        ill(lister)
        assert await chat.http_client.warm(chat.service) is None


async def test_known_list_not_awaited_and_prepared_once(
    ill: Callable[[Lister], None],
) -> None:
    async with talking() as (lister, chat):
        await chat.warm()
        ill(lister)
        chat.start_warming()
        await lister.unanswered.wait()
        asked = lister.asked
        for _ in range(3):
            chat.start_warming()
        assert (await chat.choose_model()).name == "m"
        assert (chat.is_warming, lister.asked) == (True, asked)
        await done(chat)
        assert lister.asked <= asked + 1, "on the kept connection, and once on a new one"


async def test_a_server_that_is_well_again_is_asked_again(ill: Callable[[Lister], None]) -> None:
    async with talking() as (lister, chat):
        ill(lister)
        chat.start_warming()
        await done(chat)
        lister.well = True
        assert (await chat.choose_model()).name == "m"
