"""Requests that are cancelled over HTTP/2, which the library sends no reset for: they stay open at the server, and cost
what comes after them nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest

from desktop.core.errors import ServiceError
from desktop.llm.chat_completions import LLMRequest
from desktop.llm.client import LLMClient
from desktop.network.client import MAX_ABANDONED, MAX_ABANDONED_AT_WARM, ServiceAnswer, ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.network.timing import ExchangeWatch
from tests.support.cloud.faults import At, Stall
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.relay import relayed
from tests.support.cloud.tls_server import serve, trusting

pytestmark = pytest.mark.anyio

MANY = 110
"""More than the hundred streams that a connection has."""

LIMIT_S = 60.0

type Cancelled = Callable[[ServiceClient, Service], Awaitable[None]]


async def upload(client: ServiceClient, service: Service) -> None:
    """A dictation that is cancelled while it is spoken."""
    begun = anyio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b"spoken"
        begun.set()
        await anyio.sleep_forever()

    await client.warm(service)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: client.request(service, "POST", "/audio/transcriptions", body=body))
        await begun.wait()
        tasks.cancel_scope.cancel()


async def polish(client: ServiceClient, service: Service) -> None:
    """A text whose answer is not wanted any more after its first words."""
    begun = anyio.Event()
    completion = LLMClient(client, service, "gpt-5.4-nano", openai=True).create_completion(
        LLMRequest("Do.", "some words " * 9, 100)
    )

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(completion.run, lambda answer: begun.set())
        await begun.wait()
        tasks.cancel_scope.cancel()


@pytest.mark.parametrize("cancelled", [upload, polish])
async def test_many_cancelled_requests_break_no_other(cancelled: Cancelled) -> None:
    server, bodies, over, answers = OpenAI(), 0, anyio.Event(), list[ServiceAnswer]()
    server.faults += [Stall(At.CHAT, 0.8)] * MANY

    async def body() -> AsyncIterator[bytes]:
        nonlocal bodies
        bodies += 1
        yield b"{"
        await over.wait()
        yield b"}"

    async def long() -> None:
        answers.append(
            await client.request(service, "POST", "/audio/transcriptions", body=body, allow_error_status=True)
        )

    with serve(server) as served, relayed(served, 0.0, None) as relay:
        client = ServiceClient(ssl_context=trusting())
        service = Service("Example", f"{relay.url}/v1", ServiceKey("openai", lambda name: "key"))
        with anyio.fail_after(LIMIT_S):
            await client.warm(service)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(long)
                while not bodies:
                    await anyio.lowlevel.checkpoint()
                for _ in range(MANY):
                    await cancelled(client, service)
                over.set()
            await client.warm(service)
            last = await client.request(service, "POST", "/audio/transcriptions", body=b"{}", allow_error_status=True)
        assert (bodies, answers[0].timing.http, last.timing.http) == (1, "HTTP/2", "HTTP/2")
        assert last.timing.connect_s is None, "the handshake was over before"
        assert relay.connections <= 1 + MANY // MAX_ABANDONED_AT_WARM
        await client.aclose()


async def test_cancelled_uploads_closed_at_next_press() -> None:
    server = OpenAI()
    with serve(server) as served, relayed(served, 0.0, None) as relay:
        client = ServiceClient(ssl_context=trusting())
        service = Service("Example", f"{relay.url}/v1", ServiceKey("openai", lambda name: "key"))
        with anyio.fail_after(LIMIT_S):
            for _ in range(MAX_ABANDONED_AT_WARM):
                await upload(client, service)
            assert relay.connections == 1
            await client.warm(service)
            assert relay.connections == 2
            while len(relay.ends) > 2:
                await anyio.lowlevel.checkpoint()
        await client.aclose()


async def held(client: ServiceClient, service: Service, over: anyio.Event, begun: list[str]) -> ServiceAnswer:
    """An upload that goes on until `over`."""

    async def body() -> AsyncIterator[bytes]:
        begun.append("{")
        yield b"{"
        await over.wait()
        yield b"}"

    return await client.request(service, "POST", "/audio/transcriptions", body=body, allow_error_status=True)


async def until(what: Callable[[], object]) -> None:
    while not what():
        await anyio.lowlevel.checkpoint()


async def test_cancelled_uploads_at_a_server_of_few_streams() -> None:
    with serve(OpenAI(), streams=10) as served, relayed(served, 0.0, None) as relay:
        client = ServiceClient(ssl_context=trusting())
        service = Service("Example", f"{relay.url}/v1", ServiceKey("openai", lambda name: "key"))
        over, begun, answers = anyio.Event(), list[str](), list[ServiceAnswer]()

        async def first() -> None:
            answers.append(await held(client, service, over, begun))

        with anyio.fail_after(LIMIT_S):
            await client.warm(service)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(first)
                await until(lambda: begun)
                for _ in range(12):
                    await upload(client, service)
                async with anyio.create_task_group() as both:  # one as it is spoken, and something small beside it
                    spoken, more = anyio.Event(), list[str]()
                    both.start_soon(held, client, service, spoken, more)
                    await until(lambda: more)
                    assert (await client.request(service, "GET", "/models")).status == 200
                    spoken.set()
                over.set()
        assert (len(begun), len(more), len(answers)) == (1, 1, 1)
        assert relay.connections == 2
        await client.aclose()


async def test_upload_on_new_connection_lets_others_be_asked() -> None:
    with serve(OpenAI(), streams=10) as served, relayed(served, 0.0, None) as relay:
        client = ServiceClient(ssl_context=trusting())
        service = Service("Example", f"{relay.url}/v1", ServiceKey("openai", lambda name: "key"))
        with anyio.fail_after(LIMIT_S):
            for _ in range(10):
                await upload(client, service)
            over, begun = anyio.Event(), list[str]()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(held, client, service, over, begun)
                await until(lambda: begun)
                assert relay.connections == 2
                assert (await client.request(service, "GET", "/models")).status == 200
                over.set()
        await client.aclose()


@pytest.mark.parametrize("asked", [False, True])
async def test_two_retired_connections_are_closed_once_idle(asked: bool) -> None:
    with serve(OpenAI()) as served, relayed(served, 0.0, None) as relay:
        client = ServiceClient(ssl_context=trusting())
        service = Service("Example", f"{relay.url}/v1", ServiceKey("openai", lambda name: "key"))
        over, begun = anyio.Event(), list[str]()
        with anyio.fail_after(LIMIT_S):
            async with anyio.create_task_group() as tasks:
                for each in (1, 2):
                    await client.warm(service)
                    tasks.start_soon(held, client, service, over, begun)
                    while len(begun) < each:
                        await anyio.lowlevel.checkpoint()
                    for _ in range(MAX_ABANDONED_AT_WARM):
                        await upload(client, service)
                await client.warm(service)
                assert relay.connections == 3
                over.set()
            if asked:
                async with anyio.create_task_group() as tasks:
                    for _ in range(2):
                        tasks.start_soon(client.request, service, "GET", "/models")
            await until(lambda: len(relay.ends) <= 2)
        await client.aclose()


@pytest.mark.parametrize("http", ["2", "1.1"])
async def test_body_that_breaks_off_is_closed_at_once(http: str) -> None:
    with serve(OpenAI()) as served, relayed(served, 0.0, None) as relay:
        client = ServiceClient(http, trusting())
        service = Service("Example", f"{relay.url}/v1", ServiceKey("openai", lambda name: "key"))
        closed = False

        async def body() -> AsyncIterator[bytes]:
            nonlocal closed
            try:
                yield b"{"
                await anyio.to_thread.run_sync(relay.reset)
                while True:
                    yield bytes(16 * 1024)
            finally:
                closed = True

        with anyio.fail_after(LIMIT_S), pytest.raises(ServiceError):
            await client.request(service, "POST", "/audio/transcriptions", body=body)
        assert closed
        await client.aclose()


async def told(*events: str) -> ExchangeWatch:
    watch = ExchangeWatch()
    for event in events:
        await watch.trace(event, {})
    return watch


BEGUN, SENT = "http2.send_request_headers.started", "http2.send_request_body.complete"
READ, CLOSED = "http2.receive_response_body.complete", "http2.response_closed.started"


@pytest.mark.parametrize(
    ("events", "soon", "later"),
    [
        ((), False, False),
        ((BEGUN,), False, False),
        ((BEGUN, SENT), False, False),
        ((BEGUN, CLOSED), True, True),
        ((BEGUN, SENT, CLOSED), True, False),
        ((BEGUN, SENT, READ, CLOSED), False, False),
        ((BEGUN.replace("http2", "http11"), CLOSED.replace("http2", "http11")), False, False),
    ],
)
async def test_watch_knows_what_the_server_has_open(events: tuple[str, ...], soon: bool, later: bool) -> None:
    watch = await told(*events)
    closed_at = watch.time_of("response_closed.started") or 0.0
    assert watch.is_abandoned(closed_at + 1.0, 10.0) is soon
    assert watch.is_abandoned(closed_at + 11.0, 10.0) is later


def test_limits_stay_below_what_the_library_allows() -> None:
    assert 0 < MAX_ABANDONED_AT_WARM < MAX_ABANDONED < 100
