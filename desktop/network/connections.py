"""The connections to one host, its unanswered requests, and cancelled exchanges that it still has open.

The library (httpcore2 2.16) sends no reset when an HTTP/2 request is cancelled: the stream stays open, for good where
its body was not sent whole, and at 100 of them (fewer where the server says so) the library accepts no more. It counts
those too that `desktop.network.early_answers` has reset. So `count_abandoned` counts them, and the client opens new
connections in time, or at once where the server allows fewer.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import anyio
import httpx2

from desktop.core.errors import ServiceError
from desktop.network.endpoint import Service
from desktop.network.timing import ExchangeWatch
from models.proxy import NetworkConfigError, guard_client_creation

logger = logging.getLogger(__name__)

KEEPALIVE_S = 240.0
"""Seconds for which an unused connection is kept."""

SERVER_WORK_S = 60.0
"""Seconds for which a server may work on a request that was cancelled after it was sent whole."""


class HostConnections:
    """The connections to the host of `service`, which are offered `http`, "2" or "1.1".

    `given_up` is set when they are dropped; `used_at` is the time of the last answer by `time.monotonic()`.
    """

    def __init__(self, http: str, context: ssl.SSLContext, service: Service) -> None:
        make_client = partial(
            httpx2.AsyncClient,
            http2=http == "2",
            verify=context,
            timeout=None,  # `ExchangeWatch.timeout` sets it for each exchange
            limits=httpx2.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=KEEPALIVE_S),
            headers={"User-Agent": "Intone"},
        )
        self.pool = make_client(trust_env=False) if service.is_local else _make_remote_client(make_client, service.url)
        self.given_up = anyio.Event()
        self.used_at: float | None = None
        self._pending: set[ExchangeWatch] = set()
        self._open_exchanges: set[ExchangeWatch] = set()

    @property
    def pending(self) -> frozenset[ExchangeWatch]:
        """Return the running exchanges that cost the host work."""
        return frozenset(self._pending)

    @contextmanager
    def track(self, watch: ExchangeWatch, has_body: bool) -> Iterator[None]:
        """Track a running exchange; `has_body`: it costs the host work."""
        self._open_exchanges.add(watch)
        if has_body:
            self._pending.add(watch)
        try:
            yield
        finally:
            self._pending.discard(watch)
            if not watch.has_started:
                self._open_exchanges.discard(watch)

    def count_abandoned(self, now: float) -> int:
        """Return how many cancelled exchanges the host is known to have open at `now` (`time.monotonic()`)."""
        self._open_exchanges = {
            watch for watch in self._open_exchanges if not watch.is_closed or watch.is_abandoned(now, SERVER_WORK_S)
        }
        return sum(watch.is_closed for watch in self._open_exchanges)

    @property
    def is_idle(self) -> bool:
        """Return whether no exchange is running, and no answer is still being read."""
        return all(watch.is_closed for watch in self._open_exchanges)

    def is_at_work(self, exchanges: frozenset[ExchangeWatch]) -> bool:
        """Return whether one of `exchanges` has been sent whole and is not answered yet."""
        return any(watch.time_of("send_request_body.complete") is not None for watch in self._pending & exchanges)

    async def aclose(self) -> None:
        """Close every connection."""
        with suppress(OSError):
            await self.pool.aclose()


async def run_unless[T](event: anyio.Event, attempt: Callable[[], Awaitable[T]]) -> T | None:
    """Return the result of `attempt`; None where `event` is set first."""
    result: T | None = None
    failure: Exception | None = None

    async def stop() -> None:
        await event.wait()
        tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(stop)
        try:
            result = await attempt()
        except Exception as error:  # kept out of the group, which would hide its cause
            failure = error
        tasks.cancel_scope.cancel()
    if failure is not None and not (event.is_set() and isinstance(failure, httpx2.TransportError)):
        raise failure  # a transport error on connections that were given up is expected
    return result


def _make_remote_client(make_client: Callable[..., httpx2.AsyncClient], url: str) -> httpx2.AsyncClient:
    """Return a client for `url` by the environment's proxies, or one that refuses every request where those are
    invalid."""
    try:
        with guard_client_creation(url):
            return make_client()
    except NetworkConfigError as error:
        logger.warning("no other machine can be asked: %s", error)
        return make_client(trust_env=False, transport=_RefusingTransport(error))


class _RefusingTransport(httpx2.AsyncBaseTransport):
    """Refuses every request with the error in the environment's proxy settings."""

    def __init__(self, error: NetworkConfigError) -> None:
        self._error = error

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        problem = ServiceError.from_coded(self._error)
        problem.status = 0
        raise problem
