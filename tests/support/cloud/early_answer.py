"""A server of HTTP/2 over TLS that answers a POST before it has read the body, as servers that refuse an upload do."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import RequestReceived
from h2.exceptions import StreamClosedError

from tests.support.cloud.tls_server import authority


class Then(StrEnum):
    """What comes after the answer."""

    RESET = "it resets the stream without an error, as RFC 9113 8.1 has it"
    NO_WINDOW = "it takes no more of the body"


@dataclass
class Seen:
    """What the server has seen: the number of connections, and of requests for `/held`, which are answered after the
    next refusal."""

    connections: int = 0
    held: int = 0


@contextmanager
def answering_early(status: int, body: bytes, then: Then, seen: Seen | None = None) -> Iterator[str]:
    """Serve on loopback; yield the address, whose requests without a body are answered with an empty list of models."""
    seen = seen or Seen()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert("localhost").configure_cert(context)
    context.set_alpn_protocols(["h2"])
    loop, ready, port, over = asyncio.new_event_loop(), threading.Event(), 0, asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.connections += 1
        held: list[int] = []
        h2 = H2Connection(H2Configuration(client_side=False))
        h2.initiate_connection()
        writer.write(h2.data_to_send())
        with suppress(OSError):
            while data := await reader.read(65536):
                for event in h2.receive_data(data):
                    if isinstance(event, RequestReceived):
                        answer(h2, event, held)
                        writer.write(h2.data_to_send())
                writer.write(h2.data_to_send())

    def answer(h2: H2Connection, event: RequestReceived, held: list[int]) -> None:
        assert event.stream_id is not None
        is_upload = event.stream_ended is None
        if (b":path", b"/v1/held") in (event.headers or []):
            seen.held += 1
            held.append(event.stream_id)
            return
        fields = [(":status", str(status if is_upload else 200)), ("content-type", "application/json")]
        h2.send_headers(event.stream_id, fields)
        h2.send_data(event.stream_id, body if is_upload else b'{"data": []}', end_stream=True)
        if is_upload and then is Then.RESET:
            with suppress(StreamClosedError):  # a short body has been sent
                h2.reset_stream(event.stream_id, ErrorCodes.NO_ERROR)
        for stream in held if is_upload else []:
            h2.send_headers(stream, [(":status", "200")])
            h2.send_data(stream, b"held", end_stream=True)

    async def run() -> None:
        nonlocal port
        async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
            port = server.sockets[0].getsockname()[1]
            ready.set()
            await over.wait()
            server.close_clients()

    def live() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(run())

    thread = threading.Thread(target=live, name="early")
    thread.start()
    assert ready.wait(20)
    try:
        yield f"https://localhost:{port}/v1"
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(20)
