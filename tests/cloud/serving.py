"""A server on loopback as the internet has them: TLS with a certificate of its own, HTTP/2 or HTTP/1.1 as the client
wants, WebSockets; Hypercorn does all of that.

It runs on a thread of its own, so that a busy test and a busy server do not wait for each other, and so that programs
may talk to it as well (`environ` has them trust it).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import trustme
from hypercorn.asyncio import serve as hypercorn
from hypercorn.config import Config

READY_S = 20.0

type App = Callable[..., Awaitable[Any]]
"""An ASGI application."""


@cache
def authority() -> trustme.CA:
    """Who signs the tests' certificates; nobody else trusts it."""
    return trustme.CA()


def trusting() -> ssl.SSLContext:
    """What a client needs to trust the tests' servers."""
    context = ssl.create_default_context()
    authority().configure_trust(context)
    return context


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


@contextmanager
def serve(app: App, *, tls: bool = True, certificate: trustme.LeafCert | None = None) -> Iterator[Served]:
    """Have `app` served on loopback; without `tls`, HTTP/1.1 alone. `certificate` is one other than a good one."""
    with TemporaryDirectory(prefix="intone-cloud-") as name:
        folder, config = Path(name), Config()
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        config.bind = [f"fd://{os.dup(listener.fileno())}"]
        listener.close()
        config.keep_alive_timeout = 3600.0
        config.h2_max_concurrent_streams = 100
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
        with _running(app, config):
            yield Served(port, f"{'https' if tls else 'http'}://localhost:{port}", environ)


@contextmanager
def _running(app: App, config: Config) -> Iterator[None]:
    loop, ended, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()

    async def run() -> None:
        loop.call_soon(ready.set)
        with contextlib.suppress(asyncio.CancelledError):
            await hypercorn(app, config, shutdown_trigger=ended.wait)

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
        loop.call_soon_threadsafe(ended.set)
        thread.join(READY_S)
        assert not thread.is_alive(), "the server does not end"
