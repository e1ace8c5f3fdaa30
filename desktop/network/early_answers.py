"""Read what a server answers while an upload is sent over HTTP/2, and tell it when an upload is cancelled.

httpcore2 reads nothing while it sends, but to wait for room in the server's flow-control window, and then looks for
that room alone (docs/adr/0032). A server that answers early ("too long", "busy") gives none, or has given room for
minutes of speech: the upload would go on to its end, stand still until its timeout, or fail as a broken connection. So
connections are read ahead of the library while a request is sent, what arrives is looked at on its way to it, and a
refusal of a request whose body is not sent yet ends the sending and is used. A success is no reason to stop: a proxy
may answer 200 before the service has heard the end.

Nor does the library say that a request is cancelled: the server would keep a place for it as long as the connection
lasts. So its stream is reset.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from weakref import ref

import anyio
import httpcore2
import httpx2
from hpack import Decoder
from hpack.exceptions import HPACKError

from desktop.network.timing import ExchangeWatch

logger = logging.getLogger(__name__)

HEAD_BYTES = 9
"""Bytes before the payload of a frame (RFC 9113, 4.1)."""

DATA, HEADERS, CONTINUATION = 0x0, 0x1, 0x9
END_STREAM, END_HEADERS, PADDED, PRIORITY = 0x1, 0x4, 0x8, 0x20
"""The frames of an answer, and their flags (RFC 9113, 6)."""

RST_STREAM, CANCEL = 0x3, 0x8
"""The frame that ends a request, and its error code (RFC 9113, 6.4 and 7)."""

READ_BYTES, MAX_AHEAD_BYTES = 64 * 1024, 2**20
"""Bytes of one read, and those that are read ahead of the library at most."""

MAX_REFUSAL_BYTES = 64 * 1024
"""Bytes of an early answer that are kept."""

WRITE_GRACE_S = 0.5
"""Seconds for which a write may end after an early refusal; one that is cancelled breaks the connection (anyio 4.16),
also for the requests beside."""


@dataclass
class EarlyAnswer:
    """An answer as far as it has arrived; `is_complete` is set at its end, `watch` times its request.

    `write_scope` is that of the running write, `connection` the one that it came over, once `is_begun` is set.
    """

    watch: ExchangeWatch
    write_scope: anyio.CancelScope | None = None
    connection: WatchedConnection | None = None
    is_begun: anyio.Event = field(default_factory=anyio.Event)
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    is_complete: anyio.Event = field(default_factory=anyio.Event)

    @property
    def is_sent(self) -> bool:
        """Return whether the request's body is sent."""
        return self.watch.time_of("send_request_body.complete") is not None

    @property
    def status(self) -> int:
        """Return the HTTP status, 0 before it has arrived or where it is no number."""
        return next((int(value) for name, value in self.headers if name == b":status" and value.isdigit()), 0)

    @property
    def is_early_refusal(self) -> bool:
        """Return whether it is complete, an error, and before the end of the request's body."""
        return self.is_complete.is_set() and self.status >= 400 and not self.is_sent

    def limit_write(self) -> None:
        """Let the running write end, for `WRITE_GRACE_S` at most, also where its task is cancelled."""
        if self.write_scope is not None:
            self.write_scope.shield = True
            self.write_scope.deadline = anyio.current_time() + WRITE_GRACE_S

    def to_response(self, request: httpx2.Request) -> httpx2.Response:
        """Return it as the library would."""
        fields = [(name, value) for name, value in self.headers if not name.startswith(b":")]
        extensions = {"http_version": b"HTTP/2"}
        stream = httpx2.ByteStream(bytes(self.body))
        return httpx2.Response(self.status, headers=fields, stream=stream, request=request, extensions=extensions)


_sending: ContextVar[Callable[[], EarlyAnswer | None]] = ContextVar("_sending", default=lambda: None)
"""Returns the answer that is waited for in this context: a weak reference, since asyncio keeps the context in which a
connection was opened as long as the connection."""


