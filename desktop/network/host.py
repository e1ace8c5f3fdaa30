"""The connections to one host, its unanswered requests, and cancelled exchanges that it still has open.

The library (httpcore2 2.16) sends no reset when an HTTP/2 request is cancelled: the stream stays open at the server,
for good where its body was not sent whole, and at 100 of them (fewer where the server says so) the connection accepts
no more. So `count_abandoned` counts them, and the client opens new connections in time, or at once where the server
allows fewer.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import anyio
import httpx2

from desktop.core.errors import ServiceProblem
from desktop.network.endpoint import Service
from desktop.network.timing import Watch
from models.proxy import NoWayError, passable

logger = logging.getLogger(__name__)

KEEP_S = 240.0
"""Seconds for which an unused connection is kept."""

LINGER_S = 60.0
"""Seconds for which a server may work on a request that was cancelled after it was sent whole."""


class Host:
    """The connections to the host of `service`, which are offered `http`, "2" or "1.1".

    `given_up` is set when they are dropped; `used_at` is the time of the last answer by `time.monotonic()`.
    """

    def __init__(self, http: str, context: ssl.SSLContext, service: Service) -> None:
        made = partial(
            httpx2.AsyncClient,
            http2=http == "2",
            verify=context,
            timeout=None,  # `ExchangeWatch.timeout` sets it for each exchange
            limits=httpx2.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=KEEP_S),
            headers={"User-Agent": "Intone"},
        )
        self.pool = made(trust_env=False) if service.here else _away(made, service.url)
        self.over = anyio.Event()
        self.used_at: float | None = None
        self._asked: set[Watch] = set()
        self._open: set[Watch] = set()

    @property
    def asked(self) -> frozenset[Watch]:
        """Return the running exchanges that cost the host work."""
        return frozenset(self._asked)

    @contextmanager
    def working(self, watch: Watch, heavy: bool) -> Iterator[None]:
        """Track a running exchange; `has_body`: it costs the host work."""
        self._open.add(watch)
        if heavy:
            self._asked.add(watch)
        try:
            yield
        finally:
            self._asked.discard(watch)
            if not watch.begun:
                self._open.discard(watch)

    def abandoned(self, now: float) -> int:
        """Return how many cancelled exchanges the host is known to have open at `now` (`time.monotonic()`)."""
        self._open = {watch for watch in self._open if not watch.closed or watch.abandoned(now, LINGER_S)}
        return sum(watch.closed for watch in self._open)

    @property
    def idle(self) -> bool:
        """Return whether no exchange is running, and no answer is still being read."""
        return all(watch.closed for watch in self._open)

    def at_work(self, known: frozenset[Watch]) -> bool:
        """Return whether one of `exchanges` has been sent whole and is not answered yet."""
        return any(watch.at("send_request_body.complete") is not None for watch in self._asked & known)

    async def aclose(self) -> None:
        """Close every connection."""
        with suppress(OSError):
            await self.pool.aclose()


async def unless[T](event: anyio.Event, attempt: Callable[[], Awaitable[T]]) -> T | None:
    """Return the result of `attempt`; None where `event` is set first."""
    done: T | None = None
    broken: Exception | None = None

    async def stop() -> None:
        await event.wait()
        tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(stop)
        try:
            done = await attempt()
        except Exception as error:  # kept out of the group, which would hide its cause
            broken = error
        tasks.cancel_scope.cancel()
    if broken is not None and not (event.is_set() and isinstance(broken, httpx2.TransportError)):
        raise broken  # a transport error on connections that were given up is expected
    return done


def _away(made: Callable[..., httpx2.AsyncClient], url: str) -> httpx2.AsyncClient:
    """Return a client for `url` by the environment's proxies, or one that refuses every request where those are
    invalid."""
    try:
        with passable(url):
            return made()
    except NoWayError as error:
        logger.warning("no other machine can be asked: %s", error)
        return made(trust_env=False, transport=_NoWay(error))


class _NoWay(httpx2.AsyncBaseTransport):
    """Refuses every request with the error in the environment's proxy settings."""

    def __init__(self, why: NoWayError) -> None:
        self._why = why

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        problem = ServiceProblem(self._why.title, self._why.remedy)
        problem.status = 0
        raise problem
