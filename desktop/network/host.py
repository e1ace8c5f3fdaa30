"""One host as the client reaches it now: its connections, and which questions it has not answered yet."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import anyio
import httpx2

from desktop.network.phases import Watch

KEEP_S = 240.0
"""How long an unused connection is kept."""

CONNECT_S, WRITE_S = 5.0, 10.0
"""When a handshake, or a network that takes nothing, is given up."""


class Host:
    """A host that is offered `http`, "2" or "1.1"; `here`: this machine. `over` is set when the connections are given
    up; `used_at` is when it answered last, by `time.monotonic()`."""

    def __init__(self, http: str, context: ssl.SSLContext, here: bool) -> None:
        self.pool = httpx2.AsyncClient(
            http2=http == "2",
            verify=context,
            timeout=httpx2.Timeout(None, connect=CONNECT_S, write=WRITE_S),
            limits=httpx2.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=KEEP_S),
            headers={"User-Agent": "Intone"},
            trust_env=not here,  # the proxies that it names
        )
        self.over = anyio.Event()
        self.used_at: float | None = None
        self._asked: set[Watch] = set()

    @property
    def asked(self) -> frozenset[Watch]:
        """The exchanges under way that cost the host work."""
        return frozenset(self._asked)

    @contextmanager
    def working(self, watch: Watch, heavy: bool) -> Iterator[None]:
        """An exchange is under way; `heavy`: it costs the host work."""
        if heavy:
            self._asked.add(watch)
        try:
            yield
        finally:
            self._asked.discard(watch)

    def at_work(self, known: frozenset[Watch]) -> bool:
        """Whether one of the `known` exchanges has been sent whole and is not answered yet."""
        return any(watch.at("send_request_body.complete") is not None for watch in self._asked & known)

    async def aclose(self) -> None:
        """Close every connection."""
        with suppress(OSError):
            await self.pool.aclose()