class AnswerReader:
    """Looks at the frames that arrive over one connection, for the answers to requests that are being sent."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._decoder = Decoder()
        self._block = b""
        self._is_block_last = False
        self._answers: dict[int, EarlyAnswer] = {}

    def expect(self, answer: EarlyAnswer) -> None:
        """Keep the frames of `answer`, until it is complete or forgotten."""
        if answer.watch.stream_id is not None and not answer.is_complete.is_set():
            self._answers[answer.watch.stream_id] = answer

    def forget(self, answer: EarlyAnswer) -> None:
        """Keep nothing of `answer` any more."""
        self._answers = {stream: kept for stream, kept in self._answers.items() if kept is not answer}

    def feed(self, data: bytes) -> None:
        """Look at what has been read."""
        self._buffer += data
        while len(self._buffer) >= HEAD_BYTES:
            end = HEAD_BYTES + int.from_bytes(self._buffer[:3])
            if len(self._buffer) < end:
                return
            kind, flags, stream = self._buffer[3], self._buffer[4], int.from_bytes(self._buffer[5:9]) & 0x7FFFFFFF
            payload = bytes(self._buffer[HEAD_BYTES:end])
            del self._buffer[:end]
            self._handle_frame(kind, flags, stream, payload)

    def _handle_frame(self, kind: int, flags: int, stream: int, payload: bytes) -> None:
        if kind not in (DATA, HEADERS, CONTINUATION):
            return
        if kind != CONTINUATION and flags & PADDED:
            payload = payload[1 : len(payload) - payload[0]]
        if kind == HEADERS and flags & PRIORITY:
            payload = payload[5:]
        answer = self._answers.get(stream)
        is_last = kind != CONTINUATION and bool(flags & END_STREAM)
        if kind != DATA:
            self._block += payload
            self._is_block_last = is_last or (kind == CONTINUATION and self._is_block_last)
            is_last = self._is_block_last and bool(flags & END_HEADERS)
            if flags & END_HEADERS:
                # All are decoded, since each changes the decoder's table.
                fields = [(bytes(name), bytes(value)) for name, value in self._decoder.decode(self._block, raw=True)]
                self._block = b""
                if answer is not None and fields[0][1][:1] != b"1":  # 100 and the like are no answers
                    answer.headers += fields
        elif answer is not None and not answer.is_sent and len(answer.body) < MAX_REFUSAL_BYTES:
            answer.body += payload
        if answer is not None and is_last:
            del self._answers[stream]
            answer.is_complete.set()


class WatchedConnection:
    """The network stream of an HTTP/2 connection, whose `read` and `write` it replaces."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._answers: AnswerReader | None = AnswerReader()
        self._ahead = bytearray()
        self._stream_read, self._stream_write = stream.read, stream.write
        self._read_lock, self._write_lock = anyio.Lock(), anyio.Lock()
        stream.read, stream.write = self.read, self.write  # type: ignore[method-assign]

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what was read ahead, else what arrives next."""
        if not self._ahead:
            async with self._read_lock:
                if not self._ahead:
                    return await self._receive(max_bytes, timeout)
        data = bytes(self._ahead[:max_bytes])
        del self._ahead[:max_bytes]
        return data

    async def read_ahead(self) -> None:
        """Read what arrives until the connection breaks, which the library's next read notices too."""
        with suppress(httpcore2.NetworkError, OSError):
            while len(self._ahead) < MAX_AHEAD_BYTES:
                async with self._read_lock:
                    data = await self._receive(READ_BYTES, None)
                    self._ahead += data
                if not data:
                    return

    async def _receive(self, max_bytes: int, timeout: float | None) -> bytes:
        data = await self._stream_read(max_bytes, timeout)
        if self._answers is not None:
            try:
                self._answers.feed(data)
            except (HPACKError, IndexError):
                logger.warning("a server's frames make no sense")  # the library says so too
                self._answers = None
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write, and keep the answer to the request that this context sends."""
        answer = _sending.get()()
        if self._answers is None or answer is None:
            async with self._write_lock:
                await self._stream_write(buffer, timeout)
            return
        self._answers.expect(answer)
        answer.connection = self
        answer.is_begun.set()
        with anyio.CancelScope() as answer.write_scope:
            if answer.is_early_refusal:
                answer.limit_write()
            async with self._write_lock:
                await self._stream_write(buffer, timeout)
        scope, answer.write_scope = answer.write_scope, None
        if scope.cancelled_caught:
            raise httpcore2.WriteTimeout  # the library uses the connection no more

    def forget(self, answer: EarlyAnswer) -> None:
        """Keep nothing of `answer` any more."""
        if self._answers is not None:
            self._answers.forget(answer)

    async def reset(self, stream: int) -> None:
        """Tell the server that the request of this number is cancelled, within `WRITE_GRACE_S`."""
        frame = (4).to_bytes(3) + bytes([RST_STREAM, 0]) + stream.to_bytes(4) + CANCEL.to_bytes(4)
        with anyio.move_on_after(WRITE_GRACE_S, shield=True), suppress(httpcore2.NetworkError, OSError):
            async with self._write_lock:
                await self._stream_write(frame, None)


def watch_answers(stream: httpcore2.AsyncNetworkStream) -> None:
    """Look at the answers on a new connection, if it speaks HTTP/2."""
    ssl_object = stream.get_extra_info("ssl_object")
    if ssl_object is not None and ssl_object.selected_alpn_protocol() == "h2":
        WatchedConnection(stream)


async def send_watched(
    watch: ExchangeWatch,
    request: httpx2.Request,
    send: Callable[[], Awaitable[httpx2.Response]],
    on_refusal: Callable[[], None],
) -> httpx2.Response:
    """Return the response that `send` returns, or an early refusal, which ends the sending; then call `on_refusal`.

    Where it is cancelled, so is the request at the server.
    """
    answer = EarlyAnswer(watch)
    result: httpx2.Response | Exception | None = None
    is_refused = False

    async def stop() -> None:
        nonlocal is_refused
        await answer.is_complete.wait()
        if answer.is_early_refusal:
            is_refused = True  # noted here: the last write may end before the cancellation arrives
            answer.limit_write()
            tasks.cancel_scope.cancel()

    async def read_ahead() -> None:
        await answer.is_begun.wait()
        if answer.connection is not None:
            await answer.connection.read_ahead()

    token = _sending.set(ref(answer))
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(stop)
            tasks.start_soon(read_ahead)
            try:
                result = await send()
            except Exception as error:  # kept out of the group, which would hide its cause
                result = error
            is_refused = is_refused or answer.is_early_refusal
            tasks.cancel_scope.cancel()
    finally:
        _sending.reset(token)
        if answer.connection is not None:
            answer.connection.forget(answer)
            is_known = watch.time_of("send_request_headers.complete") is not None
            if result is None and is_known and not is_refused and watch.stream_id is not None:
                await answer.connection.reset(watch.stream_id)
    if is_refused:
        on_refusal()
    if isinstance(result, httpx2.Response):
        return result
    if isinstance(result, Exception) and not is_refused:
        raise result
    logger.info("a service answered before it had the whole request")
    return answer.to_response(request)
