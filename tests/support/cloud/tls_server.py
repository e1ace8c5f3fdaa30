"""A TLS server on loopback, by Hypercorn: a certificate of its own, HTTP/2 or HTTP/1.1 as the client wants, WebSockets.

It runs on a thread of its own, so that a busy test and a busy server do not wait for each other, and so that programs
may connect to it as well (`environ` has them trust it).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from weakref import WeakSet

import trustme
from hypercorn.asyncio.run import worker_serve
from hypercorn.config import Config, Sockets
from hypercorn.utils import wrap_app

READY_S = 20.0

type App = Callable[..., Awaitable[Any]]
"""An ASGI application."""


@cache
def authority() -> trustme.CA:
    """Who signs the tests' certificates; no other program trusts it."""
    return trustme.CA()


def trusting() -> ssl.SSLContext:
    """What a client needs to trust the tests' servers."""
    context = ssl.create_default_context()
    authority().configure_trust(context)
    return context


def stranger() -> trustme.LeafCert:
    """A good certificate by an authority that is not trusted."""
    return trustme.CA().issue_cert("localhost", "127.0.0.1")


def elsewhere() -> trustme.LeafCert:
    """The certificate of another host."""
    return authority().issue_cert("elsewhere.example")


def expired() -> trustme.LeafCert:
    """A certificate that held until yesterday."""
    return _valid(timedelta(days=-30), timedelta(days=-1))


def not_yet() -> trustme.LeafCert:
    """A certificate that holds from tomorrow on."""
    return _valid(timedelta(days=1), timedelta(days=30))


def _valid(start: timedelta, end: timedelta) -> trustme.LeafCert:
    now = datetime.now(UTC)
    return authority().issue_cert("localhost", "127.0.0.1", not_before=now + start, not_after=now + end)


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: `url` is its root, such as https://localhost:40000; `environ` has programs trust it."""

    port: int
    url: str
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def sockets(self) -> str:
        """Its root for WebSockets."""
        return self.url.replace("http", "ws", 1)


class Listener(socket.socket):
    """Listens on loopback and keeps the connections that it accepted, so that they can be closed."""

    def __init__(self) -> None:
        # asyncio has small writes go at once (TCP_NODELAY) where the protocol is named alone; else they wait 40 ms
        super().__init__(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self.accepted: WeakSet[socket.socket] = WeakSet()
        self.setblocking(False)
        self.bind(("127.0.0.1", 0))
        self.listen(100)

    def accept(self) -> tuple[socket.socket, Any]:
        """See `socket`."""
        connection, address = super().accept()
        self.accepted.add(connection)
        return connection, address

    def hang_up(self) -> None:
        """End what is still open. A test that is over answers no farewell, and its stalled requests never end."""
        for connection in list(self.accepted):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def serve(
    app: App, *, tls: bool = True, certificate: trustme.LeafCert | None = None, streams: int = 100
) -> Iterator[Served]:
    """Have `app` served on loopback; without `tls`, HTTP/1.1 alone. `certificate` is one other than a good one;
    `streams` is how many requests at once a connection may have over HTTP/2."""
    with TemporaryDirectory(prefix="intone-cloud-") as name:
        folder, config, listener = Path(name), Config(), Listener()
        port = listener.getsockname()[1]
        config.keep_alive_timeout = 3600.0
        config.graceful_timeout = 0.5
        config.h2_max_concurrent_streams = streams
        config.errorlog = config.accesslog = None
        config.websocket_ping_interval = None
        authority().cert_pem.write_to_path(str(folder / "authority.pem"))
        if tls:
            chosen = certificate or authority().issue_cert("localhost", "127.0.0.1")
            chosen.private_key_pem.write_to_path(str(folder / "key.pem"))
            for index, part in enumerate(chosen.cert_chain_pems):
                part.write_to_path(str(folder / "chain.pem"), append=index > 0)
            config.keyfile, config.certfile = str(folder / "key.pem"), str(folder / "chain.pem")
        environ = {"SSL_CERT_FILE": str(folder / "authority.pem")}
        with _running(app, config, listener, tls):
            yield Served(port, f"{'https' if tls else 'http'}://localhost:{port}", environ)


@contextmanager
def _running(app: App, config: Config, listener: Listener, tls: bool) -> Iterator[None]:
    loop, ended, ready = asyncio.SelectorEventLoop(), asyncio.Event(), threading.Event()  # which asks `Listener.accept`
    sockets = Sockets([listener] if tls else [], [] if tls else [listener], [])

    async def run() -> None:
        loop.call_soon(ready.set)
        wrapped = wrap_app(app, config.wsgi_max_body_size, "asgi")
        with contextlib.suppress(asyncio.CancelledError):
            await worker_serve(wrapped, config, sockets=sockets, shutdown_trigger=ended.wait)

    def end() -> None:
        ended.set()
        listener.hang_up()

    def live() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(run())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    thread = threading.Thread(target=live, name="server")
    thread.start()
    assert ready.wait(READY_S)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(end)
        thread.join(READY_S)
        assert not thread.is_alive(), "the server does not end"
