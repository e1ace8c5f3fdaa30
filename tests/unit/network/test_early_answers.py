"""The end of a sending by an early refusal, in interleavings that a network shows seldom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import anyio
import httpcore2
import httpx2
import pytest
from hpack import Encoder
from hyperframe.frame import ContinuationFrame, DataFrame, HeadersFrame

from desktop.network.early_answers import send_watched, watch_answers
from desktop.network.timing import ExchangeWatch

pytestmark = pytest.mark.anyio

REQUEST = httpx2.Request("POST", "https://localhost/")


def refusal(status: str = "413") -> bytes:
    """Return the frames of an answer to request 1."""
    headers = HeadersFrame(1, Encoder().encode([(":status", status)]), flags=["END_HEADERS"])
    return bytes(headers.serialize() + DataFrame(1, b"No", flags=["END_STREAM"]).serialize())


class Stream(httpcore2.AsyncNetworkStream):
    """A connection that delivers `arriving` at a read, and whose writes end when `may_write` is set."""

    def __init__(self, arriving: bytes) -> None:
        self.arriving = arriving
        self.may_write = anyio.Event()
        self.writes: list[str] = []

    def get_extra_info(self, info: str) -> Any:
        return SimpleNamespace(selected_alpn_protocol=lambda: "h2")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.arriving

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.writes.append("begun")
        await self.may_write.wait()
        self.writes.append("whole")


async def send(
    stream: Stream, beside: Callable[[], Awaitable[None]], after: Callable[[ExchangeWatch], Awaitable[None]]
) -> tuple[int, list[str]]:
    """Send a request by one write, then `after`, while `beside` runs; return the status and the calls of
    `on_refusal`."""
    watch, refusals = ExchangeWatch(), list[str]()
    watch_answers(stream)
    await watch.trace("http2.send_request_headers.started", {"stream_id": 1})

    async def write() -> httpx2.Response:
        await stream.write(b"body")
        await after(watch)
        return httpx2.Response(200)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(beside)
        with anyio.fail_after(20):
            answer = await send_watched(watch, REQUEST, write, lambda: refusals.append("refused"))
    return answer.status_code, refusals


async def stand_still(watch: ExchangeWatch) -> None:
    await anyio.sleep_forever()


async def test_a_refusal_during_a_write_lets_it_end() -> None:
    stream = Stream(refusal())

    async def beside() -> None:
        await anyio.wait_all_tasks_blocked()
        await stream.read(1000)
        await anyio.wait_all_tasks_blocked()  # the sending is cancelled by now
        stream.may_write.set()

    assert await send(stream, beside, stand_still) == (413, ["refused"])
    assert stream.writes == ["begun", "whole"]


async def test_a_refusal_during_an_endless_write_is_used() -> None:
    stream = Stream(refusal())

    async def beside() -> None:
        await anyio.wait_all_tasks_blocked()
        await stream.read(1000)

    assert await send(stream, beside, stand_still) == (413, ["refused"])
    assert stream.writes == ["begun"]


async def test_a_refusal_at_the_last_write_is_used() -> None:
    stream = Stream(refusal())

    async def beside() -> None:
        await anyio.wait_all_tasks_blocked()
        await stream.read(1000)
        stream.may_write.set()  # in the same step: the write is over when the cancellation is asked for

    async def note_sent(watch: ExchangeWatch) -> None:
        await watch.trace("http2.send_request_body.complete", {})
        await anyio.sleep_forever()

    assert await send(stream, beside, note_sent) == (413, ["refused"])
    assert stream.writes == ["begun", "whole"]


async def test_a_refusal_with_split_headers_has_its_status() -> None:
    block = Encoder().encode([(":status", "413")])
    head = HeadersFrame(1, block[:1], flags=["END_STREAM"]).serialize()
    stream = Stream(head + ContinuationFrame(1, block[1:], flags=["END_HEADERS"]).serialize())
    stream.may_write.set()

    async def beside() -> None:
        await anyio.wait_all_tasks_blocked()
        await stream.read(1000)

    assert await send(stream, beside, stand_still) == (413, ["refused"])


async def test_an_error_without_a_refusal_is_raised() -> None:
    stream = Stream(refusal("200"))
    stream.may_write.set()

    async def fail(watch: ExchangeWatch) -> None:
        await stream.read(1000)
        raise httpx2.ReadError("broken")

    with pytest.RaisesGroup(httpx2.ReadError):
        await send(stream, anyio.lowlevel.checkpoint, fail)
