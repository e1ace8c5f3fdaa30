"""Read the answer of a server that refuses an upload over HTTP/2 before it has received it.

httpcore2 reads nothing while it sends, but to wait for room in the server's flow-control window, and then looks for
that room alone (docs/adr/0032). A server that answers early ("too long", "busy") gives none: the upload would stand
still until its timeout, or fail as a broken connection. So what is read from a connection is looked at on its way to
the library, and a refusal of a request whose body is not sent yet ends the sending and is used. A success is no reason
to stop: a proxy may answer 200 before the service has heard the end.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
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

MAX_REFUSAL_BYTES = 64 * 1024
"""Bytes of an early answer that are kept."""

WRITE_GRACE_S = 0.5
"""Seconds for which a write may end after an early refusal; one that is cancelled breaks the connection (anyio 4.16),
also for the requests beside."""


@dataclass
class EarlyAnswer:
    """An answer as far as it has arrived; `is_complete` is set at its end, `watch` times its request.

    `write_scope` is that of the running write, `reader` the one that keeps the answer's frames.
    """

    watch: ExchangeWatch
    write_scope: anyio.CancelScope | None = None
    reader: AnswerReader | None = None
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
            answer.reader = self

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


def watch_answers(stream: httpcore2.AsyncNetworkStream) -> None:
    """Look at the answers on a new connection, if it speaks HTTP/2."""
    ssl_object = stream.get_extra_info("ssl_object")
    if ssl_object is None or ssl_object.selected_alpn_protocol() != "h2":
        return
    reader: AnswerReader | None = AnswerReader()
    read, write = stream.read, stream.write

    async def read_watched(max_bytes: int, timeout: float | None = None) -> bytes:
        nonlocal reader
        data = await read(max_bytes, timeout)
        if reader is not None:
            try:
                reader.feed(data)
            except (HPACKError, IndexError):
                logger.warning("a server's frames make no sense")  # the library says so too
                reader = None
        return data

    async def write_watched(buffer: bytes, timeout: float | None = None) -> None:
        answer = _sending.get()()
        if reader is None or answer is None:
            await write(buffer, timeout)
            return
        reader.expect(answer)
        with anyio.CancelScope() as answer.write_scope:
            if answer.is_early_refusal:
                answer.limit_write()
            await write(buffer, timeout)
        scope, answer.write_scope = answer.write_scope, None
        if scope.cancelled_caught:
            raise httpcore2.WriteTimeout  # the library uses the connection no more

    stream.read, stream.write = read_watched, write_watched  # type: ignore[method-assign]


async def send_watched(
    watch: ExchangeWatch,
    request: httpx2.Request,
    send: Callable[[], Awaitable[httpx2.Response]],
    on_refusal: Callable[[], None],
) -> httpx2.Response:
    """Return the response that `send` returns, or an early refusal, which ends the sending; then call `on_refusal`."""
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

    token = _sending.set(ref(answer))
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(stop)
            try:
                result = await send()
            except Exception as error:  # kept out of the group, which would hide its cause
                result = error
            is_refused = is_refused or answer.is_early_refusal
            tasks.cancel_scope.cancel()
    finally:
        _sending.reset(token)
        if answer.reader is not None:
            answer.reader.forget(answer)
    if is_refused:
        on_refusal()
    if isinstance(result, httpx2.Response):
        return result
    if isinstance(result, Exception) and not is_refused:
        raise result
    logger.info("a service answered before it had the whole request")
    return answer.to_response(request)
