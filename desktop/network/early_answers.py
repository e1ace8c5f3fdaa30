"""Read the answer of a server that refuses an upload over HTTP/2 before it has received it.

httpcore2 reads nothing while it sends, but to wait for room in the server's flow-control window, and then looks for
that room alone (docs/adr/0032). A server that answers early ("too long", "busy") gives none: the upload would stand
still until its timeout, or fail as a broken connection. So what is read from a connection is looked at on its way to
the library, and the answer to a request whose body is not sent yet ends the sending and is used.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

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


@dataclass
class EarlyAnswer:
    """An answer as far as it has arrived; `is_complete` is set at its end, `watch` times its request."""

    watch: ExchangeWatch
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    is_complete: anyio.Event = field(default_factory=anyio.Event)

    @property
    def is_sent(self) -> bool:
        """Return whether the request's body is sent."""
        return self.watch.time_of("send_request_body.complete") is not None

    def to_response(self, request: httpx2.Request) -> httpx2.Response:
        """Return it as the library would."""
        status = next((int(value) for name, value in self.headers if name == b":status"), 500)
        fields = [(name, value) for name, value in self.headers if not name.startswith(b":")]
        extensions = {"http_version": b"HTTP/2"}
        stream = httpx2.ByteStream(bytes(self.body))
        return httpx2.Response(status, headers=fields, stream=stream, request=request, extensions=extensions)


_sending: ContextVar[EarlyAnswer | None] = ContextVar("_sending", default=None)
"""The answer that is waited for in this context."""


class AnswerReader:
    """Looks at the frames that arrive over one connection, for the answers to requests that are being sent."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._decoder = Decoder()
        self._block = b""
        self._answers: dict[int, EarlyAnswer] = {}

    def expect(self, answer: EarlyAnswer) -> None:
        """Keep the frames of `answer`."""
        if answer.watch.stream_id is not None:
            self._answers[answer.watch.stream_id] = answer

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
        if kind != DATA:
            self._block += payload
            if flags & END_HEADERS:
                # All are decoded, since each changes the decoder's table.
                fields = [(bytes(name), bytes(value)) for name, value in self._decoder.decode(self._block, raw=True)]
                self._block = b""
                if answer is not None and fields[0][1][:1] != b"1":  # 100 and the like are no answers
                    answer.headers += fields
        elif answer is not None and not answer.is_sent and len(answer.body) < MAX_REFUSAL_BYTES:
            answer.body += payload
        if answer is not None and kind != CONTINUATION and flags & END_STREAM:
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
        answer = _sending.get()
        if reader is not None and answer is not None:
            reader.expect(answer)
        await write(buffer, timeout)

    stream.read, stream.write = read_watched, write_watched  # type: ignore[method-assign]


async def send_watched(
    watch: ExchangeWatch, request: httpx2.Request, send: Callable[[], Awaitable[httpx2.Response]]
) -> httpx2.Response:
    """Return the response that `send` returns, or an early one, which ends the sending."""
    answer = EarlyAnswer(watch)
    result: httpx2.Response | None = None
    failure: Exception | None = None
    is_early = False

    async def stop() -> None:
        nonlocal is_early
        await answer.is_complete.wait()
        if not answer.is_sent:
            is_early = True
            tasks.cancel_scope.cancel()

    _sending.set(answer)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(stop)
        try:
            result = await send()
        except Exception as error:  # kept out of the group, which would hide its cause
            failure = error
        tasks.cancel_scope.cancel()
    if result is not None:
        return result
    if is_early or (answer.is_complete.is_set() and not answer.is_sent):
        logger.info("a service answered before it had the whole request")
        return answer.to_response(request)
    assert failure is not None
    raise failure
