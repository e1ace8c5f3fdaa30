"""A connection to the sound server, without a thread or a library: messages over its own socket.

`pactl` would start at the press: two of them took 18 ms (p95) on an idle machine and 58 ms beside four busy programs,
where the messages of one connection took 0.1 to 4 ms.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping
from itertools import count

from desktop.audio.calls.address import CLIENT_NAME, find_socket, pack_credentials, read_cookie
from desktop.audio.calls.protocol import (
    HEADER,
    PROTOCOL_VERSION,
    Command,
    ProtocolError,
    Value,
    decode_body,
    decode_header,
    encode_message,
)

CONNECT_TIMEOUT_S = 2.0
"""Seconds that a server may take to let us in."""

type OnReply = Callable[[list[Value] | None], None]
"""Called with the values of an answer, None where the server refused or the connection ended."""


class ServerConnection(asyncio.Protocol):
    """One connection, for one event loop. Answers come in the order of the questions.

    `on_event(kind, index)` is called for each event that was subscribed to, and `on_end` once, when the connection has
    ended. `closed` is set then, too.
    """

    def __init__(self, on_event: Callable[[int, int], None], on_end: Callable[[], None]) -> None:
        self.closed = asyncio.Event()
        self._on_event = on_event
        self._on_end = on_end
        self._transport: asyncio.Transport | None = None
        self._data = bytearray()
        self._tags = count(1)
        self._waiting = dict[int, OnReply]()

    @classmethod
    async def open(
        cls,
        environ: Mapping[str, str],
        on_event: Callable[[int, int], None] = lambda kind, index: None,
        on_end: Callable[[], None] = lambda: None,
    ) -> ServerConnection:
        """Connect to the session's server. Raises `OSError`, also where it does not answer."""
        path = find_socket(environ)
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made = cls(on_event, on_end)
        try:
            client.setblocking(False)
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                loop = asyncio.get_running_loop()
                await loop.sock_connect(client, str(path))
                made._send_credentials(client, environ)
                await loop.create_unix_connection(lambda: made, sock=client)
                if await made.ask(Command.SET_CLIENT_NAME, {"application.name": CLIENT_NAME}) is None:
                    raise ConnectionError("the sound server does not let us in")
        except BaseException:
            made.close()
            client.close()
            raise
        return made

    def _send_credentials(self, client: socket.socket, environ: Mapping[str, str]) -> None:
        """Say who asks. The kernel vouches for it, so that no cookie is needed."""
        tag = next(self._tags)
        message = encode_message(Command.AUTH, tag, PROTOCOL_VERSION, read_cookie(environ))
        client.sendmsg([message], [pack_credentials()])
        self._waiting[tag] = self._on_admitted

    def _on_admitted(self, values: list[Value] | None) -> None:
        if values is None:
            self.close()

    def send(self, on_reply: OnReply, command: Command, *values: int | bool | str | dict[str, str] | None) -> None:
        """Send a message; `on_reply` is called as soon as its answer is read, before any later one."""
        if self._transport is None or self._transport.is_closing():
            on_reply(None)
            return
        tag = next(self._tags)
        self._waiting[tag] = on_reply
        self._transport.write(encode_message(command, tag, *values))

    async def ask(self, command: Command, *values: int | bool | str | dict[str, str] | None) -> list[Value] | None:
        """Send a message and return its answer; None where it was refused or the connection ended."""
        answer = asyncio.get_running_loop().create_future()
        self.send(lambda found: None if answer.done() else answer.set_result(found), command, *values)
        found: list[Value] | None = await answer
        return found

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self.closed.set()
        waiting, self._waiting = self._waiting, {}
        for on_reply in waiting.values():
            on_reply(None)
        self._on_end()

    def data_received(self, data: bytes) -> None:
        """Read the messages that have arrived. What is no message of a sound server ends the connection."""
        self._data += data
        try:
            while len(self._data) >= HEADER.size:
                end = HEADER.size + decode_header(bytes(self._data[: HEADER.size]))
                if len(self._data) < end:
                    break
                body = bytes(self._data[HEADER.size : end])
                del self._data[:end]
                self._handle(decode_body(body))
        except ProtocolError:
            self.close()

    def _handle(self, message: list[Value]) -> None:
        command, tag, *values = message
        assert isinstance(tag, int)
        if command == Command.SUBSCRIBE_EVENT:
            kind, index = (*values, None, None)[:2]
            if isinstance(kind, int) and isinstance(index, int):
                self._on_event(kind, index)
        elif (on_reply := self._waiting.pop(tag, None)) is not None:
            on_reply(values if command == Command.REPLY else None)
