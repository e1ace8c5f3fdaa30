"""Servers that refuse an upload over HTTP/2 before they have it: the user reads their reason, and soon."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator

import anyio
import pytest

from desktop.core.errors import ServiceError
from desktop.network.client import ServiceClient
from desktop.network.early_answers import EarlyAnswer
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.errors import refusal_error
from tests.support.cloud.early_answer import Seen, Then, answering_early
from tests.support.cloud.tls_server import trusting

pytestmark = pytest.mark.anyio

WINDOW = 65_535
"""Bytes that a client may send before the server has said anything."""

BUSY = b'{"error": {"message": "The server is busy.", "code": "server_busy"}}'


def service(url: str) -> Service:
    return Service("Example", url, ServiceKey("compatible", lambda name: "key"))


async def upload(client: ServiceClient, there: Service, size: int, is_endless: bool = False) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(size // 1000):
            yield bytes(1000)
        if is_endless:
            await anyio.sleep_forever()

    with anyio.fail_after(20):
        await client.request(there, "POST", "/audio/transcriptions", body=body)


@pytest.mark.parametrize("is_warm", [False, True])
@pytest.mark.parametrize("size", [30_000, 4 * WINDOW])
@pytest.mark.parametrize("then", Then)
@pytest.mark.parametrize(("status", "body"), [(401, b""), (413, b"Too large"), (503, BUSY)])
async def test_an_early_refusal_is_the_reason(status: int, body: bytes, then: Then, size: int, is_warm: bool) -> None:
    with answering_early(status, body, then) as url:
        client, there = ServiceClient(ssl_context=trusting()), service(url)
        if is_warm:
            await client.warm(there)
        with pytest.raises(ServiceError) as refused:
            await upload(client, there, size)
        await client.aclose()
    expected = refusal_error(there, status, {}, body)
    assert (str(refused.value), refused.value.status) == (str(expected), status)


@pytest.mark.parametrize("then", Then)
async def test_a_service_is_reached_after_early_refusals(then: Then) -> None:
    with answering_early(413, b"", then) as url:
        client, there = ServiceClient(ssl_context=trusting()), service(url)
        for _ in range(3):
            with pytest.raises(ServiceError, match="too long"):
                await upload(client, there, 2 * WINDOW)
            answer = await client.request(there, "GET", "/models")
            assert (answer.status, answer.content) == (200, b'{"data": []}')
        await client.aclose()


async def test_a_refusal_while_speech_goes_on_ends_the_upload() -> None:
    with answering_early(413, b"", Then.NO_WINDOW) as url:
        client, there = ServiceClient(ssl_context=trusting()), service(url)
        await client.warm(there)
        async with anyio.create_task_group() as tasks:

            async def ask_beside() -> None:  # the list of models, which the app asks for at the same time
                await client.request(there, "GET", "/models")

            tasks.start_soon(ask_beside)
            with pytest.raises(ServiceError, match="too long"):
                await upload(client, there, 2 * WINDOW, is_endless=True)
        await client.aclose()


async def test_a_refusal_retires_the_connection() -> None:
    seen = Seen()
    with answering_early(413, b"", Then.NO_WINDOW, seen) as url:
        client, there = ServiceClient(ssl_context=trusting()), service(url)
        await client.warm(there)
        with pytest.raises(ServiceError, match="too long"):
            await upload(client, there, 2 * WINDOW)
        assert seen.connections == 1
        for _ in range(2):
            await client.request(there, "GET", "/models")
        assert seen.connections == 2
        await client.aclose()


@pytest.mark.parametrize("then", Then)
async def test_a_request_beside_a_refusal_is_answered_once(then: Then) -> None:
    seen, answers = Seen(), list[bytes]()
    with answering_early(413, b"", then, seen) as url:
        client, there = ServiceClient(ssl_context=trusting()), service(url)
        await client.warm(there)
        async with anyio.create_task_group() as tasks:

            async def ask_beside() -> None:
                answers.append((await client.request(there, "GET", "/held")).content)

            tasks.start_soon(ask_beside)
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(ServiceError, match="too long"):
                await upload(client, there, 2 * WINDOW, is_endless=True)
        assert (answers, seen.held, seen.connections) == ([b"held"], 1, 1)
        await client.aclose()


async def test_an_early_success_does_not_end_the_speech() -> None:
    spoken: list[str] = []
    with answering_early(200, b'{"text": "Half"}', Then.NO_WINDOW) as url:
        client, there = ServiceClient(ssl_context=trusting()), service(url)
        await client.warm(there)

        async def body() -> AsyncIterator[bytes]:
            yield b"first"
            await client.request(there, "GET", "/models")  # what arrives is read, the early answer too
            await anyio.wait_all_tasks_blocked()
            yield b"second"
            spoken.append("all")

        with anyio.fail_after(20):
            answer = await client.request(there, "POST", "/audio/transcriptions", body=body)
        assert (answer.status, spoken) == (200, ["all"])
        await client.aclose()


async def cancel_upload(client: ServiceClient, there: Service) -> None:
    """Cancel an upload while it is spoken."""
    async with anyio.create_task_group() as tasks:

        async def body() -> AsyncIterator[bytes]:
            yield bytes(1000)
            tasks.cancel_scope.cancel()
            await anyio.sleep_forever()

        await client.request(there, "POST", "/audio/transcriptions", body=body)


@pytest.mark.parametrize("is_warm", [False, True])
async def test_nothing_of_answers_is_kept(is_warm: bool) -> None:
    with answering_early(200, b'{"text": "Private"}', Then.NO_WINDOW) as url:
        client, there = ServiceClient(ssl_context=trusting()), service(url)
        if is_warm:
            await client.warm(there)
        for _ in range(10):
            await upload(client, there, 1000)
            await client.request(there, "GET", "/models")
        await cancel_upload(client, there)
        gc.collect()
        assert [kept for kept in gc.get_objects() if isinstance(kept, EarlyAnswer)] == []
        await client.aclose()
