"""One host as the client reaches it now: its connections, which questions it has not answered yet, and how many it has
open that are not waited for any more.

The library (httpcore2 2.16) sends no reset when an HTTP/2 request is cancelled: the stream stays open at the server,
for good where its body was not sent whole, and at 100 of them (fewer where the server says so) the connection takes no
more. So `abandoned` counts them, and the client takes new connections in time, or at once where the server allows less.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import anyio
import httpx2

from desktop.network.phases import Watch
from desktop.network.service import Service
from desktop.problems import ServiceProblem
from models.way import NoWayError, passable

logger = logging.getLogger(__name__)

KEEP_S = 240.0
"""How long an unused connection is kept."""

LINGER_S = 60.0
"""How long a server may be at work on a request that was cancelled after it was sent whole."""


class Host:
    """The host of `service`, that is offered `http`, "2" or "1.1". `over` is set when the connections are given up;
    `used_at` is when it answered last, by `time.monotonic()`."""

    def __init__(self, http: str, context: ssl.SSLContext, service: Service) -> None:
        made = partial(
            httpx2.AsyncClient,
            http2=http == "2",
            verify=context,
            timeout=None,  # `Watch.timeout` has each exchange's own
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
        """The exchanges under way that cost the host work."""
        return frozenset(self._asked)

    @contextmanager
    def working(self, watch: Watch, heavy: bool) -> Iterator[None]:
        """An exchange is under way; `heavy`: it costs the host work."""
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
        """How many cancelled exchanges the host still has open at `now`, by `time.monotonic()`, as far as is known."""
        self._open = {watch for watch in self._open if not watch.closed or watch.abandoned(now, LINGER_S)}
        return sum(watch.closed for watch in self._open)

    @property
    def idle(self) -> bool:
        """Whether no exchange is under way, and no answer is still being read."""
        return all(watch.closed for watch in self._open)

    def at_work(self, known: frozenset[Watch]) -> bool:
        """Whether one of the `known` exchanges has been sent whole and is not answered yet."""
        return any(watch.at("send_request_body.complete") is not None for watch in self._asked & known)

    async def aclose(self) -> None:
        """Close every connection."""
        with suppress(OSError):
            await self.pool.aclose()


async def unless[T](event: anyio.Event, attempt: Callable[[], Awaitable[T]]) -> T | None:
    """What `attempt` returns; None where `event` comes first."""
    done: T | None = None
    broken: Exception | None = None

    async def stop() -> None:
        await event.wait()
        tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(stop)
        try:
            done = await attempt()
        except Exception as error:  # kept out of the group, which would come between it and what it was caused by
            broken = error
        tasks.cancel_scope.cancel()
    if broken is not None and not (event.is_set() and isinstance(broken, httpx2.TransportError)):
        raise broken  # what is on a connection that is given up breaks with it, and that is no news
    return done


def _away(made: Callable[..., httpx2.AsyncClient], url: str) -> httpx2.AsyncClient:
    """A client that goes to `url` as the environment says, or whose every question is told what is wrong with that."""
    try:
        with passable(url):
            return made()
    except NoWayError as error:
        logger.warning("no other machine can be asked: %s", error)
        return made(trust_env=False, transport=_NoWay(error))


class _NoWay(httpx2.AsyncBaseTransport):
    """Refuses every request, with what is wrong with the environment."""

    def __init__(self, why: NoWayError) -> None:
        self._why = why

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        problem = ServiceProblem(self._why.title, self._why.remedy)
        problem.status = 0
        raise problem
