"""A server that sends scripted bytes: for what no HTTP server would ever do.

    async with raw({"/v1/chat/completions": [HEAD, chunk(event("Hello")), STALL]}) as url: ...

Plain HTTP/1.1 on loopback, in the client's event loop. A request is read whole first; one for a path that is not
named is never answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from enum import Enum
from itertools import cycle


class Then(Enum):
    """What is done besides sending."""

    STALL = "nothing more is sent, and the connection stays"
    CLOSE = "the connection is closed"
    RESET = "it is closed with RST"


STALL, CLOSE, RESET = Then.STALL, Then.CLOSE, Then.RESET

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"

type Step = bytes | Then
type Script = Iterable[Step]


def chunk(data: bytes) -> bytes:
    """`data` as one piece of a body."""
    return b"%x\r\n%s\r\n" % (len(data), data)


def event(text: str, finish: str | None = None) -> bytes:
    """An event of a chat completion."""
    told = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}
    return b"data: %s\n\n" % json.dumps(told).encode()


def page(status: str, body: bytes, kind: str = "application/json") -> bytes:
    """A whole answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def endless(*steps: bytes) -> Iterable[bytes]:
    """These, again and again."""
    return cycle(steps)


@asynccontextmanager
async def raw(scripts: Mapping[str, Script]) -> AsyncIterator[str]:
    """The server's base URL; each path has its script."""
    open_: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_.add(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                length = next(
                    (line[15:] for line in head.split("\r\n") if line.lower().startswith("content-length:")), "0"
                )
                await reader.readexactly(int(length))
                if not await _play(scripts.get(head.split()[1], [STALL]), writer):
                    return

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    finally:
        server.close()
        for writer in open_:
            writer.transport.abort()


async def _play(script: Script, writer: asyncio.StreamWriter) -> bool:
    """Send it; whether the connection is still of use."""
    for step in script:
        if isinstance(step, bytes):
            writer.write(step)
            await writer.drain()
            await asyncio.sleep(0)
        elif step is STALL:
            await writer.wait_closed()
        else:
            if step is RESET:
                held = writer.get_extra_info("socket")
                held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
            writer.close()
            return False
    return True
