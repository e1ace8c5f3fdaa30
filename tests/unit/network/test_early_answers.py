"""The end of a sending by an early refusal, in interleavings that a network shows seldom."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import anyio
import httpcore2
import httpx2
import pytest
from h2.errors import ErrorCodes
from hpack import Encoder
from hyperframe.frame import ContinuationFrame, DataFrame, HeadersFrame, RstStreamFrame

from desktop.network.early_answers import send_watched, watch_answers
from desktop.network.timing import ExchangeWatch

pytestmark = pytest.mark.anyio

REQUEST = httpx2.Request("POST", "https://localhost/")


def refusal(status: str = "413") -> bytes:
    """Return the frames of an answer to request 1."""
    headers = HeadersFrame(1, Encoder().encode([(":status", status)]), flags=["END_HEADERS"])
    return bytes(headers.serialize() + DataFrame(1, b"No", flags=["END_STREAM"]).serialize())


class Stream(httpcore2.AsyncNetworkStream):
    """A connection that delivers `arriving` once `may_read` is set, and whose writes end when `may_write` is set."""

    def __init__(self, arriving: bytes) -> None:
        self.arriving = arriving
        self.may_read, self.may_write = anyio.Event(), anyio.Event()
        self.on_read: Callable[[], object] = lambda: None
        self.writes: list[str] = []
        self.written = b""

    def get_extra_info(self, info: str) -> Any:
        return SimpleNamespace(selected_alpn_protocol=lambda: "h2")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        await self.may_read.wait()
        if not self.arriving:
            await anyio.sleep_forever()
        self.on_read()
        data, self.arriving = self.arriving, b""
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.writes.append("begun")
        await self.may_write.wait()
        self.writes.append("whole")
        self.written += buffer


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
        stream.may_read.set()
        await anyio.wait_all_tasks_blocked()  # the sending is cancelled by now
        stream.may_write.set()

    assert await send(stream, beside, stand_still) == (413, ["refused"])
    assert stream.writes == ["begun", "whole"]


async def test_a_refusal_during_an_endless_write_is_used() -> None:
    stream = Stream(refusal())

    async def beside() -> None:
        await anyio.wait_all_tasks_blocked()
        stream.may_read.set()

    assert await send(stream, beside, stand_still) == (413, ["refused"])
    assert stream.writes == ["begun"]


async def test_a_refusal_at_the_last_write_is_used() -> None:
    stream = Stream(refusal())

    async def beside() -> None:
        await anyio.wait_all_tasks_blocked()
        # a step after the refusal is seen: the write is over when the cancellation is asked for
        stream.on_read = lambda: asyncio.get_running_loop().call_soon(stream.may_write.set)
        stream.may_read.set()

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
        stream.may_read.set()

    assert await send(stream, beside, stand_still) == (413, ["refused"])


async def test_an_error_without_a_refusal_is_raised() -> None:
    stream = Stream(refusal("200"))
    stream.may_write.set()

    async def fail(watch: ExchangeWatch) -> None:
        raise httpx2.ReadError("broken")

    with pytest.RaisesGroup(httpx2.ReadError):
        await send(stream, anyio.lowlevel.checkpoint, fail)


async def test_what_was_read_ahead_is_the_librarys() -> None:
    stream = Stream(refusal("200"))
    expected = stream.arriving
    stream.may_read.set()
    stream.may_write.set()

    async def read(watch: ExchangeWatch) -> None:
        await anyio.wait_all_tasks_blocked()  # all is read ahead
        assert stream.arriving == b""
        assert await stream.read(5) + await stream.read(1000) == expected

    assert await send(stream, anyio.lowlevel.checkpoint, read) == (200, [])


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_cancelled_request_is_reset_where_it_is_known(is_known: bool) -> None:
    stream = Stream(b"")
    stream.may_write.set()

    async with anyio.create_task_group() as tasks:

        async def leave(watch: ExchangeWatch) -> None:
            if is_known:
                await watch.trace("http2.send_request_headers.complete", {})
            tasks.cancel_scope.cancel()
            await anyio.sleep_forever()

        await send(stream, anyio.lowlevel.checkpoint, leave)
    reset = RstStreamFrame(1, error_code=ErrorCodes.CANCEL).serialize()
    assert stream.written == b"body" + (reset if is_known else b"")
